"""The entries of a live blog, one by one, with ids that stay the same from poll to poll.

A live blog declares its entries (`LiveBlogPosting.liveBlogUpdate`), or shows them as repeated blocks with a time each.
An id is what the page calls the entry (its `@id`, the fragment of its address, the block's `id`); where it has no name,
the time and the first words name it, for editors correct an entry's end more often than its beginning.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page import json_ld
from tasks.page.metadata import Metadata
from tasks.page.page_dates_text import machine
from tasks.records import Entry

MAX_ENTRIES = 3_000
MAX_TEXT = 20_000
MIN_BLOCKS = 3
"""Repeated blocks from which they are entries; two are a story and its update."""
MIN_LETTERS = 30
"""Letters of an entry's text; shorter blocks are key points or a timeline's labels."""
FIRST_WORDS = 8

_SIGNS = re.compile(
    # In a title or an address: the words of the press for reporting as it happens.
    r"\blive[- ]?blog|\blive[- ]?updates?|\blive[- ]?ticker|\bticker\b|\blive:|\bas it happened\b|\ben directo\b"
    r"|\ben vivo\b|\bao vivo\b|\ben direct\b|\bdirect[ -]:|\bdiretta\b|\bna żywo\b"
    r"|\bonline přenos|\bонлайн\b|текстовая трансляция"
    r"|\bcanlı\b|実況|ライブ|直播|实时|실시간|مباشر|\bliverapport|\bdirekte\b",
    re.I,
)
_NOT_ENTRIES = re.compile(
    r"comment|related|recommend|sidebar|teaser|card|promo|footer|nav\b|most-read|trending|latest-news"
)


def is_live_blog(metadata: Metadata) -> bool:
    """Return whether a page says of itself that it is a live blog."""
    if "LiveBlogPosting" in metadata.types:
        return True
    return bool(_SIGNS.search(f"{metadata.title or ''} {metadata.url or metadata.canonical_url or ''}"))


def entries(tree: LexborHTMLParser, metadata: Metadata) -> tuple[Entry, ...]:
    """Return a live blog's entries, the oldest first; none for another page. The tree is only read."""
    if not is_live_blog(metadata):
        return ()
    found = _declared(tree) or _shown(tree)
    unique = {entry.id: entry for entry in found[:MAX_ENTRIES]}
    latest = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(unique.values(), key=lambda entry: (entry.published_at or latest, entry.id)))


def _declared(tree: LexborHTMLParser) -> list[Entry]:
    nodes = json_ld.read(node.text() for node in tree.css("script[type*='ld+json' i]"))
    blogs = [node for node in nodes if "LiveBlogPosting" in json_ld.types(node)]
    updates = [update for node in blogs for update in _listed(node.get("liveBlogUpdate"))]
    return [entry for entry in map(_from_node, updates) if entry is not None]


def _listed(value: object) -> Iterator[json_ld.Node]:
    for member in value[:MAX_ENTRIES] if isinstance(value, list) else [value]:
        if isinstance(member, dict):
            yield member


def _from_node(node: json_ld.Node) -> Entry | None:
    text = json_ld.text(node.get("articleBody"), MAX_TEXT) or json_ld.text(node.get("description"), MAX_TEXT)
    title = json_ld.text(node.get("headline")) or json_ld.text(node.get("name"))
    if not text and not title:
        return None
    moment = machine(json_ld.text(node.get("datePublished")) or json_ld.text(node.get("dateCreated")) or "")
    name = next((value for value in (node.get("@id"), node.get("url")) if isinstance(value, str)), None)
    return _entry(_name(name), moment.at if moment else None, title, text or title or "")


def _name(address: str | None) -> str | None:
    """The part of an entry's address that is its own: the fragment, else a query or path that tells entries apart."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.fragment:
        return parts.fragment
    match = re.search(r"(?:^|[?&])(?:post|entry|update|id|pinned_post|page)=([\w.:-]{1,80})", f"?{parts.query}")
    return match[1] if match else None


def _entry(name: str | None, at: datetime | None, title: str | None, text: str, shown: str = "") -> Entry:
    if name is None:
        first = " ".join((title or text).casefold().split()[:FIRST_WORDS])
        seed = f"{at.isoformat(timespec='minutes') if at else shown}|{first}"
        name = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16]
    return Entry(id=name[:120], published_at=at, title=title, text=text[:MAX_TEXT])


def _shown(tree: LexborHTMLParser) -> list[Entry]:
    """Entries from repeated blocks: the largest group of like elements that each hold their own time."""
    groups: dict[tuple[str, str, int], dict[int, tuple[LexborNode, LexborNode]]] = {}
    for time in tree.css("time")[:MAX_ENTRIES]:
        for block in _ancestors(time):
            attributes = block.attributes
            classes = attributes.get("class") or ""
            if _NOT_ENTRIES.search(classes.lower()):
                break
            parent = block.parent
            key = (block.tag or "", re.sub(r"\d+", "", classes), int(parent.mem_id) if parent is not None else 0)
            groups.setdefault(key, {}).setdefault(int(block.mem_id), (block, time))
    read = [[_from_block(block, time) for block, time in members.values()] for members in groups.values()]
    whole = [[found for found in group if found is not None] for group in read if len(group) >= MIN_BLOCKS]
    best = max((group for group in whole if _are_entries(group)), key=_weight, default=[])
    return [entry for entry, _ in best]


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    current = node.parent
    for _ in range(7):
        if current is None or current.tag in ("body", "html", "main"):
            return
        yield current
        current = current.parent


def _from_block(block: LexborNode, time: LexborNode) -> tuple[Entry, str] | None:
    """The entry of a block, and its time as shown."""
    moment = machine(time.attributes.get("datetime") or "")
    heading = block.css_first("h1,h2,h3,h4,h5")
    title = json_ld.clean(heading.text(separator=" ")[:600]) if heading is not None else None
    shown = json_ld.clean(time.text(separator=" ")[:200])
    text = json_ld.clean(block.text(separator=" ")[: MAX_TEXT * 2])
    for words in (shown, title):
        text = text.replace(words, " ", 1) if words else text
    text = " ".join(text.split())
    if sum(map(str.isalpha, text)) < MIN_LETTERS and not title:
        return None
    name = block.attributes.get("id") or block.attributes.get("data-id") or block.attributes.get("data-post-id")
    return _entry(name, moment.at if moment else None, title, text, shown), shown


def _are_entries(group: Sequence[tuple[Entry, str]]) -> bool:
    """At least three with text, and more than one time among them."""
    return len(group) >= MIN_BLOCKS and len({(entry.published_at, shown) for entry, shown in group}) > 1


def _weight(group: Sequence[tuple[Entry, str]]) -> int:
    return sum(len(entry.text) for entry, _ in group)
