"""Six strangers among the holders of a fingerprint: there or not, whatever the order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.duplicates.kinship import has_strangers

PEOPLE = list(range(9))
TIES = list(itertools.combinations(PEOPLE, 2))


def kin(ties: set[tuple[int, int]]) -> dict[int, set[int]]:
    graph: dict[int, set[int]] = {}
    for one, other in ties:
        graph.setdefault(one, set()).add(other)
        graph.setdefault(other, set()).add(one)
    return graph


def by_trying(ties: set[tuple[int, int]], wanted: int) -> bool:
    return any(
        all(pair not in ties for pair in itertools.combinations(group, 2))
        for group in itertools.combinations(PEOPLE, wanted)
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ties=st.sets(st.sampled_from(TIES), max_size=30), wanted=st.integers(1, 6), order=st.permutations(PEOPLE))
def test_found_exactly_when_they_exist(ties, wanted, order):
    assert has_strangers(order, kin(ties), wanted) == by_trying(ties, wanted)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ties=st.sets(st.sampled_from(TIES), max_size=30), fewer=st.sets(st.sampled_from(TIES), max_size=9))
def test_less_kinship_never_hides_them(ties, fewer):
    assert has_strangers(PEOPLE, kin(ties), 4) <= has_strangers(PEOPLE, kin(ties - fewer), 4)


@pytest.mark.parametrize(
    ("families", "strangers"), [([60], False), ([40] * 5, False), ([1] * 6, True), ([80, 80, 1, 1, 1, 1], True)]
)
def test_reprints_of_one_piece_count_once(families, strangers):
    ends = list(itertools.accumulate(families, initial=0))
    groups = [range(begin, end) for begin, end in itertools.pairwise(ends)]
    ties = {pair for group in groups for pair in itertools.combinations(group, 2)}
    assert has_strangers(range(ends[-1]), kin(ties), 6) is strangers
