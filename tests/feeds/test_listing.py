import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.feeds.likeness import address, headline, shape
from tasks.feeds.listing import learned, listing, selected
from tasks.records import Kind, Source

_spec = importlib.util.spec_from_file_location("fronts", Path(__file__).with_name("fronts.py"))
fronts = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fronts)

URL = "https://gazette.example/"


def found_paths(found):
    return [candidate.url.removeprefix("https://gazette.example") for candidate in found.candidates]


@pytest.mark.parametrize("name", fronts.FRONTS)
def test_a_front_page_gives_its_articles_and_nothing_else(name):
    make, expected = fronts.FRONTS[name]
    found = learned(make(), URL, "Gazette")
    assert found_paths(found) == expected
    assert all(candidate.title for candidate in found.candidates)
    assert {candidate.source for candidate in found.candidates} == {"Gazette"}


@pytest.mark.parametrize("name", ["wordpress", "cards as links", "old tables", "plain list", "japanese", "dated paths"])
def test_dates_come_from_each_articles_card(name):
    make, _ = fronts.FRONTS[name]
    dated = [candidate.published_at for candidate in learned(make(), URL).candidates]
    assert None not in dated
    assert len(set(dated)) == len(dated)


def test_section_and_next_page_are_found():
    found = learned(fronts.wordpress(), URL)
    assert {candidate.section for candidate in found.candidates} == {"Harbour"}
    assert [place.url for place in found.places] == ["https://gazette.example/page/2/"]


def test_only_a_most_read_list_is_better_than_nothing():
    found = learned(f"<html><body><h1>Hello</h1>{fronts.MOST_READ}</body></html>", URL)
    assert len(found.candidates) == 5


def test_links_to_other_sites_are_not_learned():
    html = "<main>" + "".join(
        f"<h2><a href='https://other.example/a-long-story-number-{n}'>A long story that is number {n}</a></h2>"
        for n in range(9)
    )
    assert learned(html, URL).candidates == ()


def short(prefix, numbers):
    """A block of links that is neither clearly a list of articles nor clearly furniture."""
    items = "".join(f"<li><a href='/{prefix}/item{n}'>Some words on {n}</a></li>" for n in numbers)
    return f"<ul class='{prefix}'>{items}</ul>"


def test_between_two_visits_the_block_that_changes_wins():
    before = short("guide", range(6)) + short("live", range(6))
    now = short("guide", range(6)) + short("live", range(3, 9))
    assert found_paths(learned(now, URL)) == []
    assert found_paths(learned(now, URL, previous=before)) == [f"/live/item{n}" for n in range(3, 9)]


SELECTORS = [
    "article h2 a",
    "article h2",
    "//article//h2/a",
    "//article//h2/a/@href",
    "(//h2[contains(@class,'entry-title')])",
]


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_names_the_links(selector):
    source = Source(name="G", kind=Kind.LISTING, location=URL, link_selector=selector)
    found = listing(fronts.wordpress(), URL, source)
    assert found_paths(found) == fronts.SLUGS
    assert [candidate.title for candidate in found.candidates] == fronts.HEADLINES
    assert found.candidates[0].published_at is not None


@pytest.mark.parametrize("selector", ["div[", "//div[", "//a[foo()]", "count(//a)", ".no-such-class", "//nothing"])
def test_a_selector_that_names_nothing_is_a_problem_not_an_error(selector):
    found = selected(fronts.wordpress(), URL, selector)
    assert found.candidates == ()
    assert repr(selector) in found.problems[0] or selector in found.problems[0]


def test_the_selectors_name_is_seen_even_in_navigation():
    assert found_paths(selected(fronts.wordpress(), URL, "nav li a"))[0] == "/news"


ADDRESSES = [
    ("/news/ferry-late-again-for-third-day", 1.0),
    ("/2026/11/24/ferry", 0.9),
    ("/article/12345", 0.8),
    ("/story.php?id=700", 1.0),
    ("/news", 0.0),
    ("/", 0.0),
    ("/tag/ferry-late-again-for-third-day", 0.0),
    ("/author/jo-doe-of-the-gazette", 0.0),
    ("/sport/football", 0.0),
]


@pytest.mark.parametrize(("path", "score"), ADDRESSES)
def test_addresses_are_told_apart(path, score):
    assert address(f"https://gazette.example{path}") == pytest.approx(score)


def test_headlines_are_longer_than_menus():
    assert headline("Sport") == headline("About us") == 0
    assert headline("Ferry to the islands cancelled for a third day") == 1
    assert headline("離島への連絡船が三日連続で欠航、嵐が続く") == 1


def test_articles_of_one_site_have_one_shape():
    assert shape("https://a.example/news/ferry-is-late-10012") == shape(
        "https://a.example/news/new-bridge-opens-soon-10013"
    )
    assert shape("https://a.example/news/ferry-is-late") != shape("https://a.example/about")


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["<a href=/x>", "<div class=nav>", "</a>", "<h2>", "<time>", "x", "<table>"])).map(
        "".join
    )
)
def test_any_page_gives_a_value(html):
    learned(html, URL)
    selected(html, URL, "a")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "<a href=/a-story-of-some-length-here>x</a>",
        "<a href=/x><div>" * 5_000,
        "<svg>" + "<path>" * 50_000,
        "<select>" + "<OPTION>" * 50_000,
        "<script>i<n</script>" * 5_000 + "<b id=1><p>" * 20_000,
        "<div class=date><h2 class=title>" * 5_000,
        "<table><tr><td><a href=/a-b-c-d>" * 3_000,
    ],
)
def test_hostile_nesting_is_bounded(html):
    learned(html, URL)
