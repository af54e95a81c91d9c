"""A page as a tree, within limits.

Lexbor's time is linear in a page's length but quadratic in its depth: 10,000 nested `<div>` take 0.07 s, 50,000 take
2 s, and the million that fit into a page would take a quarter of an hour; unclosed `<b>` are copied into every further
paragraph. So a page is cut where it first nests deeper than any template does. Elements that are never nested (void
ones, those that end by themselves) are not counted.
"""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_CHARACTERS = 5_000_000
"""Of a page read for links. Home pages have 0.2 to 2 million."""

DEEPEST = 2_000
"""Real pages nest 15 to 35 deep; those with unclosed tags reach some hundreds."""

MOST_OPTIONS = 10_000
"""Lexbor is quadratic in the options of one `<select>` too: 10,000 take 0.13 s, 300,000 two minutes."""

MOST_PIECES = 300
"""Elements and texts read within one element: nested elements by the thousand would make it quadratic."""

_NOT_READ = frozenset({"script", "style", "noscript", "template"})

_NESTING = re.compile(
    r"<(/)?(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"  # void: WHATWG HTML, section 13.1.2
    r"|p|li|td|th|tr|dt|dd|option|tbody|thead)\b"  # an omitted end tag is implied: section 13.1.2.4
    r"|(?:path|circle|rect|use|line|polygon|polyline|ellipse|stop|image)\b[^<>]*+(?<=/)>)"  # SVG that ends itself
    r"(?:(script)\b|[a-z])",
    re.IGNORECASE,
)
_OPTION = re.compile("<option", re.IGNORECASE)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)


def tree(html: str) -> LexborHTMLParser:
    """Return the parsed page, cut at the limits of length and depth."""
    html = html[:MOST_CHARACTERS]
    return LexborHTMLParser(html[: min(_deep(html), _crowded(html))])


def _crowded(html: str) -> int:
    """Return where the page has too many options in its selects, or its length."""
    if html.lower().count("<option") <= MOST_OPTIONS:
        return len(html)
    return next(islice(_OPTION.finditer(html), MOST_OPTIONS, None)).start()


def _deep(html: str) -> int:
    """Return where the page nests too deep, or its length."""
    depth = position = 0
    while mark := _NESTING.search(html, position):
        position = mark.end()
        if mark[2]:  # in a script, `i<n` is no tag
            end = _SCRIPT_END.search(html, position)
            position = end.end() if end else len(html)
            continue
        depth = max(0, depth - 1) if mark[1] else depth + 1
        if depth > DEEPEST:
            return mark.start()
    return len(html)


def text_of(node: LexborNode, limit: int = 1_000) -> str:
    """Return the text within an element, a space between pieces, up to a limit of characters and of elements."""
    pieces: list[str] = []
    length = 0
    for piece in islice(node.traverse(include_text=True), MOST_PIECES):
        if piece.is_text_node and piece.parent is not None and piece.parent.tag not in _NOT_READ:
            text = piece.text_content or ""
            pieces.append(text)
            length += len(text)
            if length > limit:
                break
    return " ".join(pieces)[:limit]
