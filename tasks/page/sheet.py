"""The page as arrays: what the columns of `features` are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.page.blocks import Outline
from tasks.page.characters import COMMA, DIGIT, KINDS, LOWER, MARK, OTHER, QUOTE, SPACE, STOP, UPPER, WIDE, char_classes
from tasks.page.vocabulary import GROUPS
from tasks.page.wording import Wording

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(kw_only=True, slots=True)
class Sheet:
    """The outline as arrays; `first`/`last` are the half-open range of blocks inside each holder."""

    count: int
    length: Floats
    holder: Ints
    parent: Ints
    depth: Ints
    link: Floats
    chars: Floats
    good: npt.NDArray[np.bool_]
    """Long, little linked text: what a body is mostly made of."""
    weight: Floats
    """Characters of good blocks, capped, else 0."""
    first: Ints
    last: Ints
    wanted: frozenset[str] | None
    """Names of the columns asked for; `None`: all."""
    columns: dict[str, npt.NDArray[Any]]
    wording: Wording


# Text from this length on (in Latin characters; a CJK character counts three) may be a paragraph.
GOOD_LENGTH = 60.0
# A paragraph longer than this adds no more to its container: one long comment must not outweigh an article.
MOST_WEIGHT = 600.0
WIDE_CHAR = 2.0
# More linked than this is no paragraph.
MOST_LINKED = 0.4


def sheet_of(outline: Outline, wanted: frozenset[str] | None, wording: Wording) -> Sheet:
    """The arrays of a page, and the columns about the characters of its blocks."""
    texts, holder, link, links, bold, inline, broken = (list(c) for c in zip(*outline.blocks, strict=True))
    parent, depth, *_ = (list(c) for c in zip(*outline.holders, strict=True))
    count = len(texts)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=count)
    chars = char_classes(texts, lengths)
    length = lengths.astype(np.float32) + WIDE_CHAR * chars[:, WIDE]
    link_share = np.asarray(link, dtype=np.float32) / np.maximum(1, lengths)
    at = np.asarray(holder, dtype=np.int64)
    good = (length >= GOOD_LENGTH) & (link_share < MOST_LINKED)
    first, last = _ranges(holder, parent, count)
    letters = chars[:, LOWER] + chars[:, UPPER] + chars[:, WIDE]
    columns: dict[str, npt.NDArray[Any]] = {
        "length": np.log1p(length),
        "words": np.log1p(chars[:, SPACE] + chars[:, WIDE]),
        "mean_word": length / (chars[:, SPACE] + 1),
        "link_share": link_share,
        "links": np.asarray(links, dtype=np.float32),
        "bold_share": np.asarray(bold, dtype=np.float32) / np.maximum(1, lengths),
        "stops": chars[:, STOP],
        "commas": chars[:, COMMA] / np.maximum(1, length),
        "stop_share": chars[:, STOP] / np.maximum(1, length),
        "digits": chars[:, DIGIT] / np.maximum(1, length),
        "upper": chars[:, UPPER] / np.maximum(1, letters),
        "quotes": chars[:, QUOTE] / np.maximum(1, length),
        "marks": chars[:, MARK] / np.maximum(1, length),
        "others": chars[:, OTHER] / np.maximum(1, length),
        "letters": letters / np.maximum(1, length),
        "is_broken": np.asarray(broken, dtype=np.float32),
        "is_good": good,
    }
    _ends(columns, texts)
    sheet = Sheet(
        count=count,
        length=length,
        holder=at,
        parent=np.asarray(parent, dtype=np.int64),
        depth=np.asarray(depth, dtype=np.int64),
        link=np.asarray(link, dtype=np.float32),
        chars=chars,
        good=good,
        weight=np.where(good, np.minimum(length, MOST_WEIGHT), 0).astype(np.float32),
        first=first,
        last=last,
        wanted=wanted,
        columns=columns,
        wording=wording,
    )
    add_bits(sheet, "inline", np.asarray(inline, dtype=np.int64), GROUPS)
    return sheet


def _ranges(holder: list[int], parent: list[int], count: int) -> tuple[Ints, Ints]:
    first, last = [count] * len(parent), [0] * len(parent)
    for n, at in enumerate(holder):
        if first[at] > n:
            first[at] = n
        last[at] = n + 1
    for at in range(len(parent) - 1, 0, -1):
        above = parent[at]
        if first[at] < first[above]:
            first[above] = first[at]
        if last[at] > last[above]:
            last[above] = last[at]
    return np.asarray(first, dtype=np.int64), np.asarray(last, dtype=np.int64)


def _ends(columns: dict[str, npt.NDArray[Any]], texts: list[str]) -> None:
    ends = np.frombuffer("".join([t[-1] for t in texts]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts = np.frombuffer("".join([t[0] for t in texts]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    columns["end_kind"] = KINDS[np.minimum(ends, 0xFFFF)]
    columns["start_kind"] = KINDS[np.minimum(starts, 0xFFFF)]
    columns["ends_colon"] = (ends == ord(":")) | (ends == ord("："))
    columns["ends_question"] = (ends == ord("?")) | (ends == ord("？"))
    columns["ends_ellipsis"] = np.asarray([t.endswith(("…", "...", "[…]", "[...]", "…]", "...]")) for t in texts])


# Columns that other columns are made of.
INNER = frozenset(
    (
        "says_related", "says_sign_up", "says_comments", "says_bio", "in_half", "in_paragraphs", "near_related",
        "near_body", "length", "link_share", "is_good", "is_heading", "tag", "end_kind", "container_votes", "copies",
        "steps_paragraphs", "steps_half", "alike", "ends_ellipsis", "title_likeness", "in_body", "word_score",
        "name_score",
    )
)  # fmt: skip


def add_bits(sheet: Sheet, prefix: str, values: Ints, names: tuple[str, ...]) -> None:
    """A column for each bit that is asked for, named by its group."""
    for n, name in enumerate(names):
        key = f"{prefix}_{name}"
        if sheet.wanted is None or key in sheet.wanted or key in INNER:
            sheet.columns[key] = (values >> n) & 1


def sums(values: Floats, first: Ints, last: Ints) -> Floats:
    """For each holder the sum of its blocks' values."""
    cumulated = np.concatenate((np.zeros(1), np.cumsum(values, dtype=np.float64)))
    return (cumulated[last] - cumulated[np.minimum(first, last)]).astype(np.float32)
