from datetime import UTC, datetime

import pytest

from tasks.feeds.found import Format, Place, PlaceKind
from tasks.feeds.recognise import parse
from tasks.feeds.sitemap import newest_first, period_end, worth_reading

URL = "https://gazette.example/sitemap.xml"


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


TWO = ["https://gazette.example/a", "https://gazette.example/b"]
GOOD = "<url><loc>https://gazette.example/a</loc></url><url><loc>https://gazette.example/b</loc></url>"

VARIANTS = {
    "plain": f"<urlset>{GOOD}</urlset>",
    "wrong namespace": f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">{GOOD}</urlset>',
    "declared in another encoding": f'<?xml version="1.0" encoding="UTF-16"?><urlset>{GOOD}</urlset>',
    "prefix": "<s:urlset xmlns:s='x'><s:url><s:loc>/a</s:loc></s:url><s:url><s:loc>/b</s:loc></s:url></s:urlset>",
    "upper case": "<URLSET><URL><LOC>/a</LOC></URL><URL><LOC>/b</LOC></URL></URLSET>",
    "no end of entries": "<urlset><url><loc>/a</loc><url><loc>/b</loc></urlset>",
    "cut off": "<urlset><url><loc>/a</loc></url><url><loc>/b</loc><lastmod>2026-",
    "CDATA and blanks": "<urlset><url><loc>\n <![CDATA[ /a ]]>\n</loc></url><url><loc>\t/b\n</loc></url></urlset>",
    "comments": "<urlset>"
    "<!-- <url><loc>/x</loc></url> --><url><loc>/a</loc></url><!----><url><loc>/b</loc></url></urlset>",
    "images and videos": "<urlset><url><loc>/a</loc>"
    "<image:image><image:loc>/i.jpg</image:loc><image:title>I</image:title>"
    "</image:image></url><url><video:video><video:title>V</video:title><video:publication_date>2020-01-01"
    "</video:publication_date></video:video><loc>/b</loc></url></urlset>",
    "an image that never ends": "<urlset><url><loc>/a</loc><image:image></url><url><loc>/b</loc></url></urlset>",
    "an entry without a link": f"<urlset><url><lastmod>2026-01-01</lastmod></url>{GOOD}<url/></urlset>",
    "languages": "<urlset><url><loc>/a</loc><xhtml:link rel='alternate' hreflang='de' href='/de/a'/></url>"
    "<url><loc>/b</loc></url></urlset>",
    "junk before": f"Warning: cannot modify header <urlset>{GOOD}</urlset>",
    "a stylesheet": f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/s.xsl"?><urlset>{GOOD}</urlset>',
    "ampersands": "<urlset><url><loc>/a</loc></url><url><loc>/b</loc><t>Fish & Chips &bogus;</t></url></urlset>",
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_sitemap_is_read_in_any_condition(name):
    found = parse(VARIANTS[name].encode(), URL)
    assert found.format is Format.SITEMAP
    assert [candidate.url for candidate in found.candidates] == TWO
    assert {candidate.title for candidate in found.candidates} == {None}
    assert {candidate.published_at for candidate in found.candidates} == {None}


LASTMODS = [
    ("2026-11-24T10:00:00+01:00", at(2026, 11, 24, 9)),
    ("2026-11-24T10:00Z", at(2026, 11, 24, 10)),
    ("2026-11-24T10:00:00.45+01:00", at(2026, 11, 24, 9)),
    ("2026-11-24", at(2026, 11, 24)),
    ("2026-11", None),
    ("2026", None),
    ("24/11/26", None),
    ("", None),
    ("yesterday", None),
]


@pytest.mark.parametrize(("text", "expected"), LASTMODS)
def test_lastmod_in_each_precision(text, expected):
    (candidate,) = parse(f"<urlset><url><loc>/a</loc><lastmod>{text}</lastmod></url></urlset>".encode(), URL).candidates
    assert candidate.modified_at == expected


def test_an_index_names_its_children_with_dates():
    body = (
        b"<sitemapindex><sitemap><loc>/1.xml.gz</loc><lastmod>2026-11-24</lastmod></sitemap>"
        b"<sitemap><loc>/2026.xml</loc><lastmod>2026-11</lastmod></sitemap><sitemap><loc>/news.xml</loc></sitemap>"
        b"<sitemap><loc>ftp://x.example/3.xml</loc></sitemap></sitemapindex>"
    )
    found = parse(body, URL)
    assert found.format is Format.SITEMAP_INDEX
    assert [(place.url, place.kind, place.lastmod, place.lastmod_end) for place in found.places] == [
        ("https://gazette.example/1.xml.gz", PlaceKind.SITEMAP, at(2026, 11, 24), at(2026, 11, 25)),
        ("https://gazette.example/2026.xml", PlaceKind.SITEMAP, at(2026, 11, 1), at(2026, 12, 1)),
        ("https://gazette.example/news.xml", PlaceKind.NEWS_SITEMAP, None, None),
    ]
    assert len(found.skipped) == 1


def test_more_entries_than_allowed_are_counted_not_read():
    body = b"<urlset>" + b"<url><loc>/a</loc></url>" * 50_003 + b"</urlset>"
    found = parse(body, URL)
    assert (len(found.candidates), found.entry_count, found.overflow) == (50_000, 50_003, 3)


PERIODS = [
    ("/sitemap-2026-11.xml", at(2026, 12, 1)),
    ("/sitemap_202611.xml.gz", at(2026, 12, 1)),
    ("/sitemaps/2026/11/24.xml", at(2026, 11, 25)),
    ("/sitemap-20261124.xml", at(2026, 11, 25)),
    ("/sitemap.xml?yyyy=2026&mm=11&dd=24", at(2026, 11, 25)),
    ("/sitemap.xml?year=2026&month=11", at(2026, 12, 1)),
    ("/archive/2026.xml", at(2027, 1, 1)),
    ("/2019/sitemap-2026-11.xml", at(2026, 12, 1)),
    ("/sitemap-2026-02-30.xml", None),
    ("/sitemap-12.xml", None),
    ("/post-sitemap1234567.xml", None),
    ("/sitemap.xml", None),
]


@pytest.mark.parametrize(("path", "expected"), PERIODS)
def test_the_period_in_a_sitemaps_name(path, expected):
    assert period_end(f"https://gazette.example{path}") == expected


def place(path, lastmod=None, end=None, kind=PlaceKind.SITEMAP):
    return Place(
        url=f"https://gazette.example{path}", kind=kind, found_in=URL, lastmod=lastmod, lastmod_end=end or lastmod
    )


SINCE = at(2026, 11, 20)
WORTH = [
    (place("/1.xml", at(2026, 11, 21)), True),
    (place("/1.xml", at(2026, 11, 19)), False),
    (place("/1.xml", at(2026, 11, 20), at(2026, 11, 21)), True),
    (place("/1.xml", at(2026, 11, 1), at(2026, 12, 1)), True),
    (place("/1.xml"), True),
    (place("/2026-11.xml"), True),
    (place("/2026-10.xml"), False),
    (place("/2025.xml"), False),
    (place("/2026-11-19.xml"), True),
    (place("/2026-11-16.xml"), False),
    (place("/news.xml", at(2020, 1, 1), kind=PlaceKind.NEWS_SITEMAP), True),
]


@pytest.mark.parametrize(("child", "expected"), WORTH)
def test_only_what_may_have_changed_is_read(child, expected):
    assert worth_reading(child, SINCE) is expected
    assert worth_reading(child, None)


def test_newest_first():
    places = [
        place("/category-sitemap.xml", at(2026, 11, 24)),
        place("/9.xml"),
        place("/old.xml", at(2026, 1, 1)),
        place("/new.xml", at(2026, 11, 23)),
        place("/2026-10.xml"),
        place("/news.xml", kind=PlaceKind.NEWS_SITEMAP),
    ]
    ordered = [each.url.rsplit("/", 1)[1] for each in newest_first(places)]
    assert ordered == ["news.xml", "new.xml", "2026-10.xml", "old.xml", "9.xml", "category-sitemap.xml"]
