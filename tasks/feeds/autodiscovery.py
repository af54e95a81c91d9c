"""Where an outlet's lists are, as its home page and robots.txt tell, and which of them to propose.

Best first: a news sitemap is complete and dated; the main feed is short and dated; a section's feed and a general
sitemap follow; what only convention suggests comes last. Feeds of comments, of a single author or of search results are
not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.feeds import declarations, links, markup
from tasks.feeds.found import FEEDS, SITEMAPS, Format, Found, Place, PlaceKind
from tasks.feeds.syndication import language_code
from tasks.feeds.tree import tree
from tasks.records import Kind, Source

MOST_PLACES = 50

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/rss",
        "application/atom",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "text/rss+xml",
        "text/atom+xml",
    }
)
"""Types that name a feed (WHATWG HTML, section 4.6.7.1, and misspellings met in pages)."""

_MAYBE_FEED_TYPES = frozenset({"application/json", "application/xml", "text/xml", "text/rdf"})
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:[/._?-]|\d*$)|[?&](?:feed|format)=(?:rss|atom)", re.IGNORECASE
)
_NOT_A_LIST = re.compile(
    r"comment|kommentar|commentaire|comentario|/author/|/search/|[?&]s=|replies|oembed|wp-json", re.I
)
_NEWS_SITEMAP = re.compile(r"news", re.IGNORECASE)

GUESSES: tuple[tuple[str, PlaceKind], ...] = (
    ("/news-sitemap.xml", PlaceKind.NEWS_SITEMAP),
    ("/sitemap-news.xml", PlaceKind.NEWS_SITEMAP),
    ("/sitemap_news.xml", PlaceKind.NEWS_SITEMAP),
    ("/feed/", PlaceKind.FEED),
    ("/rss.xml", PlaceKind.FEED),
    ("/feed.xml", PlaceKind.FEED),
    ("/rss", PlaceKind.FEED),
    ("/atom.xml", PlaceKind.FEED),
    ("/index.xml", PlaceKind.FEED),
    ("/sitemap.xml", PlaceKind.SITEMAP),
    ("/sitemap_index.xml", PlaceKind.SITEMAP),
    ("/sitemap-index.xml", PlaceKind.SITEMAP),
)
"""Paths by convention: WordPress and its SEO plug-ins, Drupal, Hugo, Jekyll, Ghost; sitemaps.org for the last three."""


def page(html: str, url: str) -> Found:
    """Return the feeds that a page names, best first, with its title and language. It has no candidates of its own."""
    parsed = tree(html)
    title = parsed.css_first("title")
    root = parsed.root
    return Found(
        format=Format.HTML,
        places=tuple(_ranked(_named(parsed, url), url)[:MOST_PLACES]),
        title=markup.words(title.text()) if title is not None else None,
        language=language_code(root.attributes.get("lang")) if root is not None else None,
    )


def places(found: Found, url: str, sitemaps: Sequence[str] = (), *, with_guesses: bool = True) -> tuple[Place, ...]:
    """Return everywhere to look, best first: what the page names, robots.txt's `Sitemap` lines, and what is usual."""
    named = [*found.places, *from_robots(sitemaps, url)]
    guesses = guessed(url) if with_guesses else ()
    return tuple(_ranked((*named, *guesses), url)[:MOST_PLACES])


MOST_FEEDS_OF_A_HOME = 2
"""Feeds read for a home page: the main one, and the next in case the first is dead or of one section."""


def best(found: Sequence[Place]) -> tuple[Place, ...]:
    """Return the few places to read along with a home page, best first."""
    return tuple(place for place in found if place.kind is PlaceKind.FEED)[:MOST_FEEDS_OF_A_HOME]


def from_robots(sitemaps: Iterable[str], url: str) -> Iterator[Place]:
    """Yield the sitemaps that robots.txt names."""
    for line in sitemaps:
        href = links.resolve(url, line)
        if href and links.is_http(href):
            is_news = _NEWS_SITEMAP.search(urlsplit(href).path.rsplit("/", 1)[-1]) is not None
            kind = PlaceKind.NEWS_SITEMAP if is_news else PlaceKind.SITEMAP
            yield Place(url=href, kind=kind, found_in=links.resolve(url, "/robots.txt") or url)


def guessed(url: str) -> tuple[Place, ...]:
    """Return the places that exist on many sites, unasked for."""
    found = ((links.resolve(url, path), kind) for path, kind in GUESSES)
    return tuple(Place(url=href, kind=kind, found_in=url, is_guess=True) for href, kind in found if href)


def _named(parsed: LexborHTMLParser, url: str) -> Iterator[Place]:
    base = _base(parsed, url)
    for node in parsed.css("link[rel]"):
        relations = (node.attributes.get("rel") or "").lower().split()
        href = links.resolve(base, node.attributes.get("href"))
        if href and "alternate" in relations and links.is_http(href) and _is_feed_link(node, href):
            yield Place(url=href, kind=PlaceKind.FEED, found_in=url, title=markup.words(node.attributes.get("title")))
    for node in parsed.css("a[href]"):
        href = links.resolve(base, node.attributes.get("href"))
        if href and links.is_http(href) and _looks_like_feed(href, url):
            yield Place(url=href, kind=PlaceKind.FEED, found_in=url, title=markup.words(node.text()))


def _base(parsed: LexborHTMLParser, url: str) -> str:
    node = parsed.css_first("base[href]")
    return (links.resolve(url, node.attributes.get("href")) if node is not None else None) or url


def _is_feed_link(node: LexborNode, href: str) -> bool:
    type_ = (node.attributes.get("type") or "").split(";")[0].strip().lower()
    return type_ in FEED_TYPES or (type_ in _MAYBE_FEED_TYPES and _FEED_PATH.search(urlsplit(href).path) is not None)


def _looks_like_feed(href: str, url: str) -> bool:
    parts = urlsplit(href)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1].lower()
    is_feed = last in ("rss", "feed", "atom", "feeds", "rss2") or last.endswith((".rss", ".rdf", ".atom"))
    is_feed |= last.endswith(".xml") and _FEED_PATH.search(parts.path) is not None
    return is_feed and (_is_related(parts.hostname or "", links.host(url)) or "feedburner" in (parts.hostname or ""))


def _is_related(host: str, other: str) -> bool:
    host, other = host.removeprefix("www."), other.removeprefix("www.")
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")


_KIND_ORDER = {PlaceKind.NEWS_SITEMAP: 0, PlaceKind.FEED: 1, PlaceKind.SITEMAP: 3}


def _ranked(found: Iterable[Place], url: str) -> list[Place]:
    """Return the places best first, each URL once; feeds of comments and the like are left out."""
    once: dict[str, Place] = {}
    for place in found:
        if not _NOT_A_LIST.search(f"{place.url} {place.title or ''}"):
            once.setdefault(place.url, place)
    depth = urlsplit(url).path.count("/")

    def order(place: Place) -> tuple[int, int, int, int]:
        segments = urlsplit(place.url).path.strip("/").count("/")
        return int(place.is_guess), _KIND_ORDER.get(place.kind, 4), max(0, segments - depth), len(place.url)

    return sorted(once.values(), key=order)


# -- the proposal -------------------------------------------------------------------------------------------------

_FORMAT_SCORE = {Format.NEWS_SITEMAP: 3.0, Format.SITEMAP: 0.5, Format.SITEMAP_INDEX: 1.0}
_FEED_SCORE = 2.0
_ALTERNATIVES = 5


def score(found: Found) -> float:
    """Return how good a source a list makes: its make, and the share of its entries with date and title."""
    if found.format not in FEEDS | SITEMAPS or not (found.candidates or found.places):
        return 0.0
    entries = found.candidates
    made = _FORMAT_SCORE.get(found.format, _FEED_SCORE)
    dated = sum(entry.published_at is not None for entry in entries) / max(1, len(entries))
    titled = sum(entry.title is not None for entry in entries) / max(1, len(entries))
    return made + dated + titled + min(len(entries), 20) / 40


def propose(url: str, page: Found, looked: Sequence[tuple[Place, Found]]) -> str:
    """Return the TOML block to paste for the outlet at `url`, the best list first, the others named in comments."""
    ranked = sorted(((score(found), place, found) for place, found in looked), key=lambda each: -each[0])
    good = [(place, found) for points, place, found in ranked if points > 0]
    name = _name(page.title, url)
    language = page.language or next((found.language for _, found in good if found.language), None)
    if not good:
        block = declarations.write([_source(name, Kind.LISTING, url, url, language)])
        return f"# No feed and no sitemap was found at {url}: its front page is read as a list.\n{block}"
    place, found = good[0]
    kind = Kind.FEED if found.format in FEEDS else Kind.SITEMAP
    lines = [f"# {_summary(place, found)}"]
    lines += [f"# also: {_summary(*other)}" for other in good[1 : _ALTERNATIVES + 1]]
    return "\n".join(lines) + "\n" + declarations.write([_source(name, kind, place.url, url, language)])


def _source(name: str, kind: Kind, location: str, url: str, language: str | None) -> Source:
    return Source(name=name, kind=kind, location=location, outlet=links.host(url) or None, language=language)


_SEPARATOR = re.compile(r"\s+[|–—·:»-]\s+|\s*[|»]\s*|:\s")


def _name(title: str | None, url: str) -> str:
    """Return the outlet's name: the part of the page's title that its host spells, or else the shortest part."""
    parts = [part.strip() for part in _SEPARATOR.split(title or "") if part.strip()]
    host = re.sub(r"[^a-z0-9]", "", links.host(url))
    spelt = [part for part in parts if re.sub(r"[^a-z0-9]", "", part.lower()) in host and part.isascii()]
    name = (spelt or sorted(parts, key=len) or [links.host(url) or url])[0]
    return re.sub(r"[\x00-\x1f\x7f]", " ", name)[: declarations.LONGEST_NAME].strip() or "unnamed"


def _summary(place: Place, found: Found) -> str:
    what = found.format.value.replace("_", " ")
    count = (
        f"{len(found.places)} sitemaps" if found.format is Format.SITEMAP_INDEX else f"{len(found.candidates)} links"
    )
    dated = sum(entry.published_at is not None for entry in found.candidates)
    dates_ = f", {dated} dated" if found.candidates else ""
    return f"{what}, {count}{dates_}: {' '.join(place.url.split())}"
