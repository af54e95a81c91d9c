"""Bylines that a reader sees, beside the title or in marked elements; read when nothing is declared.

A line that begins with "By" (in any language of the table) and goes on with a name is one; so is an element marked as
author (`rel=author`, `itemprop=author`, a class name) that holds nothing but a name; so is a link into the outlet's
author pages near the title. Comments, related lists and biographies carry authors too: their hints exclude them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page import authors
from tasks.page.json_ld import clean
from tasks.page.metadata_near import Line
from tasks.page.page_dates_text import visible

MARKED = (
    "[rel~=author],[itemprop~=author],[class*=author i],[class*=byline i],[class*=writer i],"
    "a[href*='/author/'],a[href*='/authors/']"
)
MAX_MARKED = 60
CLOSE = 4
"""Lines between the title and a line with a name that only its place makes the byline."""
BESIDE = 6
"""Lines between the title and a bare name that is still its byline."""
MAX_MARKED_WORDS = 12
MAX_BYLINE = 160
"""Characters of a marked element's text; longer ones are biographies."""

_OTHERS = (
    "comment", "related", "recommend", "footer", "teaser", "card", "popular", "latest", "trending", "widget",
    "review", "testimonial", "quote", "newsletter",
)  # fmt: skip
_BIO = (
    "bio", "about", "desc", "avatar", "image", "img", "photo", "title-", "role", "job", "follow", "twitter", "email",
    "count", "date", "time",
)  # fmt: skip
_AUTHOR = (
    "author", "byline", "writer", "autor", "auteur", "redakt", "journalist", "contributor", "signature", "credit",
)  # fmt: skip
"""Parts of class names: of places where other people stand, of what is not the name itself, and of bylines."""
_CUT = re.compile(
    r"\s*(?:[|•·⋅/–—]|\s-\s|\bon\s+(?:\w+,?\s)?(?:\w+\s\d|\d)|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d|\bam\s+\d"
    r"|\b(?:updated|published|posted|last|reviewed|edited|medically|fact|min read|in\s+[A-Z]|in$|on behalf)"
    r"|,\s*(?:updated|published))",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline:
    """Names read from the visible page, with the words they were read from."""

    names: tuple[str, ...]
    text: str
    confidence: float


def from_lines(lines: Sequence[Line]) -> Byline | None:
    """Return the byline among the lines around the title, the nearest one that begins with "By" or is marked."""
    best: Byline | None = None
    for position, line in enumerate(lines):
        if len(line.text) > MAX_BYLINE:
            continue
        following = lines[position + 1] if position + 1 < len(lines) else None
        byline = _labelled(line, following) or _marked(line) or _dated(line)
        if byline and not _has(_OTHERS, line.hints) and (best is None or byline.confidence > best.confidence):
            best = byline
    return best or _beside_date(lines)


def _beside_date(lines: Sequence[Line]) -> Byline | None:
    """A line near the title that is a person's name and nothing else, next to a line that is a date."""
    for position, line in enumerate(lines):
        if not 1 <= abs(line.distance) <= BESIDE or not 2 <= len(line.text.split()) <= 3:
            continue
        around = (*lines[max(0, position - 2) : position], *lines[position + 1 : position + 3])
        if not any(len(other.text) <= 40 and visible(other.text, "en") for other in around):
            continue
        found = _names(line.text)
        if (
            found
            and not authors.is_desk(line.text)
            and not _has((*_OTHERS, "nav", "menu", "crumb", "categ", "tag"), line.hints)
        ):
            return Byline(names=found, text=line.text, confidence=0.5)
    return None


def _has(words: tuple[str, ...], hints: str) -> bool:
    for word in words:  # noqa: SIM110 — a generator takes three times as long, and this runs for every line
        if word in hints:
            return True
    return False


def _labelled(line: Line, following: Line | None) -> Byline | None:
    """A line that begins with "By", or is that word alone before the line with the name."""
    whole = line.text.lstrip("(（[")
    rest = authors.without_by(whole)
    is_label = following is not None and authors.is_label(whole)
    if rest == whole and not is_label:
        return None
    text = following.text if is_label and following is not None and len(following.text) <= 60 else rest
    found = _names(text) or (_username(text) if abs(line.distance) <= CLOSE else ())
    if found and _is_lone_word(found[0]) and not text.startswith(found[0]):
        return None  # "By comparison, Lee has …"
    is_marked = bool(found) and _has(_AUTHOR, line.hints)
    if not found or (is_label and not is_marked and _is_lone_word(found[0]) and found[0].isupper()):
        return None  # a diagram's "BY" above its "LIMIT"
    return Byline(names=found, text=line.text[:200], confidence=0.8 if is_marked else 0.7)


def _username(text: str) -> tuple[str, ...]:
    """A name without capitals, which nothing but the "by" before it makes one: "by ibby | Apr 21"."""
    cut = _CUT.search(text)
    name = (text[: cut.start()] if cut else text).strip(" .,")
    return (name,) if _USERNAME.fullmatch(name) and name not in authors.words("refuse") else ()


_USERNAME = re.compile(r"[a-z][\w.-]{2,29}")


def _dated(line: Line) -> Byline | None:
    """A line close to the title with a date and a name: "Dec 26, 2025 • Ann Lee in Ships", "5 May 2026 by Bo Ek"."""
    if not 1 <= abs(line.distance) <= CLOSE or not _YEAR.search(line.text):
        return None
    by = _MIDDLE.search(line.text)
    rest = line.text[by.end() :] if by else _without_date(line.text)
    found = _names(rest) if by or not _NO_NAME.search(rest) else ()
    if not found or authors.is_desk(found[0]) and not by:
        return None
    if _is_lone_word(found[0]) and not _has(_AUTHOR, line.hints):
        return None
    return Byline(names=found, text=line.text[:200], confidence=0.7 if by else 0.55)


_NO_NAME = re.compile(r"^$|[\d:：]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIDDLE = re.compile(r"\s(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa]v|[Aa]f|[Dd]i|przez|от)\s+(?=[^\W\d_])")
"""The words of the table that stand before a name in running lines."""


def _without_date(text: str) -> str:
    """What a line holds before or behind a date; nothing when both, or neither."""
    tokens = text.split()
    start, end = 0, len(tokens)
    while start < end and _is_dates(tokens[start]):
        start += 1
    while end > start and _is_dates(tokens[end - 1]):
        end -= 1
    is_one_side = (start > 0) != (end < len(tokens))
    return " ".join(tokens[start:end]) if is_one_side and end - start <= MAX_MARKED_WORDS else ""


def _is_dates(token: str) -> bool:
    """Whether a word is part of a date, or a mark between a date and a name."""
    return any(map(str.isdigit, token)) or not any(map(str.isalpha, token)) or authors.is_of_date(token)


def _may_be_name(text: str) -> bool:
    """Whether a line begins like a name; spares the hints of most others, which cost ten times as much."""
    words = text.split(None, MAX_MARKED_WORDS)
    if not words or len(words) > MAX_MARKED_WORDS or not text[0].isalpha() or text[0].islower():
        return False
    if len(words) == 1:
        return not _is_lone_word(text)
    return not words[1][0].islower() or words[1].casefold().strip("’'") in authors.PARTICLES


def _is_lone_word(name: str) -> bool:
    return " " not in name and name[0] < "\u2e80"


def _marked(line: Line) -> Byline | None:
    if not _may_be_name(line.text) or not _has(_AUTHOR, line.hints) or _has(_BIO, line.hints):
        return None
    found = _names(line.text)
    if not found or _is_lone_word(found[0]):
        return None
    return Byline(names=found, text=line.text[:200], confidence=0.6)


def _names(text: str) -> tuple[str, ...]:
    cut = _CUT.search(text)
    return authors.names([text[: cut.start()] if cut else text], is_declared=False)


def from_marks(story: LexborHTMLParser | LexborNode) -> Byline | None:
    """Return the first names in elements of the story that are marked as the author, outside lists and comments."""
    best: Byline | None = None
    for node in story.css(MARKED)[:MAX_MARKED]:
        text = clean(node.text(separator=" ")[: MAX_BYLINE * 3])
        if not 2 <= len(text) <= MAX_BYLINE or _has(_OTHERS, _ancestry(node)):
            continue
        confidence = _confidence(node, text)
        if best is not None and confidence <= best.confidence:
            continue
        found = _names(authors.without_by(text))
        if found and (not _is_lone_word(found[0]) or authors.without_by(text) != text):
            best = Byline(names=found, text=text[:200], confidence=confidence)
    return best


def _confidence(node: LexborNode, text: str) -> float:
    attributes = node.attributes
    if "author" in (attributes.get("itemprop") or "") or "author" in (attributes.get("rel") or ""):
        return 0.75
    if authors.without_by(text) != text:
        return 0.7
    own = f"{attributes.get('class') or ''}".lower()
    return 0.4 if _has(_BIO, own) else 0.6


def _ancestry(node: LexborNode) -> str:
    return " ".join(_classes(node)).lower()[:800]


def _classes(node: LexborNode | None) -> Iterator[str]:
    for _ in range(8):
        if node is None or node.tag in ("body", "html", "main"):
            return
        yield node.tag or ""
        yield node.attributes.get("class") or ""
        yield node.attributes.get("id") or ""
        node = node.parent
