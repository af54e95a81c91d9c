"""A stored page as the learner of templates keeps it: hashes and structures, no text."""

from __future__ import annotations

from tasks.page import metadata as metadata_of
from tasks.page.blocks import segment
from tasks.page.choose import chances, chosen
from tasks.page.hints import hints
from tasks.page.parse import MOST_BLOCKS, parse
from tasks.page.template import PageOutline, SeenBlock, signatures, text_hash
from tasks.records import Reject


def outline(html: bytes, url: str | None) -> PageOutline:
    """The page's blocks with their hashes and structures, and whether the cleaner takes each for body."""
    tree = parse(html, url)
    if isinstance(tree, Reject):
        return PageOutline(url=url, title=None, blocks=())
    about = metadata_of.read(tree, url)
    page = segment(tree)
    if len(page.blocks) > MOST_BLOCKS:
        return PageOutline(url=url, title=about.title, blocks=())
    kept, _ = chosen(page, chances(page, hints(about)), about.types, None)
    return PageOutline(
        url=url,
        title=about.title,
        blocks=tuple(
            SeenBlock(text_hash=text_hash(block.text), signature=signature, length=len(block.text), is_body=keep)
            for block, signature, keep in zip(page.blocks, signatures(page), kept, strict=True)
        ),
    )
