"""Sitemaps (sitemaps.org 0.9): URL sets, indexes, Google News; and which of their children are worth reading.

Read with the scanner of `markup`, so bad namespaces, bare `&`, a missing end and upper-case tags do no harm. What an
entry says about images and videos is passed over (an `image:loc` is no article). A news sitemap is the best list an
outlet publishes: title and date before the page is fetched.

An index names hundreds of children, most of them closed months. `worth_reading` decides from `lastmod`, or else from
the period in the child's name (`sitemap-2026-11.xml`), whether anything in it can be new.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from tasks.feeds import links, markup
from tasks.feeds.found import Format, Found, Place, PlaceKind, Skipped
from tasks.feeds.syndication import language_code
from tasks.records import Candidate, Skip
from tasks.text import dates

MOST_ENTRIES = 50_000
"""sitemaps.org: a sitemap holds at most 50,000 URLs, an index at most 50,000 sitemaps."""

_ENTRIES = frozenset({"url", "sitemap"})
_OTHERS = frozenset({"image", "video", "mobile", "pagemap"})
"""Extension elements whose own `loc`, `title` and dates are not the page's (Google's image and video extensions)."""

_FIELDS = frozenset({"loc", "lastmod", "publication_date", "title", "language", "keywords", "genres"})
LONGEST_FIELD = 5_000
"""Characters kept of one element's text; URLs end at 2,048 (sitemaps.org), titles sooner."""


def sitemap(content: str, url: str, source: str = "") -> Found:
    """Return the candidates of a URL set, or the children of an index as places."""
    candidates: list[Candidate] = []
    places: list[Place] = []
    skipped: list[Skipped] = []
    count, without_loc, last, has_news, is_index = 0, 0, 0, False, False
    for name, entry, end in islice(_entries(content), MOST_ENTRIES):
        count, last = count + 1, end
        link = links.resolve(url, "".join(entry.get("loc", "").split()))
        if link is None:
            without_loc += 1
        elif not links.is_http(link):
            skipped.append(Skipped(url=link, reason=Skip.NOT_HTTP))
        elif name == "sitemap":
            is_index = True
            places.append(_child(link, entry, url))
        else:
            has_news |= "publication_date" in entry
            candidates.append(_candidate(link, entry, url, source))
    overflow = len(_ENTRY.findall(content, last)) if count == MOST_ENTRIES else 0
    return Found(
        format=_format(content, is_index=is_index and not candidates, has_news=has_news),
        candidates=tuple(candidates),
        places=tuple(places),
        skipped=tuple(skipped),
        problems=tuple(_problems(without_loc, overflow)),
        entry_count=count + overflow,
        overflow=overflow,
    )


def _format(content: str, *, is_index: bool, has_news: bool) -> Format:
    if is_index or re.match(r"<(?:[\w.-]+:)?sitemapindex\b", content, re.IGNORECASE):
        return Format.SITEMAP_INDEX
    return Format.NEWS_SITEMAP if has_news else Format.SITEMAP


def _problems(without_loc: int, overflow: int) -> Iterator[str]:
    if without_loc:
        yield f"{without_loc} entries without a link"
    if overflow:
        yield f"more than {MOST_ENTRIES} entries: {overflow} were not read"


_ENTRY = re.compile(r"<(?:[\w.-]{1,20}:)?(?:url|sitemap)[\s>]", re.IGNORECASE)


def _entries(content: str) -> Iterator[tuple[str, dict[str, str], int]]:
    """Yield the name of each entry's element, the texts of its fields (the first of each), and where it ended."""
    name, entry = "", dict[str, str]()
    field, other = "", ""
    for text, tag in markup.tags(content):
        if field and text.strip() and field not in entry:
            entry[field] = text[:LONGEST_FIELD].strip()
        field = ""
        if tag is None:
            break
        if tag.name in _ENTRIES and not other:
            if name:  # its end, or the next one's beginning where the end is missing
                yield name, entry, tag.start
            name, entry = ("" if tag.is_end or tag.is_empty else tag.name), {}
        elif tag.name in _OTHERS and (not other or tag.name == other):
            other = "" if tag.is_end or tag.is_empty else tag.name
        elif name and not other and not tag.is_end and tag.name in _FIELDS:
            field = tag.name
        elif tag.is_end and tag.name == name:
            other = ""
    if name and entry:
        yield name, entry, len(content)


def _candidate(link: str, entry: dict[str, str], url: str, source: str) -> Candidate:
    return Candidate(
        url=link,
        source=source,
        found_in=url,
        title=markup.words(entry.get("title")),
        published_at=dates.instant(entry.get("publication_date")),
        modified_at=dates.instant(entry.get("lastmod")),
        language=language_code(entry.get("language")),
    )


_NEWS_NAME = re.compile(r"(?<![a-z])(?:google[-_.]?)?news(?![a-z])", re.IGNORECASE)


def _child(link: str, entry: dict[str, str], url: str) -> Place:
    moment = dates.parse(entry.get("lastmod"))
    is_news = _NEWS_NAME.search(link.rsplit("/", 1)[-1]) is not None
    return Place(
        url=link,
        kind=PlaceKind.NEWS_SITEMAP if is_news else PlaceKind.SITEMAP,
        found_in=url,
        lastmod=moment.at if moment else None,
        lastmod_end=_end(moment) if moment else None,
    )


def _end(moment: dates.Moment) -> datetime:
    """Return the latest instant that a date can mean: the end of its year, month or day."""
    at = moment.at
    if moment.precision is dates.Precision.TIME:
        return at
    if moment.precision is dates.Precision.DAY:
        return at + timedelta(days=1)
    month = at.month if moment.precision is dates.Precision.MONTH else 12
    return datetime(at.year, month, calendar.monthrange(at.year, month)[1], tzinfo=UTC) + timedelta(days=1)


# -- what a poll reads --------------------------------------------------------------------------------------------

_SLACK = timedelta(days=2)
"""Added to a period's end: articles of the last evening are listed the day after, in the outlet's own time zone."""

_PERIOD = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?:(?P<sep>[-_/.]?)(?:m(?:onth)?[-_]?)?(?P<month>0[1-9]|1[0-2])"
    r"(?:(?P=sep)(?P<day>0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)


_QUERY_DATE = re.compile(r"[?&](?:y+|year)=(20\d\d)(?:&|&amp;)(?:m+|month)=(\d\d)(?:(?:&|&amp;)(?:d+|day)=(\d\d))?")


def period_end(url: str) -> datetime | None:
    """Return the end of the day, month or year that a sitemap's URL names, as in `sitemap-2026-11.xml`."""
    every = list(_PERIOD.finditer(_QUERY_DATE.sub(r"/\1-\2-\3", url)))
    if not every:
        return None
    found = every[-1]  # the file's own name comes last
    year, month, day = (int(found[part]) if found[part] else None for part in ("year", "month", "day"))
    try:
        if day:
            return datetime(year or 0, month or 0, day, tzinfo=UTC) + timedelta(days=1)
        last_month = month or 12
        last_day = calendar.monthrange(year or 0, last_month)[1]
        return datetime(year or 0, last_month, last_day, tzinfo=UTC) + timedelta(days=1)
    except ValueError:
        return None


def worth_reading(place: Place, since: datetime | None) -> bool:
    """Return whether a child sitemap can hold anything newer than `since`; when in doubt, it can."""
    if since is None or place.kind is PlaceKind.NEWS_SITEMAP:
        return True
    if place.lastmod_end is not None:
        return place.lastmod_end >= since
    ended = period_end(place.url)
    return ended is None or ended + _SLACK >= since


_OTHER_THINGS = re.compile(
    r"(?<![a-z])(?:tag|category|author|user|image|video|page|product|event|static)", re.IGNORECASE
)
"""Names of sitemaps by WordPress's and Drupal's plug-ins that list no articles, or the same ones as pictures."""


def newest_first(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places in the order to read them: news, by date of change or period, undated, other things."""

    def order(place: Place) -> tuple[int, float]:
        if place.kind is PlaceKind.NEWS_SITEMAP:
            return 0, 0.0
        if _OTHER_THINGS.search(place.url.rsplit("/", 1)[-1]):
            return 3, 0.0
        at = place.lastmod or period_end(place.url)
        return (1, -at.timestamp()) if at else (2, 0.0)

    return tuple(sorted(places, key=order))
