"""One batch against all that came before: which pairs are copies, and what the index learns.

    words ──sketch──▶ candidates ──compare──▶ stories ──▶ common hashes
                                      ▲                        │
                                      └───── once more ────────┘

Documents are numbers here and their words come from `words_of`; ids, dates and outlets are for the callers. The second
round is needed because what is common shows only when the batch has been sorted into stories: ten reprints of one
wire in one batch are one story, ten weather reports are ten.

Whether a pair is a copy depends on the two texts and on which hashes are common, on nothing else. While no hash becomes
common, the pairs found are therefore the same in any order and any batches. When one does, pairs decided earlier that
contain it must be decided again; see `again`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.decision import probability
from tasks.duplicates.fingerprint import Sketches, joined, sketches
from tasks.duplicates.index import COMMON_STORIES, Hits, Index
from tasks.duplicates.measure import F64, NAMES, measure
from tasks.duplicates.own_words import own_words
from tasks.duplicates.pairs import Rows, against, rows, strangers, within
from tasks.duplicates.stories import Stories
from tasks.text.normalise import I64, U32, U64, Mask, Words, distinct, join, ranges

ACCEPT = 0.8
"""Probability from which a pair counts as a copy. Cross-validated, .5 would find half a copy more in a hundred on the
syndication set and accept twice as many false pairs among small families of one template, where precision is scarce.
"""
SAME_COVER = 0.6
"""Share of both texts' own words that must be in common for `near`; less on one side is `contains`."""
MOST_MEMBERS = 64
"""Members of one story that a document is compared with. Beyond, the number of pairs grows with the square."""

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
        """Which pairs are copies both ways."""
        small, large = self.rows[:, NAMES.index("cover3_small")], self.rows[:, NAMES.index("cover3_large")]
        both = np.minimum(small, large) >= SAME_COVER
        return self.accepted & (both | (self.rows[:, NAMES.index("is_exact")] > 0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """What a batch brought: its compared pairs, the story of each new document, and news for the index."""

    pairs: Pairs
    stories: I64
    sizes: I64
    """Fingerprints of each new document."""
    merged: I64
    """Old stories that became part of others, and …"""
    into: I64
    """… of which."""
    hashes: U32
    documents: I64
    common: U32
    capped: int
    """Hash rows and members left out because of a cap."""


def grow(batch: Words, first: int, index: Index, words_of: WordsOf) -> Grown:
    """Compare a batch, numbered from `first`, with itself and the index; the index is read, not changed."""
    scene = _look(batch, first, index, words_of)
    before = scene.strangers
    pairs = _compare(scene, scene.left, scene.right, before)
    common = _common(scene, _stories(scene, pairs))
    pairs = _once_more(scene, pairs, before, common)
    pairs = _both(pairs, _compare(scene, *_acquitted(scene, pairs, common), common))
    stories = _stories(scene, pairs)
    left, right, beyond = _inside(scene, stories, pairs)
    pairs = _both(pairs, _compare(scene, left, right, common))
    hashes, documents = _fresh_rows(scene, stories, common)
    old = np.unique(np.concatenate([scene.hits.stories, scene.old_stories]))
    moved = stories.of(old) != old
    return Grown(
        pairs=pairs,
        stories=stories.of(scene.new),
        sizes=scene.kept.lengths,
        merged=old[moved],
        into=stories.of(old)[moved],
        hashes=hashes,
        documents=documents,
        common=common,
        capped=scene.capped + beyond,
    )


def again(left: I64, right: I64, is_common: Callable[[U32], Mask], words_of: WordsOf) -> Pairs:
    """Pairs decided earlier, decided with what is common now."""
    numbers = np.unique(np.concatenate([left, right]))
    source = words_of(numbers)
    kept = sketches(source)
    own = own_words(source, kept, is_common(kept.hashes))
    at = np.searchsorted(numbers, left), np.searchsorted(numbers, right)
    return _decided(left, right, measure(source, source.keys, own, *at))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """All that a batch is compared with."""

    new: I64
    """Numbers of the batch's documents."""
    kept: Sketches
    """Fingerprints of the batch."""
    keys: U64
    """For each document of the batch, a number for its whole text; no two wordless ones are alike."""
    exact: U32
    """The same as a fingerprint."""
    batch: Rows
    hits: Hits
    known_common: Mask
    strangers: U32
    left: I64
    right: I64
    old_documents: I64
    """Old documents that take part, sorted, and …"""
    old_stories: I64
    """… their stories."""
    numbers: I64
    """Documents whose words are at hand: old ones, then the batch."""
    words: Words
    word_keys: U64
    sketches: Sketches
    is_common: Mask
    """For each of `sketches.hashes`, whether the index knows it as common."""
    capped: int


def _look(batch: Words, first: int, index: Index, words_of: WordsOf) -> _Scene:
    kept, keys = sketches(batch), batch.keys
    exact = (keys >> np.uint64(32)).astype(np.uint32)
    known = index.is_common(kept.hashes)
    every = rows(kept, ~known)
    wanted = np.concatenate([every.hashes, exact[batch.lengths > 0]]).astype(np.uint64)
    found = index.lookup(distinct(wanted).astype(np.uint32))
    hits = Hits(hashes=found[0], documents=found[1], stories=found[2], sizes=found[3])
    strange = strangers(every)
    usable = rows(kept, ~known & ~np.isin(kept.hashes, strange))
    keys = np.where(batch.lengths > 0, keys, np.arange(len(keys), dtype=np.uint64))
    inside, hot = within(usable, keys)
    outside, many = against(every, hits)
    new, old, stories, capped = _members(outside.new, outside.other, _twins(exact, hits), index)
    documents, at = np.unique(old, return_index=True)
    old_words = words_of(documents)
    words, both = join([old_words, batch]), joined(sketches(old_words), kept)
    return _Scene(
        new=np.arange(first, first + len(batch)),
        kept=kept,
        keys=keys,
        exact=exact,
        batch=every,
        hits=hits,
        known_common=known,
        strangers=strange,
        left=np.concatenate([inside.other + first, old]),
        right=np.concatenate([inside.new, new]) + first,
        old_documents=documents,
        old_stories=stories[at],
        numbers=np.concatenate([documents, np.arange(first, first + len(batch))]),
        words=words,
        word_keys=np.concatenate([old_words.keys, keys]),
        sketches=both,
        is_common=index.is_common(both.hashes),
        capped=hot + many + capped,
    )


def _twins(exact: U32, hits: Hits) -> tuple[I64, I64]:
    """Documents of the batch and stories that hold the very same text."""
    order = np.argsort(exact, kind="stable")
    low = np.searchsorted(exact[order], hits.hashes, "left")
    high = np.searchsorted(exact[order], hits.hashes, "right")
    return order[ranges(low, high - low)], np.repeat(hits.stories, high - low)


def _members(new: I64, story: I64, twins: tuple[I64, I64], index: Index) -> tuple[I64, I64, I64, int]:
    """Every member of the stories found, for every new document that found them, and how many were too many."""
    pairs = np.unique(np.concatenate([new, twins[0]]) << 32 | np.concatenate([story, twins[1]]))
    new, story = pairs >> 32, pairs & 0xFFFFFFFF
    if not len(pairs):
        return new, story, story, 0
    stories, documents = index.members(np.unique(story))
    order = np.lexsort((documents, stories))
    stories, documents = stories[order], documents[order]
    low, high = np.searchsorted(stories, story, "left"), np.searchsorted(stories, story, "right")
    lengths = np.minimum(high - low, MOST_MEMBERS)
    at = ranges(low, lengths)
    return np.repeat(new, lengths), documents[at], stories[at], int((high - low - lengths).sum())


def _compare(scene: _Scene, left: I64, right: I64, common: U32) -> Pairs:
    is_common = scene.is_common | np.isin(scene.sketches.hashes, common)
    own = own_words(scene.words, scene.sketches, is_common)
    at = np.searchsorted(scene.numbers, left), np.searchsorted(scene.numbers, right)
    return _decided(left, right, measure(scene.words, scene.word_keys, own, *at))


def _decided(left: I64, right: I64, measured: F64) -> Pairs:
    sure = np.maximum(probability(measured), measured[:, NAMES.index("is_exact")])
    return Pairs(left=left, right=right, rows=measured, probability=sure)


def _once_more(scene: _Scene, pairs: Pairs, before: U32, common: U32) -> Pairs:
    """The pairs with the common hashes of the second round; only those are compared again that it can change."""
    changed = np.isin(scene.sketches.hashes, np.setxor1d(before, common)) & ~scene.is_common
    texts = np.zeros(len(scene.numbers), np.bool_)
    texts[scene.sketches.texts[changed]] = True
    touched = texts[np.searchsorted(scene.numbers, pairs.left)] | texts[np.searchsorted(scene.numbers, pairs.right)]
    if not touched.any():
        return pairs
    fresh = _compare(scene, pairs.left[touched], pairs.right[touched], common)
    measured, sure = pairs.rows.copy(), pairs.probability.copy()
    measured[touched], sure[touched] = fresh.rows, fresh.probability
    return Pairs(left=pairs.left, right=pairs.right, rows=measured, probability=sure)


def _acquitted(scene: _Scene, pairs: Pairs, common: U32) -> tuple[I64, I64]:
    """Candidates through hashes that looked like strangers' furniture and are not common after all."""
    if not len(np.setdiff1d(scene.strangers, common)):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    inside, _ = within(rows(scene.kept, ~scene.known_common & ~np.isin(scene.kept.hashes, common)), scene.keys)
    codes = (inside.other + scene.new[0]) << 32 | (inside.new + scene.new[0])
    fresh = np.setdiff1d(codes, pairs.left << 32 | pairs.right)
    return fresh >> 32, fresh & 0xFFFFFFFF


def _both(one: Pairs, other: Pairs) -> Pairs:
    return Pairs(
        left=np.concatenate([one.left, other.left]),
        right=np.concatenate([one.right, other.right]),
        rows=np.concatenate([one.rows, other.rows]),
        probability=np.concatenate([one.probability, other.probability]),
    )


def _stories(scene: _Scene, pairs: Pairs) -> Stories:
    """The stories after all links that hold both ways; an old document stands for its story."""
    left = pairs.left[pairs.same].copy()
    is_old = left < scene.new[0] if len(scene.new) else np.zeros(0, np.bool_)
    left[is_old] = scene.old_stories[np.searchsorted(scene.old_documents, left[is_old])]
    stories = Stories()
    stories.join(left, pairs.right[pairs.same])
    return stories


def _common(scene: _Scene, stories: Stories) -> U32:
    """Hashes that by now stand in more stories than a story's own words would."""
    owners = np.concatenate([stories.of(scene.new)[scene.batch.documents], stories.of(scene.hits.stories)])
    hashes = np.concatenate([scene.batch.hashes, scene.hits.hashes]).astype(np.uint64)
    in_story = distinct(hashes << np.uint64(32) | owners.astype(np.uint64)) >> np.uint64(32)
    step = COMMON_STORIES
    hot = in_story[step:][in_story[step:] == in_story[:-step]]
    return distinct(hot).astype(np.uint32)


def _inside(scene: _Scene, stories: Stories, pairs: Pairs) -> tuple[I64, I64, int]:
    """Pairs of one story that were not candidates of each other, and how many documents have too many of them."""
    numbers = scene.numbers
    own = np.concatenate([scene.old_stories, scene.new])
    story = stories.of(own)
    order = np.lexsort((numbers, story))
    numbers, story = numbers[order], story[order]
    found = [np.empty(0, np.int64)]
    for step in range(1, MOST_MEMBERS + 1):
        same = np.flatnonzero(story[step:] == story[:-step])
        if not len(same):
            break
        left, right = numbers[same], numbers[same + step]
        found.append((left << 32 | right)[right >= scene.new[0]])
    todo = np.setdiff1d(np.concatenate(found), pairs.left << 32 | pairs.right)
    step = MOST_MEMBERS + 1
    return todo >> 32, todo & 0xFFFFFFFF, int(np.count_nonzero(story[step:] == story[:-step]))


def _fresh_rows(scene: _Scene, stories: Stories, common: U32) -> tuple[U32, I64]:
    """New rows for the index, in order of document: each hash once for each story that did not have it."""
    usable = ~np.isin(scene.batch.hashes, common)
    worded = np.flatnonzero(scene.words.lengths[len(scene.old_documents) :] > 0)
    hashes = np.concatenate([scene.batch.hashes[usable], scene.exact[worded]])
    documents = np.concatenate([scene.batch.documents[usable], worded])
    key = hashes.astype(np.uint64) << np.uint64(32) | stories.of(scene.new)[documents].astype(np.uint64)
    order = np.lexsort((documents, key))
    key, hashes, documents = key[order], hashes[order], documents[order]
    have = scene.hits.hashes.astype(np.uint64) << np.uint64(32) | stories.of(scene.hits.stories).astype(np.uint64)
    have.sort()
    at = np.searchsorted(have, key)
    at[at == len(have)] = 0
    fresh = have[at] != key if len(have) else np.ones(len(key), np.bool_)
    fresh[1:] &= key[1:] != key[:-1]
    back = np.argsort(documents[fresh], kind="stable")
    return hashes[fresh][back], documents[fresh][back] + (int(scene.new[0]) if len(scene.new) else 0)
