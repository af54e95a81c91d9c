import pytest

from tasks.feeds.autodiscovery import page, places, propose
from tasks.feeds.declarations import read
from tasks.feeds.found import Format, Found, PlaceKind
from tasks.feeds.recognise import parse
from tasks.records import Kind

URL = "https://www.gazette.example/"

HOME = """<!doctype html><html lang="en-GB"><head><title>Harbour Gazette | News from the coast</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="Sport" href="/sport/feed/">
<link rel="alternate" type="application/rss+xml" title="All news" href="feed/">
<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="stylesheet" type="text/css" href="/feed.css"></head>
<body><a href="https://feeds.feedburner.com/gazette">RSS</a><a href="/rss.xml">RSS</a><a href="/feeding-time">Zoo</a>
<a href="https://other.example/rss">Their feed</a><a href="/rss-explained/">What is RSS?</a></body></html>"""


def test_a_home_page_names_its_feeds_best_first():
    found = page(HOME, URL)
    assert [place.url for place in found.places] == [
        "https://www.gazette.example/feed/",
        "https://www.gazette.example/rss.xml",
        "https://www.gazette.example/sport/feed/",
    ]
    assert found.places[0].title == "All news"
    assert found.language == "en"


def test_robots_and_conventions_add_sitemaps():
    found = places(page(HOME, URL), URL, ["https://www.gazette.example/news-sitemap.xml", "/sitemap.xml", "ftp://x/y"])
    named = [place.url.removeprefix("https://www.gazette.example") for place in found if not place.is_guess]
    assert named == ["/news-sitemap.xml", "/feed/", "/rss.xml", "/sport/feed/", "/sitemap.xml"]
    guesses = [place.url.removeprefix("https://www.gazette.example") for place in found if place.is_guess]
    assert "/sitemap_index.xml" in guesses
    assert not set(named) & set(guesses)
    assert places(page(HOME, URL), URL, with_guesses=False) == page(HOME, URL).places


@pytest.mark.parametrize("base", ["<base href='https://cdn.example/x/'>", "<base>", "<base href='::::'>"])
def test_a_base_element_is_respected(base):
    found = page(f"<head>{base}<link rel=alternate type=application/atom+xml href=feed></head>", URL)
    expected = "https://cdn.example/x/feed" if "cdn" in base else "https://www.gazette.example/feed"
    assert [place.url for place in found.places] == [expected]


FEED = (
    b"<rss><channel>"
    + b"<item><title>T</title><link>https://www.gazette.example/a</link></item>" * 3
    + b"</channel></rss>"
)
NEWS = (
    b"<urlset><url><loc>https://www.gazette.example/a</loc><news:title>T</news:title>"
    b"<news:publication_date>2026-11-24T10:00Z</news:publication_date></url></urlset>"
)


def looked(*bodies):
    found = places(page(HOME, URL), URL, ["/news-sitemap.xml"], with_guesses=False)
    by_path = {place.url.removeprefix("https://www.gazette.example"): place for place in found}
    return [(by_path[path], parse(body, by_path[path].url)) for path, body in bodies]


def test_the_best_list_is_proposed_and_the_others_are_named():
    text = propose(URL, page(HOME, URL), looked(("/feed/", FEED), ("/news-sitemap.xml", NEWS), ("/rss.xml", b"<html>")))
    (source,) = read(text, "proposal")
    assert (source.name, source.kind) == ("Harbour Gazette", Kind.SITEMAP)
    assert source.location == "https://www.gazette.example/news-sitemap.xml"
    assert (source.outlet, source.language) == ("gazette.example", "en")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert len(comments) == 2
    assert "also: rss, 3 links, 0 dated: https://www.gazette.example/feed/" in comments[1]


def test_without_any_list_the_front_page_is_proposed():
    text = propose(URL, page(HOME, URL), looked(("/feed/", b"<html>gone"), ("/rss.xml", b"")))
    (source,) = read(text, "proposal")
    assert (source.kind, source.location) == (Kind.LISTING, URL)
    assert text.startswith("# No feed")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Harbour Gazette | News from the coast", "Harbour Gazette"),
        ("News, sport and weather - gazette.example", "gazette.example"),
        ("Breaking news: The Gazette", "The Gazette"),
        (None, "gazette.example"),
        ('"Quoted" \\ name', '"Quoted" \\ name'),
        ("x" * 400, "x" * 100),
    ],
)
def test_the_outlets_name_is_taken_from_the_title(title, name):
    (source,) = read(propose(URL, Found(format=Format.HTML, title=title), []), "proposal")
    assert source.name == name


def test_a_hostile_url_cannot_leave_its_comment():
    found = page("<link rel=alternate type=application/rss+xml href='/feed/&#10;[[source]]'>", URL)
    text = propose(URL, found, [(place, parse(FEED, place.url)) for place in found.places])
    assert len(read(text, "proposal")) == 1


def test_kinds():
    assert {place.kind for place in page(HOME, URL).places} == {PlaceKind.FEED}
