"""One batch of articles into the stories of all history: the part of `cluster` that needs no Prefect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from tasks.duplicates.extend import Extension, extend
from warehouse.fingerprint_index import FingerprintIndex
from warehouse.queries import ask
from warehouse.store import erase, load
from warehouse.transaction import transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What a batch came to: articles compared, pairs of copies found, and what was left out.

    `capped` are fingerprints and texts that too many articles have, `beyond_window` pairs too far apart in time.
    """

    articles: int
    pairs: int
    capped: int
    beyond_window: int


def place(con: Any, run_id: str, *, most: int, window: timedelta | None = None) -> Placed:
    """Take out the articles that changed or went, and give those that are due their places."""
    with transaction(con):
        index = FingerprintIndex(con)
        partners = _forget_changed(con, index)
        batch = ask(con, "documents_due", most=most)
        found = extend(batch, index, touched=partners, window=window)
        index.keep(
            documents=found.documents.join(batch.select("wording", article_id="id"), on="article_id"),
            fingerprints=found.fingerprints,
            common=found.common,
            compared=found.compared,
            lowered=found.lowered,
        )
        erase(con, "core.duplicate_pairs", _as_pairs(found.undone))
        load(con, run_id, "cluster", _landed(run_id, found))
    return Placed(
        articles=batch.height, pairs=found.pairs.height, capped=found.capped, beyond_window=found.beyond_window
    )


def _forget_changed(con: Any, index: FingerprintIndex) -> list[str]:
    """Take articles that changed or went out of the index; return those that lose a partner by it.

    Their stories have to be told anew.
    """
    gone = ask(con, "documents_changed")
    if gone.is_empty():
        return []
    partners = ask(con, "pair_partners", gone=gone)["article_id"].to_list()
    index.forget(gone["article_id"].to_list())
    for side in ("article_id_a", "article_id_b"):
        erase(con, "core.duplicate_pairs", gone.rename({"article_id": side}))
    erase(con, "core.clusters", gone)
    return partners


def _landed(run_id: str, found: Extension) -> dict[str, pl.DataFrame]:
    """Return what a batch brings, by table."""
    return {
        "core.duplicate_pairs": _as_pairs(found.pairs).with_columns(run_id=pl.lit(run_id)),
        "core.clusters": found.clusters.rename({"id": "article_id"}),
    }


def _as_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.rename({"id_a": "article_id_a", "id_b": "article_id_b"})
