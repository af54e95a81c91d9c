"""The article's body as structured blocks, and its plain text."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.page.blocks import Outline
from tasks.page.vocabulary import TAG_BIT
from tasks.records import Block, BlockKind

# The nearest of these around a block says what it is; innermost first wins, and a list inside a quote is a list.
_KIND_OF_TAG = {
    "h1": BlockKind.HEADING,
    "h2": BlockKind.HEADING,
    "h3": BlockKind.HEADING,
    "h4": BlockKind.HEADING,
    "h5": BlockKind.HEADING,
    "h6": BlockKind.HEADING,
    "li": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "td": BlockKind.TABLE_ROW,
    "th": BlockKind.TABLE_ROW,
    "tr": BlockKind.TABLE_ROW,
    "pre": BlockKind.CODE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "blockquote": BlockKind.QUOTE,
}
_INTERESTING = sum(TAG_BIT[tag] for tag in _KIND_OF_TAG if tag in TAG_BIT)
_LISTS = frozenset(("ul", "ol", "dl"))
# A layout table holds paragraphs: a cell text longer than this (characters) is one of them.
_LONGEST_CELL_TEXT = 300


def body_blocks(outline: Outline, kept: Sequence[bool]) -> tuple[Block, ...]:
    """The kept blocks with their kinds and levels, in document order."""
    known: dict[int, tuple[BlockKind, int]] = {}
    made = []
    for position, block in enumerate(outline.blocks):
        if not kept[position]:
            continue
        if block.holder not in known:
            known[block.holder] = _kind(outline, block.holder)
        kind, level = known[block.holder]
        if kind is BlockKind.TABLE_ROW and "\t" not in block.text and len(block.text) > _LONGEST_CELL_TEXT:
            kind = BlockKind.PARAGRAPH
        made.append(Block(position=position, kind=kind, text=block.text, level=level))
    return tuple(made)


def _kind(outline: Outline, holder: int) -> tuple[BlockKind, int]:
    at = outline.holders[holder]
    if not at.tags_above & _INTERESTING:
        return BlockKind.PARAGRAPH, 0
    while True:
        kind = _KIND_OF_TAG.get(at.tag)
        if kind is BlockKind.HEADING:
            return kind, int(at.tag[1])
        if kind is BlockKind.LIST_ITEM:
            return kind, max(1, _depth_of_lists(outline, holder))
        if kind is not None:
            return kind, 0
        if at.depth == 0:
            return BlockKind.PARAGRAPH, 0
        at = outline.holders[at.parent]


def _depth_of_lists(outline: Outline, holder: int) -> int:
    depth, at = 0, outline.holders[holder]
    while at.depth:
        depth += at.tag in _LISTS
        at = outline.holders[at.parent]
    return depth


def joined(blocks: Sequence[Block]) -> str:
    """The body as plain text: blocks joined by one blank line."""
    return "\n\n".join(block.text for block in blocks)
