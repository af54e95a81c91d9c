"""Candidate pairs: which documents share enough fingerprints to be worth a comparison of their words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.duplicates.fingerprint import Sketches
from tasks.duplicates.index import COMMON_STORIES, Hits
from tasks.text.normalise import I64, U32, U64, Mask, distinct, ranges

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
    """Pairs of a document of the batch (`new`, its place) and another number, worth a comparison."""

    new: I64
    other: I64


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Fingerprints of a batch without repetition, sorted by hash, then by document (its place in the batch)."""

    hashes: U32
    documents: I64
    sizes: I64
    """Fingerprints of each document."""


def rows(kept: Sketches, usable: Mask) -> Rows:
    """The usable fingerprints of a batch."""
    keys = distinct(kept.hashes[usable].astype(np.uint64) << np.uint64(32) | kept.texts[usable].astype(np.uint64))
    return Rows(
        hashes=(keys >> np.uint64(32)).astype(np.uint32),
        documents=(keys & np.uint64(0xFFFFFFFF)).astype(np.int64),
        sizes=kept.lengths,
    )


def strangers(batch: Rows) -> U32:
    """Hashes that many documents of the batch have which share little else: furniture, seen before any story is known.

    Ten reprints of one wire have nearly all their fingerprints in common, ten pages of one outlet only the furniture's.
    """
    at, new, other = _neighbours(batch, FEW)
    if not len(at):
        return np.empty(0, np.uint32)
    _, place, counts = np.unique(new << 32 | other, return_inverse=True, return_counts=True)
    share = counts[place] / np.minimum(batch.sizes[new], batch.sizes[other])
    edge = np.flatnonzero(np.concatenate([[True], batch.hashes[1:] != batch.hashes[:-1]]))
    group = np.searchsorted(edge, at, "right") - 1
    total = np.bincount(group, weights=share, minlength=len(edge))
    pairs = np.bincount(group, minlength=len(edge))
    strange = (np.diff(np.append(edge, len(batch.hashes))) > COMMON_STORIES) & (total < COMPANY * pairs)
    return batch.hashes[edge[strange]]


def within(batch: Rows, keys: U64) -> tuple[Candidates, int]:
    """Candidate pairs inside the batch (`other` is the earlier place), and how many rows and pairs were left out."""
    _, new, other = _neighbours(batch, NEIGHBOURS)
    hot = int(np.count_nonzero(batch.hashes[NEIGHBOURS + 1 :] == batch.hashes[: -NEIGHBOURS - 1]))
    pairs, shared = np.unique(new << 32 | other, return_counts=True)
    least = np.minimum(batch.sizes[pairs >> 32], batch.sizes[pairs & _LOW])
    order = np.argsort(keys, kind="stable")
    exact = Rows(hashes=keys[order].astype(np.uint32), documents=order, sizes=batch.sizes)
    _, twin, first = _neighbours(exact, NEIGHBOURS)
    chosen, dropped = _best(pairs, shared, least)
    code = np.union1d(chosen, twin << 32 | first)
    return Candidates(new=code >> 32, other=code & _LOW), hot + dropped


def against(batch: Rows, hits: Hits) -> tuple[Candidates, int]:
    """Candidate pairs of a document of the batch and a story of the index, and how many were too many to compare."""
    low, high = np.searchsorted(batch.hashes, hits.hashes, "left"), np.searchsorted(batch.hashes, hits.hashes, "right")
    code = batch.documents[ranges(low, high - low)] << 32 | np.repeat(hits.stories, high - low)
    pairs, place, shared = np.unique(code, return_inverse=True, return_counts=True)
    size = np.zeros(len(pairs), np.int64)
    np.maximum.at(size, place, np.repeat(hits.sizes, high - low))
    best, dropped = _best(pairs, shared, np.minimum(batch.sizes[pairs >> 32], size))
    return Candidates(new=best >> 32, other=best & _LOW), dropped


_LOW = 0xFFFFFFFF


def _neighbours(batch: Rows, reach: int) -> tuple[I64, I64, I64]:
    """For up to `reach` rows before each row with the same hash: the row's place, its document, the other document."""
    ats, news, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, reach + 1):
        same = np.flatnonzero(batch.hashes[step:] == batch.hashes[:-step])
        if not len(same):
            break
        ats.append(same)
        news.append(batch.documents[same + step])
        others.append(batch.documents[same])
    return np.concatenate(ats), np.concatenate(news), np.concatenate(others)


def _best(pairs: I64, shared: I64, least: I64) -> tuple[I64, int]:
    """The pairs that share enough, at most `MOST_CANDIDATES` for each new document, and how many were over that."""
    good = np.flatnonzero(shared >= LEAST_SHARE * least)
    order = good[np.lexsort((pairs[good], -shared[good], pairs[good] >> 32))]
    new = pairs[order] >> 32
    rank = np.arange(len(new)) - np.searchsorted(new, new, "left")
    kept = order[rank < MOST_CANDIDATES]
    return np.asarray(np.sort(pairs[kept]), np.int64), len(order) - len(kept)
