"""Why a block was left out: the nearest evidence, strongest first."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.page.blocks import Outline
from tasks.page.vocabulary import GROUP_BIT, TAG_BIT
from tasks.records import Removing

_TAG_REASONS = (
    (TAG_BIT["nav"], Removing.NAVIGATION),
    (TAG_BIT["footer"], Removing.OUTSIDE),
    (TAG_BIT["figcaption"], Removing.CAPTION),
)
_GROUP_REASONS = (
    (GROUP_BIT["comments"], Removing.COMMENTS),
    (GROUP_BIT["nav"], Removing.NAVIGATION),
    (GROUP_BIT["related"], Removing.RELATED),
    (GROUP_BIT["share"], Removing.SHARE),
    (GROUP_BIT["signup"], Removing.SIGN_UP),
    (GROUP_BIT["ad"], Removing.ADVERTISEMENT),
    (GROUP_BIT["modal"], Removing.CONSENT),
    (GROUP_BIT["tags"], Removing.TAGS),
    (GROUP_BIT["caption"], Removing.CAPTION),
    (GROUP_BIT["bio"], Removing.BIO),
    (GROUP_BIT["byline"], Removing.BYLINE),
)


def reason_for(outline: Outline, n: int, kept: Sequence[bool]) -> Removing:
    """The reason that the names and tags around the block suggest; outside the kept range, that it lies outside."""
    block = outline.blocks[n]
    holder = outline.holders[block.holder]
    for bit, reason in _TAG_REASONS:
        if holder.tags_above & bit:
            return reason
    for bit, reason in _GROUP_REASONS:
        if (holder.bits | block.inline_bits) & bit:
            return reason
    for bit, reason in _GROUP_REASONS:
        if holder.above & bit:
            return reason
    if not any(kept[:n]) or not any(kept[n:]):
        return Removing.OUTSIDE
    return Removing.CLASSIFIER
