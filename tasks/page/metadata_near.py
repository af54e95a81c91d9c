"""The lines around the title: where readers find the byline and the date when the page declares neither.

Observed on the wider web: where a page has no declared author, the byline stands within the 30 lines after the
title on most pages, and before it on some (kickers, dates). Related lists and comments have bylines and dates too, so
distance from the title is what makes a line trustworthy.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page.json_ld import clean

LINES_BEFORE = 12
LINES_AFTER = 40
MAX_NODES = 20_000
MAX_LINE = 300
"""Characters; longer lines are prose."""

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
     "span", "strong", "sub", "sup", "time", "u", "wbr")
)  # fmt: skip
_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "select", "option", "button", "textarea"))
_HINTING = 4
"""How many ancestors' class names tell what a line is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One visible line. `distance` is counted in lines from the title, negative before it."""

    text: str
    hints: str
    """Class names, ids and roles of the element and its nearest ancestors, lower case."""
    distance: int


def near(tree: LexborHTMLParser, title: LexborNode | None) -> tuple[Line, ...]:
    """Return the lines around the title element, or the page's first lines when there is none."""
    root = tree.body
    if root is None:
        return ()
    target = title.mem_id if title is not None else None
    lines: list[tuple[str, LexborNode]] = []
    current: int | None = None
    at: int | None = None if target else 0
    for count, node in enumerate(root.traverse(include_text=True)):
        if count > MAX_NODES or (at is not None and len(lines) > at + LINES_AFTER + 1):
            break
        if not node.is_text_node:
            if node.mem_id == target:
                at = len(lines)
            continue
        words = node.text_content
        parent = node.parent
        if not words or words.isspace() or parent is None or parent.tag in _SKIPPED:
            continue
        block = _block(parent)
        if block == current and lines:
            lines[-1] = (f"{lines[-1][0]} {words}"[: MAX_LINE * 2], lines[-1][1])
        else:
            lines.append((words, parent))
            current = block
    start = at or 0
    window = lines[max(0, start - LINES_BEFORE) : start + LINES_AFTER + 1]
    first = max(0, start - LINES_BEFORE)
    return tuple(
        Line(text=clean(words[: MAX_LINE * 2]), hints=_hints(parent), distance=first + index - start)
        for index, (words, parent) in enumerate(window)
    )


def _block(node: LexborNode) -> int:
    """The identity of the nearest element that begins a line of its own."""
    while node.tag in _INLINE and node.parent is not None:
        node = node.parent
    return int(node.mem_id)


def _hints(node: LexborNode | None) -> str:
    found: list[str] = []
    for _ in range(_HINTING):
        if node is None or node.tag in ("body", "html", "main", "article"):
            break
        attributes = node.attributes
        found += [attributes.get(key) or "" for key in ("class", "id", "rel", "itemprop") if key in attributes]
        found.append(node.tag or "")
        node = node.parent
    return " ".join(found).lower()[:600]
