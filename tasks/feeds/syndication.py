"""RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, and CDF: read by feedparser, safely configured.

feedparser knows twenty years of broken feeds. What it is not asked to do: fetch (it gets bytes in memory, never a name
that it would open), guess an encoding (the text arrives decoded), read a document type (it is gone, see `markup`),
clean or rewrite the HTML of descriptions (nobody reads them here: a fifth of the time). Its time is linear in what it
gets, and `slim` bounds that.

The link of an entry, in order: FeedBurner's original, the link, Atom's `content src`, the guid that is a URL. Dates are
read by `tasks.text.dates` from the words in the feed; where that gives up, feedparser's own reading (Korean, Greek and
Hungarian forms) stands. An RSS item's only date, even if it is called `dc:date`, is when it was published. An Atom
entry's `updated` is not.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import feedparser

from tasks.feeds import links, markup
from tasks.feeds.found import Format, Found, Place, PlaceKind, Skipped
from tasks.feeds.slim import slim
from tasks.records import Candidate, Skip
from tasks.text import dates

MOST_ENTRIES = 5_000
"""Entries read from one feed. Archives in one file, such as podcasts', reach about 3,000."""

LONGEST_SECTION = 80

_PLACES = {"next": PlaceKind.PAGE, "prev-archive": PlaceKind.PAGE, "hub": PlaceKind.HUB}
"""Link relation → place: RFC 5005 pages and archives, WebSub hubs."""

_FORMATS = (("atom", Format.ATOM), ("rss10", Format.RDF), ("rss090", Format.RDF))


def syndication(content: str, url: str, source: str = "") -> Found:
    """Return what a feed holds. `content` begins with the root element, as `markup.content` returns it."""
    content, problems = slim(content)
    document = b'<?xml version="1.0" encoding="utf-8"?>' + content.encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(document), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except Exception as error:  # noqa: BLE001 - hostile text in somebody else's parser: what it raises is "unreadable"
        return Found(format=Format.UNKNOWN, problems=(*problems, f"unreadable feed: {type(error).__name__}"))
    if parsed.get("bozo"):
        problems += (f"malformed feed: {_one_line(parsed.get('bozo_exception'))}",)
    return _found(parsed, url, source, problems)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:200]


def _found(parsed: dict[str, Any], url: str, source: str, problems: tuple[str, ...]) -> Found:
    version = parsed.get("version") or ""
    feed = parsed.get("feed") or {}
    entries = parsed.get("entries") or []
    format_ = next((format_ for prefix, format_ in _FORMATS if version.startswith(prefix)), Format.RSS)
    language = language_code(_get(feed, "language"))
    candidates: list[Candidate] = []
    skipped: list[Skipped] = []
    for entry in entries[:MOST_ENTRIES]:
        link = _link(entry, url)
        if link is None:
            continue
        if not links.is_http(link):
            skipped.append(Skipped(url=link, reason=Skip.NOT_HTTP))
            continue
        candidates.append(_candidate(entry, link, url, source, language, is_atom=format_ is Format.ATOM))
    without_link = min(len(entries), MOST_ENTRIES) - len(candidates) - len(skipped)
    if without_link:
        problems += (f"{without_link} entries without a link",)
    return Found(
        format=format_,
        candidates=tuple(candidates),
        places=tuple(_places(feed, url)),
        skipped=tuple(skipped),
        title=markup.words(_get(feed, "title")),
        link=links.resolve(url, _get(feed, "link")),
        language=language,
        problems=problems,
        entry_count=len(entries),
        overflow=max(0, len(entries) - MOST_ENTRIES),
    )


def _get(values: dict[str, Any], key: str) -> str | None:
    """Return the string under a key. `dict.get` itself: feedparser's own answers `updated` with `published`."""
    value = dict.get(values, key)
    return value if isinstance(value, str) and value.strip() else None


def _link(entry: dict[str, Any], base: str) -> str | None:
    found = [link for href in _hrefs(entry) if (link := links.resolve(base, href))]
    return next((link for link in found if links.is_http(link)), found[0] if found else None)


def _hrefs(entry: dict[str, Any]) -> Iterable[str | None]:
    yield _get(entry, "feedburner_origlink")
    yield _get(entry, "link")
    alternates = [link for link in entry.get("links") or () if link.get("rel", "alternate") == "alternate"]
    yield from (link.get("href") for link in alternates)
    yield from (content.get("src") for content in entry.get("content") or ())
    identifier = _get(entry, "id")
    if identifier and links.is_http(identifier):
        yield identifier


def _candidate(
    entry: dict[str, Any], link: str, url: str, source: str, language: str | None, *, is_atom: bool
) -> Candidate:
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    if published is None and not is_atom:
        published, updated = updated, None
    return Candidate(
        url=link,
        source=source,
        found_in=url,
        title=markup.words(_get(entry, "title")),
        published_at=published,
        modified_at=updated,
        section=_section(entry),
        language=language_code(_get(entry, "language") or (entry.get("title_detail") or {}).get("language"))
        or language,
    )


def _date(entry: dict[str, Any], key: str) -> datetime | None:
    read = dates.instant(_get(entry, key))
    if read is not None:
        return read
    parsed = dict.get(entry, f"{key}_parsed")
    if parsed is None or dates.parse(_get(entry, key)) is not None:
        return None  # nothing, or only the month or year is known
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _section(entry: dict[str, Any]) -> str | None:
    for tag in entry.get("tags") or ():
        term = markup.words(tag.get("label") or tag.get("term"))
        if term and len(term) <= LONGEST_SECTION and not links.is_http(term):
            return term
    return None


_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,20})?")


def language_code(tag: str | None) -> str | None:
    """Return the primary subtag of a language tag (RFC 5646) in lower case."""
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def _places(feed: dict[str, Any], url: str) -> Iterable[Place]:
    seen: set[str] = {url}
    for link in feed.get("links") or ():
        kind = _PLACES.get(str(link.get("rel", "")).lower())
        href = links.resolve(url, link.get("href"))
        if kind and href and links.is_http(href) and href not in seen:
            seen.add(href)
            yield Place(url=href, kind=kind, found_in=url)
