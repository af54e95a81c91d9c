"""Dates that a reader sees: `time` elements, lines around the title, marked elements, and the page's own state.

Read in that order and only where nothing is declared. What makes a visible date trustworthy is its place: beside the
title, labelled "published", or marked by a class name; never in a list of other articles. The page's state (the JSON
that a script framework hydrates from) is the last resort: it also holds other articles, so it must name one day only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page.json_ld import clean
from tasks.page.metadata_near import Line
from tasks.page.page_dates import DateOpinion, first, holds, is_possible
from tasks.page.page_dates_text import Moment, machine, visible

MARKED = "[class*=date i],[class*=publish i],[class*=posted i],[class*=byline i],[id*=date i]"
MAX_MARKED = 60
MAX_DATED_LINE = 200
"""Characters of a line around the title that can be about the date; longer ones are prose."""
MAX_LINKED = 40
"""Characters of a link around a date; longer ones hold a headline too."""
MAX_STATE = 600_000
"""Characters of scripts that are searched for the page's state."""

_STATE = re.compile(
    r'"(?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time|at)|first_?publi(?:shed|cation|sh)_?(?:date|at)?'
    r'|date_?posted|publication_?date|original_?publish_?date)\\{0,3}"\s*:\s*\\{0,3}"(\d{4}-\d{2}-\d{2}[^"\\]{0,30})',
    re.I,
)


_STATE_PARTS = ("ublish", "ublication", "osted")
"""What every key of the expression holds, after a first letter in either case."""


def from_times(times: Sequence[LexborNode], language: str | None, now: datetime) -> tuple[DateOpinion, ...]:
    """Return the dates of `time` elements that can be this page's: those that are not in a list of others."""
    found: list[tuple[bool, DateOpinion]] = []
    for node in times[:20]:
        hints = _ancestry(node)
        if holds("others", hints) or _is_in_teaser(node):
            continue
        opinion = _from_time(node, hints, language, now)
        is_aside = holds("aside", hints)
        if opinion and not (is_aside and not holds("published", _label(node)) and node.tag == "time" and found):
            found.append((is_aside, opinion))
    found.sort(key=lambda item: item[0])
    return tuple(opinion for _, opinion in found[:4])


def _from_time(node: LexborNode, hints: str, language: str | None, now: datetime) -> DateOpinion | None:
    attributes = node.attributes
    label = _label(node)
    moment = machine(attributes.get("datetime") or "") or visible(clean(node.text()[:200]), language)
    if moment is None or not is_possible(moment, now) or holds("refused", label):
        return None
    is_published = "pubdate" in attributes or holds("published", f"{hints} {label}")
    return DateOpinion(
        kind="time",
        moment=moment,
        text=(attributes.get("datetime") or clean(node.text()))[:100].strip(),
        confidence=0.85 if is_published else 0.75,
        is_modified=holds("modified", f"{hints} {label}") and not is_published,
    )


def _is_in_teaser(node: LexborNode) -> bool:
    """Whether the element is part of a link with a headline: a card of another article."""
    current = node.parent
    for _ in range(5):
        if current is None or current.tag in ("body", "main", "article"):
            return False
        if current.tag == "a":
            return len(clean(current.text()[:400])) > MAX_LINKED
        current = current.parent
    return False


def _ancestry(node: LexborNode) -> str:
    hints: list[str] = []
    current: LexborNode | None = node
    for _ in range(6):
        if current is None or current.tag in ("body", "html", "main"):
            break
        hints += [current.tag or "", current.attributes.get("class") or "", current.attributes.get("id") or ""]
        current = current.parent
    return " ".join(hints).lower()[:800]


def _label(node: LexborNode) -> str:
    """The words just before the element: "Updated", "Published on"."""
    before = node.prev
    words = before.text() if before is not None else ""
    return f"{words[-60:]} {node.text()[:100]}".casefold()


def from_lines(
    lines: Sequence[Line], language: str | None, region: str | None, now: datetime
) -> tuple[DateOpinion, ...]:
    """Return the dates of the lines around the title, the labelled and the nearer ones first."""
    found: list[DateOpinion] = []
    for line in lines:
        if len(line.text) > MAX_DATED_LINE or not any(map(str.isdigit, line.text)):
            continue
        moment = visible(line.text, language, region)
        if moment is None or holds("others", line.hints):
            continue
        opinion = _opinion(line.text, moment, _line_score(line), now)
        if opinion:
            found.append(opinion)
    return tuple(sorted(found, key=lambda opinion: -opinion.confidence))[:4]


def _opinion(text: str, moment: Moment | None, score: float, now: datetime) -> DateOpinion | None:
    if score <= 0 or moment is None or not is_possible(moment, now) or holds("refused", text.casefold()):
        return None
    confidence = round(min(0.85, score), 2)
    return DateOpinion(
        kind="text", moment=moment, text=text[:100], confidence=confidence, is_modified=says_modified(text)
    )


def says_modified(text: str) -> bool:
    """Return whether the first date of a line is that of a change.

    "5 May 2026, updated 6 May" begins with the publication; "Updated 6 May" does not.
    """
    folded = text.casefold()
    at = first("modified", folded)
    if at is None or holds("published", folded):
        return False
    digit = re.search(r"\d", folded)
    return digit is None or at < digit.start()


def _line_score(line: Line) -> float:
    """A line that is little more than a date, labelled or marked as one, near the title."""
    score = 0.55 - 0.01 * abs(line.distance)
    if holds("published", line.text.casefold()):
        score += 0.2
    if holds("marked", line.hints):
        score += 0.15
    if holds("aside", line.hints):
        score -= 0.3
    if len(line.text) > 120:
        return score - 0.35
    return score - 0.1 if len(line.text) > 60 else score


def from_marks(
    story: LexborHTMLParser | LexborNode, language: str | None, region: str | None, now: datetime
) -> tuple[DateOpinion, ...]:
    """Return the dates of elements that are marked as one, anywhere in the story outside lists of others."""
    found: list[DateOpinion] = []
    for node in story.css(MARKED)[:MAX_MARKED]:
        text = clean(node.text(separator=" ")[:400])[:120]
        if len(text) < 4 or not any(map(str.isdigit, text)):
            continue
        hints = _ancestry(node)
        if holds("others", hints) or holds("aside", hints):
            continue
        score = 0.55 if holds("published", text.casefold()) else 0.45
        opinion = _opinion(text, visible(text, language, region), score, now)
        if opinion:
            found.append(opinion)
    return tuple(found[:4])


def from_state(scripts: Iterable[LexborNode], now: datetime) -> tuple[DateOpinion, ...]:
    """Return the publication day in the page's state, which its inline scripts hold, if it names exactly one."""
    days: dict[str, DateOpinion] = {}
    budget = MAX_STATE
    for node in scripts:
        script = node.text()
        budget -= len(script)
        if budget < 0:
            break
        if not any(part in script for part in _STATE_PARTS):
            continue  # most scripts; the expression costs thirty times as much
        for value in _STATE.findall(script):
            moment = machine(value)
            if moment and is_possible(moment, now):
                days.setdefault(value[:10], DateOpinion(kind="state", moment=moment, text=value, confidence=0.5))
    return tuple(days.values()) if len(days) == 1 else ()
