"""What a page says about its article, read from small pages of our own making."""

from datetime import UTC, datetime

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
