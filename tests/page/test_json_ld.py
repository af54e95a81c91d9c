"""Linked data as publishers break it, and which object is about the page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page.json_ld import about, parse, read, text, texts, types

ARTICLE = '{"@type": "NewsArticle", "headline": "Bridge", "datePublished": "2026-11-05"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        ARTICLE + ";",
        ARTICLE[:-1] + ",}",
        ARTICLE.replace(", ", ",\n// the date\n", 1),
        ARTICLE.replace("Bridge", "Bri\tdge").replace("Bri\tdge", "Bridge"),
        ARTICLE.replace('"', "&quot;"),
        ARTICLE.replace("Bridge", 'the "old" Bridge'),
    ],
)
def test_broken_scripts_are_read(script):
    nodes = read([script])
    assert [types(node) for node in nodes] == [("NewsArticle",)]
    assert nodes[0]["datePublished"] == "2026-11-05"


def test_several_objects_one_after_the_other():
    assert len(read([ARTICLE + ARTICLE])) == 2


def test_raw_line_breaks_inside_strings():
    assert read(['{"@type": "Article", "description": "one\ntwo"}'])[0]["description"] == "one\ntwo"


def test_graphs_are_flat_and_references_are_followed():
    graph = {
        "@graph": [
            {"@type": "Article", "headline": "Bridge", "author": {"@id": "#ada"}},
            {"@type": "Person", "@id": "#ada", "name": "Ada Lund"},
        ]
    }
    nodes = read([json.dumps(graph)])
    assert texts(nodes[0]["author"]) == ("Ada Lund",)


@pytest.mark.parametrize("script", ["", "null", "[", "[" * 100_000, "{}" * 50, "\x00", '{"@type"', "&#x110000;"])
def test_nonsense_is_nothing(script):
    assert read([script]) == ()


def test_lists_of_other_pages_are_not_read():
    page = {"@type": "ItemList", "itemListElement": [json.loads(ARTICLE)] * 3}
    assert [types(node) for node in read([json.dumps(page)])] == [("ItemList",)]


HERE = "https://gull.example/news/bridge"


@pytest.mark.parametrize(
    ("node", "is_about"),
    [
        ({"@type": "NewsArticle", "headline": "Harbour bridge reopens"}, True),
        ({"@type": "NewsArticle", "url": HERE, "headline": "Something else entirely"}, True),
        ({"@type": "NewsArticle", "mainEntityOfPage": {"@id": HERE + "/"}, "headline": "Other words"}, True),
        ({"@type": "NewsArticle", "url": "https://gull.example/news/storm", "headline": "Storm hits coast"}, False),
        ({"@type": "NewsArticle", "datePublished": "2026-11-05"}, True),
        ({"@type": "Organization", "name": "The Daily Gull"}, False),
        ({"@type": "WebPage", "name": "The Daily Gull"}, True),
    ],
)
def test_which_objects_are_about_the_page(node, is_about):
    assert bool(about([node], HERE, ["Harbour bridge reopens after repairs"])) is is_about


def test_the_article_comes_before_its_page():
    nodes = [{"@type": "WebPage", "url": HERE}, {"@type": "NewsArticle", "headline": "Harbour bridge reopens"}]
    assert types(about(nodes, HERE, ["Harbour bridge reopens"])[0]) == ("NewsArticle",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ({"name": "Ann Lee"}, "Ann Lee"),
        ([{"@value": "Ann &amp; Bo"}], "Ann & Bo"),
        ("Harbour\xad bridge", "Harbour bridge"),
        ("<b>Bold</b> words", "Bold words"),
        (7, "7"),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_words_of_values(value, expected):
    assert text(value) == expected


@given(st.text(max_size=300))
def test_any_script_is_read(script):
    assert isinstance(parse(script), list)
    assert isinstance(read([script]), tuple)
