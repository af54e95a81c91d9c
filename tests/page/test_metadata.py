"""What a page says about its article, read from small pages of our own making."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page import metadata

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

PAGE = """<html lang="en-GB"><head><title>Harbour bridge reopens after repairs | The Daily Gull</title>
<meta property="og:site_name" content="The Daily Gull"><meta property="og:title" content="Harbour bridge reopens">
<meta property="og:image" content="/bridge.jpg"><link rel="canonical" href="https://gull.example/news/bridge">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Harbour bridge reopens after repairs","datePublished":"2026-11-05T09:30:00+01:00",
"dateModified":"2026-11-06T10:00:00Z","author":[{"@type":"Person","name":"Ada Lund"},{"name":"By Bo Ek"}],
"isAccessibleForFree":"False","publisher":{"name":"The Daily Gull"},}</script></head>
<body><h1>Harbour bridge reopens after repairs</h1>
<p>By Ada Lund and Bo Ek</p><p>The bridge is open.</p></body></html>
"""


def test_a_declared_article_is_read_whole():
    found = metadata.read(LexborHTMLParser(PAGE), "https://gull.example/news/bridge?x=1", now=NOW)
    assert found.title == "Harbour bridge reopens after repairs"
    assert found.authors == ("Ada Lund", "Bo Ek")
    assert found.published_at == datetime(2026, 11, 5, 8, 30, tzinfo=UTC)
    assert found.published_at_source == "json_ld"
    assert found.modified_at == datetime(2026, 11, 6, 10, tzinfo=UTC)
    assert found.language == "en"
    assert found.is_accessible_for_free is False
    assert found.image_url == "https://gull.example/bridge.jpg"
    assert found.publisher == "The Daily Gull"
    assert found.types == ("NewsArticle",)
    assert {note.field for note in found.evidence} == {"title", "authors", "published_at", "modified_at"}


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_page_is_read(text, url):
    found = metadata.read(LexborHTMLParser(f"<title>{text}</title>{text}<h1>{text}</h1>"), url, now=NOW)
    assert found.title is None or found.title


def test_the_tree_is_not_changed():
    tree = LexborHTMLParser(PAGE)
    before = tree.html
    metadata.read(tree, None, now=NOW)
    assert tree.html == before


@pytest.mark.parametrize(
    "page",
    [
        "<meta name=author content='" + "Ann Lee, " * 20_000 + "'>",
        "<h1>" + "a | " * 100_000 + "</h1>",
        "<h1>x</h1>" + "<p class=author>By A</p>" * 20_000,
        "<h1>x</h1>" + "<time datetime=2026-01-01>1</time>" * 20_000,
        "<script type='application/ld+json'>" + '{"a":' * 50_000 + "</script>",
        "<script type='application/ld+json'>[" + '{"@type":"Article"},' * 20_000 + "]</script>",
        "\x00" * 50_000,
    ],
)
def test_hostile_pages_end(page):
    assert metadata.read(LexborHTMLParser(page), "https://x.example/", now=NOW).published_at in (
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
    )
