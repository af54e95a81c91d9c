"""From compared numbers to pairs with a name: who holds whom, who is newer, how much they share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tasks.duplicates.clusters import Standing
from tasks.duplicates.grow import Pairs
from tasks.duplicates.measure import NAMES
from tasks.records import DuplicatePair, Relation

_AT = {name: place for place, name in enumerate(NAMES)}


def relations(found: Pairs, standings: Mapping[int, Standing]) -> list[DuplicatePair]:
    """The accepted pairs of a comparison; `standings` by document number."""
    chosen = np.flatnonzero(found.accepted)
    same = found.same[chosen]
    exact = found.rows[chosen, _AT["is_exact"]] > 0
    small, large = found.rows[chosen, _AT["cover3_small"]], found.rows[chosen, _AT["cover3_large"]]
    own_small = np.expm1(found.rows[chosen, _AT["own_small"]])
    own_large = np.expm1(found.rows[chosen, _AT["own_large"]])
    shared = (small * own_small + large * own_large) / 2
    similarity = np.where(exact, 1.0, shared / np.maximum(own_small + own_large - shared, 1))
    containment = np.where(exact, 1.0, small)
    return [
        _pair(standings[left], standings[right], is_same, is_exact, (alike, held))
        for left, right, is_same, is_exact, alike, held in zip(
            found.left[chosen].tolist(),
            found.right[chosen].tolist(),
            same.tolist(),
            exact.tolist(),
            similarity.round(4).tolist(),
            containment.round(4).tolist(),
            strict=True,
        )
    ]


def _pair(one: Standing, other: Standing, is_same: bool, is_exact: bool, shares: tuple[float, float]) -> DuplicatePair:
    relation = Relation.EXACT if is_exact else Relation.NEAR if is_same else Relation.CONTAINS
    first, second = sorted((one, other), key=lambda each: (-each.word_count, each.id))
    if relation is Relation.NEAR and _is_update(one, other):
        relation = Relation.UPDATES
        second, first = sorted((one, other), key=lambda each: (str(each.published_at), each.id))
    elif relation is not Relation.CONTAINS:
        first, second = sorted((one, other), key=lambda each: each.id)
    return DuplicatePair(id_a=first.id, id_b=second.id, relation=relation, similarity=shares[0], containment=shares[1])


def _is_update(one: Standing, other: Standing) -> bool:
    """Whether one outlet printed the same story again later, with changes."""
    if one.outlet is None or one.outlet != other.outlet:
        return False
    return None not in (one.published_at, other.published_at) and one.published_at != other.published_at
