"""New articles against the whole warehouse: what to write, as frames, and nothing written here.

    batch ──grow──▶ pairs ──┬─▶ pairs that a fingerprint grown common has undone
                            └─▶ stories that hang together with the batch ──▶ clusters

Everything is a function of what `history` answers, so a batch that is tried twice gives the same frames twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from tasks.duplicates.clusters import Standing, clusters
from tasks.duplicates.frames import PAIR_SCHEMA, cluster_frame, pair_frame
from tasks.duplicates.grow import Grown, WordsOf, again, grow
from tasks.duplicates.index import Index
from tasks.duplicates.relations import relations
from tasks.records import DuplicatePair, Relation
from tasks.text.normalise import I64, U32, Mask, Words, words


class History(Index, Protocol):
    """The index and what else is asked of the documents behind it. See `warehouse.fingerprint_index`."""

    def next_document(self) -> int:
        """The number that the next document gets."""
        ...

    def texts(self, documents: I64) -> pl.DataFrame:
        """`doc` and `text` of documents; those no longer stored may be missing."""
        ...

    def facts(self, documents: I64) -> pl.DataFrame:
        """`doc, id, word_count, outlet, published_at, is_wire` of documents."""
        ...

    def facts_by_id(self, ids: list[str]) -> pl.DataFrame:
        """As `facts`, by id."""
        ...

    def linked(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair (`frames.PAIR_SCHEMA`) of whatever hangs together with the given ids."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """What a batch brings to the warehouse."""

    pairs: pl.DataFrame
    """New and changed pairs."""
    undone: pl.DataFrame
    """`id_a, id_b` of stored pairs that are no copies after all."""
    clusters: pl.DataFrame
    """The places of all documents whose story the batch may have changed."""
    documents: pl.DataFrame
    """Rows for core.fingerprint_documents, …"""
    fingerprints: pl.DataFrame
    """… core.fingerprints, …"""
    common: pl.DataFrame
    """… core.common_fingerprints."""
    moved: pl.DataFrame
    """`story, into_story`: stories that became part of others."""
    capped: int


def extend(batch: pl.DataFrame, history: History, touched: Iterable[str] = ()) -> Extension:
    """Compare a batch (`id, text` and, if known, `outlet, published_at, is_wire`) with everything before it.

    `touched` are ids whose stories have changed for another reason (a partner was forgotten) and are to be told anew.
    """
    first = history.next_document()
    source = words(batch["text"].fill_null("").to_list())
    documents = _documents(batch, source, first)
    grown = grow(source, first, history, _of(history))
    standings = _standings(documents) | _standings(history.facts(_old(grown, first)))
    pairs = relations(grown.pairs, standings)
    undone, changed = _again(grown, history) if len(grown.common) else ([], [])
    return Extension(
        pairs=pair_frame([*pairs, *changed]),
        undone=pl.DataFrame(undone, schema={"id_a": pl.String, "id_b": pl.String}, orient="row"),
        clusters=_clusters([*pairs, *changed], set(undone), (documents, set(touched)), history),
        documents=documents.with_columns(
            story=pl.Series(grown.stories, dtype=pl.Int32), size=pl.Series(grown.sizes, dtype=pl.Int32)
        ).rename({"id": "article_id"}),
        fingerprints=pl.DataFrame({"hash": grown.hashes, "doc": grown.documents.astype(np.int32)}),
        common=pl.DataFrame({"hash": grown.common}),
        moved=pl.DataFrame({"story": grown.merged.astype(np.int32), "into_story": grown.into.astype(np.int32)}),
        capped=grown.capped,
    )


def _documents(batch: pl.DataFrame, source: Words, first: int) -> pl.DataFrame:
    absent: dict[str, type[pl.DataType] | pl.DataType] = {
        "outlet": pl.String,
        "published_at": pl.Datetime("us", "UTC"),
        "is_wire": pl.Boolean,
    }
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in absent.items() if name not in batch.columns]
    return batch.with_columns(missing).select(
        doc=pl.int_range(first, first + pl.len(), dtype=pl.Int32),
        id=pl.col("id").cast(pl.String),
        word_count=pl.Series(source.lengths, dtype=pl.Int32),
        outlet="outlet",
        published_at="published_at",
        is_wire=pl.col("is_wire").fill_null(value=False),
    )


def _words_of(history: History, documents: I64) -> Words:
    if not len(documents):
        return words([])
    stored = history.texts(documents)
    text_of = dict(zip(stored["doc"].to_list(), stored["text"].to_list(), strict=True))
    return words([text_of.get(doc) or "" for doc in documents.tolist()])


def _old(grown: Grown, first: int) -> I64:
    return np.unique(grown.pairs.left[grown.pairs.accepted & (grown.pairs.left < first)])


def _standings(facts: pl.DataFrame) -> dict[int, Standing]:
    return {row.pop("doc"): Standing(**row) for row in facts.iter_rows(named=True)}


def _again(grown: Grown, history: History) -> tuple[list[tuple[str, str]], list[DuplicatePair]]:
    """Stored pairs that contain a fingerprint now common, decided again: those undone and those with new measures."""
    _, documents, _, _ = history.lookup(grown.common)
    if not len(documents):
        return [], []
    near = history.facts(np.unique(documents))
    stored = history.linked(near["id"].to_list())
    if stored.is_empty():
        return [], []
    facts = history.facts_by_id(sorted({*stored["id_a"], *stored["id_b"]}))
    number = dict(zip(facts["id"].to_list(), facts["doc"].to_list(), strict=True))
    ends = [sorted((number[a], number[b])) for a, b in zip(stored["id_a"], stored["id_b"], strict=True)]
    sides = np.array(ends, np.int64)
    fresh = again(sides[:, 0], sides[:, 1], lambda hashes: _common_by_now(hashes, grown, history), _of(history))
    kept = relations(fresh, _standings(facts))
    names = {frozenset((pair.id_a, pair.id_b)) for pair in kept}
    before = {(a, b): tuple(rest) for a, b, *rest in stored.select(*PAIR_SCHEMA).iter_rows()}
    undone = [ends for ends in before if frozenset(ends) not in names]
    changed = [
        pair
        for pair in kept
        if before.get((pair.id_a, pair.id_b)) != (pair.relation.value, pair.similarity, pair.containment)
    ]
    turned = [(p.id_b, p.id_a) for p in changed if (p.id_b, p.id_a) in before]
    return undone + turned, changed


def _of(history: History) -> WordsOf:
    return lambda documents: _words_of(history, documents)


def _common_by_now(hashes: U32, grown: Grown, history: History) -> Mask:
    return history.is_common(hashes) | np.isin(hashes, grown.common)


def _clusters(
    pairs: list[DuplicatePair],
    undone: set[tuple[str, str]],
    changed: tuple[pl.DataFrame, set[str]],
    history: History,
) -> pl.DataFrame:
    documents, touched = changed
    new = set(documents["id"])
    touched |= {name for pair in pairs for name in (pair.id_a, pair.id_b)} | {name for ends in undone for name in ends}
    links = {(pair.id_a, pair.id_b): pair for pair in _stored(history, touched - new)}
    links = {ends: pair for ends, pair in links.items() if ends not in undone}
    links |= {(pair.id_a, pair.id_b): pair for pair in pairs}
    names = {name for ends in links for name in ends} | touched
    old = history.facts_by_id(sorted(names - new)) if names - new else documents.clear()
    standings = [*_standings(documents).values(), *_standings(old).values()]
    return cluster_frame(clusters(standings, links.values()))


def _stored(history: History, ids: Iterable[str]) -> list[DuplicatePair]:
    wanted = sorted(ids)
    rows = history.linked(wanted).select(*PAIR_SCHEMA).iter_rows(named=True) if wanted else iter(())
    return [DuplicatePair(**{**row, "relation": Relation(row["relation"])}) for row in rows]
