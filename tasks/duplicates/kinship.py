"""Are there so many strangers among the documents that hold a fingerprint that it speaks for none of them?

**Theory.** Reprints of one wire are kin to each other, pieces that share a footer or a template are not. A fingerprint
is common when among its holders there are six of which no two are kin. That question has one answer, whatever the
order in which the holders came; more holders, or less kinship, can only turn a no into a yes. Counting groups that
hang together would not do: one document that links two groups would turn a yes into a no. **Cost.** Holders fall
into a few near-cliques, so one pass finds six strangers, or a cover by five cliques that rules them out; the search
is for what neither settles. **Known failure.** A tangle that a search of `MOST_STEPS` does not settle counts as common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

MOST_STEPS = 20_000
"""Steps of one search, about 20 ms. The development sets need 40 at most."""

Kin = Mapping[int, AbstractSet[int]]
_NOBODY: frozenset[int] = frozenset()


def has_strangers(holders: Sequence[int], kin: Kin, wanted: int) -> bool:
    """Whether `wanted` of the (different) holders are strangers to each other; `kin` is symmetric."""
    if len(holders) < wanted:
        return False
    chosen: set[int] = set()
    for holder in holders:
        if chosen.isdisjoint(kin.get(holder, _NOBODY)):
            chosen.add(holder)
            if len(chosen) == wanted:
                return True
    return _cover(holders, kin) >= wanted and _searched(holders, kin, wanted)


def _cover(holders: Sequence[int], kin: Kin) -> int:
    """A number of groups, all kin within each, that hold everybody: no more strangers than that can exist."""
    groups: list[set[int]] = []
    for holder in holders:
        own = kin.get(holder, _NOBODY)
        home = next((group for group in groups if group <= own), None)
        if home is None:
            groups.append({holder})
        else:
            home.add(holder)
    return len(groups)


def _searched(holders: Sequence[int], kin: Kin, wanted: int) -> bool:
    place = {holder: at for at, holder in enumerate(holders)}
    near = [
        1 << at | sum(1 << place[other] for other in kin.get(holder, _NOBODY) if other in place)
        for at, holder in enumerate(holders)
    ]
    left = MOST_STEPS

    def search(rest: int, missing: int) -> bool:
        nonlocal left
        left -= 1
        if missing == 0 or left < 0:
            return True
        if rest.bit_count() < missing:
            return False
        _, at = min(((near[at] & rest).bit_count(), at) for at in _bits(rest))
        # Of somebody and all his kin, one at least is in any largest set of strangers.
        options = near[at] & rest
        if all(options & ~near[other] == 0 for other in _bits(options)):
            return search(rest & ~near[at], missing - 1)
        return any(search(rest & ~near[other], missing - 1) for other in _bits(options))

    return search((1 << len(holders)) - 1, wanted)


def _bits(mask: int) -> list[int]:
    places = []
    while mask:
        low = mask & -mask
        places.append(low.bit_length() - 1)
        mask ^= low
    return places
