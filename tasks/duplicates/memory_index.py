"""The index in memory: sorted runs of NumPy arrays, merged as they grow, 8 bytes a fingerprint.

A batch becomes one sorted run; runs of like size are merged, so that there are never more than a score of them and
every row is merged about log₂(batches) times. A look-up is one binary search for each hash and run.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasks.duplicates.grow import Grown
from tasks.duplicates.index import Compared
from tasks.text.normalise import I64, U32, Mask, ranges

U16 = npt.NDArray[np.uint16]


class Runs:
    """Rows of hash and document, found by hash."""

    def __init__(self) -> None:
        self._runs: list[tuple[U32, U32]] = []

    def append(self, hashes: U32, documents: I64) -> None:
        """Take in some rows."""
        if not len(hashes):
            return
        order = np.argsort(hashes, kind="stable")
        self._runs.append((hashes[order], documents[order].astype(np.uint32)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            self._runs.append(_merged(older, newer))

    def find(self, wanted: U32) -> tuple[U32, I64]:
        """The rows with one of the (different) hashes."""
        hashes, documents = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for run, owners in self._runs:
            low, high = np.searchsorted(run, wanted, "left"), np.searchsorted(run, wanted, "right")
            at = ranges(low, high - low)
            hashes.append(run[at])
            documents.append(owners[at].astype(np.int64))
        return np.concatenate(hashes), np.concatenate(documents)

    def under(self, documents: I64) -> tuple[U32, I64]:
        """The rows of some documents, by a look at all rows."""
        hashes, owners = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for run, holders in self._runs:
            at = np.flatnonzero(np.isin(holders, documents))
            hashes.append(run[at])
            owners.append(holders[at].astype(np.int64))
        return np.concatenate(hashes), np.concatenate(owners)


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
        self._counts[hit, 0] = lowered.shared[order][at[hit]]
        stands = self._counts[:, 0] >= self._counts[:, 1]
        self._pairs, self._counts, self._kin = self._pairs[stands], self._counts[stands], self._kin[stands]


def _merged(older: tuple[U32, U32], newer: tuple[U32, U32]) -> tuple[U32, U32]:
    hashes = np.concatenate([older[0], newer[0]])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.concatenate([older[1], newer[1]])[order]
