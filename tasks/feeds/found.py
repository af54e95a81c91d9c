"""What the parsers of this folder return: candidates, and further places to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tasks.records import Candidate, Skip


class Format(StrEnum):
    """What a body was recognised as."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON_FEED = "json_feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP_INDEX = "sitemap_index"
    ROBOTS = "robots"
    OPML = "opml"
    URL_LIST = "url_list"
    TABLE = "table"
    HTML = "html"
    EMPTY = "empty"
    UNKNOWN = "unknown"


FEEDS = frozenset({Format.RSS, Format.RDF, Format.ATOM, Format.JSON_FEED})
SITEMAPS = frozenset({Format.SITEMAP, Format.NEWS_SITEMAP, Format.SITEMAP_INDEX})


class PlaceKind(StrEnum):
    """What is expected at a place."""

    FEED = "feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    PAGE = "page"
    """A further page of the same feed or listing (RFC 5005, `rel=next`)."""
    HUB = "hub"
    """A WebSub hub: noted, never fetched as a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A further place to look for candidates."""

    url: str
    kind: PlaceKind
    found_in: str
    title: str | None = None
    lastmod: datetime | None = None
    """When its content last changed, as the finding place says: the beginning of the day, month or year it names."""
    lastmod_end: datetime | None = None
    """The latest instant that `lastmod` can mean."""
    is_guess: bool = False
    """Whether nothing named the place and only convention suggests it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A URL that was found and is not a candidate, and why."""

    url: str
    reason: Skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one body holds."""

    format: Format
    candidates: tuple[Candidate, ...] = ()
    places: tuple[Place, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    title: str | None = None
    """Of the feed or page."""
    link: str | None = None
    """The site that a feed says it belongs to."""
    language: str | None = None
    problems: tuple[str, ...] = ()
    """What was wrong with the body, in words for its publisher or the operator."""
    entry_count: int = 0
    """Entries seen, whether or not they gave a candidate."""
    overflow: int = 0
    """Entries beyond the limit: counted and not read."""
