"""What two texts have in common, in numbers: a row of measures for each pair of a batch.

**Observed.** Syndicated copies are cut, merged, wrapped in an outlet's own text and restyled, so similarity of the
wholes is low (mean Jaccard of true pairs .45) while one text's reporting lies almost whole in the other. Pieces
made from one template share long passages too, but the shared passages are short runs broken by slots in which
figures and names differ. **Theory.** Ask of the smaller text how many of its own words lie in three- and five-word
passages of the other one, in what runs, and whether the figures and names between the runs agree. Words in *common*
passages (shared by many unrelated stories: furniture, templates, stock phrases) are left out on both sides. All
measures are functions of the two texts and of which fingerprints are common; neither order nor third texts matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.duplicates.fingerprint import shingles
from tasks.text.normalise import CAPITAL, I64, NUMBER, U64, Mask, Words, take

F64 = npt.NDArray[np.float64]

NAMES = (
    "words_small",
    "words_large",
    "own_small",
    "own_large",
    "own_share_small",
    "own_share_large",
    "cover3_small",
    "cover5_small",
    "cover3_large",
    "cover5_large",
    "cover3_small_all",
    "cover3_large_all",
    "cover1_small",
    "longest_run",
    "runs_per_100",
    "mean_run",
    "short_gaps_per_100",
    "numbers_held",
    "numbers_slots",
    "names_held",
    "names_slots",
    "number_share",
    "name_share",
    "first_covered",
    "span",
    "is_exact",
)
"""The columns of a row of measures, in this order; see `_row`."""

CHUNK_WORDS = 400_000
"""Words of both sides compared in one go."""
SHORT_GAP = 4
"""Words between two shared runs that may be a template's slot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a chunk of pairs: text `i` belongs to pair `i`. `own` marks the words outside common passages."""

    words: Words
    own: Mask

    @property
    def pairs(self) -> I64:
        """For each word its pair."""
        return np.repeat(np.arange(len(self.words)), self.words.lengths)


def measure(source: Words, own: Mask, left: I64, right: I64) -> F64:
    """One row of `NAMES` for each pair of texts (`left[i]`, `right[i]`) of `source`; `own` has a value for each
    word.
    """
    rows = np.empty((len(left), len(NAMES)))
    sizes = source.lengths[left] + source.lengths[right]
    bounds = np.searchsorted(np.cumsum(sizes), np.arange(CHUNK_WORDS, int(sizes.sum()) + CHUNK_WORDS, CHUNK_WORDS))
    start = 0
    for end in [*(bounds + 1).tolist(), len(left)]:
        end = min(end, len(left))
        if end > start:
            rows[start:end] = _measure(source, own, left[start:end], right[start:end])
            start = end
    return rows


def _measure(source: Words, own: Mask, left: I64, right: I64) -> F64:
    own_words = np.add.reduceat(np.concatenate([own, [False]]).astype(np.int64), source.starts[:-1])
    own_words[source.lengths == 0] = 0
    size = own_words * (1 << 24) + source.lengths
    swap = size[left] > size[right]
    small, large = np.where(swap, right, left), np.where(swap, left, right)
    return _rows(_side(source, own, small), _side(source, own, large))


def _side(source: Words, own: Mask, texts: I64) -> Side:
    picked = Words(hashes=np.arange(len(source.hashes), dtype=np.uint32), flags=source.flags, starts=source.starts)
    chosen = take(picked, texts)
    words = Words(hashes=source.hashes[chosen.hashes], flags=chosen.flags, starts=chosen.starts)
    return Side(words=words, own=own[chosen.hashes])


def _rows(a: Side, b: Side) -> F64:
    one_a, one_b = _covers(a, b, 1)
    three_a, three_b = _covers(a, b, 3)
    five_a, five_b = _covers(a, b, 5)
    count = len(a.words)
    total = {side: np.bincount(s.pairs, minlength=count) for side, s in (("a", a), ("b", b))}
    own = {side: np.bincount(s.pairs[s.own], minlength=count) for side, s in (("a", a), ("b", b))}

    def share(side: Side, mask: Mask, among: Mask) -> F64:
        hit = np.bincount(side.pairs[mask & among], minlength=count)
        return hit / np.maximum(np.bincount(side.pairs[among], minlength=count), 1)

    runs = _runs(a, three_a)
    number_a = (a.words.flags & NUMBER > 0) & a.own
    name_a = (a.words.flags & CAPITAL > 0) & a.own & ~number_a
    return np.column_stack(
        [
            np.log1p(total["a"]),
            np.log1p(total["b"]),
            np.log1p(own["a"]),
            np.log1p(own["b"]),
            own["a"] / np.maximum(total["a"], 1),
            own["b"] / np.maximum(total["b"], 1),
            share(a, three_a, a.own),
            share(a, five_a, a.own),
            share(b, three_b, b.own),
            share(b, five_b, b.own),
            share(a, three_a, np.ones(len(a.own), np.bool_)),
            share(b, three_b, np.ones(len(b.own), np.bool_)),
            share(a, one_a, a.own),
            runs.longest,
            runs.per_100,
            runs.mean,
            runs.short_gaps,
            share(a, one_a, number_a),
            np.bincount(a.pairs[number_a & runs.slots & ~one_a], minlength=count) / np.maximum(runs.covered, 1) * 100,
            share(a, one_a, name_a),
            np.bincount(a.pairs[name_a & runs.slots & ~one_a], minlength=count) / np.maximum(runs.covered, 1) * 100,
            np.bincount(a.pairs[number_a], minlength=count) / np.maximum(own["a"], 1),
            np.bincount(a.pairs[name_a], minlength=count) / np.maximum(own["a"], 1),
            runs.first,
            runs.span,
            (total["a"] == total["b"]) & (_whole(a, count) == _whole(b, count)),
        ]
    )


def _covers(a: Side, b: Side, size: int) -> tuple[Mask, Mask]:
    """For each word of both sides, whether it lies in a passage of `size` words that the other side has too."""
    keys_a, keys_b = _keys(a, size), _keys(b, size)
    order = np.argsort(np.concatenate([keys_a, keys_b]), kind="stable")
    keys = np.concatenate([keys_a, keys_b])[order]
    from_a = order < len(keys_a)
    edge = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    if not len(edge):
        return np.zeros(len(a.own), np.bool_), np.zeros(len(b.own), np.bool_)
    has_a = np.logical_or.reduceat(from_a, edge)
    has_b = np.logical_or.reduceat(~from_a, edge)
    lengths = np.diff(np.append(edge, len(keys)))
    shared = np.empty(len(keys), np.bool_)
    shared[order] = np.repeat(has_a & has_b & (keys[edge] != _NONE), lengths)
    return _spread(shared[: len(keys_a)], size), _spread(shared[len(keys_a) :], size)


_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)


def _keys(side: Side, size: int) -> U64:
    """For each word the passage of `size` words that begins there, tied to its pair; none where the text ends
    before.
    """
    grams = shingles(side.words.hashes, size)
    keys = np.full(len(side.own), _NONE, np.uint64)
    pairs = side.pairs.astype(np.uint64)
    keys[: len(grams)] = pairs[: len(grams)] << np.uint64(44) | grams >> np.uint64(20)
    if size > 1 and len(grams):
        keys[: len(grams)][pairs[: len(grams)] != pairs[size - 1 :]] = _NONE
    return keys


def _spread(begins: Mask, size: int) -> Mask:
    out = begins.copy()
    for step in range(1, size):
        out[step:] |= begins[:-step]
    return out


@dataclass(frozen=True, kw_only=True, slots=True)
class _Runs:
    """The shared runs of the smaller side: one value for each pair, and `slots`, the words in short gaps between
    them.
    """

    longest: F64
    per_100: F64
    mean: F64
    short_gaps: F64
    covered: F64
    first: F64
    span: F64
    slots: Mask


def _runs(side: Side, cover: Mask) -> _Runs:
    count, size = len(side.words), len(cover)
    pairs = side.pairs
    fresh = np.ones(size + 1, np.bool_)
    fresh[1:size] = (pairs[1:] != pairs[:-1]) | (cover[1:] != cover[:-1])
    edges = np.flatnonzero(fresh)
    begin, lengths = edges[:-1], np.diff(edges)
    is_run, pair = cover[begin], pairs[begin]
    own = np.add.reduceat(side.own.astype(np.int64), begin) if len(begin) else np.empty(0, np.int64)
    own_run = is_run & (own > 0)
    longest = np.zeros(count)
    np.maximum.at(longest, pair[own_run], own[own_run])
    covered = np.bincount(pair[own_run], weights=own[own_run], minlength=count)
    runs = np.bincount(pair[own_run], minlength=count)
    inner = np.zeros(len(begin), np.bool_)
    inner[1:-1] = ~is_run[1:-1] & (pair[1:-1] == pair[:-2]) & (pair[1:-1] == pair[2:]) & (own[1:-1] > 0)
    gaps = inner & (lengths <= SHORT_GAP)
    first = np.full(count, 0.0)
    last = np.full(count, 0.0)
    local = begin - side.words.starts[:-1][pair]
    seen = np.flatnonzero(own_run)
    first[pair[seen[::-1]]] = local[seen[::-1]]
    last[pair[seen]] = (local + lengths)[seen]
    total = np.maximum(side.words.lengths, 1)
    return _Runs(
        longest=np.log1p(longest),
        per_100=runs / np.maximum(covered, 1) * 100,
        mean=np.log1p(covered / np.maximum(runs, 1)),
        short_gaps=np.bincount(pair[gaps], minlength=count) / np.maximum(covered, 1) * 100,
        covered=covered.astype(np.float64),
        first=first / total,
        span=(last - first) / total,
        slots=np.repeat(gaps, lengths),
    )


def _whole(side: Side, count: int) -> U64:
    """A hash of all words of each text in their order."""
    place = np.arange(len(side.own), dtype=np.uint64) - np.repeat(side.words.starts[:-1], side.words.lengths).astype(
        np.uint64
    )
    mixed = (side.words.hashes.astype(np.uint64) + place * np.uint64(0x9E3779B97F4A7C15)) * np.uint64(
        0xD6E8FEB86659FD93
    )
    mixed ^= mixed >> np.uint64(32)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    return np.asarray(sums[side.words.starts[1:]] - sums[side.words.starts[:-1]], np.uint64)[:count]
