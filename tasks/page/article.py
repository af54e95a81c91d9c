"""A page's article: parse once, cut into blocks, judge each block, and tell what was left out and why.

bytes ─▶ text ─▶ tree ─┬─▶ metadata
                       └─▶ outline ─▶ scores ─▶ kept and removed blocks ─▶ Article | Reject
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from tasks.page.blocks import Outline, segment
from tasks.page.decide import scores
from tasks.page.parse import parse
from tasks.page.reasons import reason_for
from tasks.page.rejects import refuse
from tasks.page.shape import body_blocks, joined
from tasks.records import Article, Reject, Removed, Template
from tasks.text.words import words

KEEP_FROM = 0.5


def extract(html: bytes, url: str | None, template: Template | None = None) -> Article | Reject:
    """The article of a page, or why there is none; never raises, whatever the bytes."""
    tree = parse(html, html.decode("utf-8", "replace"), url)
    if isinstance(tree, Reject):
        return tree
    return _read(tree, url, template)


def _read(tree: LexborHTMLParser, url: str | None, template: Template | None) -> Article | Reject:
    title = _title(tree)
    outline = segment(tree)
    chances = scores(outline)
    kept = [chance >= KEEP_FROM for chance in chances]
    reject = refuse(outline, kept, title, url)
    if reject is not None:
        return reject
    blocks = body_blocks(outline, kept)
    text = joined(blocks)
    return Article(
        url=url,
        canonical_url=None,
        title=title,
        text=text,
        word_count=words(text),
        blocks=blocks,
        removed=_removed(outline, kept, chances),
    )


def _removed(outline: Outline, kept: list[bool], chances: list[float]) -> tuple[Removed, ...]:
    return tuple(
        Removed(position=n, text=block.text, reason=reason_for(outline, n, kept), score=round(chances[n], 4))
        for n, block in enumerate(outline.blocks)
        if not kept[n]
    )


def _title(tree: LexborHTMLParser) -> str | None:
    found = tree.css_first("title")
    return " ".join(found.text().split()) or None if found is not None else None
