"""Why a block was left out: the nearest evidence, strongest first."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.page.blocks import Block, Holder, Outline
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


class Reasons:
    """Tells why blocks of one page were left out."""

    __slots__ = ("_description", "_first", "_last", "_lengths", "_outline", "_seen", "_titles")

    def __init__(self, outline: Outline, kept: Sequence[bool], hints: Hints) -> None:
        self._outline = outline
        self._first = next((n for n, keep in enumerate(kept) if keep), len(kept))
        self._last = next((n for n in range(len(kept) - 1, -1, -1) if kept[n]), -1)
        self._titles = {title.casefold() for title in hints.titles}
        self._lengths = {len(title) for title in hints.titles}
        self._description = hints.description.casefold()
        self._seen = {block.text for block, keep in zip(outline.blocks, kept, strict=True) if keep}

    def of(self, n: int) -> Removing:
        """The reason of block `n`."""
        block = self._outline.blocks[n]
        holder = self._outline.holders[block.holder]
        return (
            self._said_by_head(block)
            or _said_by_words(block)
            or _said_by_names(block, holder, self._outline)
            or (Removing.CLASSIFIER if self._first < n < self._last else Removing.OUTSIDE)
        )

    def _said_by_head(self, block: Block) -> Removing | None:
        if block.text in self._seen:
            return Removing.DUPLICATE
        length = len(block.text)
        if length in self._lengths and block.text.casefold() in self._titles:
            return Removing.TITLE
        is_told = _SHORTEST_STANDFIRST < length <= len(self._description) and block.text.casefold() in self._description
        return Removing.STANDFIRST if is_told else None


def _said_by_words(block: Block) -> Removing | None:
    if len(block.text) > _LONGEST_LINE:
        return None
    bits, _ = prompt_bits(block.text)
    if not bits:
        return None
    return next(REASON_OF_GROUP[group] for group, bit in PROMPT_BIT.items() if bits & bit)


def _said_by_names(block: Block, holder: Holder, outline: Outline) -> Removing | None:
    for bit, reason in _TAG_REASONS:
        if holder.tags_above & bit:
            return reason
    near = holder.bits | block.inline_bits | outline.holders[holder.parent].bits
    for bits in (near, holder.above) if (near | holder.above) & _NEAR else ():
        for bit, reason in _GROUP_REASONS:
            if bits & bit:
                return reason
    return None
