"""A page as a tree, within limits.

Lexbor's time is linear in a page's length but quadratic in its depth: 10,000 nested `<div>` take 0.07 s, 50,000 take
2 s, and the million that fit into a page would take a quarter of an hour; unclosed `<b>` are copied into every further
paragraph. So a page is cut where it first nests deeper
than any template does. Elements that are never nested (void ones, those that end by themselves) are not counted.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

MOST_CHARACTERS = 5_000_000
"""Of a page read for links. Home pages have 0.2 to 2 million."""

DEEPEST = 2_000
"""Real pages nest 15 to 35 deep; those with unclosed tags reach some hundreds."""

_NESTING = re.compile(
    r"<(/)?(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"  # void: WHATWG HTML, section 13.1.2
    r"|p|li|td|th|tr|dt|dd|option|tbody|thead"  # an omitted end tag is implied: section 13.1.2.4
    r"|path|circle|rect|use|line|polygon|polyline|ellipse|stop|image)\b)"  # SVG, written `<path/>`
    r"(?:(script)\b|[a-z])",
    re.IGNORECASE,
)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)


def tree(html: str) -> LexborHTMLParser:
    """Return the parsed page, cut at the limits of length and depth."""
    html = html[:MOST_CHARACTERS]
    return LexborHTMLParser(html[: _deep(html)])


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
