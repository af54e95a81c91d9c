"""One batch against all that came before: which pairs are copies, and what the index learns.

    words ──sketch──▶ candidates ──measure──▶ decide ──▶ stories ──▶ common hashes ──┐
                           ▲                                                         │
                           └──────────── once more with what is now common ──────────┘

Documents are numbers here, their words come from `words_of`; ids, dates and outlets are for the callers. The second
round is needed because what is common shows only when the batch has been sorted into stories: ten reprints of one
wire in one batch are one story, ten weather reports are ten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.decision import probability
from tasks.duplicates.fingerprint import sketches
from tasks.duplicates.index import COMMON_STORIES, Index
from tasks.duplicates.measure import F64, NAMES, measure
from tasks.duplicates.own_words import own_words
from tasks.duplicates.pairs import Candidates, against, strangers, within
from tasks.text.normalise import I64, U32, Mask, Words, join, ranges

ACCEPT = 0.5
"""Probability from which a pair counts as a copy."""
SAME_COVER = 0.6
"""Share of both texts' own words that must be in common for `near`; less on one side is `contains`."""
MOST_MEMBERS = 64
"""Members of one story that a document is compared with. Beyond, the number of pairs grows with the square."""
ROUNDS = 2

WordsOf = Callable[[I64], Words]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs:
    """Compared pairs: document numbers (`left` < `right`), measures, and the probability of being a copy."""

    left: I64
    right: I64
    rows: F64
    probability: F64

    @property
    def accepted(self) -> Mask:
        """Which pairs are copies."""
        return self.probability >= ACCEPT

    @property
    def same(self) -> Mask:
        """Which pairs are the same both ways."""
        small, large = self.rows[:, NAMES.index("cover3_small")], self.rows[:, NAMES.index("cover3_large")]
        return self.accepted & (np.minimum(small, large) >= SAME_COVER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """What a batch brought: all its compared pairs, the story of each new document, and rows for the index."""

    pairs: Pairs
    stories: I64
    merged: I64
    """Old stories that became part of others, and …"""
    into: I64
    """… of which."""
    hashes: U32
    documents: I64
    common: U32
    capped: int
    """Rows and pairs left out because of a cap."""


def grow(batch: Words, first: int, index: Index, words_of: WordsOf) -> Grown:
    """Compare a batch, numbered from `first`, with itself and the index; the index is read, not changed."""
    return _Batch(batch, first, index, words_of).grown()


def keep(grown: Grown, first: int, sizes: I64, index: Index) -> None:
    """Write into the index what a batch brought."""
    index.place(np.arange(first, first + len(grown.stories)), grown.stories, sizes)
    index.merge(grown.merged, grown.into)
    index.append(grown.hashes, grown.documents)
    index.mark_common(grown.common)


class _Batch:
    """The state of one comparison; every step reads what earlier steps wrote."""

    def __init__(self, batch: Words, first: int, index: Index, words_of: WordsOf) -> None:
        self.first = first
        self.index = index
        self.count = len(batch)
        self.kept = sketches(batch)
        self.hits = index.lookup(self.kept.hashes)
        self.known_common = index.is_common(self.kept.hashes)
        self.capped = 0
        left, right = self._candidates()
        old = np.unique(left[left < first])
        self.numbers = np.concatenate([old, np.arange(first, first + self.count)])
        self.words = join([words_of(old), batch]) if len(old) else batch
        self.sketches = sketches(self.words) if len(old) else self.kept
        self.left, self.right = left, right

    def _candidates(self) -> tuple[I64, I64]:
        self.strangers = strangers(self.kept, ~self.known_common)
        self.usable = ~self.known_common & ~np.isin(self.kept.hashes, self.strangers)
        inside, hot = within(self.kept, self.usable)
        outside = against(self.kept, ~self.known_common, self.hits)
        self.capped += hot
        new, old = self._members(outside)
        left = np.concatenate([inside.other + self.first, old])
        right = np.concatenate([inside.new, new]) + self.first
        return left, right

    def _members(self, found: Candidates) -> tuple[I64, I64]:
        """Every member of the stories found, for every new document that found them."""
        if not len(found.new):
            return found.new, found.other
        stories, docs = self.index.members(np.unique(found.other))
        order = np.lexsort((docs, stories))
        stories, docs = stories[order], docs[order]
        low, high = np.searchsorted(stories, found.other, "left"), np.searchsorted(stories, found.other, "right")
        lengths = np.minimum(high - low, MOST_MEMBERS)
        self.capped += int((high - low - lengths).sum())
        new = np.repeat(found.new, lengths)
        old = docs[ranges(low, lengths)]
        pairs = np.unique(new << 32 | old)
        return pairs >> 32, pairs & 0xFFFFFFFF

    def grown(self) -> Grown:
        common = self.strangers
        for _ in range(ROUNDS):
            pairs = self._compare(self.left, self.right, common)
            roots = self._roots(pairs)
            fresh = self._common(roots)
            if np.array_equal(fresh, common):
                break
            common = fresh
        extra_left, extra_right = self._inside_stories(roots, pairs)
        if len(extra_left):
            more = self._compare(extra_left, extra_right, common)
            pairs = Pairs(
                left=np.concatenate([pairs.left, more.left]),
                right=np.concatenate([pairs.right, more.right]),
                rows=np.concatenate([pairs.rows, more.rows]),
                probability=np.concatenate([pairs.probability, more.probability]),
            )
        hashes, documents = self._rows(roots, common)
        old = np.unique(self.hits.stories)
        old = np.unique(np.concatenate([old, self.index.members(np.empty(0, np.int64))[0]]))
        merged = np.array([story for story in old.tolist() if roots.get(story, story) != story], np.int64)
        return Grown(
            pairs=pairs,
            stories=np.array([roots.get(n, n) for n in range(self.first, self.first + self.count)], np.int64),
            merged=merged,
            into=np.array([roots[story] for story in merged.tolist()], np.int64),
            hashes=hashes,
            documents=documents,
            common=common,
            capped=self.capped,
        )

    def _compare(self, left: I64, right: I64, common: U32) -> Pairs:
        is_common = self.index.is_common(self.sketches.hashes) | np.isin(self.sketches.hashes, common)
        own = own_words(self.words, self.sketches, is_common)
        rows = measure(self.words, own, np.searchsorted(self.numbers, left), np.searchsorted(self.numbers, right))
        sure = np.maximum(probability(rows), rows[:, NAMES.index("is_exact")])
        return Pairs(left=left, right=right, rows=rows, probability=sure)

    def _roots(self, pairs: Pairs) -> dict[int, int]:
        """Story of every document and story that the batch touches, after all links that hold both ways."""
        parent: dict[int, int] = {}

        def root(number: int) -> int:
            while (up := parent.get(number, number)) != number:
                number = up
            return number

        story_of = self._story_of(pairs.left)
        for left, right in zip(story_of[pairs.same].tolist(), pairs.right[pairs.same].tolist(), strict=True):
            a, b = sorted((root(left), root(right)))
            if a != b:
                parent[b] = a
        return {number: root(number) for number in list(parent)}

    def _story_of(self, documents: I64) -> I64:
        """The story before this batch: of an old document its own, of a new one itself."""
        known = dict(zip(*[part.tolist() for part in self._old_stories()], strict=True))
        return np.array([known.get(doc, doc) for doc in documents.tolist()], np.int64)

    def _old_stories(self) -> tuple[I64, I64]:
        stories, docs = self.index.members(np.unique(self.hits.stories))
        return docs, stories

    def _common(self, roots: dict[int, int]) -> U32:
        """Hashes that by now stand in more stories than a story's own words would."""
        usable = ~self.known_common
        stories = np.array([roots.get(n, n) for n in range(self.first, self.first + self.count)], np.int64)
        old = np.array([roots.get(story, story) for story in self.hits.stories.tolist()], np.int64)
        hashes = np.concatenate([self.kept.hashes[usable], self.hits.hashes]).astype(np.uint64)
        owner = np.concatenate([stories[self.kept.texts[usable]], old]).astype(np.uint64)
        rows = np.unique(hashes << np.uint64(32) | owner) >> np.uint64(32)
        found, counts = np.unique(rows, return_counts=True)
        return np.asarray(found[counts > COMMON_STORIES], np.uint32)

    def _inside_stories(self, roots: dict[int, int], pairs: Pairs) -> tuple[I64, I64]:
        """Pairs inside one story, with at least one new document, that have not been compared."""
        groups: dict[int, list[int]] = {}
        for number in range(self.first, self.first + self.count):
            if number in roots:
                groups.setdefault(roots[number], []).append(number)
            elif number in set(roots.values()):
                groups.setdefault(number, []).append(number)
        done = set((pairs.left << 32 | pairs.right).tolist())
        extra: list[int] = []
        for docs in groups.values():
            for place, doc in enumerate(docs):
                extra.extend(other << 32 | doc for other in docs[max(0, place - MOST_MEMBERS) : place])
        todo = np.array(sorted(set(extra) - done), np.int64)
        return todo >> 32, todo & 0xFFFFFFFF

    def _rows(self, roots: dict[int, int], common: U32) -> tuple[U32, I64]:
        """New rows: each hash once for each story that did not have it, unless common."""
        usable = ~self.known_common & ~np.isin(self.kept.hashes, common)
        docs = self.kept.texts[usable] + self.first
        hashes = self.kept.hashes[usable]
        story = np.array([roots.get(n, n) for n in range(self.first, self.first + self.count)], np.int64)[
            docs - self.first
        ]
        old = np.array([roots.get(s, s) for s in self.hits.stories.tolist()], np.int64)
        order = np.lexsort((docs, story, hashes))
        hashes, docs, story = hashes[order], docs[order], story[order]
        key = hashes.astype(np.uint64) << np.uint64(32) | story.astype(np.uint64)
        fresh = np.concatenate([[True], key[1:] != key[:-1]]) if len(key) else np.empty(0, np.bool_)
        have = self.hits.hashes.astype(np.uint64) << np.uint64(32) | old.astype(np.uint64)
        fresh &= ~np.isin(key, have)
        back = np.argsort(docs[fresh], kind="stable")
        return hashes[fresh][back], docs[fresh][back]
