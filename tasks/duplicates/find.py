"""All copies among some documents: the duplicate finder without a warehouse, for files of any size.

Documents are read in batches; each is compared with all before it through the index in memory, words of earlier
ones come back from a file on disk. At the end, pairs decided before some fingerprint in them grew common are decided
once more. What is found depends on the set of documents only, neither on their order nor on the batches. Nothing else
of a document is held than its fingerprints (8 bytes each), its id and what the canonical policy asks: some 350 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import numpy as np
import polars as pl

from tasks.duplicates.clusters import clusters
from tasks.duplicates.desk import NOTHING
from tasks.duplicates.frames import CLUSTER_SCHEMA, FACTS_SCHEMA, cluster_frame, pairs_of, standings
from tasks.duplicates.grow import again, grow
from tasks.duplicates.memory_index import MemoryIndex
from tasks.duplicates.pairs import everywhere, within
from tasks.duplicates.relations import copies, named
from tasks.duplicates.shelf import Shelf
from tasks.records import Document
from tasks.text.normalise import I64, Words, words

BATCH = 4000
"""Documents compared in one go: about 200 MB of work arrays at 2 KB a text."""
AGAIN = 20_000
"""Pairs decided again in one go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Copies found: `pairs` as `frames.PAIR_SCHEMA`, `clusters` as `frames.CLUSTER_SCHEMA` with a row for every
    document.
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame
    capped: int
    """Fingerprints and texts left out because too many documents have them."""
    beyond_window: int = 0
    """Pairs that share enough and were not compared because they lie too far apart in time."""


def find(documents: Iterable[Document] | pl.DataFrame, window: timedelta | None = None) -> Result:
    """All pairs of copies among the documents, and their stories; a later document of a known id is ignored."""
    if isinstance(documents, pl.DataFrame):
        documents = from_frame(documents)
    return stream(_once(documents), window=window)


def stream(documents: Iterable[Document], batch_size: int = BATCH, window: timedelta | None = None) -> Result:
    """As `find`, for documents whose ids are distinct."""
    index, shelf, ledger = MemoryIndex(), Shelf(), _Ledger(has_window=window is not None)
    reach = within(window, ledger.seconds) if window is not None else everywhere
    for batch in _batches(documents, batch_size):
        source = words([document.text for document in batch])
        first = ledger.enter(batch, source)
        grown = grow(source, first, index, shelf, reach)
        shelf.append(source)
        index.keep(grown)
        ledger.note(copies(grown.pairs), grown.touched, grown.capped, grown.beyond)
    facts = ledger.facts()
    pairs = named(_settled(ledger, index, shelf, batch_size), facts)
    shelf.close()
    return Result(
        pairs=pairs, clusters=_stories(facts, pairs), capped=ledger.capped, beyond_window=ledger.beyond_window
    )


def from_frame(frame: pl.DataFrame) -> Iterator[Document]:
    """The rows of a frame (`id, text` and, if known, `title, url, outlet, published_at, is_wire`) as documents."""
    known = [name for name in ("title", "url", "outlet", "published_at", "is_wire") if name in frame.columns]
    for row in frame.select(pl.col("id").cast(pl.String), pl.col("text").fill_null(""), *known).iter_rows(named=True):
        yield Document(**{name: value for name, value in row.items() if value is not None})


class _Ledger:
    """What is remembered of documents and accepted pairs from batch to batch."""

    def __init__(self, *, has_window: bool) -> None:
        self._has_window = has_window
        self._facts = [pl.DataFrame(schema=FACTS_SCHEMA)]
        self._seconds = np.empty(0)
        self._touched = np.empty(0, np.int32)
        """For each document, the batch in which one of its fingerprints last grew common, or -1."""
        self._pairs: list[pl.DataFrame] = []
        self.capped = 0
        self.beyond_window = 0

    def enter(self, batch: list[Document], source: Words) -> int:
        """Take in a batch, and return the number of its first document."""
        first = len(self._touched)
        rows = [(one.id, one.outlet, one.published_at, one.is_wire) for one in batch]
        kinds = {name: FACTS_SCHEMA[name] for name in ("id", "outlet", "published_at", "is_wire")}
        frame = pl.DataFrame(rows, schema=kinds, orient="row").with_columns(
            doc=pl.int_range(first, first + pl.len(), dtype=pl.Int32),
            word_count=pl.Series(source.lengths, dtype=pl.Int32),
        )
        self._facts.append(frame.select(list(FACTS_SCHEMA)))
        if self._has_window:
            seconds = frame["published_at"].dt.epoch("s").cast(pl.Float64).fill_null(float("nan"))
            self._seconds = np.concatenate([self._seconds, seconds.to_numpy()])
        self._touched = np.concatenate([self._touched, np.full(len(batch), -1, np.int32)])
        return first

    def note(self, found: pl.DataFrame, touched: I64, capped: int, beyond: int) -> None:
        """Remember what a batch brought."""
        self._pairs.append(found)
        self._touched[touched] = len(self._pairs) - 1
        self.capped += capped
        self.beyond_window += beyond

    def seconds(self, documents: I64) -> np.ndarray:
        """When documents were published, not-a-number if it is not known."""
        return np.asarray(self._seconds[documents], np.float64)

    def facts(self) -> pl.DataFrame:
        """A row of `FACTS_SCHEMA` for each document."""
        return pl.concat(self._facts)

    def pairs(self) -> pl.DataFrame:
        """All accepted pairs as they were decided in their batch."""
        return pl.concat(self._pairs) if self._pairs else copies(NOTHING)

    def is_stale(self, left: I64, right: I64, batch_size: int) -> np.ndarray:
        """Which pairs were decided before some fingerprint of either document grew common."""
        return np.maximum(self._touched[left], self._touched[right]) > right // batch_size


def _settled(ledger: _Ledger, index: MemoryIndex, shelf: Shelf, batch_size: int) -> pl.DataFrame:
    """The accepted pairs, those decided again that hold a fingerprint which grew common after them."""
    decided = ledger.pairs()
    ends = [decided[side].cast(pl.Int64).to_numpy() for side in ("left", "right")]
    kept = [decided.filter(~ledger.is_stale(ends[0], ends[1], batch_size))]
    left, right = index.everything_compared()
    at = np.flatnonzero(ledger.is_stale(left, right, batch_size))
    for start in range(0, len(at), AGAIN):
        some = at[start : start + AGAIN]
        kept.append(copies(again(left[some], right[some], index.is_common, shelf)[0]))
    return pl.concat(kept)


def _stories(facts: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The place of every document, sorted by id; only those with pairs have to be thought about."""
    linked = pl.concat([pairs["id_a"], pairs["id_b"]]).unique()
    is_linked = pl.col("id").is_in(linked.implode())
    told = clusters(standings(facts.filter(is_linked)), pairs_of(pairs))
    alone = facts.filter(~is_linked).select(
        "id", cluster_id="id", is_canonical=pl.lit(value=True), canonical_reason=pl.lit("only member")
    )
    return pl.concat([cluster_frame(told), alone.cast(pl.Schema(CLUSTER_SCHEMA))]).sort("id")


def _once(documents: Iterable[Document]) -> Iterator[Document]:
    seen: set[str] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    source = iter(documents)
    while batch := list(islice(source, size)):
        yield batch
