"""Why a block was left out: the nearest evidence, strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.page.blocks import Block, Holder, Outline
from tasks.page.compiled import native
from tasks.page.features import Hints
from tasks.page.prompts import COMPILED_PROMPTS, PROMPT_BIT, REASON_OF_GROUP, prompt_bits
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
_PHRASE_REASONS = tuple((bit, REASON_OF_GROUP[group]) for group, bit in PROMPT_BIT.items())
# In the order that `compiled/reasons.c` reads them in.
_TABLES = (
    *(_TAG_REASONS, _GROUP_REASONS, _PHRASE_REASONS, COMPILED_PROMPTS, _LONGEST_LINE, _SHORTEST_STANDFIRST),
    *(Removing.DUPLICATE, Removing.TITLE, Removing.STANDFIRST, Removing.CLASSIFIER, Removing.OUTSIDE),
)


def reasons(outline: Outline, kept: list[bool], hints: Hints) -> dict[int, Removing]:
    """Why each block that is not kept was left out, by its position."""
    told = _told(outline, kept, hints)
    if native is not None:
        found: dict[int, Removing] = native.reasons(
            _TABLES, outline.holders, outline.blocks, kept, told.body, told.titles, told.lengths, told.description
        )
        return found
    spots = [n for n, keep in enumerate(kept) if keep]
    first, last = (spots[0], spots[-1]) if spots else (len(kept), -1)
    return {
        n: _reason(outline, outline.blocks[n], told) or (Removing.CLASSIFIER if first < n < last else Removing.OUTSIDE)
        for n, keep in enumerate(kept)
        if not keep
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What the page's head and its body say already; all but the body in folded case."""

    body: frozenset[str]
    titles: frozenset[str]
    lengths: tuple[int, ...]
    """Of the titles."""
    description: str


def _told(outline: Outline, kept: Sequence[bool], hints: Hints) -> _Told:
    return _Told(
        body=frozenset([block.text for block, keep in zip(outline.blocks, kept, strict=True) if keep]),
        titles=frozenset([title.casefold() for title in hints.titles]),
        lengths=tuple([len(title) for title in hints.titles]),
        description=hints.description.casefold(),
    )


def _reason(outline: Outline, block: Block, told: _Told) -> Removing | None:
    return (
        _said_by_head(block.text, told)
        or _said_by_words(block.text)
        or _said_by_names(block, outline.holders[block.holder], outline)
    )


def _said_by_head(text: str, told: _Told) -> Removing | None:
    if text in told.body:
        return Removing.DUPLICATE
    length = len(text)
    if length in told.lengths and text.casefold() in told.titles:
        return Removing.TITLE
    is_told = _SHORTEST_STANDFIRST < length <= len(told.description) and text.casefold() in told.description
    return Removing.STANDFIRST if is_told else None


def _said_by_words(text: str) -> Removing | None:
    bits = prompt_bits(text)[0] if len(text) <= _LONGEST_LINE else 0
    return _strongest(bits, _PHRASE_REASONS)


def _said_by_names(block: Block, holder: Holder, outline: Outline) -> Removing | None:
    near = holder.bits | block.inline_bits | outline.holders[holder.parent].bits
    return (
        _strongest(holder.tags_above, _TAG_REASONS)
        or _strongest(near, _GROUP_REASONS)
        or _strongest(holder.above, _GROUP_REASONS)
    )


def _strongest(bits: int, reasons: tuple[tuple[int, Removing], ...]) -> Removing | None:
    for bit, reason in reasons if bits else ():
        if bits & bit:
            return reason
    return None
