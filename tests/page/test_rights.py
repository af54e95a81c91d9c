"""What a page lets others do with it, and which exports its words may go into."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page.rights import Profile, Rights, allows, as_json, content_signals, from_json, header_directives, rights

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def declared(meta="", headers=(), robots=b"", licence=None):
    tree = LexborHTMLParser(f"<html><head>{meta}</head><body><p>x</p></body></html>")
    return rights(tree, headers, robots=robots, license=licence)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("noindex, nofollow", [("*", "noindex", None), ("*", "nofollow", None)]),
        ("GPTBot: noindex", [("gptbot", "noindex", None)]),
        ("max-snippet:50", [("*", "max-snippet", "50")]),
        ("max-snippet: 50, noarchive", [("*", "max-snippet", "50"), ("*", "noarchive", None)]),
        ("unavailable_after: 25 Jun 2026 15:00:00 GMT", [("*", "unavailable_after", "25 Jun 2026 15:00:00 GMT")]),
        ("wirehouse: noai", [("*", "noai", None)]),
        ("", []),
        (";;;", []),
    ],
)
def test_headers(value, expected):
    assert [(d.agent, d.name, d.value) for d in header_directives(value)] == expected


def test_every_source_is_recorded():
    found = declared(
        '<meta name="robots" content="noai, noimageai"><meta name="tdm-reservation" content="1">'
        '<meta name="tdm-policy" content="https://gull.example/tdm.json"><meta name="googlebot" content="noarchive">',
        [("X-Robots-Tag", "noarchive"), ("Content-Signal", "search=yes, ai-train=no")],
        licence="https://creativecommons.org/licenses/by/4.0/",
    )
    assert {(d.agent, d.name, d.source) for d in found.directives} == {
        ("*", "noai", "meta"),
        ("*", "noimageai", "meta"),
        ("googlebot", "noarchive", "meta"),
        ("*", "noarchive", "header"),
    }
    assert found.is_tdm_reserved is True
    assert found.tdm_policy_url == "https://gull.example/tdm.json"
    assert found.signals == (("ai-train", False), ("search", True))
    assert from_json(as_json(found)) == found


def test_nothing_said_is_stored_as_nothing():
    assert as_json(declared()) is None
    assert from_json(None) == Rights()


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        (b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n", {"search": True, "ai-train": False}),
        (b"User-agent: otherbot\nContent-Signal: ai-train=no\n", {}),
        (b"User-agent: a\nUser-agent: *\nContent-Signal: ai-input=no\n", {"ai-input": False}),
        (b"User-agent: *\nDisallow: /x\nUser-agent: b\nContent-Signal: ai-train=no\n", {}),
        (b"# Content-Signal: ai-train=no\n", {}),
    ],
)
def test_content_signals_of_robots_txt(robots, expected):
    assert dict(content_signals(robots)) == expected


BY = "https://creativecommons.org/licenses/by/4.0/"
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"


@pytest.mark.parametrize(
    ("found", "research", "training", "public"),
    [
        (declared(), True, True, False),
        (declared('<meta name="robots" content="noai">'), True, False, False),
        (declared('<meta name="robots" content="noarchive">'), True, False, False),
        (declared('<meta name="robots" content="noindex">', licence=BY), True, True, False),
        (declared('<meta name="tdm-reservation" content="1">'), True, False, False),
        (declared('<meta name="tdm-reservation" content="0">'), True, True, False),
        (declared(headers=[("x-robots-tag", "CCBot: noindex")]), True, False, False),
        (declared(headers=[("x-robots-tag", "somebot: noai")]), True, True, False),
        (declared(robots=b"User-agent: *\nContent-Signal: ai-train=no"), True, False, False),
        (declared(robots=b"User-agent: *\nContent-Signal: ai-train=yes"), True, True, False),
        (declared(licence=BY), True, True, True),
        (declared(licence=BY_NC), True, False, True),
        (declared(licence="All rights reserved"), True, True, False),
        (declared(headers=[("x-robots-tag", "unavailable_after: 2026-01-31")], licence=BY), False, False, False),
        (declared(headers=[("x-robots-tag", "unavailable_after: 2027-01-31")], licence=BY), True, True, True),
    ],
)
def test_profiles(found, research, training, public):
    answers = [allows(found, profile, now=NOW) for profile in Profile]
    assert [allowed for allowed, _ in answers] == [research, training, public]
    assert all(reason for _, reason in answers)


@given(st.text(max_size=200))
def test_any_header_is_read(value):
    found = rights(None, [("X-Robots-Tag", value), ("content-signal", value), ("tdm-reservation", value)])
    assert from_json(as_json(found)) == found
