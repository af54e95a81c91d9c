"""The lines around the title: where readers find the byline and the date when the page declares neither.

Observed on the wider web: where a page has no declared author, the byline stands within the 30 lines after the
title on most pages, and before it on some (kickers, dates). Related lists and comments have bylines and dates too, so
distance from the title is what makes a line trustworthy.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page.json_ld import clean

LINES_BEFORE = 12
LINES_AFTER = 30
LEVELS = 5
"""Levels that are climbed from the title before its surroundings are walked."""
MAX_CLIMBS = 8
ENOUGH = 12
"""Lines after the title from which its surroundings are wide enough to hold a byline."""
MAX_NODES = 12_000
"""Elements and texts before the title; the longest menu of the development sets has 5,600."""
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
    distance: int
    node: LexborNode | None = field(default=None, repr=False, compare=False)

    @property
    def hints(self) -> str:
        """Class names, ids and roles of the element and its nearest ancestors, lower case."""
        return _hints(self.node)


def near(tree: LexborHTMLParser, title: LexborNode | None) -> tuple[Line, ...]:
    """Return the lines around the title element, or the page's first lines when there is none."""
    body = tree.body
    if body is None:
        return ()
    if title is None:
        return _numbered(*_walk(body, None))
    root = title
    for _ in range(MAX_CLIMBS):
        root = _above(root, LEVELS)
        before, after = _walk(root, int(title.mem_id))
        if len(after) > ENOUGH or root.mem_id == body.mem_id:
            break
    return _numbered(before, after)


def _above(node: LexborNode, levels: int) -> LexborNode:
    """The ancestor some levels up, the body at most: walking that spares the menus of the page."""
    for _ in range(levels):
        parent = node.parent
        if node.tag == "body" or parent is None or parent.tag == "html":
            break
        node = parent
    return node


def _walk(root: LexborNode, target: int | None) -> tuple[list[tuple[str, LexborNode]], list[tuple[str, LexborNode]]]:
    """The lines of a subtree before the target (the last few) and from it on."""
    before: deque[tuple[str, LexborNode]] = deque(maxlen=LINES_BEFORE)
    after: list[tuple[str, LexborNode]] = []
    is_after = target is None
    last_parent = last_block = 0
    for count, node in enumerate(root.traverse(include_text=True)):
        if not node.is_text_node:
            is_after = is_after or node.mem_id == target
            continue
        words = node.text_content
        if not words or words.isspace():
            continue
        parent = node.parent
        if parent is None or parent.tag in _SKIPPED:
            continue
        lines: deque[tuple[str, LexborNode]] | list[tuple[str, LexborNode]] = after if is_after else before
        block = last_block if parent.mem_id == last_parent else _block(parent)
        if block == last_block and lines:
            lines[-1] = (f"{lines[-1][0]} {words}"[: MAX_LINE * 2], lines[-1][1])
        else:
            lines.append((words[: MAX_LINE * 2], parent))
        last_parent, last_block = parent.mem_id, block
        if count > MAX_NODES or len(after) > LINES_AFTER + 1:
            break
    return list(before), after


def _numbered(before: list[tuple[str, LexborNode]], after: list[tuple[str, LexborNode]]) -> tuple[Line, ...]:
    numbered = enumerate((*before, *after[: LINES_AFTER + 1]), -len(before))
    return tuple(Line(text=clean(words), distance=distance, node=parent) for distance, (words, parent) in numbered)


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
        found += [attributes[key] or "" for key in ("class", "id", "rel", "itemprop") if key in attributes]
        found.append(node.tag or "")
        node = node.parent
    return " ".join(found).lower()[:600]
