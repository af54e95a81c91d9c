"""Which of the URLs that a page declares is believed; cases as seen in the wild, on made-up hosts."""
# ruff: noqa: E501  a case is one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.preferred import Lie, Preferred, Why, amp_origin, is_amp, is_mobile, lie, preferred
from tasks.web.urls import canonical, site

STORY = "https://www.gazette.co.uk/news/2026/05/harbour-bridge-closed-for-repairs-1234567"

BELIEVED = [
    ("the same", STORY, STORY),
    ("http for https", STORY, STORY.replace("https", "http")),
    ("without www", STORY, STORY.replace("www.", "")),
    ("a relative one", STORY, "/news/2026/05/harbour-bridge-closed-for-repairs-1234567"),
    ("the headline was edited, the id stayed", STORY, "https://www.gazette.co.uk/news/2026/05/ferry-runs-again-1234567"),
    ("another section", STORY, "https://www.gazette.co.uk/local/harbour-bridge-closed-for-repairs-1234567"),
    ("the headline was edited a little", "https://g.example/a/harbour-bridge-closed", "https://g.example/a/harbour-bridge-open"),
    ("AMP folder", f"{STORY}/amp", STORY),
    ("AMP folder first", "https://g.example/amp/news/harbour-bridge-closed-now", "https://g.example/news/harbour-bridge-closed-now"),
    ("AMP query", f"{STORY}?amp=1", STORY),
    ("AMP host", STORY.replace("www.", "amp."), STORY),
    ("AMP page", "https://g.example/story/harbour.amp.html", "https://g.example/story/harbour.html"),
    ("mobile host", STORY.replace("www.", "m."), STORY),
    ("second page", f"{STORY}/2", STORY),
    ("second page of an id", "https://g.example/story/77/page/2", "https://g.example/story/77"),
    ("print view", "https://g.example/news/harbour/print", "https://g.example/news/harbour"),
    ("comments", f"{STORY}/comments", STORY),
    ("gallery", f"{STORY}/gallery/3", STORY),
    ("short link of a blog", "https://g.example/?p=123", "https://g.example/2026/05/harbour-bridge-closed"),
    ("short link", "https://g.example/s/x7Yz", "https://g.example/2026/05/harbour-bridge-closed"),
    ("an id alone", "https://g.example/article/1234567", "https://g.example/news/harbour-bridge-closed"),
    ("tracking dropped", f"{STORY}?utm_source=x&lang=en", STORY),
    ("a page number dropped", "https://g.example/story.php?id=5&page=2", "https://g.example/story.php?id=5"),
    ("a home page's own", "https://g.example/index.html", "https://g.example/"),
    ("words in another script", "https://g.example/новости/мост-закрыт-на-ремонт", "https://g.example/город/мост-закрыт-на-месяц"),
    ("headlines of two words", "https://g.example/opinion/bridge-closed", "https://g.example/news/bridge-closed"),
]  # fmt: skip

REFUSED = [
    ("the home page", STORY, "https://www.gazette.co.uk/", Lie.HOME_PAGE),
    ("the home page without a slash", STORY, "https://www.gazette.co.uk", Lie.HOME_PAGE),
    ("the home page by name", STORY, "/index.php", Lie.HOME_PAGE),
    ("the home page of a language", STORY, "https://www.gazette.co.uk/en-gb/", Lie.HOME_PAGE),
    ("the home page for a blog's post", "https://g.example/?p=123", "https://g.example/", Lie.HOME_PAGE),
    ("the section", STORY, "https://www.gazette.co.uk/news/", Lie.SECTION_FRONT),
    ("the folder of the month", STORY, "https://www.gazette.co.uk/news/2026/05", Lie.SECTION_FRONT),
    ("another section's front", STORY, "https://www.gazette.co.uk/sport", Lie.SECTION_FRONT),
    ("a front with two words", STORY, "https://www.gazette.co.uk/local-news/", Lie.SECTION_FRONT),
    ("another site", STORY, "https://www.herald.example/harbour-bridge-closed-for-repairs", Lie.OTHER_SITE),
    ("a neighbour on a shared domain", "https://a.github.io/x", "https://b.github.io/x", Lie.OTHER_SITE),
    ("another article", STORY, "https://www.gazette.co.uk/news/2026/05/mayor-wins-third-term-7654321", Lie.OTHER_ARTICLE),
    ("another id", "https://g.example/a/1234567", "https://g.example/a/7654321", Lie.OTHER_ARTICLE),
    ("another headline", "https://g.example/harbour-bridge-closed", "https://g.example/mayor-wins-term", Lie.OTHER_ARTICLE),
    ("the query that chose", "https://g.example/story.php?id=5", "https://g.example/story.php", Lie.LOST_QUERY),
    ("the query of an unknown name", "https://g.example/artikel.asp?nr=77", "https://g.example/artikel.asp", Lie.LOST_QUERY),
    ("the value changed", "https://g.example/story?id=5", "https://g.example/story?id=6", Lie.LOST_QUERY),
    ("a staging host", STORY, STORY.replace("www.", "staging."), Lie.INTERNAL_HOST),
    ("a content system", STORY, STORY.replace("www.", "cms.prod."), Lie.INTERNAL_HOST),
    ("not found", STORY, "/404", Lie.ERROR_PAGE),
    ("an error page", STORY, "/error.aspx", Lie.ERROR_PAGE),
    ("a log-in", STORY, "/login?next=/news", Lie.ERROR_PAGE),
    ("the AMP variant of a main page", STORY, f"{STORY}/amp", Lie.VARIANT),
    ("the mobile variant of a main page", STORY, STORY.replace("www.", "m."), Lie.VARIANT),
    ("an unfilled template", STORY, "{{ canonical_url }}", Lie.PLACEHOLDER),
    ("an unfilled template in a path", STORY, "/news/${slug}", Lie.PLACEHOLDER),
    ("undefined", STORY, "/news/undefined", Lie.PLACEHOLDER),
    ("an example", STORY, "https://www.example.com/", Lie.PLACEHOLDER),
    ("no address", STORY, "javascript:void(0)", Lie.NOT_HTTP),
    ("a broken address", STORY, "https://", Lie.NOT_HTTP),
]  # fmt: skip


@pytest.mark.parametrize(("told", "page", "declared"), BELIEVED, ids=[row[0] for row in BELIEVED])
def test_believed(told: str, page: str, declared: str) -> None:
    found = preferred(page, rel_canonical=declared)
    assert found.why is Why.REL_CANONICAL, found
    assert found.url.endswith(canonical(declared))


@pytest.mark.parametrize(("told", "page", "declared", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(told: str, page: str, declared: str, reason: Lie) -> None:
    found = preferred(page, og_url=declared)
    assert (found.url, found.why) == (canonical(page), Why.PAGE)
    assert [(why, name) for why, _, name in found.refused] == [(Why.OG_URL, reason)]


def test_the_next_declaration_is_asked_when_one_lies() -> None:
    found = preferred(f"{STORY}?amp", rel_canonical="/", og_url="https://herald.example/x", json_ld_url=STORY)
    assert (found.url, found.why) == (STORY, Why.JSON_LD)
    assert [name for _, _, name in found.refused] == [Lie.HOME_PAGE, Lie.OTHER_SITE]


def test_nothing_declared() -> None:
    assert preferred(f"{STORY}?fbclid=1#x") == Preferred(url=STORY, why=Why.PAGE)
    assert preferred(STORY, rel_canonical="  ", og_url="") == Preferred(url=STORY, why=Why.PAGE)


def test_without_the_pages_own_url() -> None:
    assert preferred(None, og_url=STORY) == Preferred(url=STORY, why=Why.OG_URL)
    assert preferred("saved.html", og_url="https://g.example/").refused[0][2] is Lie.HOME_PAGE
    assert preferred(None, rel_canonical="/a") == Preferred(
        url="", why=Why.PAGE, refused=((Why.REL_CANONICAL, "/a", Lie.NOT_HTTP),)
    )


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://g-example.cdn.ampproject.org/c/s/g.example/a/amp/", "https://g.example/a/amp/"),
        ("https://g-example.cdn.ampproject.org/v/s/g.example/a?amp_js_v=0.1&id=5", "https://g.example/a?id=5"),
        ("https://cdn.ampproject.org/c/g.example/a", "http://g.example/a"),
        ("https://cdn.ampproject.org/c/s.example/a", "http://s.example/a"),
        ("https://www.google.com/amp/s/g.example/a.amp.html", "https://g.example/a.amp.html"),
        ("https://www.google.co.uk/amp/g.example/a", "http://g.example/a"),
        ("https://www.bing-amp.com/c/s/g.example/a", "https://g.example/a"),
        ("https://www.google.com/amp/", None),
        ("https://g.example/c/s/h.example/a", None),
        ("https://cdn.ampproject.org/", None),
        ("junk", None),
    ],
)
def test_amp_origin(url: str, origin: str | None) -> None:
    assert amp_origin(url) == origin


def test_a_page_from_an_amp_cache_has_the_publishers_url() -> None:
    cached = "https://g-example.cdn.ampproject.org/c/s/g.example/news/harbour-bridge-closed/amp"
    assert preferred(cached).why is Why.AMP_CACHE
    assert preferred(cached).url == "https://g.example/news/harbour-bridge-closed/amp"
    declared = preferred(cached, rel_canonical="https://g.example/news/harbour-bridge-closed")
    assert (declared.url, declared.why) == ("https://g.example/news/harbour-bridge-closed", Why.REL_CANONICAL)


def test_variants() -> None:
    assert is_amp("https://amp.g.example/a")
    assert not is_amp("https://g.example/best-guitar-amp")
    assert not is_amp("https://g.example/amplifiers")
    assert is_mobile("https://m.g.example/a")
    assert not is_mobile("https://g.example/m/a")
    assert not is_mobile("https://m.example/a")


TEXT = st.text(max_size=30) | st.sampled_from(
    [STORY, f"{STORY}/amp", "/", "https://[::1]/", "http://u:[@g.example/%", "\ud800"]
)


@given(TEXT, TEXT, TEXT)
def test_any_declaration_has_an_answer(page: str, one: str, two: str) -> None:
    found = preferred(page, rel_canonical=one, og_url=two)
    assert canonical(found.url) == found.url
    if found.why is not Why.PAGE and site(page):
        assert site(found.url) == site(page)
    assert isinstance(is_amp(one), bool)
    assert isinstance(is_mobile(one), bool)
    assert lie(page, two) is None or isinstance(lie(page, two), Lie)
    assert preferred(found.url).url == found.url
