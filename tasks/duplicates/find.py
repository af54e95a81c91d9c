"""All copies among some documents: the duplicate finder without a warehouse, for files of any size.

Documents are read in batches; each is compared with all before it through the index in memory, words of earlier
ones come back from a file on disk. At the end, pairs decided before some fingerprint in them grew common are
decided once more, so that early and late pairs are judged alike. `find` first puts the documents in the order of
their ids, so that the order in which they came cannot matter; `stream` takes them as they come and holds no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl

from tasks.duplicates.clusters import Standing, clusters
from tasks.duplicates.fingerprint import sketches
from tasks.duplicates.frames import cluster_frame, pair_frame
from tasks.duplicates.grow import Pairs, again, grow
from tasks.duplicates.memory_index import MemoryIndex
from tasks.duplicates.relations import relations
from tasks.duplicates.shelf import Shelf
from tasks.records import Document, DuplicatePair
from tasks.text.normalise import I64, Words, words

BATCH = 4000
"""Documents compared in one go: about 200 MB of work arrays at 2 KB a text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Copies found: `pairs` as `frames.PAIR_SCHEMA`, `clusters` as `frames.CLUSTER_SCHEMA` with a row for every
    document.
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame
    capped: int
    """Comparisons left out because a hash or a story was too hot."""


def find(documents: Iterable[Document] | pl.DataFrame) -> Result:
    """All pairs of copies among the documents, and their stories; a later document of a known id is ignored."""
    if isinstance(documents, pl.DataFrame):
        documents = from_frame(documents)
    unique: dict[str, Document] = {}
    for document in documents:
        unique.setdefault(document.id, document)
    return stream(unique[name] for name in sorted(unique))


def stream(documents: Iterable[Document], batch_size: int = BATCH) -> Result:
    """As `find`, in the order given and without holding the texts in memory; ids must be distinct."""
    index, shelf = MemoryIndex(), Shelf()
    standings: dict[int, Standing] = {}
    found: list[Pairs] = []
    capped = 0
    for number, batch in enumerate(_batches(documents, batch_size)):
        source = words([document.text for document in batch])
        first = len(standings)
        standings |= _standings(batch, source, first)
        grown = grow(source, first, index, shelf)
        shelf.append(source)
        index.keep(grown, number)
        found.append(grown.pairs)
        capped += grown.capped
    pairs: list[DuplicatePair] = []
    for number, decided in enumerate(found):
        pairs += relations(_settled(decided, number, index, shelf) if number + 1 < len(found) else decided, standings)
    shelf.close()
    return Result(pairs=pair_frame(pairs), clusters=cluster_frame(clusters(standings.values(), pairs)), capped=capped)


def from_frame(frame: pl.DataFrame) -> Iterator[Document]:
    """The rows of a frame (`id, text` and, if known, `title, url, outlet, published_at, is_wire`) as documents."""
    known = [name for name in ("title", "url", "outlet", "published_at", "is_wire") if name in frame.columns]
    for row in frame.select(pl.col("id").cast(pl.String), pl.col("text").fill_null(""), *known).iter_rows(named=True):
        yield Document(**{name: value for name, value in row.items() if value is not None})


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    source = iter(documents)
    while batch := list(islice(source, size)):
        yield batch


def _standings(batch: list[Document], source: Words, first: int) -> dict[int, Standing]:
    return {
        first + place: Standing(
            id=document.id,
            is_wire=document.is_wire,
            published_at=document.published_at,
            word_count=count,
            outlet=document.outlet,
        )
        for place, (document, count) in enumerate(zip(batch, source.lengths.tolist(), strict=True))
    }


def _settled(decided: Pairs, number: int, index: MemoryIndex, shelf: Shelf) -> Pairs:
    """The pairs of a batch, those decided again that hold a fingerprint which grew common after it."""
    documents = np.unique(np.concatenate([decided.left, decided.right]))
    late = _grown_common_after(number, documents, index, shelf)
    stale = late[np.searchsorted(documents, decided.left)] | late[np.searchsorted(documents, decided.right)]
    if not stale.any():
        return decided
    fresh = again(decided.left[stale], decided.right[stale], index.is_common, shelf)
    rows, probability = decided.rows.copy(), decided.probability.copy()
    rows[stale], probability[stale] = fresh.rows, fresh.probability
    return Pairs(left=decided.left, right=decided.right, rows=rows, probability=probability)


def _grown_common_after(number: int, documents: I64, index: MemoryIndex, shelf: Shelf) -> np.ndarray:
    kept = sketches(shelf(documents))
    late = np.zeros(len(documents), np.bool_)
    late[kept.texts[index.common_since(kept.hashes) > number]] = True
    return late
