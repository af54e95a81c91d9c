"""Which blocks are the article: a plain container heuristic, until the trained classifier stands."""

from __future__ import annotations

from tasks.page.blocks import HIDDEN, Outline
from tasks.page.vocabulary import GROUP_BIT, TAG_BIT

_AGAINST = sum(
    GROUP_BIT[n] for n in ("comments", "related", "share", "nav", "footer", "ad", "signup", "modal", "search")
)
_AGAINST_TAGS = sum(TAG_BIT[n] for n in ("nav", "footer", "form", "aside", "button", "select"))


def scores(outline: Outline) -> list[float]:
    """For each block an estimate, 0 to 1, that it is part of the article."""
    holders, blocks = outline.holders, outline.blocks
    good = [_is_good(outline, n) for n in range(len(blocks))]
    mass = [0.0] * len(holders)
    for block, is_good in zip(blocks, good, strict=True):
        if not is_good:
            continue
        at, weight = holders[block.holder].parent, float(min(len(block.text), 500))
        for _ in range(3):
            mass[at] += weight
            at, weight = holders[at].parent, weight / 3
    if not any(good):
        return [0.0] * len(blocks)
    top = max(range(len(mass)), key=mass.__getitem__)
    inside = [n == top for n in range(len(holders))]
    for n in range(top + 1, len(holders)):
        inside[n] = inside[n] or inside[holders[n].parent]
    spots = [n for n, block in enumerate(blocks) if good[n] and inside[block.holder]]
    first, last = (spots[0], spots[-1]) if spots else (0, -1)
    container = holders[top]
    return [
        0.9
        if inside[b.holder] and first <= n <= last and _is_tolerable(outline, n, container.above, container.tags_above)
        else 0.1
        for n, b in enumerate(blocks)
    ]


def _is_good(outline: Outline, n: int) -> bool:
    block = outline.blocks[n]
    return len(block.text) >= 60 and block.link_chars < 0.4 * len(block.text) and _is_tolerable(outline, n)


def _is_tolerable(outline: Outline, n: int, above: int | None = None, tags_above: int | None = None) -> bool:
    block = outline.blocks[n]
    holder = outline.holders[block.holder]
    if above is None or tags_above is None:
        around = outline.holders[holder.parent]
        bits, tags = holder.bits | around.bits, holder.tags_above & ~outline.holders[0].tags_above
    else:
        bits, tags = holder.above & ~above, holder.tags_above & ~tags_above
    return (
        block.link_chars < 0.6 * len(block.text)
        and not bits & _AGAINST
        and not tags & _AGAINST_TAGS
        and not holder.flags & HIDDEN
    )
