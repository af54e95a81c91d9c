import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.feeds.found import Format, PlaceKind
from tasks.feeds.recognise import parse
from tasks.records import Skip

URL = "https://gazette.example/feeds/all.xml"


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def rss(items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


ONE_ITEM = "<item><title>Ferry late</title><link>https://gazette.example/a</link></item>"

# -- each dialect: a body → format, and (url, title, published) of its entries

DIALECTS = {
    "RSS 2.0": (
        rss(
            "<item><title>Ferry late</title><link>https://gazette.example/a</link>"
            "<pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate></item>"
        ),
        Format.RSS,
        [("https://gazette.example/a", "Ferry late", at(2026, 11, 24, 9))],
    ),
    "RSS 0.91 with a Netscape document type": (
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        b'"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item>'
        b"<title>Ferry late</title><link>https://gazette.example/a</link></item></channel></rss>",
        Format.RSS,
        [("https://gazette.example/a", "Ferry late", None)],
    ),
    "RSS 0.90": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        b"<channel><title>G</title></channel><item><title>Ferry late</title><link>https://gazette.example/a</link></item>"
        b"</rdf:RDF>",
        Format.RDF,
        [("https://gazette.example/a", "Ferry late", None)],
    ),
    "RSS 1.0, the link only in rdf:about, Dublin Core's date": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://gazette.example/"><title>G</title>'
        b'</channel><item rdf:about="https://gazette.example/a"><title>Ferry late</title>'
        b"<dc:date>2026-11-24T10:00:00Z</dc:date></item></rdf:RDF>",
        Format.RDF,
        [("https://gazette.example/a", "Ferry late", at(2026, 11, 24, 10))],
    ),
    "Atom 1.0 with xml:base": (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://gazette.example/news/"><title>G</title><entry>'
        b'<title type="html">Ferry &lt;b&gt;late&lt;/b&gt;</title><link href="a"/>'
        b"<published>2026-11-24T10:00:00Z</published><updated>2026-11-24T11:00:00Z</updated></entry></feed>",
        Format.ATOM,
        [("https://gazette.example/news/a", "Ferry late", at(2026, 11, 24, 10))],
    ),
    "Atom 0.3": (
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Ferry late</title>'
        b'<link rel="alternate" type="text/html" href="https://gazette.example/a"/>'
        b"<issued>2026-11-24T10:00:00Z</issued><modified>2026-11-24T11:00:00Z</modified></entry></feed>",
        Format.ATOM,
        [("https://gazette.example/a", "Ferry late", at(2026, 11, 24, 10))],
    ),
    "Atom, only the content's source": (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ferry late</title><id>tag:x</id>'
        b'<content type="text/html" src="https://gazette.example/a"/></entry></feed>',
        Format.ATOM,
        [("https://gazette.example/a", "Ferry late", None)],
    ),
    "JSON Feed": (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "G", "items": [{"id": "1", "url": "/a",'
        b'"title": "Ferry late", "date_published": "2026-11-24T10:00:00Z"}, {"id": "no link"}, 7]}',
        Format.JSON_FEED,
        [("https://gazette.example/a", "Ferry late", at(2026, 11, 24, 10))],
    ),
    "CDF": (
        b'<?XML VERSION="1.0"?><CHANNEL HREF="https://gazette.example/"><ITEM HREF="https://gazette.example/a">'
        b"<TITLE>Ferry late</TITLE></ITEM></CHANNEL>",
        Format.RSS,
        [("https://gazette.example/a", "Ferry late", None)],
    ),
    "Sitemap": (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://gazette.example/a\n</loc>'
        b"<lastmod>2026-11-24</lastmod></url></urlset>",
        Format.SITEMAP,
        [("https://gazette.example/a", None, None)],
    ),
    "Google News sitemap": (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://gazette.example/a</loc>'
        b"<news:news><news:publication><news:name>G</news:name><news:language>en</news:language></news:publication>"
        b"<news:publication_date>2026-11-24T10:00:00Z</news:publication_date><news:title>Ferry late &amp; full"
        b"</news:title></news:news></url></urlset>",
        Format.NEWS_SITEMAP,
        [("https://gazette.example/a", "Ferry late & full", at(2026, 11, 24, 10))],
    ),
    "Text sitemap": (
        b"\xef\xbb\xbfhttps://gazette.example/a\r\nhttps://gazette.example/b\r\n",
        Format.URL_LIST,
        [("https://gazette.example/a", None, None), ("https://gazette.example/b", None, None)],
    ),
    "Table": (
        b"id;headline;url;published\n1;Ferry late;https://gazette.example/a;2026-11-24 10:00\n2;x;none;\n",
        Format.TABLE,
        [("https://gazette.example/a", "Ferry late", at(2026, 11, 24, 10))],
    ),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_each_dialect_is_recognised_and_read(name):
    body, format_, expected = DIALECTS[name]
    found = parse(body, URL)
    assert found.format is format_
    assert [(entry.url, entry.title, entry.published_at) for entry in found.candidates] == expected
    assert {entry.found_in for entry in found.candidates} == {URL}


@pytest.mark.parametrize("name", DIALECTS)
def test_gzip_makes_no_difference(name):
    body = DIALECTS[name][0]
    assert parse(gzip.compress(body), URL) == parse(body, URL)
    assert parse(gzip.compress(gzip.compress(body)), URL) == parse(body, URL)


# -- what goes wrong in the wild, and still gives the one entry of ONE_ITEM

BROKEN = {
    "bare ampersand": rss("<title>Fish & Chips</title>" + ONE_ITEM),
    "undefined entity": rss("<description>caf&eacute;&nbsp;&bogus;</description>" + ONE_ITEM),
    "no end": rss(ONE_ITEM)[:-20],
    "blank lines before the declaration": b"\r\n\r\n  " + rss(ONE_ITEM),
    "server's message before it": b"<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b><br />\n" + rss(ONE_ITEM),
    "byte order mark": b"\xef\xbb\xbf" + rss(ONE_ITEM),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + rss(ONE_ITEM),
    "UTF-16": b"\xff\xfe" + rss(ONE_ITEM).decode().encode("utf-16-le"),
    "UTF-16 without a mark": rss(ONE_ITEM).decode().encode("utf-16-be"),
    "control characters": rss("<description>a\x0bb\x00</description>" + ONE_ITEM),
    "upper case": rss(ONE_ITEM).upper().replace(b"HTTPS://GAZETTE.EXAMPLE/A", b"https://gazette.example/a"),
    "undeclared prefix": rss("<media:thing url='x'/><foo:bar>z</foo:bar>" + ONE_ITEM),
    "no rss element": b"<channel>" + ONE_ITEM.encode() + b"</channel>",
    "CDATA": rss(
        "<item><title><![CDATA[Ferry late]]></title><link><![CDATA[https://gazette.example/a]]></link></item>"
    ),
    "relative link": rss("<item><title>Ferry late</title><link>/a</link></item>"),
    "link with spaces": rss("<item><title>Ferry late</title><link>\n https://gazette.example/a \n</link></item>"),
    "guid for a link": rss("<item><title>Ferry late</title><guid>https://gazette.example/a</guid></item>"),
    "guid that says it is none": rss(
        '<item><title>Ferry late</title><guid isPermaLink="false">https://gazette.example/a</guid></item>'
    ),
    "FeedBurner": rss(
        "<item><title>Ferry late</title><link>http://feedproxy.example/~r/x/1</link>"
        '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://gazette.example/a'
        "</feedburner:origLink></item>"
    ),
    "Atom's link in RSS": rss(
        '<item><title>Ferry late</title><a:link xmlns:a="http://www.w3.org/2005/Atom" href="https://gazette.example/a"/>'
        "</item>"
    ),
    "escaped twice": rss("<item><title>&amp;lt;i&amp;gt;Ferry late&amp;lt;/i&amp;gt;</title><link>/a</link></item>"),
    "media and podcasts": rss(
        '<item xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        '<media:content url="https://cdn.example/x.jpg"><media:title>A ferry</media:title></media:content>'
        "<title>Ferry late</title><itunes:title>Pod</itunes:title><link>https://gazette.example/a</link>"
        '<enclosure url="https://cdn.example/x.mp3"/></item>'
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_feed_is_still_read(name):
    found = parse(BROKEN[name], URL)
    assert [entry.url for entry in found.candidates] == ["https://gazette.example/a"]
    assert (found.candidates[0].title or "").casefold() in ("ferry late", "pod")


FERRY = "Fähre nach Föhr fällt für fünf Tage aus"
FERRY_FEED = f"<rss><item><title>{FERRY}</title><link>/a</link></item></rss>"


@pytest.mark.parametrize(
    ("declaration", "content_type"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?>', ""),
        ('<?xml version="1.0" encoding="utf-8"?>', ""),
        ('<?xml version="1.0" encoding="utf-16"?>', ""),
        ('<?xml version="1.0" encoding="no-such"?>', ""),
        ("", ""),
        ("", "text/xml; charset=iso-8859-1"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_the_encoding_is_found_whatever_is_declared(declaration, content_type, encoding):
    found = parse((declaration + FERRY_FEED).encode(encoding), URL, content_type=content_type)
    assert [entry.title for entry in found.candidates] == [FERRY]


def test_hints_travel_with_the_candidate():
    body = rss(
        '<item><title>Ferry late</title><link>/a</link><category>Harbour</category><category domain="x">Y</category>'
        "</item>",
        head="<title>Gazette</title><link>https://gazette.example/</link><language>en-GB</language>",
    )
    found = parse(body, URL, source="Harbour Gazette")
    assert (found.title, found.link, found.language) == ("Gazette", "https://gazette.example/", "en")
    (candidate,) = found.candidates
    assert (candidate.source, candidate.section, candidate.language) == ("Harbour Gazette", "Harbour", "en")


def test_an_atom_entry_that_was_only_updated_has_no_date_of_publication():
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><updated>2026-11-24T10:00:00Z</updated>'
        b"</entry></feed>"
    )
    (candidate,) = parse(body, URL).candidates
    assert candidate.published_at is None
    assert candidate.modified_at == at(2026, 11, 24, 10)


def test_further_pages_and_hubs_are_places():
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feeds/all.xml"/>'
        b'<link rel="next" href="?p=2"/><link rel="hub" href="https://hub.example/"/>'
        b'<link rel="next" href="javascript:x"/></feed>'
    )
    found = parse(body, URL)
    assert [(place.kind, place.url) for place in found.places] == [
        (PlaceKind.PAGE, "https://gazette.example/feeds/all.xml?p=2"),
        (PlaceKind.HUB, "https://hub.example/"),
    ]


def test_a_page_in_place_of_a_feed_names_the_real_one():
    body = (
        b"<!doctype html><html lang=en><head><title>Gazette</title>"
        b"<link rel=alternate type=application/rss+xml href=/rss title='All news'></head><body><p>Log in"
    )
    found = parse(body, URL)
    assert (found.format, found.candidates, found.title) == (Format.HTML, (), "Gazette")
    assert [(place.kind, place.url) for place in found.places] == [(PlaceKind.FEED, "https://gazette.example/rss")]


def test_robots_names_the_sitemaps():
    body = b"User-agent: *\nDisallow: /x\nSITEMAP : https://gazette.example/s.xml\r\nSitemap: /news-sitemap.xml # x\n"
    found = parse(body, "https://gazette.example/robots.txt")
    assert found.format is Format.ROBOTS
    assert [(place.kind, place.url) for place in found.places] == [
        (PlaceKind.SITEMAP, "https://gazette.example/s.xml"),
        (PlaceKind.NEWS_SITEMAP, "https://gazette.example/news-sitemap.xml"),
    ]


def test_links_that_cannot_be_fetched_are_skipped_with_their_reason():
    found = parse(rss("<item><link>javascript:alert(1)</link></item><item><link>mailto:a@b.example</link></item>"), URL)
    assert found.candidates == ()
    assert [skipped.reason for skipped in found.skipped] == [Skip.NOT_HTTP, Skip.NOT_HTTP]


def test_entries_without_a_link_are_counted():
    found = parse(rss("<item><title>x</title></item>" + ONE_ITEM), URL)
    assert found.entry_count == 2
    assert "1 entries without a link" in found.problems


# -- nothing in, or nothing that we know

NOTHING = [
    (b"", Format.EMPTY),
    (b" \r\n ", Format.EMPTY),
    (b"\x00" * 100, Format.EMPTY),
    (b"not a feed", Format.UNKNOWN),
    (b"{", Format.UNKNOWN),
    (b'{"a": 1}', Format.UNKNOWN),
    (b"[1, 2]", Format.UNKNOWN),
    (b"\x89PNG\r\n\x1a\n\x00\x00", Format.UNKNOWN),
    (b"\x1f\x8b\x08broken", Format.EMPTY),
    (b"<svg><path/></svg>", Format.UNKNOWN),
]


@pytest.mark.parametrize(("body", "format_"), NOTHING)
def test_what_is_no_list_gives_nothing_and_says_so(body, format_):
    found = parse(body, URL)
    assert (found.format, found.candidates, found.places) == (format_, (), ())


# -- hostile

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    + b"]>"
)
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://h/">%p;]>'
)
QUADRATIC = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + b"A" * 50_000 + b'">]>'

HOSTILE = {
    "billion laughs": LAUGHS + rss("<item><title>&m;</title><link>/a</link></item>")[21:],
    "external entity": EXTERNAL + rss("<item><title>&x;</title><link>/a</link></item>")[21:],
    "quadratic blow-up": QUADRATIC + rss("<item><title>" + "&a;" * 10_000 + "</title><link>/a</link></item>")[21:],
    "deep": rss("<item><title>x</title><link>/a</link>" + "<a>" * 20_000),
    "deep and broken": rss("<item><title>x</title><link>/a</link>" + "<a&>" * 10_000),
    "many attributes": rss("<item><title>x</title><link>/a</link></item><c " + "a='1' " * 50_000 + "/>"),
    "a giant tag": rss("<c " + "a='1' " * 500_000 + "/><item><title>x</title><link>/a</link></item>"),
    "a giant title": rss("<item><link>/a</link><title>" + "&lt;b&gt;" * 100_000 + "</title></item>"),
    "a giant CDATA": rss("<description><![CDATA[" + "x " * 100_000 + "]]></description>" + ONE_ITEM),
    "unclosed quotes": rss("<item><title>x</title><link>/a</link></item>" + "<c a='" * 50_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_harmless(name):
    found = parse(HOSTILE[name], URL)
    assert found.format is Format.RSS
    assert [entry.url for entry in found.candidates] == ["https://gazette.example/a"]
    assert len(found.candidates[0].title or "") <= 501
    assert "root:" not in (found.candidates[0].title or "")


@pytest.mark.parametrize("root", ["urlset", "opml", "rss", "html"])
@pytest.mark.parametrize("filler", ["<", "<!--", "<![CDATA[", "<!DOCTYPE [", "<a b='", "&", "<?", "<!ENTITY ", "<a "])
def test_repeated_openings_take_linear_time(root, filler):
    parse(f"<{root}>{filler * 30_000}".encode(), URL)
    parse(f"<!DOCTYPE x [{filler * 30_000}".encode(), URL)


@pytest.mark.slow
def test_tags_beyond_the_limit_are_not_read():
    found = parse(rss(ONE_ITEM + "<b/>" * 210_000 + ONE_ITEM), URL)
    assert len(found.candidates) == 1
    assert any("tags" in problem for problem in found.problems)


def test_a_small_document_type_is_understood():
    body = b"<!DOCTYPE rss [<!ENTITY euro '&#8364;'><!ENTITY n \"north\">]>" + rss(
        "<item><title>&euro;5 &n; ferry</title><link>/a</link></item>"
    )
    body = body.replace(b'<?xml version="1.0"?>', b"")
    assert (
        parse(body, URL).candidates[0].title == "€5 north ferry"
        or parse(body, URL).candidates[0].title == "5 north ferry"
    )


def test_a_gzip_bomb_ends_at_the_limit():
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    found = parse(bomb, URL)
    assert any("larger than" in problem for problem in found.problems)


def test_entries_beyond_the_limit_are_counted():
    found = parse(rss("<item><link>/a</link></item>" * 5_010), URL)
    assert (len(found.candidates), found.entry_count, found.overflow) == (5_000, 5_010, 10)


STARTS = [b"", b"<rss>", b"<feed>", b"<urlset>", b"<opml>", b"{", b"\x1f\x8b", b"\xff\xfe", b"<html>", b"<!DOCTYPE ["]
PIECES = [
    b"<item>",
    b"<link>",
    b"<url><loc>",
    b"&a;",
    b"]]>",
    b"<![CDATA[",
    b"<outline xmlUrl='",
    b"\xe9",
    b"<!--",
    b"'>",
]


@given(st.sampled_from(STARTS), st.lists(st.binary(max_size=30) | st.sampled_from(PIECES), max_size=20))
def test_any_bytes_give_a_value(start, pieces):
    found = parse(start + b"".join(pieces), URL)
    for candidate in found.candidates:
        candidate.url.encode()
        (candidate.title or "").encode()


@pytest.mark.parametrize("url", [None, "", "http://[bad", "http://[::1", "\x00"])
def test_an_unreadable_address_is_no_reason_to_fail(url: str | None) -> None:
    html = b'<html><head><link rel="alternate" type="application/rss+xml" href="https://gazette.example/rss"></head></html>'
    assert [place.url for place in parse(html, url).places] == ["https://gazette.example/rss"]
