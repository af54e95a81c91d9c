"""Cutting what stands twice: a long text that the body already holds, and the short lines around it.

Pages hold their article a second time for other screens, repeat a pull quote, and put the same notice in place of each
embedded post. A reader wants a text once, so the first stands; but in declared news a text that stands three times is a
notice, and none stands. Short lines repeat for good reasons (a refrain, "Answer:"), so they only go along with a long
one that they stand beside.

Cross-validated over hosts: web articles .9562 to .9572, news .9667 to .9686, all page types .8656 to .8666.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tasks.page.blocks import Outline

# Characters from which a text does not repeat by chance; 60 to 150 score alike.
_LONG = 100
# Copies from which a long text of declared news is a notice.
_NOTICE = 3


def copies(outline: Outline, kept: Sequence[bool], *, is_news: bool) -> frozenset[int]:
    """Positions of kept blocks whose text the body has already, or which is a notice."""
    texts = {n: block.text for n, (block, keep) in enumerate(zip(outline.blocks, kept, strict=True)) if keep}
    count = Counter(texts.values())
    if len(count) == len(texts):
        return frozenset()
    first: dict[str, int] = {}
    for n, text in texts.items():
        first.setdefault(text, n)
    repeated = {n for n, text in texts.items() if first[text] != n}
    found = {n for n in repeated if len(texts[n]) >= _LONG}
    if is_news:
        found |= {n for n, text in texts.items() if len(text) >= _LONG and count[text] >= _NOTICE}
    for order in (list(texts), list(texts)[::-1]):
        for before, n in zip(order, order[1:], strict=False):
            if before in found and n in repeated:
                found.add(n)
    return frozenset(found)
