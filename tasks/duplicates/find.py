"""All copies among some documents: the duplicate finder without a warehouse, for files of any size.

Documents are read in batches; each is compared with all before it through the index in memory, words of earlier
ones come back from a file on disk. The documents of a list are first put in the order of their ids, so that the
order in which they came cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl

from tasks.duplicates.clusters import Standing, clusters
from tasks.duplicates.grow import Pairs, grow, keep
from tasks.duplicates.measure import NAMES
from tasks.duplicates.memory_index import MemoryIndex
from tasks.duplicates.shelf import Shelf
from tasks.records import Document, DuplicatePair, Relation
from tasks.text.normalise import words

BATCH = 4000
"""Documents compared in one go: about 100 MB of work arrays at 2 KB a text."""

PAIR_SCHEMA = {
    "id_a": pl.String,
    "id_b": pl.String,
    "relation": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
}
CLUSTER_SCHEMA = {
    "id": pl.String,
    "cluster_id": pl.String,
    "is_canonical": pl.Boolean,
    "canonical_reason": pl.String,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Copies found: `pairs` as PAIR_SCHEMA, `clusters` as CLUSTER_SCHEMA with a row for every document."""

    pairs: pl.DataFrame
    clusters: pl.DataFrame
    capped: int
    """Comparisons left out because a hash or a story was too hot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    """What remains in memory of a document once its words are on the shelf."""

    standing: Standing
    outlet: str | None
    order: int


def find(documents: Iterable[Document] | pl.DataFrame) -> Result:
    """All pairs of copies among the documents, and their stories; a later document of a known id is ignored."""
    if isinstance(documents, pl.DataFrame):
        documents = _from_frame(documents)
    unique: dict[str, Document] = {}
    for document in documents:
        unique.setdefault(document.id, document)
    return stream(unique[name] for name in sorted(unique))


def stream(documents: Iterable[Document]) -> Result:
    """As `find`, in the order given and without holding the texts in memory; ids must be distinct."""
    index, shelf = MemoryIndex(), Shelf()
    facts: list[_Facts] = []
    pairs: list[DuplicatePair] = []
    capped = 0
    for batch in _batches(documents):
        source = words([document.text for document in batch])
        first = len(facts)
        facts += [
            _Facts(
                standing=Standing(
                    id=document.id,
                    is_wire=document.is_wire,
                    published_at=document.published_at,
                    word_count=int(count),
                ),
                outlet=document.outlet,
                order=first + place,
            )
            for place, (document, count) in enumerate(zip(batch, source.lengths.tolist(), strict=True))
        ]
        grown = grow(source, first, index, shelf)
        shelf.append(source)
        keep(grown, first, index)
        pairs += _pairs(grown.pairs, facts)
        capped += grown.capped
    shelf.close()
    members = clusters((fact.standing for fact in facts), pairs)
    return Result(
        pairs=pl.DataFrame(
            [(p.id_a, p.id_b, p.relation.value, p.similarity, p.containment) for p in sorted(pairs, key=_by_ids)],
            schema=PAIR_SCHEMA,
            orient="row",
        ),
        clusters=pl.DataFrame(
            [(m.id, m.cluster_id, m.is_canonical, m.canonical_reason) for m in members],
            schema=CLUSTER_SCHEMA,
            orient="row",
        ),
        capped=capped,
    )


def _by_ids(pair: DuplicatePair) -> tuple[str, str]:
    return pair.id_a, pair.id_b


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    source = iter(documents)
    while batch := list(islice(source, BATCH)):
        yield batch


def _from_frame(frame: pl.DataFrame) -> Iterator[Document]:
    known = [name for name in ("title", "url", "outlet", "published_at", "is_wire") if name in frame.columns]
    for row in frame.select(pl.col("id").cast(pl.String), pl.col("text").fill_null(""), *known).iter_rows(named=True):
        yield Document(**{name: value for name, value in row.items() if value is not None})


def _pairs(found: Pairs, facts: Sequence[_Facts]) -> list[DuplicatePair]:
    column = {name: place for place, name in enumerate(NAMES)}
    chosen = np.flatnonzero(found.accepted)
    same = found.same
    out = []
    for at in chosen.tolist():
        one, other = facts[int(found.left[at])], facts[int(found.right[at])]
        row = found.rows[at]
        small, large = row[column["cover3_small"]], row[column["cover3_large"]]
        if one.standing.word_count < other.standing.word_count or (
            one.standing.word_count == other.standing.word_count and other.standing.id < one.standing.id
        ):
            one, other = other, one
        relation = Relation.CONTAINS
        if same[at]:
            relation = Relation.EXACT if row[column["is_exact"]] else Relation.NEAR
        out.append(
            DuplicatePair(
                id_a=one.standing.id,
                id_b=other.standing.id,
                relation=relation,
                similarity=round(float(_jaccard(small, large, row[column["own_small"]], row[column["own_large"]])), 4),
                containment=round(float(small), 4),
            )
        )
    return out


def _jaccard(small: float, large: float, own_small: float, own_large: float) -> float:
    a, b = np.expm1(own_small), np.expm1(own_large)
    both = (small * a + large * b) / 2
    return float(both / max(a + b - both, 1))
