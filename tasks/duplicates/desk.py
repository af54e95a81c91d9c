"""The words of all documents that take part in a comparison, and the comparing itself: pairs in, decided pairs out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.decision import probability
from tasks.duplicates.fingerprint import Sketches, sketches
from tasks.duplicates.index import Compared
from tasks.duplicates.measure import F64, NAMES, measure
from tasks.duplicates.own_words import own_words
from tasks.duplicates.passages import Passages, passages
from tasks.text.normalise import I64, U32, U64, Mask, Words

ACCEPT = 0.8
"""Probability from which a pair counts as a copy. Cross-validated, .5 would find half a copy more in a hundred on the
syndication set and accept twice as many false pairs among small families of one template, where precision is scarce.
"""
SAME_COVER = 0.6
"""Share of both texts' own words that must be in common for `near`; less on one side is `contains`."""

NOTHING_COMMON = np.empty(0, np.uint32)


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

    def of(self, chosen: Mask | I64) -> Pairs:
        """Some of the pairs."""
        return Pairs(
            left=self.left[chosen],
            right=self.right[chosen],
            rows=self.rows[chosen],
            probability=self.probability[chosen],
        )


NOTHING = Pairs(
    left=np.empty(0, np.int64), right=np.empty(0, np.int64), rows=np.empty((0, len(NAMES))), probability=np.empty(0)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The words of all documents that take part, by number."""

    numbers: I64
    words: Words
    keys: U64
    sketches: Sketches
    is_common: Mask

    def compare(self, left: I64, right: I64, common: U32 | None) -> Pairs:
        """Measure and decide; `common` is common too, and if it is None, nothing is."""
        own = (
            np.ones(len(self.words.hashes), np.bool_)
            if common is None
            else own_words(self.words, self.sketches, self._counts_for_nothing(common))
        )
        at = np.searchsorted(self.numbers, left), np.searchsorted(self.numbers, right)
        return decided(left, right, measure(self.words, self.keys, own, *at))

    def again(self, raw: Pairs, pairs: Compared, common: U32) -> Pairs:
        """The pairs by their own words; only those are measured again that have common ones."""
        order = np.argsort(raw.left << 32 | raw.right)
        at = order[np.searchsorted((raw.left << 32 | raw.right)[order], pairs.codes)]
        measured, sure = raw.rows[at], raw.probability[at]
        touched = np.zeros(len(self.numbers), np.bool_)
        touched[self.sketches.texts[self._counts_for_nothing(common)]] = True
        stale = touched[np.searchsorted(self.numbers, pairs.left)] | touched[np.searchsorted(self.numbers, pairs.right)]
        if stale.any():
            fresh = self.compare(pairs.left[stale], pairs.right[stale], common)
            measured[stale], sure[stale] = fresh.rows, fresh.probability
        return Pairs(left=pairs.left, right=pairs.right, rows=measured, probability=sure)

    def passages(self, pairs: Pairs) -> Passages:
        """The longest passages that pairs share."""
        at = np.searchsorted(self.numbers, pairs.left), np.searchsorted(self.numbers, pairs.right)
        return passages(self.words, self.keys, *at)

    def _counts_for_nothing(self, common: U32) -> Mask:
        return self.is_common | np.isin(self.sketches.hashes, common)


def desk(numbers: I64, words_of: Callable[[I64], Words], is_common: Callable[[U32], Mask]) -> Desk:
    """A desk with the words of the (sorted) documents."""
    source = words_of(numbers)
    kept = sketches(source)
    return Desk(numbers=numbers, words=source, keys=source.keys, sketches=kept, is_common=is_common(kept.hashes))


def decided(left: I64, right: I64, measured: F64) -> Pairs:
    """The pairs with their probabilities; the same words are a copy whatever the measures say."""
    sure = np.maximum(probability(measured), measured[:, NAMES.index("is_exact")])
    return Pairs(left=left, right=right, rows=measured, probability=sure)
