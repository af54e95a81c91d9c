"""Which blocks are the article: the forest's chances, a site's template, and the rules that stand above both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasks.page.blocks import Outline
from tasks.page.features import Hints, features
from tasks.page.template import opinions
from tasks.page.trees import cleaner_forest
from tasks.records import Template

# A block is kept from this chance on. Cross-validated over hosts on both development sets: news wants 0.5 to 0.6,
# other pages 0.4; short lines err more often than paragraphs and must be surer.
KEEP_FROM = 0.5
KEEP_SHORT_FROM = 0.55
_SHORT = 40
# When hardly anything reaches the threshold the page is of an unknown kind; then the best that there is, is taken:
# blocks from this share of the best chance on.
_LEAST_BODY = 250
_DESPERATE_FROM = 0.3

Chances = npt.NDArray[np.float32]


def chances(outline: Outline, hints: Hints) -> Chances:
    """For each block the estimate, 0 to 1, that it is part of the article."""
    if not outline.blocks:
        return np.zeros(0, dtype=np.float32)
    forest = cleaner_forest()
    return forest(features(outline, hints, forest.names))


def chosen(outline: Outline, chance: Chances, template: Template | None) -> tuple[list[bool], list[bool]]:
    """Which blocks are kept, and which of the others the template took."""
    short = np.fromiter((len(block.text) < _SHORT for block in outline.blocks), dtype=bool, count=len(outline.blocks))
    kept = (chance >= np.where(short, KEEP_SHORT_FROM, KEEP_FROM)).tolist()
    if sum(len(block.text) for block, keep in zip(outline.blocks, kept, strict=True) if keep) < _LEAST_BODY:
        kept = (chance >= _DESPERATE_FROM).tolist()
    taken = [False] * len(kept)
    if template is not None:
        for n, opinion in enumerate(opinions(template, outline)):
            if opinion is False and kept[n]:
                kept[n], taken[n] = False, True
    return kept, taken
