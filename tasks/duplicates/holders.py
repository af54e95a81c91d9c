"""Who holds which fingerprint: rows of hash and document, sorted, and the pairs that meet in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tasks.text.normalise import I64, U32, U64, Mask, distinct, ranges

_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holders:
    """Rows without repetition, by hash, then by document number. Documents from `first` on are those of the batch."""

    hashes: U32
    documents: I64
    first: int

    @property
    def edges(self) -> I64:
        """Where the rows of each hash begin, and where the last ones end."""
        if not len(self.hashes):
            return np.zeros(1, np.int64)
        change = np.flatnonzero(self.hashes[1:] != self.hashes[:-1]) + 1
        return np.concatenate([np.zeros(1, np.int64), change, np.array([len(self.hashes)], np.int64)])

    def of(self, chosen: Mask) -> Holders:
        """Some of the rows."""
        return Holders(hashes=self.hashes[chosen], documents=self.documents[chosen], first=self.first)

    def without(self, hashes: U32) -> Holders:
        """The rows of all other hashes."""
        return self.of(~np.isin(self.hashes, hashes)) if len(hashes) else self

    def only(self, hashes: U32) -> Holders:
        """The rows of these hashes."""
        return self.of(np.isin(self.hashes, hashes))

    def held_by_more_than(self, count: int) -> Holders:
        """The rows of hashes that more than so many documents hold."""
        edges = self.edges
        sizes = np.diff(edges)
        return self.of(np.repeat(sizes > count, sizes))

    def groups(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Each hash with its holders."""
        edges = self.edges.tolist()
        documents = self.documents.tolist()
        for begin, end in zip(edges[:-1], edges[1:], strict=True):
            yield int(self.hashes[begin]), tuple(documents[begin:end])

    def meetings(self, since: int) -> tuple[I64, I64]:
        """The pairs that share a hash and of which one document at least is numbered from `since` on, and how many
        hashes each shares.

        A pair is one number: the smaller document above, the larger below.
        """
        edges = self.edges
        begins = np.repeat(edges[:-1], np.diff(edges))
        late = np.flatnonzero(self.documents >= since)
        before = late - begins[late]
        right = np.repeat(self.documents[late], before)
        left = self.documents[ranges(begins[late], before)]
        codes, counts = np.unique(left << 32 | right, return_counts=True)
        return codes, counts


def holders(hashes: U32, documents: I64, first: int) -> Holders:
    """Rows in any order, with repetitions, as `Holders`."""
    keys: U64 = distinct(hashes.astype(np.uint64) << np.uint64(32) | documents.astype(np.uint64))
    return Holders(
        hashes=(keys >> np.uint64(32)).astype(np.uint32), documents=(keys & _LOW).astype(np.int64), first=first
    )


def added(one: Holders, hashes: U32, documents: I64) -> Holders:
    """The rows with others."""
    return holders(np.concatenate([one.hashes, hashes]), np.concatenate([one.documents, documents]), one.first)
