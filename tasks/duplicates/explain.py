"""Why two texts are copies of each other, or not: the measures behind the decision and the passages they share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tasks.duplicates.decision import probability
from tasks.duplicates.fingerprint import sketches
from tasks.duplicates.grow import ACCEPT
from tasks.duplicates.measure import NAMES, measure
from tasks.duplicates.own_words import own_words
from tasks.text.normalise import U32, words

LEAST_PASSAGE = 5
"""Words a shared passage must have to be shown; shorter ones are in every text."""

_WORD = re.compile(r"\w+(?:[.,'’]\w+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What was measured on two texts, and what was made of it."""

    is_copy: bool
    probability: float
    measures: Mapping[str, float]
    passages: tuple[str, ...]
    """Passages of the first text that stand in the second too, in its wording, longest first."""


def explain(a_text: str, b_text: str, common: U32 | None = None) -> Explanation:
    """The decision about two texts; `common` are fingerprints that count for nothing (none, if not known)."""
    source = words([a_text, b_text])
    kept = sketches(source)
    is_common = np.isin(kept.hashes, common if common is not None else np.empty(0, np.uint32))
    rows = measure(source, source.keys, own_words(source, kept, is_common), np.zeros(1, np.int64), np.ones(1, np.int64))
    sure = max(float(probability(rows)[0]), float(rows[0, NAMES.index("is_exact")]))
    return Explanation(
        is_copy=sure >= ACCEPT,
        probability=round(sure, 4),
        measures={name: round(float(value), 4) for name, value in zip(NAMES, rows[0], strict=True)},
        passages=passages(a_text, b_text),
    )


def passages(a_text: str, b_text: str) -> tuple[str, ...]:
    """Passages of at least `LEAST_PASSAGE` words of the first text that the second has too, longest first."""
    spans = [match.span() for match in _WORD.finditer(a_text)]
    ours = [_folded(a_text[start:end]) for start, end in spans]
    theirs = [_folded(match[0]) for match in _WORD.finditer(b_text)]
    known = {tuple(theirs[at : at + LEAST_PASSAGE]) for at in range(len(theirs) - LEAST_PASSAGE + 1)}
    found: list[tuple[int, int]] = []
    for at in range(len(ours) - LEAST_PASSAGE + 1):
        if tuple(ours[at : at + LEAST_PASSAGE]) not in known:
            continue
        if found and at <= found[-1][1] - LEAST_PASSAGE + 1:
            found[-1] = (found[-1][0], at + LEAST_PASSAGE)
        else:
            found.append((at, at + LEAST_PASSAGE))
    found.sort(key=lambda run: (run[0] - run[1], run[0]))
    return tuple(a_text[spans[start][0] : spans[end - 1][1]] for start, end in found)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'").replace("\u00ad", "")
