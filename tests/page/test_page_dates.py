"""When a page says it was published, where it says so, and which dates are refused."""

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from tasks.page import metadata

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://gull.example/news/bridge"


def read(head="", body="", url=URL, lang="en"):
    html = f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>"
    return metadata.read(LexborHTMLParser(html), url, now=NOW)


def ld(**fields):
    pairs = ", ".join(f'"{key}": "{value}"' for key, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Bridge", {pairs}}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "expected", "source"),
    [
        (ld(datePublished="2026-11-05T09:30:00Z"), "", URL, datetime(2026, 11, 5, 9, 30, tzinfo=UTC), "json_ld"),
        (ld(datePublished="2026-11-05"), "", URL, datetime(2026, 11, 5, tzinfo=UTC), "json_ld_day"),
        (ld(datePublished="5 November 2026"), "", URL, datetime(2026, 11, 5, tzinfo=UTC), "json_ld_day"),
        (
            "<meta property='article:published_time' content='2026-11-05T09:30:00+01:00'>",
            "",
            URL,
            datetime(2026, 11, 5, 8, 30, tzinfo=UTC),
            "meta",
        ),
        ("<meta name='w-published-date' content='2026-11-05'>", "", URL, datetime(2026, 11, 5, tzinfo=UTC), "meta_day"),
        (
            "",
            "<h1>Bridge</h1><span itemprop='datePublished' content='2026-11-05'></span>",
            URL,
            datetime(2026, 11, 5, tzinfo=UTC),
            "microdata_day",
        ),
        (
            "",
            "<h1>Bridge</h1><time datetime='2026-11-05T09:30:00Z'>today</time>",
            URL,
            datetime(2026, 11, 5, 9, 30, tzinfo=UTC),
            "time",
        ),
        ("", "", "https://gull.example/2026/11/05/bridge", datetime(2026, 11, 5, tzinfo=UTC), "url_day"),
        ("", "", "https://gull.example/bridge-20261105.html", datetime(2026, 11, 5, tzinfo=UTC), "url_day"),
        ("", "<h1>Bridge</h1><p>November 5, 2026</p>", URL, datetime(2026, 11, 5, tzinfo=UTC), "text_day"),
        ("", "<h1>Bridge</h1><p>Posted on 5 Nov 2026</p>", URL, datetime(2026, 11, 5, tzinfo=UTC), "text_day"),
        (
            "",
            "<h1>Bridge</h1><p>5 Nov 2026 - Updated 9 Nov 2026</p>",
            URL,
            datetime(2026, 11, 5, tzinfo=UTC),
            "text_day",
        ),
        ("<title>Bridge | Gull | 05.11.2026</title>", "", URL, datetime(2026, 11, 5, tzinfo=UTC), "text_day"),
        (
            "",
            '<h1>Bridge</h1><script>window.s = {"first_publication_date":"2026-11-05T09:30:00Z"}</script>',
            URL,
            datetime(2026, 11, 5, 9, 30, tzinfo=UTC),
            "state",
        ),
    ],
)
def test_where_dates_are_found(head, body, url, expected, source):
    found = read(head, body, url)
    assert (found.published_at, found.published_at_source) == (expected, source)


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        (ld(datePublished="2031-01-01T00:00:00Z"), "", URL),  # the future
        (ld(datePublished="1970-01-01T00:00:01Z"), "", URL),  # before the web
        (ld(datePublished="soon"), "", URL),
        ("", "<h1>Bridge</h1><p>© 5 Nov 2026 Gull</p>", URL),
        ("", "<h1>Bridge</h1><p>Accepted: 5 November 2026</p>", URL),
        ("", "<h1>Bridge</h1><ul class='related'><li><time datetime='2026-11-05'>5 Nov</time> Storm</li></ul>", URL),
        ("", "<h1>Bridge</h1><a href='/storm'>Storm hits the coast and closes the harbour for a day <time "
         "datetime='2026-11-05'>5 Nov</time></a>", URL),
        ("", "<h1>Bridge</h1><p>The bridge was opened on 5 November 1998 by a mayor who liked bridges more than roads, "
         "ferries, tunnels, and everything else that people had proposed in the years since the war.</p>", URL),
        ("", "", "https://gull.example/item/20261105123"),
        ("", "", "https://gull.example/2026/13/45/x"),
    ],
)  # fmt: skip
def test_dates_that_are_refused(head, body, url):
    assert read(head, body, url).published_at is None


def test_a_change_is_not_a_publication():
    found = read(ld(datePublished="2026-11-05T09:30:00Z", dateModified="2026-11-06T10:00:00Z"))
    assert found.published_at == datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 11, 6, 10, tzinfo=UTC)


def test_a_change_cannot_lie_before_the_publication():
    found = read(ld(datePublished="2026-11-05T09:30:00Z", dateModified="2024-01-01T10:00:00Z"))
    assert found.modified_at is None


def test_the_only_date_that_is_shown_stands_in_with_low_confidence():
    found = read("", "<h1>Bridge</h1><p>Last updated: 5 November 2026</p>")
    assert found.published_at == datetime(2026, 11, 5, tzinfo=UTC)
    assert [note.confidence for note in found.evidence if note.field == "published_at"] == [0.4]


def test_a_build_time_gives_way_to_an_earlier_visible_date():
    head = ld(datePublished="Nov 20, 2026", dateModified="Nov 20, 2026")
    found = read(head, "<h1>Bridge</h1><p class='date'>August 25, 2024</p>")
    assert found.published_at == datetime(2024, 8, 25, tzinfo=UTC)


def test_the_day_in_the_address_settles_a_disagreement():
    head = ld(datePublished="2020-01-01T00:00:00Z") + "<meta name='pubdate' content='2026-11-05T08:00:00Z'>"
    found = read(head, url="https://gull.example/2026/11/05/bridge")
    assert found.published_at == datetime(2026, 11, 5, 8, tzinfo=UTC)


def test_the_zone_of_the_outlet_is_kept():
    found = read(ld(datePublished="2026-11-05T22:30:00-08:00"))
    assert found.published_at == datetime(2026, 11, 6, 6, 30, tzinfo=UTC)
    assert found.published_offset_minutes == -480


def test_numeric_dates_need_the_language():
    assert read("", "<h1>Brücke</h1><p>03.04.2026</p>", lang="de").published_at == datetime(2026, 4, 3, tzinfo=UTC)
    assert read("", "<h1>Bridge</h1><p>03/04/2026</p>", lang="en-US").published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert read("", "<h1>Bridge</h1><p>03/04/2026</p>", lang="en").published_at is None
