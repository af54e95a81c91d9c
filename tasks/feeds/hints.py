"""What a card says of its article: the time, and the section.

A card is the largest element around an article's links that holds no other article's. What stands in it belongs to that
article; what stands outside belongs to none or to many, and is left. Relative times ("2 hours ago") are no dates here:
nothing in this folder knows what time it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.feeds import markup
from tasks.feeds.tree import MOST_PIECES, text_of
from tasks.text import dates

MOST_MARKED = 5_000
"""Elements looked at for times, and for sections, on one page."""

_DEEPEST = 60
"""Ancestors looked at. Templates of real pages nest 15 to 35 deep."""

_NEAR = 12
"""Steps from a time up to its card."""

_TIMES = "time,[datetime],[class*=date],[class*=time],[class*=publish],[class*=posted]"
_SECTIONS = "[class*=section],[class*=cat],[class*=kicker],[class*=rubri],[class*=eyebrow],[rel*=tag]"
_TIME_CLASS = re.compile(
    r"(?:^|[-_ ])(?:date|time|datetime|timestamp|published|pubdate|posted|datum|fecha|data)(?:$|[-_ ])", re.I
)
_SECTION_CLASS = re.compile(
    r"(?:^|[-_ ])(?:section|category|cat|kicker|rubric|rubrik|eyebrow|topic|label)(?:$|[-_ ])", re.I
)

Carriers = Mapping[str, Sequence[LexborNode]]
"""Key of an article → the elements that link to it."""


def times(page: LexborHTMLParser, carriers: Carriers) -> dict[str, datetime]:
    """Return the times that the cards of articles give, marked as such or standing alone."""
    owner = _owners(carriers)
    found: dict[str, datetime] = {}
    for node in page.css(_TIMES)[:MOST_MARKED]:
        key = _owner_of(node, owner)
        at = _time(node) if key and key not in found else None
        if key and at:
            found[key] = at
    for key in carriers.keys() - found.keys():
        at = _time_in_card(carriers[key][0], owner)
        if at:
            found[key] = at
    return found


def sections(page: LexborHTMLParser, carriers: Carriers) -> dict[str, str]:
    """Return the sections that the cards of articles name."""
    owner = _owners(carriers)
    found: dict[str, str] = {}
    for node in page.css(_SECTIONS)[:MOST_MARKED]:
        key = _owner_of(node, owner)
        section = _section(node) if key and key not in found else None
        if key and section:
            found[key] = section
    return found


_SHARED = ""


def _owners(carriers: Carriers) -> dict[int, str]:
    """Return for each element around a link the one page that all links within it name, or `_SHARED`."""
    owner: dict[int, str] = {}
    for key, nodes in carriers.items():
        for node in nodes:
            around: LexborNode | None = node
            for _ in range(_DEEPEST):
                if around is None or owner.get(around.mem_id) == _SHARED:
                    break
                known = owner.setdefault(around.mem_id, key)
                if known != key:
                    owner[around.mem_id] = _SHARED
                around = around.parent
    return owner


def _owner_of(node: LexborNode, owner: dict[int, str]) -> str | None:
    around: LexborNode | None = node
    for _ in range(_NEAR):
        if around is None:
            return None
        if around.mem_id in owner:
            return owner[around.mem_id] or None
        around = around.parent
    return None


def _time_in_card(node: LexborNode, owner: dict[int, str]) -> datetime | None:
    """Return the first text that is a date and nothing else, within the largest element that has no other article."""
    card: LexborNode | None = None
    around: LexborNode | None = node
    while around is not None and owner.get(around.mem_id):
        card, around = around, around.parent
    if card is None or card.tag in ("body", "html"):
        return None
    for piece in islice(card.traverse(include_text=True), MOST_PIECES):
        text = piece.text_content if piece.is_text_node else None
        at = dates.instant(text) if text and 6 <= len(text.strip()) <= 40 and _DIGIT.search(text) else None
        if at is not None:
            return at
    return None


def _time(node: LexborNode) -> datetime | None:
    stated = node.attributes.get("datetime") or node.attributes.get("content") or node.attributes.get("data-datetime")
    if stated:
        return dates.instant(stated)
    if node.tag != "time" and not _TIME_CLASS.search(node.attributes.get("class") or ""):
        return None
    text = markup.words(text_of(node, 200))
    return dates.instant(text) or dates.instant((text or "").partition(": ")[2])


def _section(node: LexborNode) -> str | None:
    relation = node.attributes.get("rel") or ""
    if "tag" not in relation and not _SECTION_CLASS.search(node.attributes.get("class") or ""):
        return None
    text = markup.words(text_of(node, 200))
    return text if text and len(text) <= 40 and len(text.split()) <= 4 else None


_DIGIT = re.compile(r"\d")
