"""The index in memory: sorted runs of NumPy arrays, merged as they grow, 8 bytes a fingerprint.

A batch becomes one sorted run; runs of like size are merged, so that there are never more than a score of them and
every row is merged about log₂(batches) times. A look-up is one binary search for each hash and run.
"""

from __future__ import annotations

import numpy as np

from tasks.text.normalise import I64, U32, Mask, distinct, ranges

Run = tuple[U32, U32]


class MemoryIndex:
    """An `Index` over arrays."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._common: U32 = np.empty(0, np.uint32)
        self._story: U32 = np.empty(0, np.uint32)
        self._size: U32 = np.empty(0, np.uint32)
        self._members: dict[int, list[int]] = {}
        """Only stories of two or more documents."""

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64, I64]:
        """The rows whose hash is one of `hashes` and not common: hashes, documents, stories, sizes."""
        wanted = distinct(hashes.astype(np.uint64)).astype(np.uint32)
        wanted = wanted[~self.is_common(wanted)]
        found = [_find(run, wanted) for run in self._runs]
        rows = np.concatenate([np.empty(0, np.uint32), *(h for h, _ in found)])
        docs = np.concatenate([np.empty(0, np.int64), *(doc for _, doc in found)])
        return rows, docs, self._story[docs].astype(np.int64), self._size[docs].astype(np.int64)

    def is_common(self, hashes: U32) -> Mask:
        """For each hash, whether it is common."""
        if not len(self._common):
            return np.zeros(len(hashes), np.bool_)
        at = np.searchsorted(self._common, hashes)
        at[at == len(self._common)] = 0
        return np.asarray(self._common[at] == hashes, np.bool_)

    def members(self, stories: I64) -> tuple[I64, I64]:
        """The rows (story, document) of the given stories."""
        rows = [(story, doc) for story in np.unique(stories).tolist() for doc in self._members.get(story, [story])]
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def place(self, documents: I64, stories: I64, sizes: I64) -> None:
        """Take in documents with their story and number of fingerprints; they follow those already here."""
        self._story = np.concatenate([self._story, stories.astype(np.uint32)])
        self._size = np.concatenate([self._size, sizes.astype(np.uint32)])
        for doc, story in zip(documents.tolist(), stories.tolist(), strict=True):
            if doc != story:
                self._members.setdefault(story, [story]).append(doc)

    def merge(self, stories: I64, into: I64) -> None:
        """Make whole stories part of others."""
        for story, target in zip(stories.tolist(), into.tolist(), strict=True):
            moved = self._members.pop(story, [story])
            self._story[moved] = target
            self._members.setdefault(target, [target]).extend(moved)

    def append(self, hashes: U32, documents: I64) -> None:
        """Take in new rows."""
        if not len(hashes):
            return
        order = np.argsort(hashes, kind="stable")
        self._runs.append((hashes[order], documents[order].astype(np.uint32)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            self._runs.append(_merge(newer, older))

    def mark_common(self, hashes: U32) -> None:
        """Remember hashes as common."""
        self._common = np.union1d(self._common, hashes).astype(np.uint32)


def _find(run: Run, wanted: U32) -> tuple[U32, I64]:
    hashes, docs = run
    low, high = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
    at = ranges(low, high - low)
    return hashes[at], docs[at].astype(np.int64)


def _merge(newer: Run, older: Run) -> Run:
    hashes = np.concatenate([older[0], newer[0]])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.concatenate([older[1], newer[1]])[order]
