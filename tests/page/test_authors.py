"""Names in bylines: people and desks, never furniture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page import metadata
from tasks.page.authors import names


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ada Lund", ["Ada Lund"]),
        ("By Ada Lund", ["Ada Lund"]),
        ("Von Ada Lund und Bo Ek", ["Ada Lund", "Bo Ek"]),
        ("Par Ada Lund et Bo Ek", ["Ada Lund", "Bo Ek"]),
        ("Por Ada Lund y Bo Ek Sanz", ["Ada Lund", "Bo Ek Sanz"]),
        ("Ada Lund, Bo Ek and Cy Fox", ["Ada Lund", "Bo Ek", "Cy Fox"]),
        ("Ada Lund; Bo Ek", ["Ada Lund", "Bo Ek"]),
        ("Ada Lund | Bo Ek", ["Ada Lund", "Bo Ek"]),
        ("Ada Lund & Bo Ek", ["Ada Lund", "Bo Ek"]),
        ("Lund, Ada", ["Lund", "Ada"]),
        ("Ada Lund, Senior Editor", ["Ada Lund"]),
        ("Ada Lund, MD, PhD", ["Ada Lund"]),
        ("Ada Lund (al)", ["Ada Lund"]),
        ("Ada Lund ada@gull.example", ["Ada Lund"]),
        ("Ada Lund @adalund", ["Ada Lund"]),
        ("Center for Bridge Evaluation and Research", ["Center for Bridge Evaluation and Research"]),
        ("Les Echos", ["Les Echos"]),
        ("作者：李明", ["李明"]),
        ("Автор: Анна Лисова", ["Анна Лисова"]),
        ("https://gull.example/ada", []),
        ("Share this article", []),
        ("Read more", []),
        ("admin", []),
        ("page.extra.author", []),
        ("{{ author.name }}", []),
        ("Ada Lund Ada Lund", ["Ada Lund"]),
        ("By", []),
        ("105092", []),
        ("", []),
    ],
)
def test_declared_names(raw, expected):
    found = names([raw])
    assert list(found) == expected if raw != "Lund, Ada" else found in (("Ada Lund",), ("Lund", "Ada"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ada Lund", ["Ada Lund"]),
        ("Ada van der Lund", ["Ada van der Lund"]),
        ("Ada Lund Senior Autos Reporter", ["Ada Lund"]),
        ("Dr. Ada Lund", ["Dr. Ada Lund"]),
        ("A. B. Lund", ["A. B. Lund"]),
        ("The Bridge editors", ["The Bridge editors"]),
        ("the Gull Team", ["the Gull Team"]),
        ("She left. Nobody saw Ada Lund", []),
        ("December 5", []),
        ("Thursday", []),
        ("Back to blog", []),
        ("5 min read", []),
        ("the bridge is open", []),
        ("Comments", []),
        ("Is this it?", []),
    ],
)
def test_visible_names_are_read_strictly(raw, expected):
    assert list(names([raw], is_declared=False)) == expected


def read(body, head=""):
    html = f"<html><head><meta property='og:site_name' content='The Daily Gull'>{head}</head><body>{body}</body></html>"
    return metadata.read(LexborHTMLParser(html), "https://dailygull.example/bridge").authors


LD = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "headline": "Bridge", "author": {"name": "%s"}}</script>'
)


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("", "<h1>Bridge</h1><p>By Ada Lund</p><p>It is open.</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>By Ada Lund December 5, 2026</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>Written by</p><p>Ada Lund</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p><a rel='author' href='/a'>Ada Lund</a></p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>Ada Lund</p><p>5 November 2026</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>Published 5 November 2026 by Ada Lund</p>", ("Ada Lund",)),
        ("", "<h1>Brücke</h1><p>05.11.2026, 10:30 Uhr von Ada Lund</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>November 5, 2026 · 3 min read · By Ada Lund</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>Nov 5, 2026 • Ada Lund in Bridges</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>Ada Lund | Reporter | November 5, 2026</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>by adal</p>", ("adal",)),
        ("", "<h1>大桥</h1><p>大桥今天通车。</p><p>(责编：李明、王强)</p>", ("李明", "王强")),
        ("", "<h1>Bridge</h1><div class='post'><p>By</p><p>LIMIT</p></div>", ()),
        ("", "<h1>Bridge</h1><p>Bridge Day 15: it opens / Dec 2026</p>", ()),
        ("", "<h1>Bridge</h1><p>It opened on 5 November 2026 by accident.</p>", ()),
        ("", "<h1>Bridge</h1><p>By comparison, Lund has four.</p>", ()),
        ("", "<h1>Bridge</h1><div class='related'><p>By Bo Ek</p></div>", ()),
        ("", "<h1>Bridge</h1><p>By the time it opened, Ada Lund had left.</p>", ()),
        ("<meta name='author' content='Ada Lund'>", "<h1>Bridge</h1><p>By Bo Ek</p>", ("Ada Lund",)),
        (LD % "The Daily Gull", "<h1>Bridge</h1><p>By Ada Lund</p>", ("Ada Lund",)),
        (LD % "The Daily Gull", "<h1>Bridge</h1><p>It is open.</p>", ("The Daily Gull",)),
        (LD % "Ada Lund, The Daily Gull", "<h1>Bridge</h1>", ("Ada Lund",)),
        (LD % "ada.lund", "<h1>Bridge</h1><p>By Ada Lund</p>", ("Ada Lund",)),
        ("", "<h1>Bridge</h1><p>It is open.</p>", ()),
    ],
)
def test_where_names_are_found(head, body, expected):
    assert read(body, head) == expected


@given(st.text(max_size=200))
def test_any_string_is_read(raw):
    assert all(names([raw], is_declared=declared) is not None for declared in (True, False))
