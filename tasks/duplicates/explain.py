"""Why two texts are copies of each other, or not: the measures behind the decision and the passages they share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.desk import ACCEPT, NOTHING_COMMON, Desk, desk
from tasks.duplicates.measure import NAMES
from tasks.text.normalise import U32, words

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""What lies between spaces; an ideograph by itself, as in `normalise`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What was measured on two texts, and what was made of it."""

    is_copy: bool
    probability: float
    measures: Mapping[str, float]
    passages: tuple[str, ...]
    """The longest passages that both texts have, in the wording of the smaller one."""


def explain(a_text: str, b_text: str, common: U32 | None = None) -> Explanation:
    """The decision about two texts; `common` are fingerprints that count for nothing (none, if not known)."""
    table = _desk(a_text, b_text, common if common is not None else NOTHING_COMMON)
    found = table.compare(np.zeros(1, np.int64), np.ones(1, np.int64), NOTHING_COMMON)
    shown = table.passages(found)
    sure = float(found.probability[0])
    return Explanation(
        is_copy=sure >= ACCEPT,
        probability=round(sure, 4),
        measures={name: round(float(value), 4) for name, value in zip(NAMES, found.rows[0], strict=True)},
        passages=passages_at(a_text if bool(shown.is_left_smaller[0]) else b_text, shown.runs[0]),
    )


def passages_at(text: str, runs: Sequence[int]) -> tuple[str, ...]:
    """The passages of a text that `runs` names by first word and number of words, one after the other."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    counts = words([text[start:end] for start, end in spans]).lengths
    ends = np.cumsum(counts)
    found = []
    for first, length in zip(runs[::2], runs[1::2], strict=True):
        begin, end = np.searchsorted(ends, [first, first + length - 1], "right").tolist()
        if end < len(spans):
            found.append(text[spans[begin][0] : spans[end][1]])
    return tuple(found)


def _desk(a_text: str, b_text: str, common: U32) -> Desk:
    return desk(np.arange(2), lambda _: words([a_text, b_text]), lambda hashes: np.isin(hashes, common))
