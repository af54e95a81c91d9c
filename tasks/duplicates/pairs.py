"""Candidate pairs: which documents share enough fingerprints to be worth a comparison of their words.

A pair is a candidate if the two texts share a twentieth of the smaller one's fingerprints, common ones not counted, or
have the very same words. That depends on the two texts and on what is common, on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from tasks.duplicates.holders import Holders
from tasks.duplicates.index import Compared
from tasks.text.normalise import I64

LOW = 0xFFFFFFFF
LEAST_SHARE = 0.05
"""Share of the smaller text's fingerprints that must be shared: below it no pair of the development set was a copy."""

Reach = Callable[[I64, I64], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]
"""Whether pairs of documents (`left`, `right`) lie near enough in time to be compared."""


def everywhere(left: I64, right: I64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Any two documents may be compared."""
    return np.ones(len(left), np.bool_)


def within(window: timedelta, seconds_of: Callable[[I64], np.ndarray[tuple[int], np.dtype[np.float64]]]) -> Reach:
    """Only documents published at most a `window` apart are compared, and those of which it is not known.

    `seconds_of` tells when documents were published, not-a-number if it is not known.
    """

    def reach(left: I64, right: I64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return ~(np.abs(seconds_of(left) - seconds_of(right)) > window.total_seconds())

    return reach


def needed(sizes_left: I64, sizes_right: I64) -> I64:
    """How many fingerprints two texts of so many must share."""
    least = np.ceil(np.minimum(sizes_left, sizes_right) * LEAST_SHARE - 1e-9)
    return np.maximum(least, 1).astype(np.int64)


def candidates(rows: Holders, size_of: Callable[[I64], I64], twins: I64) -> Compared:
    """The candidate pairs with a document of the batch; `twins` are the codes of those that have the same words.

    Kinship is not known yet and stands at no.
    """
    codes, shared = rows.meetings(rows.first)
    least = needed(size_of(codes >> 32), size_of(codes & LOW))
    is_twin = np.isin(codes, twins)
    chosen = (shared >= least) | is_twin
    codes, shared, least = codes[chosen], shared[chosen], np.where(is_twin, 0, least)[chosen]
    alone = np.setdiff1d(twins, codes)
    nothing = np.zeros(len(alone), np.int64)
    codes = np.concatenate([codes, alone])
    return Compared(
        left=codes >> 32,
        right=codes & LOW,
        shared=np.concatenate([shared, nothing]),
        needed=np.concatenate([least, nothing]),
        kin=np.zeros(len(codes), np.bool_),
    )


def shared_by(codes: I64, rows: Holders) -> I64:
    """How many of the rows' hashes each pair shares, for a few pairs."""
    order = np.argsort(rows.documents, kind="stable")
    documents, hashes = rows.documents[order].astype(np.uint64), rows.hashes[order]
    keys = documents << np.uint64(32) | hashes
    low = np.searchsorted(documents, (codes >> 32).astype(np.uint64), "left")
    counts = np.searchsorted(documents, (codes >> 32).astype(np.uint64), "right") - low
    pair = np.repeat(np.arange(len(codes)), counts)
    theirs = hashes[low[pair] + np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)]
    wanted = (codes & LOW)[pair].astype(np.uint64) << np.uint64(32) | theirs
    at = np.searchsorted(keys, wanted)
    at[at == len(keys)] = 0
    return np.bincount(pair[keys[at] == wanted], minlength=len(codes)) if len(keys) else np.zeros(len(codes), np.int64)
