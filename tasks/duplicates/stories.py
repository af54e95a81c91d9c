"""Which documents tell the same story both ways, while a batch is compared: a union-find over numbers."""

from __future__ import annotations

import numpy as np

from tasks.text.normalise import I64


class Stories:
    """Numbers (documents, and stories named after one) joined into groups, each named after its smallest number."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def join(self, left: I64, right: I64) -> None:
        """Join each `left[i]` with `right[i]`."""
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            low, high = sorted((self._root(one), self._root(other)))
            if low != high:
                self._parent[high] = low

    def of(self, numbers: I64) -> I64:
        """The name of the group of each number."""
        if not self._parent:
            return numbers
        unique, place = np.unique(numbers, return_inverse=True)
        return np.array([self._root(number) for number in unique.tolist()], np.int64)[place]

    def _root(self, number: int) -> int:
        parent = self._parent
        while (up := parent.get(number, number)) != number:
            parent[number] = parent.get(up, up)
            number = up
        return number
