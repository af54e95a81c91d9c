"""Stories out of pairs, by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.duplicates.clusters import Standing, canonical, clusters
from tasks.records import DuplicatePair, Relation


def standing(name: str, hour: int | None = None, words: int = 100, *, wire: bool = False) -> Standing:
    at = datetime(2026, 3, 1, hour, tzinfo=UTC) if hour is not None else None
    return Standing(id=name, is_wire=wire, published_at=at, word_count=words)


def pair(ends: str) -> DuplicatePair:
    """`a=b` is near, `a>b` is a holds b."""
    relation = Relation.NEAR if "=" in ends else Relation.CONTAINS
    return DuplicatePair(id_a=ends[0], id_b=ends[2], relation=relation, similarity=0.7, containment=0.9)


@pytest.mark.parametrize(
    ("ends", "stories"),
    [
        ("a=b b=c", {"abc"}),
        ("a>b", {"ab", "c"}),
        ("c>a c>b", {"a", "b", "c"}),  # a round-up of two stories
        ("c>a c>b a=b", {"abc"}),  # a story and two cuts of it that agree
        ("c>a c>b a>b", {"abc"}),
        ("m=a m>b", {"am", "b"}),  # two wires merged, the first nearly the whole
        ("d=a d>b a>b", {"abd"}),  # a full copy, another, and a cut that both hold
    ],
)
def test_which_links_join(ends, stories):
    members = clusters(
        [standing(name) for name in "abcdm" if name in ends + "abc"], [pair(each) for each in ends.split()]
    )
    groups: dict[str, str] = {}
    for member in members:
        groups[member.cluster_id] = groups.get(member.cluster_id, "") + member.id
    wanted = {"".join(sorted(story)) for story in stories}
    assert {group for group in groups.values() if group in wanted} == wanted


@pytest.mark.parametrize(
    ("group", "chosen", "reason"),
    [
        ([standing("a")], "a", "only member"),
        ([standing("a", 5), standing("w", 9, wire=True)], "w", "wire origin"),
        ([standing("a", 7), standing("b", 6)], "b", "earliest, published 2026-03-01 06:00 UTC"),
        ([standing("a", words=90), standing("b", words=120)], "b", "most complete, 120 words"),
        ([standing("a", 6, 90), standing("b", 6, 120)], "b", "most complete, 120 words"),
        ([standing("b"), standing("a")], "a", "smallest id among equals"),
        ([standing("a"), standing("b", 6)], "b", "earliest, published 2026-03-01 06:00 UTC"),
    ],
)
def test_who_stands_for_the_rest(group, chosen, reason):
    assert canonical(group) == (chosen, reason)
