"""Which passages two texts share: where the longest of them stand in the smaller text, counted in words.

Kept with every pair of copies, so that they can be shown without another comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.duplicates.measure import Side, by_size, chunks, matches, side_of, spread
from tasks.text.normalise import I64, U64, Mask, Words

LEAST_PASSAGE = 5
"""Words a shared passage must have to be shown; shorter ones are in every text."""
MOST_PASSAGES = 4
"""Passages kept of a pair, the longest first: 2 to 4 bytes each in DuckDB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passages:
    """For each pair, which side is the smaller text, and the passages: first word, words, first word, words, …"""

    is_left_smaller: Mask
    runs: list[list[int]]


def passages(source: Words, keys: U64, left: I64, right: I64) -> Passages:
    """The longest passages that pairs of texts share; `keys` are those of `source`."""
    every = np.ones(len(source.hashes), np.bool_)
    small, large = by_size(source, keys, every, left, right)
    runs: list[list[int]] = []
    for start, end in chunks(source, left, right):
        runs += _longest(side_of(source, every, small[start:end]), side_of(source, every, large[start:end]))
    return Passages(is_left_smaller=np.asarray(small == left, np.bool_), runs=runs)


def _longest(small: Side, large: Side) -> list[list[int]]:
    begins, _, _ = matches(small, large, 3)
    pair, first, length = _runs(spread(begins, 3), small.pairs)
    keep = length >= LEAST_PASSAGE
    pair, first, length = pair[keep], first[keep] - small.words.starts[pair[keep]], length[keep]
    order = np.lexsort((first, -length, pair))
    rank = np.arange(len(order)) - np.searchsorted(pair[order], pair[order], "left")
    runs: list[list[int]] = [[] for _ in range(len(small.words))]
    for at in order[rank < MOST_PASSAGES].tolist():
        runs[int(pair[at])] += [int(first[at]), int(length[at])]
    return runs


def _runs(cover: npt.NDArray[np.bool_], pairs: I64) -> tuple[I64, I64, I64]:
    """The stretches of covered words: the pair, the first word, how many."""
    joins = cover[1:] & cover[:-1] & (pairs[1:] == pairs[:-1])
    begins = np.flatnonzero(cover & ~np.concatenate([[False], joins]))
    ends = np.flatnonzero(cover & ~np.concatenate([joins, [False]]))
    return pairs[begins], begins, ends - begins + 1
