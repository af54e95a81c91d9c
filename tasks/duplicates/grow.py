"""One batch against all that came before: which pairs are copies, and what the index learns.

    words ──sketch──▶ candidates ──compare──▶ kin ──▶ common fingerprints ──▶ compare again ──▶ pairs
                          ▲                                  │
                          └────────── share less ◀───────────┘

Documents are numbers here and their words come from `words_of`; ids, dates and outlets are for the callers. Every
candidate pair is looked at twice: by its two texts alone, which tells kin from strangers and through them what is
common (see `commonness`), and then by the words that are its own. Both depend on the set of documents only, so neither
order nor batches matter. When a fingerprint grows common, pairs decided earlier that have it must be decided again:
`Grown.touched` names their documents, `again` decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tasks.duplicates.commonness import View, crowded_out, sampled, settled, without
from tasks.duplicates.desk import NOTHING_COMMON, Desk, Pairs, decided, desk
from tasks.duplicates.fingerprint import Sketches, joined, sketches
from tasks.duplicates.holders import Holders, holders
from tasks.duplicates.index import COMMON_STORIES, Compared, Index
from tasks.duplicates.measure import measure
from tasks.duplicates.pairs import LOW, Reach, candidates, everywhere, needed, shared_by
from tasks.text.normalise import I64, U32, U64, Mask, Words, distinct, join, words

WordsOf = Callable[[I64], Words]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """What a batch brought: its compared pairs, and news for the index."""

    pairs: Pairs
    desk: Desk
    """The words of the documents of `pairs`."""
    compared: Compared
    """The same pairs, as the index keeps them."""
    sizes: I64
    """Fingerprints of each new document."""
    texts: U32
    """For each new document a hash of its whole text."""
    hashes: U32
    documents: I64
    common: U32
    lowered: Compared
    """Old pairs that share fewer fingerprints now; those that no longer stand are to be dropped."""
    touched: I64
    """Old documents that hold a fingerprint which grew common."""
    capped: int
    """Fingerprints that grew common only because too many documents hold them, and whole texts that so many have."""
    beyond: int
    """Candidates that were not compared because they are out of reach."""


def grow(batch: Words, first: int, index: Index, words_of: WordsOf, reach: Reach = everywhere) -> Grown:
    """Compare a batch, numbered from `first`, with itself and the index; the index is read, not changed."""
    scene = _look(batch, first, index)
    early = sampled(scene.rows, lambda codes: _kin_of_new(codes, scene, reach))
    rows = scene.rows.without(early)
    hot = crowded_out(rows)
    near = candidates(rows.without(hot), scene.size_of, scene.twins)
    fresh = near.of(reach(near.left, near.right))
    table = _desk(scene, np.unique(fresh.left[fresh.left < first]), index, words_of)
    raw = table.compare(fresh.left, fresh.right, None)
    view = _view(scene, np.union1d(early, hot), _with_kin(fresh, raw), index)
    view = _parted(settled(view, index), scene.crowd)
    is_fresh = view.pairs.right >= first
    stands = view.pairs.of(is_fresh & view.pairs.stands)
    keep = ~np.isin(scene.new_rows.hashes, view.common)
    old = view.pairs.of(~is_fresh)
    changed = np.union1d(view.gone.documents, scene.crowd)
    return Grown(
        pairs=table.again(raw, stands, view.common),
        desk=table,
        compared=stands,
        sizes=scene.kept.lengths,
        texts=scene.texts,
        hashes=scene.new_rows.hashes[keep],
        documents=scene.new_rows.documents[keep],
        common=view.common,
        lowered=old.of(np.isin(old.left, changed) & np.isin(old.right, changed)),
        touched=changed[changed < first],
        capped=len(hot) + scene.crowds,
        beyond=len(near.left) - len(fresh.left),
    )


def again(left: I64, right: I64, is_common: Callable[[U32], Mask], words_of: WordsOf) -> tuple[Pairs, Desk]:
    """Pairs decided earlier, decided with what is common now, and the desk they lie on."""
    table = desk(np.unique(np.concatenate([left, right])), words_of, is_common)
    return table.compare(left, right, NOTHING_COMMON), table


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """A batch and the rows that its fingerprints have in the index."""

    batch: Words
    keys: U64
    kept: Sketches
    texts: U32
    rows: Holders
    new_rows: Holders
    twins: I64
    old: I64
    """Old documents in `rows`, sorted, and …"""
    old_sizes: I64
    """… how many fingerprints they have."""
    crowds: int
    """Texts that too many documents have word by word, and …"""
    crowd: I64
    """… the old ones among these documents."""

    def size_of(self, documents: I64) -> I64:
        """How many fingerprints documents of the batch or of `old` have."""
        sizes = np.concatenate([self.old_sizes, self.kept.lengths])
        is_new = documents >= self.rows.first
        at = np.where(is_new, documents - self.rows.first + len(self.old), np.searchsorted(self.old, documents))
        return sizes[at]


def _look(batch: Words, first: int, index: Index) -> _Scene:
    kept, keys = sketches(batch), batch.keys
    usable = ~index.is_common(kept.hashes)
    ours = holders(kept.hashes[usable], kept.texts[usable] + first, first)
    found, documents, sizes = index.lookup(ours.hashes[ours.edges[:-1]])
    old, at = np.unique(documents, return_index=True)
    texts = (keys >> np.uint64(32)).astype(np.uint32)
    twins, crowds, crowd = _twins(texts, np.flatnonzero(batch.lengths > 0), first, index)
    return _Scene(
        batch=batch,
        keys=keys,
        kept=kept,
        texts=texts,
        rows=holders(np.concatenate([found, ours.hashes]), np.concatenate([documents, ours.documents]), first),
        new_rows=ours,
        twins=twins,
        crowds=crowds,
        crowd=crowd,
        old=old,
        old_sizes=sizes[at],
    )


def _twins(texts: U32, worded: I64, first: int, index: Index) -> tuple[I64, int, I64]:
    """Pairs with the same words, one of them new; how many texts too many have; the old documents among these."""
    found, documents = index.twins(distinct(texts[worded].astype(np.uint64)).astype(np.uint32))
    alike = holders(np.concatenate([found, texts[worded]]), np.concatenate([documents, worded + first]), first)
    crowds = crowded_out(alike)
    codes, _ = alike.without(crowds).meetings(first)
    crowd = np.unique(alike.only(crowds).documents)
    return codes, len(crowds), crowd[crowd < first]


def _kin_of_new(codes: I64, scene: _Scene, reach: Reach) -> tuple[Mask, Mask]:
    """Of pairs within the batch, which are candidates as far as known, and which of those are kin."""
    left, right = codes >> 32, codes & LOW
    stands = shared_by(codes, scene.rows) >= needed(scene.size_of(left), scene.size_of(right))
    stands = (stands | np.isin(codes, scene.twins)) & reach(left, right)
    first = scene.rows.first
    own = np.ones(len(scene.batch.hashes), np.bool_)
    measured = measure(scene.batch, scene.keys, own, left[stands] - first, right[stands] - first)
    is_kin = np.zeros(len(codes), np.bool_)
    is_kin[stands] = decided(left[stands], right[stands], measured).accepted
    return stands, is_kin


def _desk(scene: _Scene, old: I64, index: Index, words_of: WordsOf) -> Desk:
    old_words = words_of(old) if len(old) else words([])
    both = joined(sketches(old_words), scene.kept)
    first = scene.rows.first
    return Desk(
        numbers=np.concatenate([old, np.arange(first, first + len(scene.batch))]),
        words=join([old_words, scene.batch]),
        keys=np.concatenate([old_words.keys, scene.keys]),
        sketches=both,
        is_common=index.is_common(both.hashes),
    )


def _with_kin(fresh: Compared, raw: Pairs) -> Compared:
    return Compared(left=fresh.left, right=fresh.right, shared=fresh.shared, needed=fresh.needed, kin=raw.accepted)


def _view(scene: _Scene, found: U32, fresh: Compared, index: Index) -> View:
    """What there is to settle: the batch's pairs, and the old ones among holders of much-held fingerprints."""
    first = scene.rows.first
    many = scene.rows.held_by_more_than(COMMON_STORIES).documents
    known_before = np.union1d(many[many < first], scene.crowd)
    old = Compared.by(index, known_before) if len(known_before) else Compared.joined()
    nothing = holders(np.empty(0, np.uint32), many[:0], first)
    known = scene.rows.of(scene.rows.documents < first)
    start = without(View(rows=known, pairs=old, common=nothing.hashes, gone=nothing), found)
    return View(
        rows=scene.rows.without(found),
        pairs=Compared.joined(start.pairs, fresh),
        common=start.common,
        gone=start.gone,
    )


def _parted(view: View, crowd: I64) -> View:
    """The view without old pairs of documents whose words too many others have, word by word."""
    pairs = view.pairs
    parted = (pairs.needed == 0) & np.isin(pairs.left, crowd) & np.isin(pairs.right, crowd)
    return replace(view, pairs=pairs.lowered(np.where(parted, -1, pairs.shared)))
