"""The index in memory: sorted runs of NumPy arrays, merged as they grow, 8 bytes a fingerprint.

A batch becomes one sorted run; runs of like size are merged up to a length, so that there are few of them and every row
is merged about log₂(batches) times. A look-up is one binary search for each hash and run.
"""

from __future__ import annotations

import numpy as np

from tasks.duplicates.grow import Grown
from tasks.duplicates.index import Compared
from tasks.text.normalise import I64, U32, U64, Mask, ranges

LONGEST_RUN = 1 << 23
"""Rows from which runs are left as they are: a merge then takes 200 MB at most, however long the file is."""
_LOW = np.uint64(0xFFFFFFFF)


class Runs:
    """Rows of hash and document, found by hash; a row is one number, the hash above, the document below."""

    def __init__(self) -> None:
        self._runs: list[U64] = []

    def append(self, hashes: U32, documents: I64) -> None:
        """Take in some rows."""
        if not len(hashes):
            return
        self._runs.append(np.sort(hashes.astype(np.uint64) << np.uint64(32) | documents.astype(np.uint64)))
        while len(self._runs) > 1 and len(self._runs[-2]) < min(2 * len(self._runs[-1]), LONGEST_RUN):
            both = np.concatenate([self._runs.pop(-2), self._runs.pop()])
            both.sort(kind="stable")  # two sorted halves are merged in one pass
            self._runs.append(both)

    def find(self, wanted: U32) -> tuple[U32, I64]:
        """The rows with one of the (different) hashes."""
        found = [np.empty(0, np.uint64)]
        keys = wanted.astype(np.uint64) << np.uint64(32)
        for run in self._runs:
            low, high = np.searchsorted(run, keys, "left"), np.searchsorted(run, keys | _LOW, "right")
            found.append(run[ranges(low, high - low)])
        return _split(np.concatenate(found))

    def under(self, documents: I64) -> tuple[U32, I64]:
        """The rows of some documents, by a look at all rows."""
        found = [np.empty(0, np.uint64)]
        found += [run[np.isin((run & _LOW).astype(np.int64), documents)] for run in self._runs]
        return _split(np.concatenate(found))


class MemoryIndex:
    """An `Index` over arrays."""

    def __init__(self) -> None:
        self._rows, self._texts = Runs(), Runs()
        self._common: U32 = np.empty(0, np.uint32)
        self._sizes = np.empty(0, np.uint16)
        self._pairs = np.empty((0, 2), np.uint32)
        self._counts = np.empty((0, 2), np.uint16)
        """What each pair shares, and what it needs."""
        self._kin = np.empty(0, np.bool_)

    def is_common(self, hashes: U32) -> Mask:
        """For each hash, whether it is common."""
        if not len(self._common):
            return np.zeros(len(hashes), np.bool_)
        at = np.searchsorted(self._common, hashes)
        at[at == len(self._common)] = 0
        return np.asarray(self._common[at] == hashes, np.bool_)

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64]:
        """The rows whose hash is one of the (different) `hashes`: hashes, documents, sizes of the documents."""
        found, documents = self._rows.find(hashes)
        return found, documents, self._sizes[documents].astype(np.int64)

    def twins(self, texts: U32) -> tuple[U32, I64]:
        """The documents whose whole text has one of the (different) hashes."""
        return self._texts.find(texts)

    def compared(self, documents: I64) -> tuple[I64, I64, I64, I64, Mask]:
        """The pairs with one of the (different) documents on either side."""
        wanted = np.zeros(len(self._sizes), np.bool_)
        wanted[documents] = True
        at = np.flatnonzero(wanted[self._pairs[:, 0]] | wanted[self._pairs[:, 1]])
        pairs, counts = self._pairs[at].astype(np.int64), self._counts[at].astype(np.int64)
        return pairs[:, 0], pairs[:, 1], counts[:, 0], counts[:, 1], self._kin[at]

    def hashes_of(self, documents: I64) -> tuple[U32, I64]:
        """The rows of the (different) documents."""
        return self._rows.under(documents)

    def everything_compared(self) -> tuple[I64, I64]:
        """The documents of all pairs."""
        return self._pairs[:, 0].astype(np.int64), self._pairs[:, 1].astype(np.int64)

    def keep(self, grown: Grown) -> None:
        """Take in what a batch brought."""
        first = len(self._sizes)
        self._sizes = np.concatenate([self._sizes, np.minimum(grown.sizes, 0xFFFF).astype(np.uint16)])
        worded = np.flatnonzero(grown.sizes > 0)
        self._texts.append(grown.texts[worded], worded + first)
        self._rows.append(grown.hashes, grown.documents)
        self._common = np.union1d(self._common, grown.common)
        self._lower(grown.lowered)
        pairs = grown.compared
        self._pairs = np.concatenate([self._pairs, np.column_stack([pairs.left, pairs.right]).astype(np.uint32)])
        self._counts = np.concatenate([self._counts, np.column_stack([pairs.shared, pairs.needed]).astype(np.uint16)])
        self._kin = np.concatenate([self._kin, pairs.kin])

    def _lower(self, lowered: Compared) -> None:
        if not len(lowered.left):
            return
        ours = self._pairs[:, 0].astype(np.int64) << 32 | self._pairs[:, 1]
        order = np.argsort(lowered.codes)
        codes = lowered.codes[order]
        at = np.searchsorted(codes, ours)
        at[at == len(codes)] = 0
        hit = np.flatnonzero(codes[at] == ours)
        self._counts[hit, 0] = np.maximum(lowered.shared[order][at[hit]], 0)
        stands = np.ones(len(ours), np.bool_)
        stands[hit] = lowered.stands[order][at[hit]]
        self._pairs, self._counts, self._kin = self._pairs[stands], self._counts[stands], self._kin[stands]


def _split(rows: U64) -> tuple[U32, I64]:
    return (rows >> np.uint64(32)).astype(np.uint32), (rows & _LOW).astype(np.int64)
