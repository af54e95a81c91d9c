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

Floats = npt.NDArray[np.float32]

# Most blocks are plain furniture: after this many trees they are so far from the article that the rest cannot matter.
FIRST_TREES = 60
# Log-odds under which a block is given up after the first trees (about 1 % of a chance; measured: no block that the
# whole forest keeps was ever below it on the development sets).
GIVEN_UP = -4.0
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
        """The chance, 0 to 1, of each row."""
        raw = np.full(len(columns), self.bias, dtype=np.float32)
        for start in range(0, len(columns), _CHUNK):
            part = columns[start : start + _CHUNK]
            sums = raw[start : start + _CHUNK]
            sums += self._sum(part, 0, FIRST_TREES)
            hopeful = np.flatnonzero(sums > GIVEN_UP)
            if hopeful.size:
                sums[hopeful] += self._sum(part[hopeful], FIRST_TREES, len(self.leaf))
        return np.asarray(1.0 / (1.0 + np.exp(-raw)), dtype=np.float32)

    def _sum(self, columns: Floats, first: int, last: int) -> Floats:
        feature, border, leaf = self.feature[first:last], self.border[first:last], self.leaf[first:last]
        trees, depth = feature.shape
        answers = columns[:, feature.ravel()] > border.ravel()
        powers = (1 << np.arange(depth)).astype(np.float32)
        number = (answers.reshape(-1, depth).astype(np.float32) @ powers).astype(np.int64).reshape(-1, trees)
        number += np.arange(trees, dtype=np.int64) << depth
        return np.asarray(leaf.ravel()[number].sum(axis=1, dtype=np.float32), dtype=np.float32)


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
