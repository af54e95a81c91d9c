"""The worklist of one source's discovery: it says what to read next and learns from what came back. It does no I/O.

    work = Worklist(source, since=…)
    while (place := work.next()) is not None:
        work.feed(fetch(place.url))          # a body, or None when it could not be read
    work.result()

It owns every limit, so that a hostile or looping site costs a known number of requests: each URL is read once, at most
`MOST_PLACES` of them, at most `DEEPEST` links away from the source, until `MOST_CANDIDATES` are found. Sitemaps are
read newest first, and those that cannot hold anything new (`since`) are not read. Further pages of a feed or a listing
are read only while they still show something unknown, and the same holds for the sitemaps of an index: a poll that
meets known URLs has caught up.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tasks.feeds import autodiscovery, listing, markup, sitemap
from tasks.feeds.found import Format, Found, Place, PlaceKind, Skipped
from tasks.feeds.keep import keep
from tasks.feeds.recognise import parse
from tasks.records import Candidate, Kind, Skip, Source
from tasks.web import urls

MOST_PLACES = 50
"""Requests for lists in one run of one source. The daily sitemaps of six weeks, or a month's and its pages."""

DEEPEST = 3
"""An index of indexes of sitemaps is the deepest that outlets build (sitemaps.org allows no nesting at all)."""

MOST_CANDIDATES = 50_000
"""One full sitemap. A backfill raises it."""

MOST_PAGES_OF_A_FEED = 5
"""Further pages (RFC 5005, `rel=next`) followed from one list in a poll."""

MOST_REMEMBERED = 1_000
"""Places kept waiting, and unread ones kept for the report; an index may name 50,000."""

STALE_IN_A_ROW = 3
"""Sitemaps of one index without a new URL, newest first, after which a poll (`since`) leaves the others: many servers
stamp every child with today's date, or none."""

_START_KINDS = {
    Kind.FEED: PlaceKind.FEED,
    Kind.SITEMAP: PlaceKind.SITEMAP,
    Kind.LISTING: PlaceKind.PAGE,
    Kind.HOME: PlaceKind.PAGE,
    Kind.URLS: PlaceKind.PAGE,
}
_URL_SETS = frozenset({Format.SITEMAP, Format.NEWS_SITEMAP, Format.URL_LIST})
_INDEXES = frozenset({Format.SITEMAP_INDEX, Format.ROBOTS})
_LISTS = frozenset({Kind.LISTING, Kind.HOME})


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How far one run may go."""

    places: int = MOST_PLACES
    depth: int = DEEPEST
    candidates: int = MOST_CANDIDATES
    pages: int = MOST_PAGES_OF_A_FEED


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """What a worklist has found when it is done."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]
    read: tuple[str, ...]
    """URLs of the lists that were read, in order."""
    unread: tuple[Place, ...]
    """Places that were named and not read: closed periods, beyond a limit; the first `MOST_REMEMBERED` of them."""
    unread_count: int
    unreadable: tuple[str, ...]
    problems: tuple[str, ...]
    overflow: int
    """Entries beyond the limits: of too long lists, and skipped URLs that were only counted."""


class Worklist:
    """The places still to read for one source. `is_known` says whether a URL is stored already."""

    def __init__(
        self,
        source: Source,
        *,
        since: datetime | None = None,
        is_known: Callable[[str], bool] = lambda url: False,
        limits: Limits | None = None,
        previous: bytes | None = None,
    ) -> None:
        """Begin with the source's location; `previous` is the body of the listing page at the last visit."""
        self._source = source
        self._since = since
        self._is_known = is_known
        self._limits = limits or Limits()
        self._previous = previous
        kind = _START_KINDS.get(source.kind, PlaceKind.PAGE)
        start = Place(url=source.location, kind=kind, found_in=source.location)
        self._waiting: list[tuple[int, Place]] = [(0, start)]
        self._seen = {_key(start.url)}
        self._current: tuple[int, Place] | None = None
        self._candidates: dict[str, Candidate] = {}
        self._skipped: dict[str, Skipped] = {}
        self._read: list[str] = []
        self._unread: list[Place] = []
        self._unread_count = 0
        self._unreadable: list[str] = []
        self._problems: list[str] = []
        self._overflow = 0
        self._pages = 0
        self._stale: Counter[str] = Counter()

    def next(self) -> Place | None:
        """Return the place to read now, or `None` when discovery is done."""
        if not self._waiting or self._is_full():
            self._leave(place for _, place in self._waiting)
            self._waiting.clear()
            return None
        self._current = self._waiting.pop(0)
        return self._current[1]

    def feed(self, body: bytes | None, url: str | None = None, content_type: str = "") -> Found | None:
        """Take what came back for the last place: the body with its final URL, or `None` when it could not be read."""
        if self._current is None:
            raise ValueError("feed() answers next(), once")
        (depth, place), self._current = self._current, None
        if body is None:
            self._unreadable.append(place.url)
            return None
        self._read.append(place.url)
        self._seen.add(_key(url or place.url))
        found = self._parse(body, url or place.url, content_type)
        self._problems += [f"{place.url}: {problem}" for problem in found.problems]
        self._overflow += found.overflow
        has_news = self._take(found)
        self._count_stale(found, place, has_news=has_news)
        self._add(self._following(found, place, has_news=has_news), depth + 1)
        return found

    def result(self) -> Discovered:
        """Return what was found so far."""
        return Discovered(
            candidates=tuple(self._candidates.values()),
            skipped=tuple(self._skipped.values()),
            read=tuple(self._read),
            unread=tuple(self._unread),
            unread_count=self._unread_count,
            unreadable=tuple(self._unreadable),
            problems=tuple(self._problems),
            overflow=self._overflow,
        )

    def _is_full(self) -> bool:
        return (
            len(self._read) + len(self._unreadable) >= self._limits.places
            or len(self._candidates) >= self._limits.candidates
        )

    def _parse(self, body: bytes, url: str, content_type: str) -> Found:
        found = parse(body, url, source=self._source.name, content_type=content_type)
        if found.format is not Format.HTML or self._source.kind not in _LISTS:
            return found
        previous = markup.text(self._previous) if self._previous else None
        listed = listing.listing(markup.text(body, content_type), url, self._source, previous=previous)
        return dataclasses.replace(listed, places=(*found.places, *listed.places), title=found.title)

    def _take(self, found: Found) -> bool:
        """Keep the candidates; return whether any of them is new."""
        kept, skipped = keep(found.candidates, self._source, found.link)
        for skip in (*found.skipped, *skipped):
            self._skip(skip)
        new = 0
        for candidate in kept:
            key = _key(candidate.url)
            if key in self._candidates:
                continue
            if len(self._candidates) >= self._limits.candidates:
                self._skip(Skipped(url=candidate.url, reason=Skip.OVER_BUDGET))
                continue
            self._candidates[key] = candidate
            new += not self._is_known(candidate.url)
        return new > 0

    def _skip(self, skip: Skipped) -> None:
        """Note a skipped URL; beyond the limit, only their number."""
        if len(self._skipped) < self._limits.candidates:
            self._skipped.setdefault(skip.url, skip)
        elif skip.url not in self._skipped:
            self._overflow += 1

    def _count_stale(self, found: Found, place: Place, *, has_news: bool) -> None:
        """Leave the rest of an index once several of its newest sitemaps in a row held nothing new."""
        if self._since is None or found.format not in _URL_SETS or place.kind is PlaceKind.NEWS_SITEMAP:
            return
        index = place.found_in
        self._stale[index] = 0 if has_news else self._stale[index] + 1
        if self._stale[index] >= STALE_IN_A_ROW:
            self._leave(waiting for _, waiting in self._waiting if waiting.found_in == index)
            self._waiting = [each for each in self._waiting if each[1].found_in != index]

    def _following(self, found: Found, place: Place, *, has_news: bool) -> Iterable[Place]:
        """Return the places that the list names and this source should read, in order."""
        if found.format in _INDEXES or (found.places and found.format is Format.SITEMAP):
            self._leave(child for child in found.places if not sitemap.worth_reading(child, self._since))
            return sitemap.newest_first(child for child in found.places if sitemap.worth_reading(child, self._since))
        if found.format is Format.OPML:
            return found.places
        if found.format is Format.HTML and self._names_feeds(place):
            return autodiscovery.best(found.places)
        if found.format is Format.HTML and self._source.kind is not Kind.LISTING:
            return ()
        pages = [following for following in found.places if following.kind is PlaceKind.PAGE]
        return pages if has_news and self._may_turn_page() else ()

    def _names_feeds(self, place: Place) -> bool:
        """Return whether a page's feeds are read: a home page's, and those of a page in place of a feed that moved."""
        if self._source.kind is Kind.HOME:
            return place.url == self._source.location
        return self._source.kind is Kind.FEED

    def _may_turn_page(self) -> bool:
        self._pages += 1
        return self._pages <= self._limits.pages

    def _leave(self, places: Iterable[Place]) -> None:
        for place in places:
            self._unread_count += 1
            if len(self._unread) < MOST_REMEMBERED:
                self._unread.append(place)

    def _add(self, places: Iterable[Place], depth: int) -> None:
        for place in places:
            key = _key(place.url)
            if key in self._seen or place.kind is PlaceKind.HUB:
                continue
            deepest = self._limits.depth + (self._limits.pages if place.kind is PlaceKind.PAGE else 0)
            if depth > deepest or len(self._waiting) >= MOST_REMEMBERED:
                self._leave([place])
                continue
            self._seen.add(key)
            self._waiting.append((depth, place))


def _key(url: str) -> str:
    return urls.canonical(url)
