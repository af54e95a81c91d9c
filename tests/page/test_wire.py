"""Where a story came from: labelled beginnings and ends of made-up stories, and the traps among them."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page import wire, wire_agencies
from tasks.page.metadata import Metadata

CASES = Path(__file__).with_name("wire_cases.tsv")
PRECISION_FLOOR = 0.98
RECALL_FLOOR = 0.90


def cases():
    lines = [line for line in CASES.read_text(encoding="utf8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def recognised(case):
    metadata = Metadata(
        url="https://copy.example/2026/story",
        language=case["language"],
        authors=tuple(filter(None, case["authors"].split(";"))),
        source_organization=case["organisation"] or None,
        published_at=datetime(2026, 11, 6, tzinfo=UTC),
    )
    return wire.recognise(
        case["body"].split(" ¶ "),
        metadata,
        removed=tuple(filter(None, case["removed"].split(" ¶ "))),
        links=tuple(tuple(link.split("|")) for link in case["links"].split(" ¶ ") if link),
    )


def test_enough_cases_of_both_kinds():
    agencies = [case["agency"] for case in cases()]
    assert len(agencies) >= 150
    assert sum(not agency for agency in agencies) >= 50


def test_agencies_are_recognised_precisely():
    right = said = owed = 0
    for case in cases():
        found = recognised(case).wire_agency or ""
        right += bool(found) and found == case["agency"]
        said += bool(found)
        owed += bool(case["agency"])
    assert right / said >= PRECISION_FLOOR
    assert right / owed >= RECALL_FLOOR


def test_first_publications_are_recognised():
    wrong = [case["body"] for case in cases() if (recognised(case).is_based_on_url or "") != case["original"]]
    assert wrong == []


def test_places_of_datelines():
    labelled = [case for case in cases() if case["place"]]
    right = sum(recognised(case).dateline_place == case["place"] for case in labelled)
    assert right / len(labelled) >= 0.95


def test_contributions_are_told_apart():
    wrong = [
        case["body"]
        for case in cases()
        if (origin := recognised(case)).wire_agency == case["agency"]
        and origin.is_contribution != (case["contribution"] == "yes")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "published", "filed"),
    [
        ("LONDON, Nov 5 (Reuters) - Sterling slipped.", datetime(2026, 11, 6, tzinfo=UTC), date(2026, 11, 5)),
        ("LONDON, Dec 31 (Reuters) - Sterling slipped.", datetime(2027, 1, 1, tzinfo=UTC), date(2026, 12, 31)),
        ("LONDON (Reuters) - Sterling slipped.", datetime(2027, 1, 1, tzinfo=UTC), None),
    ],
)
def test_the_year_of_a_dateline_is_that_of_the_publication(text, published, filed):
    assert wire.recognise([text], Metadata(published_at=published)).dateline_date == filed


def test_evidence_names_the_words():
    origin = wire.recognise(["PARIS (AFP) – Rain fell."], Metadata())
    assert [(note.field, note.value, note.kind) for note in origin.evidence] == [
        ("dateline", "PARIS (AFP)", "dateline"),
        ("wire_agency", "AFP", "dateline"),
    ]


def test_every_agency_has_a_source_and_a_domain():
    rows = wire_agencies.table()
    assert len({agency.name for agency in rows}) == len(rows) >= 100
    assert all(agency.long and agency.domains for agency in rows)


@given(st.lists(st.text(max_size=120), max_size=5), st.text(max_size=60))
def test_any_words_have_an_origin_or_none(blocks, words):
    origin = wire.recognise(blocks, Metadata(authors=(words,)), removed=[words], links=[(words, words)])
    assert all(0 < note.confidence <= 1 for note in origin.evidence)


@pytest.mark.parametrize("block", ["([{" * 30_000, "A, " * 40_000, "新华社" * 30_000, "© " * 50_000, " " * 100_000])
def test_giant_blocks_are_read_at_both_ends(block):
    assert wire.recognise([block], Metadata(description=block), removed=[block]).wire_agency is None
