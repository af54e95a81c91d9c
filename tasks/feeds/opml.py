"""OPML 1.0 and 2.0: the subscription lists of feed readers, in and out.

An outline with an `xmlUrl` is a feed; outlines around it are categories, which become tags. Wirehouse's own settings
travel as attributes in a namespace of its own (other readers ignore them), so that export and import give the same
sources back.
"""

from __future__ import annotations

import dataclasses
import html
import json
from collections.abc import Iterable, Iterator, Mapping

from tasks.errors import ConfigurationError
from tasks.feeds import declarations, links, markup
from tasks.feeds.found import Format, Found, Place, PlaceKind
from tasks.records import Kind, Source

NAMESPACE = "urn:wirehouse:source"
MOST_OUTLINES = 20_000
DEEPEST = 20
"""Nested categories that become tags; what lies deeper is read without the outermost."""

_LONGEST_TAG = 100


def read(body: bytes, content_type: str = "", *, allow_private: bool = False) -> tuple[Source, ...]:
    """Return a source for each feed of the list, in order; names are made distinct.

    A list may be a stranger's: its word that private addresses may be contacted counts only with `allow_private`.
    """
    outlines = _outlines(markup.content(markup.text(body, content_type)))
    sources: list[Source] = []
    names: set[str] = set()
    urls: set[str] = set()
    for attributes, categories in outlines:
        source = _source(attributes, categories)
        if source is not None and not allow_private:
            source = dataclasses.replace(source, allow_private=False)
        if source is None or source.location in urls:
            continue
        urls.add(source.location)
        sources.append(dataclasses.replace(source, name=_distinct(source.name, names)))
    return tuple(sources)


def opml(content: str, url: str) -> Found:
    """Return the feeds of an OPML document as places."""
    places: dict[str, Place] = {}
    count = 0
    for attributes, _ in _outlines(content):
        count += 1
        href = links.resolve(url, attributes.get("xmlurl"))
        if href and links.is_http(href):
            title = markup.words(attributes.get("title") or attributes.get("text"))
            places.setdefault(href, Place(url=href, kind=PlaceKind.FEED, found_in=url, title=title))
    return Found(format=Format.OPML, places=tuple(places.values()), entry_count=count)


def write(sources: Iterable[Source], title: str = "Wirehouse sources") -> str:
    """Return the OPML text of the sources that have a URL; `read` gives the same sources back."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:wirehouse="{NAMESPACE}">',
        f"  <head><title>{html.escape(title)}</title></head>",
        "  <body>",
        *(f"    {_outline(source)}" for source in sources if links.is_http(source.location)),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


# -- reading ------------------------------------------------------------------------------------------------------


def _outlines(content: str) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Yield the attributes of each feed's outline with the titles of the outlines around it, outermost first."""
    around: list[str] = []
    depth_beyond = 0
    count = 0
    for _, tag in markup.tags(content):
        if tag is None or count >= MOST_OUTLINES:
            return
        if tag.name != "outline":
            continue
        if tag.is_end:
            if depth_beyond:
                depth_beyond -= 1
            elif around:
                around.pop()
            continue
        attributes = {name.lower(): value for name, value in tag.attributes().items()}
        if attributes.get("xmlurl"):
            count += 1
            yield attributes, tuple(title for title in around if title)
        if tag.is_empty:
            continue
        if len(around) < DEEPEST:
            is_feed = bool(attributes.get("xmlurl"))
            around.append("" if is_feed else (attributes.get("title") or attributes.get("text") or ""))
        else:
            depth_beyond += 1


def _source(attributes: Mapping[str, str], categories: tuple[str, ...]) -> Source | None:
    href = links.resolve(None, attributes["xmlurl"])
    if not href:
        return None
    own = _own(attributes)
    title = markup.words(attributes.get("title") or attributes.get("text")) or links.host(href) or href
    name = own.pop("name", None) or title[: declarations.LONGEST_NAME].strip()
    named = attributes.get("category", "").replace("/", ",").split(",")
    tags = [tag for tag in (markup.words(word) for word in (*categories, *named)) if tag and len(tag) <= _LONGEST_TAG]
    table = {"name": name, "kind": Kind.FEED.value, "url": href, "tags": list(dict.fromkeys(tags)), **own}
    for attempt in (table, {key: table[key] for key in ("name", "kind", "url")}):
        try:
            return declarations.from_table(attempt, "OPML")
        except ConfigurationError:
            continue  # a stranger's list: settings that do not hold are dropped, then the feed itself
    return None


def _own(attributes: Mapping[str, str]) -> dict[str, object]:
    """Return the settings that an export of ours wrote into the outline."""
    try:
        table = json.loads(attributes.get("settings") or "{}")
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def _distinct(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        suffix = f" ({number})"
        candidate = name[: declarations.LONGEST_NAME - len(suffix)] + suffix
    taken.add(candidate)
    return candidate


# -- writing ------------------------------------------------------------------------------------------------------


def _outline(source: Source) -> str:
    attributes = {
        "type": "rss" if source.kind is Kind.FEED else source.kind.value,
        "text": source.name,
        "title": source.name,
        "xmlUrl": source.location,
        "category": ",".join(tag for tag in source.tags if "," not in tag),
        "language": source.language or "",
        "wirehouse:settings": json.dumps(declarations.to_table(source), ensure_ascii=False),
    }
    return "<outline " + " ".join(f'{key}="{_escaped(value)}"' for key, value in attributes.items() if value) + "/>"


def _escaped(value: str) -> str:
    return html.escape(value).replace("\n", "&#10;").replace("\t", "&#9;")
