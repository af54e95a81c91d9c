"""A page's article: parse once, cut into blocks, judge each block, and tell what was left out and why.

    bytes ─▶ text ─▶ tree ─┬─▶ metadata ─▶ hints ┐
                           └─▶ outline ──────────┴▶ chances ─▶ kept blocks ─▶ tail ─▶ Article | Reject

How it decides, what was measured and where it is known to fail: docs/cleaner.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tasks.page import language, wire
from tasks.page import metadata as metadata_of
from tasks.page.blocks import Outline, segment
from tasks.page.choose import Chances, chances, chosen
from tasks.page.features import Hints
from tasks.page.head import head
from tasks.page.hints import hints
from tasks.page.live_blog import entries
from tasks.page.metadata import Metadata
from tasks.page.parse import MOST_BLOCKS, parse
from tasks.page.reasons import reasons
from tasks.page.rejects import refuse
from tasks.page.shape import body_blocks, joined
from tasks.page.tail import tail
from tasks.page.template import PageOutline, SeenBlock, signatures, text_hash
from tasks.records import Article, Reject, Rejecting, Removed, Removing, Template
from tasks.text.words import words
from tasks.web.preferred import preferred


def extract(html: bytes, url: str | None, template: Template | None = None) -> Article | Reject:
    """The article of a page, or why there is none; never raises, whatever the bytes."""
    tree = parse(html, url)
    if isinstance(tree, Reject):
        return tree
    about = metadata_of.read(tree, url)
    seen = segment(tree)
    if len(seen.blocks) > MOST_BLOCKS:
        detail = f"{len(seen.blocks)} blocks, at most {MOST_BLOCKS} are judged"
        return Reject(url=url, reason=Rejecting.TOO_LARGE, detail=detail)
    said = hints(about)
    chance = chances(seen, said)
    kept, cuts = chosen(seen, chance, about.types, template)
    cuts |= {cut.position: cut.reason for cut in tail(seen, kept)}
    cuts |= dict.fromkeys(head(seen, kept, said), Removing.TITLE)
    kept = [keep and n not in cuts for n, keep in enumerate(kept)]
    reject = refuse(seen, kept, about, url, has_scripts=b"<script" in html)
    if reject is not None:
        return reject
    article = _article(seen, kept, _removed(seen, kept, chance, cuts, said), about, url)
    return replace(article, entries=entries(tree, about))


def outline(html: bytes, url: str | None) -> PageOutline | None:
    """What the template learner keeps of a page: its blocks' structures and which were body; `None`: no article."""
    tree = parse(html, url)
    if isinstance(tree, Reject):
        return None
    about = metadata_of.read(tree, url)
    seen = segment(tree)
    if len(seen.blocks) > MOST_BLOCKS:
        return None
    kept, _ = chosen(seen, chances(seen, hints(about)), about.types, None)
    if refuse(seen, kept, about, url, has_scripts=b"<script" in html) is not None:
        return None
    blocks = zip(seen.blocks, signatures(seen), kept, strict=True)
    return PageOutline(
        url=url,
        title=about.title,
        blocks=tuple(
            SeenBlock(text_hash=text_hash(block.text), signature=signature, length=len(block.text), is_body=keep)
            for block, signature, keep in blocks
        ),
    )


def _removed(
    outline: Outline, kept: list[bool], chance: Chances, cuts: Mapping[int, Removing], said: Hints
) -> tuple[Removed, ...]:
    scores = np.round(chance.astype(np.float64), 4).tolist()
    found = reasons(outline, kept, said)
    return tuple(
        [
            Removed(position=n, text=outline.blocks[n].text, reason=cuts.get(n) or reason, score=scores[n])
            for n, reason in found.items()
        ]
    )


def _article(
    outline: Outline, kept: Sequence[bool], removed: tuple[Removed, ...], about: Metadata, url: str | None
) -> Article:
    blocks = body_blocks(outline, kept)
    text = joined(blocks)
    origin = wire.recognise(
        [block.text for block in blocks],
        about,
        removed=[one.text for one in removed if one.reason in _CREDITS],
        links=_links(outline, kept),
    )
    return Article(
        url=url,
        canonical_url=preferred(url, rel_canonical=about.canonical_url, og_url=about.og_url).url or None,
        title=about.title,
        authors=about.authors,
        published_at=about.published_at,
        published_at_source=about.published_at_source,
        published_offset_minutes=about.published_offset_minutes,
        modified_at=about.modified_at,
        language=language.agreed(about.language, text),
        section=about.section,
        tags=about.tags,
        description=about.description,
        image_url=about.image_url,
        publisher=about.publisher,
        dateline=origin.dateline,
        wire_agency=origin.wire_agency,
        is_based_on_url=origin.is_based_on_url or about.is_based_on_url,
        is_accessible_for_free=about.is_accessible_for_free,
        license=about.license,
        text=text,
        word_count=words(text),
        blocks=blocks,
        removed=removed,
        evidence=(*about.evidence, *origin.evidence),
    )


# Removed blocks in which an agency or a source may be named.
_CREDITS = frozenset((Removing.BYLINE, Removing.SOURCE_LINK, Removing.LEGAL))


def _links(outline: Outline, kept: Sequence[bool]) -> list[tuple[str, str]]:
    """The links of the body's first and last blocks, and of the lines right behind it: there a source is named."""
    spots = [n for n, keep in enumerate(kept) if keep]
    near = {*spots[:_ENDS], *spots[-_ENDS:], *range(spots[-1] + 1, spots[-1] + 1 + _ENDS)} if spots else set()
    return [(" ".join(anchor.split()), href) for n, href, anchor in outline.hrefs if n in near]


# A source is named within this many blocks of the body's beginning and end.
_ENDS = 3
