"""The article as Markdown: headings, lists, quotes, tables and code as they stood on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.records import Article, Block, BlockKind

# Characters that would turn text into markup where they stand (CommonMark 0.31, section 2.4).
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([#+-])(?=\s)", re.M)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.M)
_CELLS = " \t "


def render(article: Article) -> str:
    """The article as one Markdown text, its title as the first heading."""
    title = [f"# {_escaped(article.title)}"] if article.title else []
    return "\n\n".join(title + list(_groups(article.blocks))) + "\n"


def _groups(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Blocks as paragraphs; items of one list and rows of one table stay together."""
    run: list[str] = []
    kind: BlockKind | None = None
    for block in blocks:
        joins = block.kind is kind and kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
        if run and not joins:
            yield "\n".join(run)
            run = []
        if block.kind is BlockKind.TABLE_ROW and not run:
            run.extend(_table_head(block.text))
        else:
            run.append(_block(block))
        kind = block.kind
    if run:
        yield "\n".join(run)


def _block(block: Block) -> str:
    if block.kind is BlockKind.CODE:
        fence = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`+", block.text)), default=0))
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind is BlockKind.TABLE_ROW:
        return _row(block.text)
    text = _escaped(block.text)
    if block.kind is BlockKind.HEADING:
        return f"{'#' * max(2, block.level)} {text}".replace("\n", " ")
    if block.kind is BlockKind.LIST_ITEM:
        return f"{'  ' * (max(1, block.level) - 1)}- {text}".replace("\n", " ")
    if block.kind is BlockKind.QUOTE:
        return "> " + text.replace("\n", "\n> ")
    if block.kind is BlockKind.CAPTION:
        return f"*{text}*".replace("\n", " ")
    return text.replace("\n", "  \n")


def _row(text: str) -> str:
    return "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in text.split(_CELLS)) + " |"


def _table_head(text: str) -> list[str]:
    return [_row(text), "|" + " --- |" * len(text.split(_CELLS))]


def _escaped(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text)))
