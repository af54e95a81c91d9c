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

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.duplicates.fingerprint import shingles
from tasks.text.normalise import CAPITAL, I64, NUMBER, U32, U64, Mask, Words, take

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
    "numbers_cover",
    "names_cover",
    "numbers_slots_all",
    "names_slots_all",
    "short_gaps_all",
    "longest_run_all",
    "numbers_cover_all",
    "substituted",
    "substituted_long",
    "is_exact",
)
"""The columns of a row of measures, in this order; see `_row`."""

CHUNK_WORDS = 150_000
"""Words of both sides compared in one go."""
SHORT_GAP = 4
"""Words between two shared runs that may be a template's slot."""
LONGEST_SLOT = 80
"""Words on the other side between two shared runs that may still be the filling of the same slot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a chunk of pairs: text `i` belongs to pair `i`. `own` marks the words outside common passages."""

    words: Words
    own: Mask

    @property
    def pairs(self) -> I64:
        """For each word its pair."""
        return np.repeat(np.arange(len(self.words)), self.words.lengths)


def measure(source: Words, keys: U64, own: Mask, left: I64, right: I64) -> F64:
    """One row of `NAMES` for each pair of texts (`left[i]`, `right[i]`) of `source`.

    `keys` are those of `source`, computed once for many calls; `own` has a value for each word.
    """
    rows = np.empty((len(left), len(NAMES)))
    small, large = by_size(source, keys, own, left, right)
    for start, end in chunks(source, left, right):
        rows[start:end] = _rows(side_of(source, own, small[start:end]), side_of(source, own, large[start:end]))
    rows[:, NAMES.index("is_exact")] = (keys[small] == keys[large]) & (source.lengths[small] == source.lengths[large])
    return rows


def chunks(source: Words, left: I64, right: I64) -> Iterator[tuple[int, int]]:
    """Stretches of the pairs whose words fit into the cache together."""
    chunk = np.cumsum(source.lengths[left] + source.lengths[right]) // CHUNK_WORDS
    edges = np.flatnonzero(np.concatenate([[True], chunk[1:] != chunk[:-1], [True]]))
    yield from itertools.pairwise(edges.tolist() if len(left) else [])


def by_size(source: Words, keys: U64, own: Mask, left: I64, right: I64) -> tuple[I64, I64]:
    """Which of a pair is the smaller: by its own words, then all words, then by content, so never by order."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(own)])
    counts = sums[source.starts[1:]] - sums[source.starts[:-1]]
    rank = np.empty(len(source), np.int64)
    rank[np.lexsort((keys, source.lengths, counts))] = np.arange(len(source))
    swap = rank[left] > rank[right]
    return np.where(swap, right, left), np.where(swap, left, right)


def side_of(source: Words, own: Mask, texts: I64) -> Side:
    """The words of some texts of `source` as one side."""
    picked = Words(hashes=np.arange(len(source.hashes), dtype=np.uint32), flags=source.flags, starts=source.starts)
    chosen = take(picked, texts)
    words = Words(hashes=source.hashes[chosen.hashes], flags=chosen.flags, starts=chosen.starts)
    return Side(words=words, own=own[chosen.hashes])


def _rows(a: Side, b: Side) -> F64:
    one_a, _, _ = matches(a, b, 1)
    begins_a, begins_b, partner = matches(a, b, 3)
    three_a, three_b = spread(begins_a, 3), spread(begins_b, 3)
    five_a, five_b = spread(_thrice(begins_a), 5), spread(_thrice(begins_b), 5)
    count = len(a.words)
    total = {side: np.bincount(s.pairs, minlength=count) for side, s in (("a", a), ("b", b))}
    own = {side: np.bincount(s.pairs[s.own], minlength=count) for side, s in (("a", a), ("b", b))}

    def share(side: Side, mask: Mask, among: Mask) -> F64:
        hit = np.bincount(side.pairs[mask & among], minlength=count)
        return hit / np.maximum(np.bincount(side.pairs[among], minlength=count), 1)

    runs = _runs(a, three_a)
    every = _runs(Side(words=a.words, own=np.ones(len(a.own), np.bool_)), three_a)
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
            share(a, three_a, number_a),
            share(a, three_a, name_a),
            _rate(a, (a.words.flags & NUMBER > 0) & every.slots & ~one_a, every.covered),
            _rate(a, (a.words.flags & (NUMBER | CAPITAL) == CAPITAL) & every.slots & ~one_a, every.covered),
            every.short_gaps,
            every.longest,
            share(a, three_a, a.words.flags & NUMBER > 0),
            *(words / np.maximum(own["a"], 1) * 100 for words in _substituted(a, three_a, partner)),
            np.zeros(count),
        ]
    )


def _rate(side: Side, mask: Mask, covered: F64) -> F64:
    """Marked words for each hundred covered ones."""
    return np.bincount(side.pairs[mask], minlength=len(side.words)) / np.maximum(covered, 1) * 100


def matches(a: Side, b: Side, size: int) -> tuple[Mask, Mask, I64]:
    """For each word of both sides, whether the `size` words that begin there stand in the other side too; and where in
    `b` those of `a` stand.

    Every pair owns a stretch of one table, four to eight slots for each word of `b`. Passages of `b` leave their
    tag in their slot, those pushed out by another go to a second table; then the passages of `a` look for theirs.
    No sorting: a third of the time.
    """
    room = 1 << np.ceil(np.log2(np.maximum(b.words.lengths, 1) * 4.0)).astype(np.int64)
    bases = np.cumsum(room) - room
    table = np.zeros((2, int(room.sum()) if len(room) else 0), np.uint32)
    seen = np.zeros(table.shape, np.bool_)
    at_b, slots_b, tags_b = _slots(b, size, bases, room)
    at_a, slots_a, tags_a = _slots(a, size, bases, room)
    place = np.zeros(table.shape, np.int32)
    table[0, slots_b[0]] = tags_b
    first = table[0, slots_b[0]] == tags_b
    table[1, slots_b[1][~first]] = tags_b[~first]
    place[0, slots_b[0][first]] = at_b[first]
    place[1, slots_b[1][~first]] = at_b[~first]
    hit = np.zeros(len(at_a), np.bool_)
    partner = np.full(len(a.own), -1, np.int64)
    for level in range(2):
        found = table[level, slots_a[level]] == tags_a
        seen[level, slots_a[level][found]] = True
        partner[at_a[found]] = place[level, slots_a[level][found]]
        hit |= found
    back = np.where(first, seen[0, slots_b[0]], seen[1, slots_b[1]])
    begins_a, begins_b = np.zeros(len(a.own), np.bool_), np.zeros(len(b.own), np.bool_)
    begins_a[at_a[hit]] = True
    begins_b[at_b[back]] = True
    return begins_a, begins_b, partner


def _slots(side: Side, size: int, bases: I64, room: I64) -> tuple[I64, tuple[I64, I64], U32]:
    """Places of the passages that end in their text, their slots in either table, and their tags."""
    grams = shingles(side.words.hashes, size)
    pairs = side.pairs
    at = np.flatnonzero(pairs[: len(grams)] == pairs[size - 1 :])
    grams, pairs = grams[at], pairs[at]
    base, mask = bases[pairs], room[pairs] - 1
    one = base + ((grams >> np.uint64(44)).astype(np.int64) & mask)
    other = base + ((grams >> np.uint64(22)).astype(np.int64) & mask)
    return at, (one, other), (grams & np.uint64(0xFFFFFFFF)).astype(np.uint32) | np.uint32(1)


def _substituted(side: Side, cover: Mask, partner: I64) -> tuple[F64, F64]:
    """Words that stand between the same two shared runs on both sides and differ: all, and those in long gaps.

    A piece of a template has other words in the same place; an insertion or a cut leaves one side without any.
    """
    count, pairs = len(side.words), side.pairs
    fresh = np.flatnonzero(cover & ~np.concatenate([[False], cover[:-1] & (pairs[1:] == pairs[:-1])]))
    ends = np.flatnonzero(cover & ~np.concatenate([cover[1:] & (pairs[1:] == pairs[:-1]), [False]])) + 1
    inner = np.flatnonzero(pairs[fresh[1:]] == pairs[fresh[:-1]])
    gap = fresh[inner + 1] - ends[inner]
    other = partner[fresh[inner + 1]] - partner[ends[inner] - 3] - 3
    changed = np.where((other > 0) & (other <= LONGEST_SLOT), np.minimum(gap, other), 0)
    pair = pairs[fresh[inner]]
    long = np.where(changed > SHORT_GAP, changed, 0)
    every, longer = (np.bincount(pair, weights=words, minlength=count).astype(np.float64) for words in (changed, long))
    return every, longer


def _thrice(begins: Mask) -> Mask:
    """Where three passages of three words begin in a row: a passage of five."""
    out = begins.copy()
    out[:-1] &= begins[1:]
    out[:-2] &= begins[2:]
    out[-2:] = False
    return out


def spread(begins: Mask, size: int) -> Mask:
    """The words of passages of `size` words, from where they begin."""
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
