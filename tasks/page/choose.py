"""Which blocks are the article: the forest's chances, and what a site's template or a copy takes away again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tasks.page.blocks import Outline
from tasks.page.copies import copies
from tasks.page.features import Hints, features
from tasks.page.template import opinions
from tasks.page.trees import cleaner_forest
from tasks.page.wording import cleaner_wording
from tasks.records import Removing, Template

# A block is kept from this chance on, by the kind of page. Cross-validated over hosts on both development sets: pages
# that declare news lose more by furniture than by a missing line; other pages of which the forest is sure lie between;
# where it is unsure (a language it hardly knows, forums, products, lists) a stricter choice would lose more than it
# spares: three Japanese and Polish articles lost two thirds of their body to the threshold of news.
KEEP_NEWS_FROM, KEEP_SURE_FROM, KEEP_UNSURE_FROM = 0.6, 0.55, 0.4
# The forest is sure of a page when the mean chance of its likelier blocks, weighed by length, is above this.
_SURE = 0.88
# Two kinds of blocks never need more than KEEP_UNSURE_FROM: the standfirst of declared news, which stands at most so
# many blocks above the body and is a sentence (characters), and short lines between two kept blocks of other pages:
# headings and items. Cross-validated: news .965 to .967 (exact .34 to .38), web articles exact .21 to .22.
_LEAD_BLOCKS, _SHORTEST_LEAD, _LONGEST_LINE = 15, 25, 80
# When hardly anything (characters) reaches the threshold, the page is of an unknown kind and less must do.
_LEAST_BODY, _DESPERATE_FROM = 250, 0.3
_NEWS_TYPES = frozenset(("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle"))

Chances = npt.NDArray[np.float32]


def chances(outline: Outline, hints: Hints) -> Chances:
    """For each block the estimate, 0 to 1, that it is part of the article."""
    if not outline.blocks:
        return np.zeros(0, dtype=np.float32)
    forest = cleaner_forest()
    return forest(features(outline, hints, forest.names, cleaner_wording()))


def chosen(
    outline: Outline, chance: Chances, types: Sequence[str], template: Template | None
) -> tuple[list[bool], dict[int, Removing]]:
    """Which blocks are kept, and why others were taken away again; `types` are the page's declared types."""
    is_news = not _NEWS_TYPES.isdisjoint(types)
    kept = _likely(outline, chance, is_news)
    taken: dict[int, Removing] = {}
    if template is not None:
        said = opinions(template, outline)
        taken = {n: Removing.TEMPLATE for n, keep in enumerate(kept) if keep and said[n] is False}
        kept = [keep and n not in taken for n, keep in enumerate(kept)]
    twice = copies(outline, kept, is_news=is_news)
    return [keep and n not in twice for n, keep in enumerate(kept)], taken | dict.fromkeys(twice, Removing.DUPLICATE)


def _likely(outline: Outline, chance: Chances, is_news: bool) -> list[bool]:
    length = np.fromiter((len(block.text) for block in outline.blocks), dtype=np.int64, count=len(outline.blocks))
    mask = chance >= _threshold(chance, length, is_news)
    if length[mask].sum() < _LEAST_BODY:
        mask = chance >= _DESPERATE_FROM
    else:
        mask |= (chance >= KEEP_UNSURE_FROM) & (_leads(mask, length) if is_news else _enclosed(mask, length))
    kept: list[bool] = mask.tolist()
    return kept


def _threshold(chance: Chances, length: npt.NDArray[np.int64], is_news: bool) -> float:
    likely = chance >= 0.5
    total = length[likely].sum()
    if total == 0 or float((chance[likely] * length[likely]).sum()) <= _SURE * total:
        return KEEP_UNSURE_FROM
    return KEEP_NEWS_FROM if is_news else KEEP_SURE_FROM


def _leads(kept: npt.NDArray[np.bool_], length: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The sentences right above the first kept block."""
    first = int(kept.argmax())
    found = np.zeros(len(kept), dtype=bool)
    span = slice(max(0, first - _LEAD_BLOCKS), first)
    found[span] = length[span] >= _SHORTEST_LEAD
    return found


def _enclosed(kept: npt.NDArray[np.bool_], length: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The short lines right between two kept blocks."""
    found = np.zeros(len(kept), dtype=bool)
    found[1:-1] = kept[:-2] & kept[2:] & (length[1:-1] <= _LONGEST_LINE)
    return found
