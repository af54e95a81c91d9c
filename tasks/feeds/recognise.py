"""Recognise what a body is, and read it: feed, sitemap, OPML, list of URLs, or a page or robots.txt that names them.

The bytes decide; the URL's ending and the declared type are often wrong. A site that answers every path with its home
page, and a login page in place of a feed, are recognised as HTML, and the feeds they name are places to look.

Pure and bounded: any bytes give a `Found`, in time linear in their number. What was left out is counted (`overflow`,
`problems`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from tasks.feeds import autodiscovery, markup
from tasks.feeds.found import Format, Found
from tasks.feeds.jsonfeed import jsonfeed
from tasks.feeds.opml import opml
from tasks.feeds.sitemap import sitemap
from tasks.feeds.syndication import syndication
from tasks.feeds.unpack import unpack
from tasks.feeds.urllist import urllist

MOST_FEED_BYTES = 16 * 1024 * 1024
"""Miniflux reads 15 MiB of a feed. The largest genuine ones, whole podcast archives, have about 10."""

_SYNDICATION = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})
_SITEMAP = frozenset({"urlset", "sitemapindex", "url", "sitemap"})
_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(rss|rdf|feed|channel|urlset|sitemapindex|opml)[\s>]", re.IGNORECASE)
_ROOT_WITHIN = 65_536
"""Characters in which the root element is sought after junk: error messages of the server's software, mostly."""

_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
MOST_ROBOTS_CHARACTERS = 500 * 1024
"""RFC 9309, section 2.5: a crawler reads 500 KiB of robots.txt."""

_HTML = frozenset({"html", "head", "body", "title", "meta", "link", "div", "p", "script", "main", "header", "nav", "a"})
_ELEMENT = re.compile(r"<(?:[\w.-]{1,20}:)?([A-Za-z_][\w.-]{0,40})")


def parse(body: bytes, url: str | None = "", *, source: str = "", content_type: str = "") -> Found:
    """Return what the body holds. `url` is where it was found, `source` the name that its candidates carry."""
    url = _readable(url or "")
    body, problems = unpack(body)
    text = markup.text(body, content_type)
    found = _read(text, body, url, source)
    return dataclasses.replace(found, problems=(*problems, *found.problems)) if problems else found


def _readable(url: str) -> str:
    """Return the address, or nothing for one that cannot be taken apart: relative links then stay unresolved."""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def _read(text: str, body: bytes, url: str, source: str) -> Found:
    text = text.lstrip("\ufeff\u200b \t\r\n\x00")
    if not text:
        return Found(format=Format.EMPTY, problems=("the body is empty",))
    if text[0] in "{[":
        return jsonfeed(text[:MOST_FEED_BYTES], url, source)
    content = markup.content(text)
    root, content = _root(content)
    reader = _READERS.get(root)
    if reader:
        return reader(content, url, source)
    if root in _HTML or re.match(r"<!doctype html", text, re.IGNORECASE):
        return autodiscovery.page(text, url)
    sitemaps = _SITEMAP_LINE.findall(text[:MOST_ROBOTS_CHARACTERS])
    if sitemaps:
        return Found(format=Format.ROBOTS, places=tuple(autodiscovery.from_robots(sitemaps, url)))
    return urllist(text, url, source)


def _root(content: str) -> tuple[str, str]:
    """Return the root element's name, and the content from it on."""
    first = _ELEMENT.match(content)
    name = first[1].lower() if first else ""
    if name in _READERS or name in ("html", "head"):
        return name, content
    after_junk = _ROOT.search(content, 0, _ROOT_WITHIN)
    if after_junk:
        return after_junk[1].lower(), content[after_junk.start() :]
    return name, content


def _syndication(content: str, url: str, source: str) -> Found:
    if len(content) <= MOST_FEED_BYTES:
        return syndication(content, url, source)
    found = syndication(content[:MOST_FEED_BYTES], url, source)
    problem = f"larger than {MOST_FEED_BYTES} characters: the rest was not read"
    return dataclasses.replace(found, problems=(*found.problems, problem))


_READERS: dict[str, Callable[[str, str, str], Found]] = {
    **dict.fromkeys(_SYNDICATION, _syndication),
    **dict.fromkeys(_SITEMAP, sitemap),
    "opml": lambda content, url, source: opml(content, url),
}
