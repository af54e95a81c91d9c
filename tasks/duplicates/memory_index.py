"""The index in memory: sorted runs of NumPy arrays, merged as they grow, 8 bytes a fingerprint.

A batch becomes one sorted run; runs of like size are merged, so that there are never more than a score of them and
every row is merged about log₂(batches) times. A look-up is one binary search for each hash and run.
"""

from __future__ import annotations

import numpy as np

from tasks.duplicates.grow import Grown
from tasks.text.normalise import I64, U32, Mask, ranges

Run = tuple[U32, U32]


class MemoryIndex:
    """An `Index` over arrays."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._common: U32 = np.empty(0, np.uint32)
        self._since = np.empty(0, np.int32)
        self._story: U32 = np.empty(0, np.uint32)
        self._size: U32 = np.empty(0, np.uint32)
        self._members: dict[int, list[int]] = {}
        """Only stories of two or more documents."""

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64, I64]:
        """The rows whose hash is one of the (different) `hashes`: hashes, documents, stories, sizes."""
        found = [_find(run, hashes) for run in self._runs]
        rows = np.concatenate([np.empty(0, np.uint32), *(h for h, _ in found)])
        docs = np.concatenate([np.empty(0, np.int64), *(doc for _, doc in found)])
        return rows, docs, self._story[docs].astype(np.int64), self._size[docs].astype(np.int64)

    def is_common(self, hashes: U32) -> Mask:
        """For each hash, whether it is common."""
        return np.asarray(self.common_since(hashes) >= 0, np.bool_)

    def members(self, stories: I64) -> tuple[I64, I64]:
        """The rows (story, document) of the given stories."""
        rows = [(story, doc) for story in np.unique(stories).tolist() for doc in self._members.get(story, [story])]
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def keep(self, grown: Grown, batch: int) -> None:
        """Take in what a batch brought; `batch` tells later when a hash became common."""
        for story, target in zip(grown.merged.tolist(), grown.into.tolist(), strict=True):
            moved = self._members.pop(story, [story])
            self._story[moved] = target
            self._members.setdefault(target, [target]).extend(moved)
        first = len(self._story)
        self._story = np.concatenate([self._story, grown.stories.astype(np.uint32)])
        self._size = np.concatenate([self._size, grown.sizes.astype(np.uint32)])
        for doc in np.flatnonzero(grown.stories != np.arange(first, first + len(grown.stories))).tolist():
            story = int(grown.stories[doc])
            self._members.setdefault(story, [story]).append(first + doc)
        self._append(grown.hashes, grown.documents)
        self._common = np.concatenate([self._common, grown.common])
        self._since = np.concatenate([self._since, np.full(len(grown.common), batch, np.int32)])
        order = np.argsort(self._common, kind="stable")
        self._common, self._since = self._common[order], self._since[order]

    def common_since(self, hashes: U32) -> I64:
        """For each hash the batch in which it became common, -1 if it is not."""
        if not len(self._common):
            return np.full(len(hashes), -1, np.int64)
        at = np.searchsorted(self._common, hashes)
        at[at == len(self._common)] = 0
        return np.where(self._common[at] == hashes, self._since[at], -1).astype(np.int64)

    def _append(self, hashes: U32, documents: I64) -> None:
        if not len(hashes):
            return
        order = np.argsort(hashes, kind="stable")
        self._runs.append((hashes[order], documents[order].astype(np.uint32)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            self._runs.append(_merge(newer, older))


def _find(run: Run, wanted: U32) -> tuple[U32, I64]:
    hashes, docs = run
    low, high = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
    at = ranges(low, high - low)
    return hashes[at], docs[at].astype(np.int64)


def _merge(newer: Run, older: Run) -> Run:
    hashes = np.concatenate([older[0], newer[0]])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.concatenate([older[1], newer[1]])[order]
