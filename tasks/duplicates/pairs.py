"""Candidate pairs: which documents share enough fingerprints to be worth a comparison of their words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.duplicates.fingerprint import Sketches
from tasks.duplicates.index import COMMON_STORIES, Hits
from tasks.text.normalise import I64, U32, U64, Mask, ranges

LEAST_SHARE = 0.05
"""Share of the smaller text's fingerprints that must be shared: below it no pair of the development set was a copy."""
NEIGHBOURS = 16
"""Documents of one batch with the same fingerprint that each is compared with; the rest are met inside their story."""
FEW = 4
"""Neighbours by which a hash's company is judged."""
COMPANY = 0.4
"""Mean share of fingerprints that documents with a hash have in common, below which the hash is no story's."""
MOST_CANDIDATES = 24
"""Candidates of one document that are compared, most shared fingerprints first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """Pairs of a document of the batch (`new`, its place) and another number, with the fingerprints they share."""

    new: I64
    other: I64
    shared: I64


def strangers(kept: Sketches, usable: Mask) -> U32:
    """Hashes that many documents of the batch have which share little else: furniture, seen before any story is known.

    Ten reprints of one wire have nearly all their fingerprints in common, ten pages of one outlet only the furniture's.
    """
    hashes, docs = _rows(kept, usable)
    found = [np.flatnonzero(hashes[step:] == hashes[:-step]) for step in range(1, FEW + 1)]
    new = np.concatenate([docs[same + step] for step, same in enumerate(found, 1)])
    other = np.concatenate([docs[same] for same in found])
    at = np.concatenate(found)
    if not len(at):
        return np.empty(0, np.uint32)
    _, place, counts = np.unique(new << 32 | other, return_inverse=True, return_counts=True)
    share = counts[place] / np.minimum(kept.lengths[new], kept.lengths[other])
    edge = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    group = np.searchsorted(edge, at, "right") - 1
    total = np.bincount(group, weights=share, minlength=len(edge))
    pairs = np.bincount(group, minlength=len(edge))
    size = np.diff(np.append(edge, len(hashes)))
    strange = (size > COMMON_STORIES) & (total < COMPANY * pairs)
    return hashes[edge[strange]].astype(np.uint32)


def _rows(kept: Sketches, usable: Mask) -> tuple[U64, I64]:
    keys = np.unique(kept.hashes[usable].astype(np.uint64) << np.uint64(32) | kept.texts[usable].astype(np.uint64))
    return keys >> np.uint64(32), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def within(kept: Sketches, usable: Mask) -> tuple[Candidates, int]:
    """Candidate pairs inside the batch (`other` is an earlier place), and how many hash rows were left out as too
    hot.
    """
    hashes, docs = _rows(kept, usable)
    found = []
    for step in range(1, NEIGHBOURS + 1):
        same = np.flatnonzero(hashes[step:] == hashes[:-step])
        if not len(same):
            break
        found.append(docs[same + step] << 32 | docs[same])
    step = NEIGHBOURS + 1
    hot = int(np.count_nonzero(hashes[step:] == hashes[:-step]))
    shared = _count(np.concatenate([np.empty(0, np.int64), *found]))
    return _enough(shared, kept.lengths, kept.lengths[shared.other]), hot


def against(kept: Sketches, usable: Mask, hits: Hits) -> Candidates:
    """Candidate pairs of a document of the batch and a story of the index."""
    hashes, docs = _rows(kept, usable)
    low, high = np.searchsorted(hashes, hits.hashes, "left"), np.searchsorted(hashes, hits.hashes, "right")
    new = docs[ranges(low, high - low)]
    row = np.repeat(np.arange(len(hits.hashes)), high - low)
    code = new << 32 | hits.stories[row]
    shared = _count(_once(code, hits.hashes[row]))
    size = np.zeros(len(shared.new), np.int64)
    at = np.searchsorted(shared.new << 32 | shared.other, code)
    np.maximum.at(size, at, hits.sizes[row])
    return _enough(shared, kept.lengths, size)


def _once(code: I64, hashes: U32) -> I64:
    """Each pair once for each hash (two documents of one story may both hold it)."""
    if not len(code):
        return code
    order = np.lexsort((hashes, code))
    code, hashes = code[order], hashes[order]
    fresh = np.concatenate([[True], (code[1:] != code[:-1]) | (hashes[1:] != hashes[:-1])])
    return np.asarray(code[fresh], np.int64)


def _count(code: I64) -> Candidates:
    pairs, counts = np.unique(code, return_counts=True)
    return Candidates(new=pairs >> 32, other=pairs & 0xFFFFFFFF, shared=counts)


def _enough(found: Candidates, sizes: I64, other_sizes: I64) -> Candidates:
    least = np.minimum(sizes[found.new], other_sizes)
    good = np.flatnonzero(found.shared >= LEAST_SHARE * least)
    order = good[np.lexsort((found.other[good], -found.shared[good], found.new[good]))]
    new = found.new[order]
    rank = np.arange(len(new)) - np.searchsorted(new, new, "left")
    kept = order[rank < MOST_CANDIDATES]
    return Candidates(new=found.new[kept], other=found.other[kept], shared=found.shared[kept])
