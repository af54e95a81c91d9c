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

MARKED = "[rel~=author],[itemprop~=author],[class*=author i],[class*=byline i],[class*=writer i],a[href*='/author']"
MAX_MARKED = 60
MAX_BYLINE = 160
"""Characters of a marked element's text; longer ones are biographies."""

_OTHERS = re.compile(
    r"comment|relat|recommend|sidebar|footer|teaser|card|popular|latest|trending|widget|review|testimonial|quote|share"
    r"|social|newsletter"
)
_BIO = re.compile(r"bio|about|desc|avatar|image|img|photo|title-|role|job|follow|twitter|email|count|date|time")
_AUTHOR = re.compile(r"author|byline|writer|autor|auteur|redakt|journalist|contributor|signature|credits?\b")
_CUT = re.compile(
    r"\s*(?:[|•·/–—]|\s-\s|\bon\s+(?:\w+,?\s)?(?:\w+\s\d|\d)|\d|\bam\s+\d"
    r"|\b(?:updated|published|posted|last|reviewed|edited|medically|fact|min read|in\s+[A-Z])"
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
    for line in lines:
        if _OTHERS.search(line.hints) or len(line.text) > MAX_BYLINE:
            continue
        byline = _labelled(line) or _marked(line)
        if byline and (best is None or byline.confidence > best.confidence):
            best = byline
    return best


def _labelled(line: Line) -> Byline | None:
    rest = authors.without_by(line.text)
    if rest == line.text:
        return None
    found = _names(rest)
    is_marked = bool(_AUTHOR.search(line.hints))
    return Byline(names=found, text=line.text[:200], confidence=0.8 if is_marked else 0.7) if found else None


def _marked(line: Line) -> Byline | None:
    if not _AUTHOR.search(line.hints) or _BIO.search(line.hints):
        return None
    found = _names(line.text)
    return Byline(names=found, text=line.text[:200], confidence=0.6) if found else None


def _names(text: str) -> tuple[str, ...]:
    cut = _CUT.search(text)
    return authors.names([text[: cut.start()] if cut else text], is_declared=False)


def from_marks(tree: LexborHTMLParser) -> Byline | None:
    """Return the first names in elements that are marked as the author, outside lists, comments and biographies."""
    best: Byline | None = None
    for node in tree.css(MARKED)[:MAX_MARKED]:
        text = clean(node.text(separator=" ")[: MAX_BYLINE * 3])
        if not 2 <= len(text) <= MAX_BYLINE or _OTHERS.search(_ancestry(node)):
            continue
        confidence = _confidence(node, text)
        if best is not None and confidence <= best.confidence:
            continue
        found = _names(authors.without_by(text))
        if found:
            best = Byline(names=found, text=text[:200], confidence=confidence)
    return best


def _confidence(node: LexborNode, text: str) -> float:
    attributes = node.attributes
    if "author" in (attributes.get("itemprop") or "") or "author" in (attributes.get("rel") or ""):
        return 0.75
    if authors.without_by(text) != text:
        return 0.7
    own = f"{attributes.get('class') or ''}".lower()
    return 0.4 if _BIO.search(own) else 0.6


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
