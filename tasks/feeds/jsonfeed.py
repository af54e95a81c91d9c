"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tasks.feeds import links, markup
from tasks.feeds.found import Format, Found, Place, PlaceKind, Skipped
from tasks.feeds.syndication import LONGEST_SECTION, MOST_ENTRIES, language_code
from tasks.records import Candidate, Skip
from tasks.text import dates


def jsonfeed(text: str, url: str, source: str = "") -> Found:
    """Return what a JSON Feed holds; any other JSON is of unknown format."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Found(format=Format.UNKNOWN, problems=(f"broken JSON: {type(error).__name__}",))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return Found(format=Format.UNKNOWN, problems=("JSON that is not a JSON Feed",))
    language = language_code(_text(feed, "language"))
    home = links.resolve(url, _text(feed, "home_page_url"))
    candidates: list[Candidate] = []
    skipped: list[Skipped] = []
    for item in items[:MOST_ENTRIES]:
        link = _link(item, url) if isinstance(item, dict) else None
        if link is None:
            continue
        if links.is_http(link):
            candidates.append(_candidate(item, link, url, source, language))
        else:
            skipped.append(Skipped(url=link, reason=Skip.NOT_HTTP))
    without_link = min(len(items), MOST_ENTRIES) - len(candidates) - len(skipped)
    return Found(
        format=Format.JSON_FEED,
        candidates=tuple(candidates),
        places=tuple(_places(feed, url)),
        skipped=tuple(skipped),
        title=markup.words(_text(feed, "title")),
        link=home,
        language=language,
        problems=(f"{without_link} entries without a link",) if without_link else (),
        entry_count=len(items),
        overflow=max(0, len(items) - MOST_ENTRIES),
    )


def _text(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _link(item: dict[str, Any], base: str) -> str | None:
    identifier = _text(item, "id")
    permalink = identifier if identifier and links.is_http(identifier) else None
    return links.resolve(base, _text(item, "url") or permalink or _text(item, "external_url"))


def _candidate(item: dict[str, Any], link: str, url: str, source: str, language: str | None) -> Candidate:
    tags = item.get("tags")
    words = [markup.words(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return Candidate(
        url=link,
        source=source,
        found_in=url,
        title=markup.words(_text(item, "title")),
        published_at=dates.instant(_text(item, "date_published")),
        modified_at=dates.instant(_text(item, "date_modified")),
        section=next((word for word in words if word and len(word) <= LONGEST_SECTION), None),
        language=language_code(_text(item, "language")) or language,
    )


def _places(feed: dict[str, Any], url: str) -> Iterable[Place]:
    following = links.resolve(url, _text(feed, "next_url"))
    if following and links.is_http(following) and following != url:
        yield Place(url=following, kind=PlaceKind.PAGE, found_in=url)
    hubs = feed.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        href = links.resolve(url, _text(hub, "url")) if isinstance(hub, dict) else None
        if href and links.is_http(href):
            yield Place(url=href, kind=PlaceKind.HUB, found_in=url)
