"""A block classifier of symmetric decision trees, as plain arrays.

All nodes of one level of a symmetric tree ask the same question, so a tree of depth six is six comparisons, and the
answers, read as a binary number, are the number of its leaf. The whole forest is three array operations for all blocks
of a page: compare, number, add up. The arrays are written by `tests/quality/train_cleaner.py` and hold no code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from tasks.page.compiled import native

Floats = npt.NDArray[np.float32]

# Blocks evaluated at once: bounds the memory of a page with a hundred thousand blocks.
_CHUNK = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Forest:
    """`feature` and `border` are trees × depth, `leaf` is trees × 2^depth; `names` orders the columns asked for."""

    names: tuple[str, ...]
    feature: npt.NDArray[np.int16]
    border: Floats
    leaf: Floats
    bias: float

    def __call__(self, columns: Floats) -> Floats:
        """The chance, 0 to 1, of each block; `columns` has one row per name and one column per block."""
        count = columns.shape[1]
        raw = np.full(count, self.bias, dtype=np.float32)
        if native is not None:
            columns = np.ascontiguousarray(columns, dtype=np.float32)
            native.forest_sum(columns, self.feature, self.border, self.leaf, self.feature.shape[1], raw)
            return _chances(raw)
        for start in range(0, count, _CHUNK):
            raw[start : start + _CHUNK] += self._sum(columns[:, start : start + _CHUNK])
        return _chances(raw)

    def _sum(self, columns: Floats) -> Floats:
        trees, depth = self.feature.shape
        answers = (columns[self.feature.ravel()] > self.border.reshape(-1, 1)).view(np.uint8).reshape(trees, depth, -1)
        number = answers[:, 0].copy()
        for level in range(1, depth):
            number += answers[:, level] << level
        return np.asarray(np.take_along_axis(self.leaf, number.astype(np.intp), axis=1).sum(axis=0), dtype=np.float32)


def _chances(raw: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-raw)), dtype=np.float32)


@cache
def cleaner_forest() -> Forest:
    """The forest that judges blocks, read once."""
    with files("tasks.page").joinpath("cleaner_model.npz").open("rb") as source:
        arrays = np.load(source, allow_pickle=False)
        return Forest(
            names=tuple(arrays["names"].tolist()),
            feature=arrays["feature"],
            border=arrays["border"],
            leaf=arrays["leaf"],
            bias=float(arrays["bias"]),
        )
