"""New articles against the whole warehouse: what to write, as frames, and nothing written here.

    batch ──grow──▶ pairs ──┬─▶ old pairs decided again, in which a fingerprint grew common
                            └─▶ stories that hang together with either ──▶ clusters

Everything is a function of what `history` answers, so a batch that is tried twice gives the same frames twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
import polars as pl

from tasks.duplicates.clusters import clusters
from tasks.duplicates.desk import Desk, Pairs
from tasks.duplicates.frames import FACTS_SCHEMA, PAIR_SCHEMA, cluster_frame, pairs_of, standings
from tasks.duplicates.grow import Grown, WordsOf, again, grow
from tasks.duplicates.index import Compared, Index
from tasks.duplicates.pairs import Reach, everywhere, within
from tasks.duplicates.relations import copies, named
from tasks.text.normalise import I64, U32, Mask, Words, words

KEPT_SCHEMA: dict[str, pl.DataType] = {
    **PAIR_SCHEMA,
    "passages": pl.List(pl.Int32),
    "is_a_smaller": pl.Boolean(),
}
"""A pair as it is stored: with where its longest shared passages stand in the smaller text (first word, words, …)."""


class History(Index, Protocol):
    """The index and what else is asked of the documents behind it. See `warehouse.fingerprint_index`."""

    def next_document(self) -> int:
        """The number that the next document gets."""
        ...

    def texts(self, documents: I64) -> pl.DataFrame:
        """`doc` and `text` of documents; those no longer stored may be missing."""
        ...

    def facts(self, documents: I64) -> pl.DataFrame:
        """A row of `frames.FACTS_SCHEMA` for each of the documents."""
        ...

    def facts_by_id(self, ids: list[str]) -> pl.DataFrame:
        """As `facts`, by id."""
        ...

    def pairs_with(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair (`KEPT_SCHEMA`) with one of the given ids."""
        ...

    def linked(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair (the columns of `DuplicatePair`) of whatever hangs together with the given ids."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """What a batch brings to the warehouse."""

    pairs: pl.DataFrame
    """New and changed pairs, as `KEPT_SCHEMA`."""
    undone: pl.DataFrame
    """`id_a, id_b` of stored pairs that are no copies after all."""
    clusters: pl.DataFrame
    """The places of all documents whose story the batch may have changed."""
    documents: pl.DataFrame
    """Rows for core.fingerprint_documents, …"""
    fingerprints: pl.DataFrame
    """… core.fingerprints, …"""
    common: pl.DataFrame
    """… core.common_fingerprints, …"""
    compared: pl.DataFrame
    """… core.compared_pairs; and …"""
    lowered: pl.DataFrame
    """… rows of it that share fewer fingerprints now, or too few to stay."""
    capped: int
    beyond_window: int


def extend(
    batch: pl.DataFrame, history: History, touched: Iterable[str] = (), window: timedelta | None = None
) -> Extension:
    """Compare a batch (`id, text` and, if known, `outlet, published_at, is_wire`) with everything before it.

    `touched` are ids whose stories have changed for another reason (a partner was forgotten) and are to be told anew.
    """
    first = history.next_document()
    source = words(batch["text"].fill_null("").to_list())
    documents = _documents(batch, source, first)
    grown = grow(source, first, history, _of(history), _reach(window, documents, first, history))
    pairs = _kept(grown.pairs, grown.desk, documents, history)
    undone, changed = _again(grown, history)
    pairs = pl.concat([pairs, changed])
    return Extension(
        pairs=pairs,
        undone=undone,
        clusters=_clusters(pairs, undone, documents, set(touched), history),
        documents=documents.with_columns(
            size=pl.Series(grown.sizes, dtype=pl.Int32), text_hash=pl.Series(grown.texts, dtype=pl.UInt32)
        ).rename({"id": "article_id"}),
        fingerprints=pl.DataFrame({"hash": grown.hashes, "doc": grown.documents.astype(np.int32)}),
        common=pl.DataFrame({"hash": grown.common}),
        compared=_compared(grown.compared),
        lowered=_compared(grown.lowered),
        capped=grown.capped,
        beyond_window=grown.beyond,
    )


def _documents(batch: pl.DataFrame, source: Words, first: int) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=FACTS_SCHEMA[name]).alias(name)
        for name in ("outlet", "published_at", "is_wire")
        if name not in batch.columns
    ]
    return _cast(
        batch.with_columns(missing).with_columns(
            doc=pl.int_range(first, first + pl.len(), dtype=pl.Int32),
            word_count=pl.Series(source.lengths, dtype=pl.Int32),
            is_wire=pl.col("is_wire").fill_null(value=False),
        )
    )


def _words_of(history: History, documents: I64) -> Words:
    if not len(documents):
        return words([])
    stored = history.texts(documents)
    text_of = dict(zip(stored["doc"].to_list(), stored["text"].to_list(), strict=True))
    return words([text_of.get(doc) or "" for doc in documents.tolist()])


def _of(history: History) -> WordsOf:
    return lambda documents: _words_of(history, documents)


def _reach(window: timedelta | None, documents: pl.DataFrame, first: int, history: History) -> Reach:
    if window is None:
        return everywhere

    def seconds_of(asked: I64) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        facts = _facts(np.unique(asked), documents, first, history)
        seconds = facts.select(pl.col("doc").cast(pl.Int64), at=pl.col("published_at").dt.epoch("s").cast(pl.Float64))
        told = pl.DataFrame({"doc": asked}).join(seconds, on="doc", how="left", maintain_order="left")
        return told["at"].fill_null(float("nan")).to_numpy()

    return within(window, seconds_of)


def _facts(asked: I64, documents: pl.DataFrame, first: int, history: History) -> pl.DataFrame:
    """What is known of documents of the batch and of old ones."""
    old = asked[asked < first]
    return pl.concat([documents, _cast(history.facts(old))]) if len(old) else documents


def _cast(facts: pl.DataFrame) -> pl.DataFrame:
    return facts.select(pl.col(name).cast(kind) for name, kind in FACTS_SCHEMA.items())


def _kept(found: Pairs, table: Desk, documents: pl.DataFrame, history: History) -> pl.DataFrame:
    """The accepted pairs as they are stored."""
    found = found.of(found.accepted)
    if not len(found.left):
        return pl.DataFrame(schema=KEPT_SCHEMA)
    shown = table.passages(found)
    numbered = copies(found).with_columns(
        passages=pl.Series(shown.runs, dtype=pl.List(pl.Int32)), is_left_smaller=pl.Series(shown.is_left_smaller)
    )
    first = int(documents["doc"][0]) if documents.height else int(found.right.max()) + 1
    facts = _facts(np.unique(np.concatenate([found.left, found.right])), documents, first, history)
    return named(numbered, facts).select(list(KEPT_SCHEMA))


def _again(grown: Grown, history: History) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Old pairs that hold a fingerprint which grew common, decided again: those undone, and those that changed."""
    nothing = pl.DataFrame(schema={"id_a": pl.String, "id_b": pl.String}), pl.DataFrame(schema=KEPT_SCHEMA)
    if not len(grown.touched):
        return nothing
    old = Compared.by(history, grown.touched)
    dropped = grown.lowered.of(~grown.lowered.stands).codes
    stands = old.of(~np.isin(old.codes, dropped))
    fresh, table = again(stands.left, stands.right, lambda hashes: _common_by_now(hashes, grown, history), _of(history))
    none = pl.DataFrame(schema=FACTS_SCHEMA)
    kept = _kept(fresh, table, none, history)
    stored = history.pairs_with(history.facts(grown.touched)["id"].to_list()).select(list(KEPT_SCHEMA))
    undone = stored.join(kept, on=["id_a", "id_b"], how="anti").select("id_a", "id_b")
    return undone, kept.join(stored, on=list(KEPT_SCHEMA), how="anti", nulls_equal=True)


def _common_by_now(hashes: U32, grown: Grown, history: History) -> Mask:
    return history.is_common(hashes) | np.isin(hashes, grown.common)


def _compared(pairs: Compared) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "doc_a": pairs.left.astype(np.int32),
            "doc_b": pairs.right.astype(np.int32),
            "shared": np.maximum(pairs.shared, -1).astype(np.int16),
            "needed": pairs.needed.astype(np.int16),
            "is_kin": pairs.kin,
        }
    )


def _clusters(
    pairs: pl.DataFrame, undone: pl.DataFrame, documents: pl.DataFrame, touched: set[str], history: History
) -> pl.DataFrame:
    """The places of everything that hangs together with what changed."""
    new = set(documents["id"])
    changed = touched.union(pairs["id_a"], pairs["id_b"], undone["id_a"], undone["id_b"])
    if not changed - new:
        links = list(pairs_of(pairs))
    else:
        stored = history.linked(sorted(changed - new)).join(undone, on=["id_a", "id_b"], how="anti")
        stored = stored.join(pairs, on=["id_a", "id_b"], how="anti")
        links = [*pairs_of(stored), *pairs_of(pairs)]
    names = changed.union(*((pair.id_a, pair.id_b) for pair in links)) - new
    old = history.facts_by_id(sorted(names)) if names else documents.clear()
    return cluster_frame(clusters([*standings(documents), *standings(old)], links))
