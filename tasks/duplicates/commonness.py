"""Which fingerprints are common: furniture, template, stock phrase. They speak for no story.

**Definition.** A fingerprint is common when more than `MOST_HOLDERS` documents hold it, or when among its holders there
are six of which no two are kin. Two documents are kin if they still share enough fingerprints that are *not* common
and, by their texts alone, look like copies. What is common thus depends on what is common, but in one direction only:
more documents or more common fingerprints never make kin of strangers. So there is one smallest set of common
fingerprints for a set of documents, and adding what is found until nothing is found leads to it from any earlier
point, in any order and in any batches. (A least fixed point of a monotone rule: Knaster and Tarski.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.holders import Holders, added
from tasks.duplicates.index import COMMON_STORIES, MOST_HOLDERS, Compared, Index
from tasks.duplicates.kinship import has_strangers
from tasks.text.normalise import I64, U32, Mask, ranges

SAMPLE = 8
"""Holders of one fingerprint that are compared first. Furniture shows in eight; a wire's own words do not."""

KinOf = Callable[[I64], tuple[Mask, Mask]]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is looked at: the rows of fingerprints not known as common, the pairs among their holders, and what has
    been found common on the way.
    """

    rows: Holders
    pairs: Compared
    common: U32
    gone: Holders
    """The rows of what is found common, as far as old documents have part in it."""


def crowded_out(rows: Holders) -> U32:
    """The fingerprints that too many documents hold."""
    return np.unique(rows.held_by_more_than(MOST_HOLDERS).hashes)


def sampled(rows: Holders, kin_of: KinOf) -> U32:
    """Fingerprints that some eight of the batch's documents show to be common, before any pair is compared.

    `kin_of` tells of pairs (as `Compared.codes`) whether they are candidates and whether they are kin. What is found
    here would be found later as well, but only after all pairs of an outlet's pages had been compared.
    """
    found = np.empty(0, np.uint32)
    for is_last in (False, True):
        left = rows.without(found)
        groups = _samples(left.of(left.documents >= left.first), is_last=is_last)
        codes = _pairs_within([group for _, group in groups])
        if not len(codes):
            return found
        stands, is_kin = kin_of(codes)
        kin = _graph(codes[stands & is_kin])
        newly = [name for name, group in groups if has_strangers(group, kin, COMMON_STORIES + 1)]
        found = np.union1d(found, np.array(newly, np.uint32))
    return found


def settled(view: View, index: Index) -> View:
    """The view when nothing more is found common."""
    asked: dict[tuple[int, ...], bool] = {}
    while True:
        kin = _graph(view.pairs.codes[view.pairs.stands & view.pairs.kin])
        newly = []
        for name, group in view.rows.held_by_more_than(COMMON_STORIES).groups():
            if group not in asked:
                asked[group] = has_strangers(group, kin, COMMON_STORIES + 1)
            if asked[group]:
                newly.append(name)
        if not newly:
            return view
        before = view.pairs.stands
        view = without(view, np.array(newly, np.uint32))
        lost = before & ~view.pairs.stands & view.pairs.kin
        if lost.any():
            asked = {group: True for group, told in asked.items() if told}
            view = _widened(view, view.pairs.of(lost), index)


def without(view: View, newly: U32) -> View:
    """The view after some of its fingerprints were found common: pairs share fewer."""
    gone = view.rows.only(newly)
    return View(
        rows=view.rows.without(newly),
        pairs=lowered(view.pairs, gone),
        common=np.union1d(view.common, newly),
        gone=added(view.gone, gone.hashes, gone.documents),
    )


def lowered(pairs: Compared, gone: Holders) -> Compared:
    """The pairs without what they share of `gone`."""
    codes, counts = gone.meetings(0)
    if not len(codes) or not len(pairs.left):
        return pairs
    at = np.searchsorted(codes, pairs.codes)
    at[at == len(codes)] = 0
    return pairs.lowered(pairs.shared - np.where(codes[at] == pairs.codes, counts[at], 0))


def _widened(view: View, lost: Compared, index: Index) -> View:
    """The view with everything else that two old documents share which are no longer kin."""
    ends = np.unique(np.concatenate([lost.left, lost.right]))
    hashes, _ = index.hashes_of(ends[ends < view.rows.first])
    hashes = np.setdiff1d(np.unique(hashes), np.concatenate([view.rows.hashes, view.gone.hashes]))
    found, documents, _ = index.lookup(hashes[~index.is_common(hashes)])
    rows = added(view.rows, found, documents)
    more = Compared.by(index, np.unique(documents))
    more = more.of(~np.isin(more.codes, view.pairs.codes))
    pairs = Compared.joined(view.pairs, lowered(more, view.gone))
    return View(rows=rows, pairs=pairs, common=view.common, gone=view.gone)


def _samples(rows: Holders, *, is_last: bool) -> list[tuple[int, tuple[int, ...]]]:
    place = slice(-SAMPLE, None) if is_last else slice(SAMPLE)
    return [(name, group[place]) for name, group in rows.held_by_more_than(COMMON_STORIES).groups()]


def _pairs_within(groups: list[tuple[int, ...]]) -> I64:
    """Every pair of every group once."""
    sizes = np.array([len(group) for group in groups], np.int64)
    documents = np.array([document for group in groups for document in group], np.int64)
    begins = np.cumsum(sizes) - sizes
    before = ranges(np.zeros(len(sizes), np.int64), sizes)
    left = documents[ranges(np.repeat(begins, sizes), before)]
    return np.unique(left << 32 | np.repeat(documents, before))


def _graph(codes: I64) -> dict[int, set[int]]:
    kin: dict[int, set[int]] = {}
    for one, other in zip((codes >> 32).tolist(), (codes & 0xFFFFFFFF).tolist(), strict=True):
        kin.setdefault(one, set()).add(other)
        kin.setdefault(other, set()).add(one)
    return kin
