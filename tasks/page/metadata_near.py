"""The lines around the title: where readers find the byline and the date when the page declares neither.

Observed on the wider web: where a page has no declared author, the byline stands within the 30 lines after the
title on most pages, and before it on some (kickers, dates). Related lists and comments have bylines and dates too, so
distance from the title is what makes a line trustworthy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

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
"""Elements and texts looked at in each direction; forty lines seldom take three hundred."""
MAX_LINE = 300
"""Characters; longer lines are prose."""

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
     "span", "strong", "sub", "sup", "time", "u", "wbr")
)  # fmt: skip
_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "select", "option", "button", "textarea"))
_HINTING = 4
"""How many ancestors' class names tell what a line is."""


class Names:
    """The names of a page's elements, each read once: neighbouring lines have the same ancestors."""

    __slots__ = ("_read",)

    def __init__(self) -> None:
        self._read: dict[int, str] = {}

    def around(self, node: LexborNode | None) -> str:
        """Return class names, ids and roles of an element and its nearest ancestors, lower case."""
        found: list[str] = []
        for _ in range(_HINTING):
            if node is None:
                break
            own = self._read.get(node.mem_id)
            if own is None:
                own = self._read[node.mem_id] = _names(node)
            if not own:
                break
            found.append(own)
            node = node.parent
        return " ".join(found)[:600]


def _names(node: LexborNode) -> str:
    """An element's own names; empty for the ones that hold the whole page or story."""
    tag = node.tag or ""
    if tag in ("body", "html", "main", "article"):
        return ""
    attributes = node.attributes
    found = [attributes[key] or "" for key in ("class", "id", "rel", "itemprop") if key in attributes]
    return " ".join((*found, tag)).lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One visible line. `distance` is counted in lines from the title, negative before it."""

    text: str
    distance: int
    node: LexborNode | None = field(default=None, repr=False, compare=False)
    names: Names = field(default_factory=Names, repr=False, compare=False)

    @property
    def hints(self) -> str:
        """Class names, ids and roles of the element and its nearest ancestors, lower case."""
        return self.names.around(self.node)


class _Raw(NamedTuple):
    """A line's words and the element of the first of them."""

    words: str
    node: LexborNode


def near(tree: LexborHTMLParser, title: LexborNode | None) -> tuple[Line, ...]:
    """Return the lines around the title element, or the page's first lines when there is none."""
    body = tree.body
    if body is None:
        return ()
    after, root = _after(title or body, body)
    before = _before(title, root) if title is not None else []
    names = Names()
    return tuple(
        Line(text=clean(words), distance=distance, node=node, names=names)
        for distance, (words, node) in enumerate((*before, *after[: LINES_AFTER + 1]), -len(before))
    )


def _above(node: LexborNode, levels: int) -> LexborNode:
    """The ancestor some levels up, the body at most: walking that spares the menus of the page."""
    for _ in range(levels):
        parent = node.parent
        if node.tag == "body" or parent is None or parent.tag == "html":
            break
        node = parent
    return node


def _after(title: LexborNode, body: LexborNode) -> tuple[list[_Raw], LexborNode]:
    """The lines from the title on, and the ancestor of the title that holds enough of them."""
    lines: list[_Raw] = []
    root = _above(title, LEVELS)
    climbs = last_parent = last_block = 0
    node = title
    for _ in range(MAX_NODES):
        if node.is_text_node:
            found = _visible(node)
            if found is not None:
                words, parent = found
                block = last_block if parent.mem_id == last_parent else _block(parent)
                if block == last_block and lines:
                    lines[-1] = _Raw(f"{lines[-1][0]} {words}"[: MAX_LINE * 2], lines[-1][1])
                elif len(lines) > LINES_AFTER:
                    break
                else:
                    lines.append(_Raw(words[: MAX_LINE * 2], parent))
                last_parent, last_block = parent.mem_id, block
        following = node.first_child
        while following is None:
            if node.mem_id == root.mem_id:
                climbs += 1
                if len(lines) > ENOUGH or climbs == MAX_CLIMBS or root.mem_id == body.mem_id:
                    return lines, root
                root = _above(root, LEVELS)
            following = node.next
            if following is None and node.parent is not None:
                node = node.parent
        node = following
    return lines, root


def _before(title: LexborNode, root: LexborNode) -> list[_Raw]:
    """The last lines before the title, inside the root; walked backwards, which spares the menus of the page."""
    lines: list[_Raw] = []
    pieces: list[str] = []
    last_block = 0
    for words, parent in _backwards(title, root.mem_id):
        block = _block(parent)
        if block == last_block:
            pieces.append(words)
            lines[-1] = _Raw("", parent)
            continue
        if lines:
            lines[-1] = _Raw(" ".join(reversed(pieces))[: MAX_LINE * 2], lines[-1].node)
        if len(lines) == LINES_BEFORE:
            return lines[::-1]
        lines.append(_Raw("", parent))
        pieces, last_block = [words], block
    if lines:
        lines[-1] = _Raw(" ".join(reversed(pieces))[: MAX_LINE * 2], lines[-1].node)
    return lines[::-1]


def _backwards(title: LexborNode, root: int) -> Iterator[tuple[str, LexborNode]]:
    """The visible texts before the title, the nearest first, each with its element."""
    node = title
    for _ in range(MAX_NODES):
        if node.mem_id == root:
            return
        earlier = node.prev
        if earlier is None:
            earlier = node.parent
            if earlier is None:
                return
            node = earlier
            continue
        while (last := earlier.last_child) is not None:
            earlier = last
        node = earlier
        found = _visible(node) if node.is_text_node else None
        if found is not None:
            yield found


def _visible(node: LexborNode) -> tuple[str, LexborNode] | None:
    """The words of a text that is not blank, script or control, and its element."""
    words = node.text_content
    if not words or words.isspace():
        return None
    parent = node.parent
    return (words, parent) if parent is not None and parent.tag not in _SKIPPED else None


def _block(node: LexborNode) -> int:
    """The identity of the nearest element that begins a line of its own."""
    while node.tag in _INLINE and node.parent is not None:
        node = node.parent
    return int(node.mem_id)
