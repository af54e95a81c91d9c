"""Why a block was left out: the nearest evidence, strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tasks.page.blocks import Block, Outline
from tasks.page.features import Hints
from tasks.page.prompts import PROMPT_BIT, REASON_OF_GROUP, prompt_bits
from tasks.page.vocabulary import GROUP_BIT, TAG_BIT
from tasks.records import Removing

# Lines longer than this (characters) are prose: what they begin with says little about them.
_LONGEST_LINE = 160
_SHORTEST_STANDFIRST = 40
_TAG_REASONS = (
    (TAG_BIT["nav"], Removing.NAVIGATION),
    (TAG_BIT["figcaption"], Removing.CAPTION),
    (TAG_BIT["footer"], Removing.OUTSIDE),
)
_GROUP_REASONS = tuple(
    (GROUP_BIT[name], reason)
    for name, reason in (
        ("comments", Removing.COMMENTS), ("nav", Removing.NAVIGATION), ("related", Removing.RELATED),
        ("share", Removing.SHARE), ("signup", Removing.SIGN_UP), ("modal", Removing.CONSENT),
        ("ad", Removing.ADVERTISEMENT), ("tags", Removing.TAGS), ("standfirst", Removing.STANDFIRST),
        ("caption", Removing.CAPTION), ("bio", Removing.BIO), ("byline", Removing.BYLINE),
    )
)  # fmt: skip
_NEAR = sum(bit for bit, _ in _GROUP_REASONS)
_TAGS = sum(bit for bit, _ in _TAG_REASONS)
_REASON_OF_BIT = {bit: REASON_OF_GROUP[group] for group, bit in PROMPT_BIT.items()}


def reasons(outline: Outline, kept: Sequence[bool], hints: Hints) -> dict[int, Removing]:
    """Why each block that is not kept was left out, by its position."""
    told = _Told.of(outline, kept, hints)
    spots = [n for n, keep in enumerate(kept) if keep]
    first, last = (spots[0], spots[-1]) if spots else (len(kept), -1)
    blocks = outline.blocks
    return {
        n: _said_by_head(blocks[n].text, told)
        or _said_by_words(blocks[n].text)
        or _said_by_names(blocks[n], outline)
        or (Removing.CLASSIFIER if first < n < last else Removing.OUTSIDE)
        for n, keep in enumerate(kept)
        if not keep
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What the page's head and its body say already."""

    body: frozenset[str]
    titles: frozenset[str]
    lengths: frozenset[int]
    description: str
    longest: int

    @classmethod
    def of(cls, outline: Outline, kept: Sequence[bool], hints: Hints) -> _Told:
        description = hints.description.casefold()
        return cls(
            body=frozenset([block.text for block, keep in zip(outline.blocks, kept, strict=True) if keep]),
            titles=frozenset([title.casefold() for title in hints.titles]),
            lengths=frozenset([len(title) for title in hints.titles]),
            description=description,
            longest=len(description),
        )


def _said_by_head(text: str, told: _Told) -> Removing | None:
    if text in told.body:
        return Removing.DUPLICATE
    length = len(text)
    if length in told.lengths and text.casefold() in told.titles:
        return Removing.TITLE
    is_told = _SHORTEST_STANDFIRST < length <= told.longest and text.casefold() in told.description
    return Removing.STANDFIRST if is_told else None


def _said_by_words(text: str) -> Removing | None:
    if len(text) > _LONGEST_LINE:
        return None
    bits, _ = prompt_bits(text)
    return _REASON_OF_BIT[bits & -bits] if bits else None


def _said_by_names(block: Block, outline: Outline) -> Removing | None:
    parent, _, _, _, bits, above, tags_above, _ = outline.holders[block.holder]
    near = bits | block.inline_bits | outline.holders[parent].bits
    if not (tags_above & _TAGS or (near | above) & _NEAR):
        return None
    return _strongest(tags_above & _TAGS, near & _NEAR, above & _NEAR)


# Neighbours on a page, and the pages of a site, have the same names around them.
@lru_cache(maxsize=4096)
def _strongest(tags: int, near: int, above: int) -> Removing:
    for bit, reason in _TAG_REASONS:
        if tags & bit:
            return reason
    return next(reason for bits in (near, above) for bit, reason in _GROUP_REASONS if bits & bit)
