"""The page as a list of blocks: the maximal runs of inline text between block-level boundaries.

One walk over the parsed tree, in document order, without recursion (so that a hundred thousand nested tags are only a
long loop). Elements that hold text in lines (`b`, `a`, `span`, …) belong to the nearest block-level element around
them, the block's *holder*. Holders form a tree of their own, kept as parallel columns: parent, depth, tag and class
bits. Everything later (features, containers, templates) reads these columns and never touches the DOM again.

A line break ends a block when it is doubled, or when the line before it is as long as a paragraph: pages of the 1990s
and many wire copies separate paragraphs by `<br>` alone, while addresses and verses must stay together. The cells of a
short table row are one block; the cells of a long one (a layout table) are blocks of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page.compiled import native
from tasks.page.markup import KEPT_AS_TYPED, OTHER_TAG, TAGS, hides_markup
from tasks.page.vocabulary import (
    ANCHOR,
    BLOCK,
    BREAK,
    CELL,
    DOING,
    LEXICON,
    PICTURE,
    REMEMBERED,
    STRONG,
    UNKNOWN_TAG,
    UNSEEN,
    name_bits,
)

# A line this long (characters) before a single <br> is a paragraph of its own: about one full line of print.
PARAGRAPH_LINE = 80
# A table cell longer than this (characters) is layout, not a figure: the cells of its row become blocks of their own.
LONGEST_CELL = 300
LINK, BOLD, HIDDEN = 1, 2, 4
# A place is a holder's index and these three flags in one integer: the walk needs one small dictionary only.
_SHIFT, _FLAGS = 3, 7
# Between the cells of a table row, and for a line break, until the block is closed.
_CELL, _BREAK = "\x1f", "\x1e"
_CELL_TAGS = frozenset(("td", "th"))
_SKIPPED = frozenset((UNSEEN, PICTURE))
_CONCEALED = ("display:none", "display: none", "visibility:hidden", "visibility: hidden")


class Holder(NamedTuple):
    """A block-level element. The body is holder 0 and its own parent."""

    parent: int
    depth: int
    tag: str
    names: str
    """`class` and `id` as written."""
    bits: int
    """Groups (`vocabulary.GROUPS`) of the element's own names."""
    above: int
    """Groups of the element and of all elements around it."""
    tags_above: int
    """`vocabulary.TAG_BIT`s of the element and of all elements around it."""
    flags: int


class Block(NamedTuple):
    """A run of visible text. Counts are characters."""

    text: str
    holder: int
    link_chars: int
    links: int
    bold_chars: int
    inline_bits: int
    """Groups of the names of inline elements inside the block."""
    is_broken: bool
    """Whether it began after a line break or a cell instead of an element's start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """The blocks of a page in document order and the elements that hold them."""

    holders: list[Holder]
    blocks: list[Block]
    hrefs: list[tuple[int, str, str]] = field(default_factory=list)
    """Links inside blocks: the block's index, the address as written, and the link's first words."""


def segment(tree: LexborHTMLParser) -> Outline:
    """All blocks of the page with text a reader could see, in document order, and their holders."""
    body = tree.body
    if body is None:
        return Outline(holders=[], blocks=[])
    return _read(body) or _walk(body)


def _read(body: LexborNode) -> Outline | None:
    """What `_walk` returns, read from the body's markup; `None` where nothing compiled can do that without doubt."""
    knowledge = (TAGS, OTHER_TAG, LEXICON, name_bits, _close, _CONCEALED, Holder, Block)
    found = native.walk(body.html or "", *knowledge) if native is not None else None
    if found is None:
        return None
    holders, blocks, hrefs, doubtful = found
    if doubtful and hides_markup(body, doubtful):
        return None
    return Outline(holders=holders, blocks=blocks, hrefs=hrefs)


def _walk(body: LexborNode) -> Outline:  # noqa: C901, PLR0912, PLR0915 — the one hot loop: calls would double its cost
    new = tuple.__new__  # a NamedTuple's own constructor costs twice as much
    holders = [Holder(0, 0, "body", "", 0, 0, 0, 0)]
    blocks: list[Block] = []
    hrefs: list[tuple[int, str, str]] = []
    where = {body.mem_id: 0}
    find, doings, remembered = where.get, DOING.get, REMEMBERED.get
    pieces: list[str] = []
    current, href = -1, ""
    link_chars = links = bold = inline = 0
    nodes: Iterator[Any] = body.traverse(include_text=True)  # typed as if every node might lack a parent and text
    next(nodes)  # the body itself
    for node in nodes:
        tag = node.tag
        if tag == "-text":
            text = node.text_content
            if text.isspace():
                if pieces:
                    pieces.append(text)
                continue
            place = find(node.parent.mem_id, -1)
            if place < 0:
                continue
            holder = place >> _SHIFT
            if holder != current:
                if pieces:
                    was, now = holders[current], holders[holder]
                    if was.parent == now.parent and was.tag in _CELL_TAGS and now.tag in _CELL_TAGS:
                        pieces.append(_CELL)
                    else:
                        _close(blocks, pieces, current, holders[current].tag, link_chars, links, bold, inline)
                        pieces = []
                        link_chars = links = bold = inline = 0
                current = holder
            pieces.append(text)
            if place & _FLAGS:
                if place & LINK:
                    link_chars += len(text.strip())
                    if href:
                        links += 1
                        hrefs.append((len(blocks), href, text))
                        href = ""
                if place & BOLD:
                    bold += len(text.strip())
            continue
        doing, bit = doings(tag, UNKNOWN_TAG)
        if doing == BREAK:
            if pieces:
                pieces.append(_BREAK)
            continue
        if doing in _SKIPPED:
            continue
        place = find(node.parent.mem_id, -1)
        if place < 0:
            continue
        attributes = node.attributes
        if doing != BLOCK and doing != CELL:
            if doing == ANCHOR:
                place |= LINK
                href = attributes.get("href") or "#"
            elif doing == STRONG:
                place |= BOLD
            if attributes:
                names = attributes.get("class")
                if names:
                    inline |= remembered(names) or name_bits(names)
                if "style" in attributes or "hidden" in attributes:
                    place |= _concealed(attributes)
            where[node.mem_id] = place
            continue
        if pieces and doing == BLOCK:
            _close(blocks, pieces, current, holders[current].tag, link_chars, links, bold, inline)
            pieces = []
            link_chars = links = bold = inline = 0
            current = -1
        holder = place >> _SHIFT
        _, depth, _, _, _, above, tags_above, _ = holders[holder]
        names, bits, flags = "", 0, place & _FLAGS
        if attributes:
            names = attributes.get("class")
            if names and len(attributes) == 1:
                bits = remembered(names) or name_bits(names)
            else:
                names, bits, conceal = _described(attributes)
                flags |= conceal
        where[node.mem_id] = len(holders) << _SHIFT | flags
        holders.append(new(Holder, (holder, depth + 1, tag, names or "", bits, above | bits, tags_above | bit, flags)))
    if pieces:
        _close(blocks, pieces, current, holders[current].tag, link_chars, links, bold, inline)
    return Outline(holders=holders, blocks=blocks, hrefs=hrefs)


def _described(attributes: dict[str, str | None]) -> tuple[str, int, int]:
    """Names, their groups, and whether the element is concealed."""
    classes, identity = attributes.get("class"), attributes.get("id")
    names = f"{classes} {identity}" if classes and identity else classes or identity or ""
    bits = name_bits(names) if names else 0
    if len(attributes) == 1:
        return names, bits, HIDDEN if "hidden" in attributes else 0
    role = attributes.get("role") or attributes.get("itemprop")
    if role:
        bits |= name_bits(role)
    return names, bits, _concealed(attributes)


def _concealed(attributes: dict[str, str | None]) -> int:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return HIDDEN
    style = attributes.get("style")
    return HIDDEN if style and any(word in style for word in _CONCEALED) else 0


def _close(
    blocks: list[Block], pieces: list[str], holder: int, tag: str, link_chars: int, links: int, bold: int, inline: int
) -> None:
    """Write the open run as one block, or as several where lines or cells part it."""
    raw = "".join(pieces)
    if tag in KEPT_AS_TYPED:
        text = raw.replace(_BREAK, "\n").replace(_CELL, "\t").strip("\r\n")
        if text and not text.isspace():
            blocks.append(Block(text, holder, link_chars, links, bold, inline, False))
        return
    if _BREAK not in raw and _CELL not in raw:
        text = " ".join(raw.split())
        if text:
            blocks.append(tuple.__new__(Block, (text, holder, link_chars, links, bold, inline, False)))
        return
    parts = [part for part in _paragraphs(raw) if part]
    total = sum(map(len, parts)) or 1
    for n, part in enumerate(parts):
        share = len(part) / total
        counts = round(link_chars * share), round(links * share), round(bold * share)
        blocks.append(Block(part, holder, *counts, inline, n > 0))


def _paragraphs(raw: str) -> Iterator[str]:
    """The paragraphs of a run that has line breaks or cells in it."""
    if _CELL in raw:
        cells = [" ".join(cell.replace(_BREAK, " ").split()) for cell in raw.split(_CELL)]
        if max(map(len, cells)) <= LONGEST_CELL:
            yield " \t ".join(cell for cell in cells if cell)
            return
        for cell in raw.split(_CELL):
            yield from _paragraphs(cell) if _BREAK in cell else (" ".join(cell.split()),)
        return
    open_lines: list[str] = []
    for line in raw.split(_BREAK):
        words = " ".join(line.split())
        if words:
            open_lines.append(words)
        if open_lines and (not words or len(words) >= PARAGRAPH_LINE):
            yield "\n".join(open_lines)
            open_lines = []
    if open_lines:
        yield "\n".join(open_lines)
