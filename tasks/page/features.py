"""Numbers about each block, computed for the whole page at once.

Each function adds columns for one kind of evidence: the text itself, its place, the names around it, its neighbours,
the containers that rival scorers choose, what the page's head says (titles, description, `articleBody`), and what
repeats. All are plain arithmetic on arrays, because a Python loop over blocks × features would cost more than parsing.

A trained model names the columns that it wants; the others are not computed where that saves anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tasks.page.blocks import HIDDEN, Block, Holder, Outline
from tasks.page.characters import KINDS, WIDE
from tasks.page.compiled import native
from tasks.page.prompts import COMPILED_PROMPTS, PROMPT_BIT, PROMPT_GROUPS, prompt_bits
from tasks.page.sheet import (
    GOOD_LENGTH,
    INNER,
    MOST_LINKED,
    MOST_WEIGHT,
    WIDE_CHAR,
    Floats,
    Ints,
    Sheet,
    add_bits,
    sheet_of,
    sums,
)
from tasks.page.vocabulary import GROUPS, PLACE_TAGS, TAG_BIT
from tasks.page.wording import BLANK, Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What the page's head says about its article."""

    titles: tuple[str, ...] = ()
    description: str = ""
    article_body: str = ""


# The compiled part has one bit of a word for each title.
_MOST_COMPILED_TITLES = 63


def features(outline: Outline, hints: Hints, names: tuple[str, ...], wording: Wording) -> Floats:
    """One row per name, one column per block (there must be one)."""
    count = len(outline.blocks)
    rows = np.empty((len(names), count), dtype=np.float32)
    if native is not None and len(hints.titles) <= _MOST_COMPILED_TITLES:
        told = hints.titles, hints.description, _declared_body(hints, count)
        native.features(_compiled_columns(names, wording), outline.holders, outline.blocks, *told, rows)
        return rows
    columns = _filled(outline, hints, frozenset(names), wording).columns
    for n, name in enumerate(names):
        rows[n] = columns[name]
    return rows


def feature_names() -> tuple[str, ...]:
    """The names of all columns there are, in order."""
    body = Holder(0, 0, "body", "", 0, 0, 0, 0)
    sample = Outline(holders=[body], blocks=[Block("A sample.", 0, 0, 0, 0, 0, False)])
    return tuple(_filled(sample, Hints(), None, BLANK).columns)


def _filled(outline: Outline, hints: Hints, wanted: frozenset[str] | None, wording: Wording) -> Sheet:
    sheet = sheet_of(outline, wanted, wording)
    for step in _STEPS:
        step(sheet, outline, hints)
        if wanted is not None and sheet.count > _MANY_BLOCKS:
            _forget(sheet, wanted)
    return sheet


def _forget(sheet: Sheet, wanted: frozenset[str]) -> None:
    """Drop the columns that nobody asks for any more, and halve the others: a page may have 100,000 blocks."""
    kept = wanted | INNER
    sheet.columns = {
        name: np.asarray(column, dtype=np.float32) for name, column in sheet.columns.items() if name in kept
    }


# From here on (blocks) memory matters more than the time to free it.
_MANY_BLOCKS = 5_000


# ---------------------------------------------------------------- names and tags around the block

_HEADINGS = sum(TAG_BIT[f"h{n}"] for n in range(1, 7))


def _names(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    _, _, tag, _, bits, above, tags_above, flags = (list(c) for c in zip(*outline.holders, strict=True))
    own = np.asarray(bits, dtype=np.int64)
    near = own[sheet.parent]
    second = sheet.parent[sheet.parent]
    near |= own[second] | own[sheet.parent[second]]
    at = sheet.holder
    columns = sheet.columns
    add_bits(sheet, "own", own[at], GROUPS)
    add_bits(sheet, "near", near[at], GROUPS)
    add_bits(sheet, "above", np.asarray(above, dtype=np.int64)[at], GROUPS)
    add_bits(sheet, "in", np.asarray(tags_above, dtype=np.int64)[at], PLACE_TAGS)
    own_tag = np.asarray([TAG_NUMBER.get(t, 0) for t in tag], dtype=np.int64)
    columns["tag"] = own_tag[at]
    columns["parent_tag"] = own_tag[sheet.parent[at]]
    columns["grand_tag"] = own_tag[second[at]]
    columns["is_hidden"] = np.asarray(flags, dtype=np.int64)[at] & HIDDEN > 0
    columns["depth"] = sheet.depth[at]
    columns["is_heading"] = (np.asarray(tags_above, dtype=np.int64)[at] & _HEADINGS) > 0


# Ordered so that tags of like use lie together: a tree splits by order.
TAG_NUMBER = {
    tag: n
    for n, tag in enumerate(
        ("", "body", "div", "section", "article", "main", "p", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
        + ("li", "dd", "dt", "ol", "ul", "dl", "td", "th", "tr", "table", "figure", "figcaption", "details", "summary")
        + ("header", "footer", "nav", "aside", "form", "address", "button", "select", "option", "noscript")
    )
}


# Hardly a labelled page is larger (characters, blocks); what is beyond counts as this much, or else a transcript of an
# hour would be judged by the few long lists and archives that the forest has seen.
_MOST_JUDGED_TEXT, _MOST_JUDGED_BLOCKS = 20_000.0, 300

# ---------------------------------------------------------------- place on the page


def _place(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    n, columns = sheet.count, sheet.columns
    order = np.arange(n)
    before = np.cumsum(sheet.length) - sheet.length
    total = float(sheet.length.sum()) or 1.0
    good_before = np.cumsum(sheet.weight) - sheet.weight
    good_total = float(sheet.weight.sum()) or 1.0
    columns["position"] = order / n
    columns["text_before"] = before / total
    columns["good_before"] = good_before / good_total
    columns["good_after"] = (good_total - good_before - sheet.weight) / good_total
    columns["index"] = np.minimum(order, 200)
    columns["index_from_end"] = np.minimum(n - 1 - order, 200)
    columns["page_blocks"] = np.full(n, np.log1p(min(n, _MOST_JUDGED_BLOCKS)))
    columns["page_text"] = np.full(n, np.log1p(min(total, _MOST_JUDGED_TEXT)))
    columns["page_good"] = np.full(n, good_total / total)
    columns["page_links"] = np.full(n, float(sheet.link.sum()) / total)
    columns["page_wide"] = np.full(n, float(sheet.chars[:, WIDE].sum()) / total)


# ---------------------------------------------------------------- subtree sums


def _subtrees(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    columns = sheet.columns
    text = sums(sheet.length, sheet.first, sheet.last)
    link = sums(sheet.link, sheet.first, sheet.last)
    weight = sums(sheet.weight, sheet.first, sheet.last)
    good = sums(sheet.good.astype(np.float32), sheet.first, sheet.last)
    blocks = (sheet.last - np.minimum(sheet.first, sheet.last)).astype(np.float32)
    total = float(weight[0]) or 1.0
    at = sheet.holder
    for name in ("own", "parent", "grand", "third", "fourth"):
        columns[f"{name}_text"] = np.log1p(np.minimum(text[at], _MOST_JUDGED_TEXT))
        columns[f"{name}_links"] = link[at] / np.maximum(1, text[at])
        columns[f"{name}_weight"] = weight[at] / total
        columns[f"{name}_good"] = good[at] / np.maximum(1, blocks[at])
        columns[f"{name}_blocks"] = np.log1p(np.minimum(blocks[at], _MOST_JUDGED_BLOCKS))
        at = sheet.parent[at]


# ---------------------------------------------------------------- containers by rival scorers

_AGAINST_BODY = (
    "comments",
    "related",
    "share",
    "nav",
    "footer",
    "aside",
    "ad",
    "signup",
    "modal",
    "search",
    "teaser",
    "bio",
)
_FOR_BODY = GROUPS.index("body")
_AGAINST_MASK = sum(1 << GROUPS.index(g) for g in _AGAINST_BODY)
_AGAINST_TAGS = sum(TAG_BIT[t] for t in ("nav", "footer", "aside", "form", "button", "select"))


def _containers(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    own = np.asarray([h.bits for h in outline.holders], dtype=np.int64)
    tags_above = np.asarray([h.tags_above for h in outline.holders], dtype=np.int64)
    tags = np.asarray([TAG_NUMBER.get(h.tag, 0) for h in outline.holders], dtype=np.int64)
    weight = sums(sheet.weight, sheet.first, sheet.last)
    clean = np.where(
        (own[sheet.holder] & _AGAINST_MASK > 0) | (tags_above[sheet.holder] & _AGAINST_TAGS > 0), 0, sheet.weight
    )
    tops = (
        _top_by_paragraphs(sheet, clean.astype(np.float32)),
        _top_by_share(sheet, weight, 0.5),
        _top_by_share(sheet, weight, 0.8),
        int(np.argmax(np.where((tags == TAG_NUMBER["article"]) | (tags == TAG_NUMBER["main"]), weight, 0))),
        int(np.argmax(np.where((own >> _FOR_BODY) & 1 > 0, weight * (1 + 0.02 * sheet.depth), 0))),
    )
    order = np.arange(sheet.count)
    votes = np.zeros(sheet.count, dtype=np.float32)
    for name, top in zip(("paragraphs", "half", "most", "article", "body"), tops, strict=True):
        first, last = int(sheet.first[top]), int(sheet.last[top])
        inside = (order >= first) & (order < last)
        votes += inside
        sheet.columns[f"in_{name}"] = inside
        sheet.columns[f"at_{name}"] = (order - first) / max(1, last - first)
        sheet.columns[f"steps_{name}"] = _steps(sheet, top)
        sheet.columns[f"share_{name}"] = np.full(sheet.count, weight[top] / max(1.0, float(weight[0])))
        sheet.columns[f"below_{name}"] = np.where(inside, sheet.depth[sheet.holder] - sheet.depth[top], -1)
    sheet.columns["container_votes"] = votes
    _span(sheet, order)


def _top_by_paragraphs(sheet: Sheet, weight: Floats) -> int:
    """Readability's scorer: a paragraph speaks for its parent, half as much for the next, a third for the one above."""
    score = np.zeros(len(sheet.parent))
    at = sheet.parent[sheet.holder]
    for share in (1.0, 0.5, 0.33):
        np.add.at(score, at, weight * share)
        at = sheet.parent[at]
    return int(np.argmax(score))


def _top_by_share(sheet: Sheet, weight: Floats, share: float) -> int:
    """The deepest holder with at least `share` of the page's good text."""
    enough = weight >= share * weight[0]
    return int(np.argmax(np.where(enough, sheet.depth, -1)))


def _steps(sheet: Sheet, top: int) -> Floats:
    """How many levels to climb from the container until the block is inside."""
    order = np.arange(sheet.count)
    steps = np.zeros(sheet.count, dtype=np.float32)
    for _ in range(8):
        outside = (order < sheet.first[top]) | (order >= sheet.last[top])
        if not outside.any():
            break
        steps += outside
        top = int(sheet.parent[top])
    return steps


# What a short or linked block costs when the densest span is sought, in characters.
_SPAN_COST = 120.0


def _span(sheet: Sheet, order: npt.NDArray[np.int64]) -> None:
    """The contiguous run of blocks with the most good text (maximum subarray)."""
    value = np.where(sheet.good, sheet.weight, -_SPAN_COST)
    cumulated = np.concatenate((np.zeros(1), np.cumsum(value)))
    lowest = np.minimum.accumulate(cumulated)
    end = int(np.argmax(cumulated - lowest))
    start = int(np.argmin(cumulated[: end + 1]))
    sheet.columns["in_span"] = (order >= start) & (order < end)
    sheet.columns["from_span_start"] = np.clip(order - start, -50, 300)
    sheet.columns["to_span_end"] = np.clip(end - order, -50, 300)


# ---------------------------------------------------------------- what the head says


_WORD = re.compile(r"\w+")


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


# Characters compared at most when blocks are looked up in the declared body (a second's work).
_MOST_COMPARED = 300_000_000
# Blocks longer than this (characters) are no titles.
_LONGEST_TITLE = 300


def _head(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    titles = [w for w in dict.fromkeys(frozenset(_words_of(title)) for title in hints.titles) if w]
    description = _words_of(hints.description)
    told = description.union(*titles)
    longest = max(_LONGEST_TITLE, 2 * len(hints.description)) if told else 0
    likeness, cover, described = ([0.0] * sheet.count for _ in range(3))
    for n, block in enumerate(outline.blocks) if told else ():
        size = len(block.text)
        if size > longest:  # much longer than what it is compared with: alike it cannot be
            continue
        words = _words_of(block.text)
        if told.isdisjoint(words):
            continue
        if size <= _LONGEST_TITLE:
            for title in titles:
                both = len(words & title)
                if both:
                    likeness[n] = max(likeness[n], both / (len(words) + len(title) - both))
                    cover[n] = max(cover[n], both / len(words))
        if description:
            both = len(words & description)
            described[n] = both / (len(words) + len(description) - both)
    _told(sheet, outline, likeness, cover, described)
    body = _declared_body(hints, sheet.count)
    sheet.columns["in_body"] = (
        np.asarray([block.text[:60] in body for block in outline.blocks], dtype=np.float32)
        if body
        else np.full(sheet.count, -1.0, dtype=np.float32)
    )
    sheet.columns["body_length"] = np.full(sheet.count, np.log1p(len(body)))


def _declared_body(hints: Hints, count: int) -> str:
    body = " ".join(hints.article_body.split())
    return body if count * len(body) <= _MOST_COMPARED else ""


def _told(
    sheet: Sheet, outline: Outline, likeness_list: list[float], cover: list[float], described: list[float]
) -> None:
    likeness = np.asarray(likeness_list, dtype=np.float32)
    columns = sheet.columns
    columns["title_likeness"] = likeness
    columns["title_cover"] = np.asarray(cover, dtype=np.float32)
    columns["described"] = np.asarray(described, dtype=np.float32)
    spots = np.flatnonzero(likeness >= 0.6)
    order = np.arange(sheet.count)
    columns["from_first_title"] = np.clip(order - spots[0], -60, 300) if spots.size else np.full(sheet.count, -99)
    columns["from_last_title"] = np.clip(order - spots[-1], -60, 300) if spots.size else np.full(sheet.count, -99)
    tags = [outline.holders[b.holder].tags_above & TAG_BIT["h1"] for b in outline.blocks]
    heads = np.flatnonzero(np.asarray(tags))
    columns["from_h1"] = np.clip(order - heads[0], -60, 300) if heads.size else np.full(sheet.count, -99)
    columns["h1s"] = np.full(sheet.count, heads.size)


# ---------------------------------------------------------------- prompts


def _prompts(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    found = [prompt_bits(b.text) for b in outline.blocks]
    bits = np.asarray([f[0] for f in found], dtype=np.int64)
    columns = sheet.columns
    add_bits(sheet, "says", bits, PROMPT_GROUPS)
    columns["says_share"] = np.asarray([f[1] for f in found], dtype=np.float32) / np.maximum(1, sheet.length)
    order = np.arange(sheet.count)
    short = sheet.length < 100
    for name, group in (("related", "related"), ("sign_up", "sign_up"), ("comments", "comments"), ("bio", "bio")):
        hit = (bits & PROMPT_BIT[group] > 0) & short
        last = np.maximum.accumulate(np.where(hit, order, -1))
        columns[f"since_{name}"] = np.where(last >= 0, np.minimum(order - last, 100), 101)


# ---------------------------------------------------------------- what words and names have meant elsewhere

_SCORES_AROUND = 6
"""Blocks on either side whose scores are averaged: about a screen."""


def _scores(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    words, sheet.columns["word_known"] = sheet.wording.of_texts([block.text for block in outline.blocks])
    held, known = sheet.wording.of_holders(outline.holders)
    names, sheet.columns["name_known"] = held[sheet.holder], known[sheet.holder]
    order = np.arange(sheet.count)
    low, high = np.maximum(0, order - _SCORES_AROUND), np.minimum(sheet.count, order + _SCORES_AROUND + 1)
    sheet.columns["word_known_page"] = np.full(sheet.count, sheet.columns["word_known"].astype(np.float64).mean())
    for name, score in (("word_score", words), ("name_score", names)):
        before = np.concatenate((np.zeros(1), np.cumsum(score, dtype=np.float64)))
        sheet.columns[name] = score
        sheet.columns[f"{name}_around"] = (before[high] - before[low]) / (high - low)
        sheet.columns[f"{name}_page"] = np.full(sheet.count, before[-1] / sheet.count)
        _scores_inside(sheet, name, score)


def _scores_inside(sheet: Sheet, name: str, score: Floats) -> None:
    """The mean score, weighed by length, of the holder's text and of that of the three around it."""
    inside = sums(score * sheet.length, sheet.first, sheet.last)
    text = sums(sheet.length, sheet.first, sheet.last)
    at = sheet.holder
    for level in ("own", "parent", "grand", "third"):
        sheet.columns[f"{level}_{name}"] = inside[at] / np.maximum(1, text[at])
        at = sheet.parent[at]


# ---------------------------------------------------------------- headings before the block

# Columns that are told again of the last heading above a block.
_AT_HEADING = (
    "says_related", "says_sign_up", "says_comments", "says_bio", "link_share", "title_likeness", "in_half",
    "in_paragraphs", "word_score", "name_score",
)  # fmt: skip


def _headings(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    columns = sheet.columns
    heading = columns["is_heading"].astype(bool)
    order = np.arange(sheet.count)
    last = np.maximum.accumulate(np.where(heading, order, -1))
    known = last >= 0
    at = np.maximum(last, 0)
    columns["since_heading"] = np.where(known, np.minimum(order - last, 60), 61)
    columns["heading_tag"] = np.where(known, columns["tag"][at], 0)
    for name in _AT_HEADING:
        columns[f"heading_{name}"] = np.where(known, columns[name][at].astype(np.float32), -1)


# ---------------------------------------------------------------- what repeats


def _repeats(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    signature, signature_count = _signatures(sheet, outline)
    group = signature[sheet.holder]
    columns = sheet.columns
    count = np.bincount(group, minlength=signature_count)
    columns["alike"] = np.log1p(np.minimum(count[group], _MOST_JUDGED_BLOCKS))
    for name, values in (
        ("length", np.log1p(sheet.length)),
        ("link", columns["link_share"]),
        ("good", sheet.good),
        ("half", columns["in_half"]),
        ("word_score", columns["word_score"]),
        ("name_score", columns["name_score"]),
    ):
        mean = np.bincount(group, weights=values.astype(np.float64), minlength=signature_count) / np.maximum(1, count)
        columns[f"alike_{name}"] = mean[group]
    seen: dict[str, int] = {}
    earlier = []
    for block in outline.blocks:
        seen[block.text] = nth = seen.get(block.text, 0) + 1
        earlier.append(nth)
    copies = [seen[block.text] for block in outline.blocks]
    columns["copies"] = np.asarray(copies, dtype=np.float32)
    columns["nth_copy"] = np.asarray(earlier, dtype=np.float32)


def _signatures(sheet: Sheet, outline: Outline) -> tuple[Ints, int]:
    """A number for each holder; holders with equal tags and names, and equal parents' tags and names, share one."""
    known: dict[tuple[str, str], int] = {}
    make = np.asarray([known.setdefault((h.tag, h.names), len(known)) for h in outline.holders], dtype=np.int64)
    pairs, numbers = np.unique(make * len(known) + make[sheet.parent], return_inverse=True)
    return numbers.astype(np.int64), len(pairs)


# ---------------------------------------------------------------- neighbours

_SHARED = (
    "length", "link_share", "is_good", "is_heading", "tag", "end_kind", "container_votes", "steps_paragraphs",
    "steps_half", "alike", "ends_ellipsis", "title_likeness", "in_body", "near_related", "near_body", "word_score",
    "name_score",
)  # fmt: skip
_REACH = (-3, -2, -1, 1, 2, 3)


def _neighbours(sheet: Sheet, outline: Outline, hints: Hints) -> None:
    columns, n, wanted = sheet.columns, sheet.count, sheet.wanted
    for name in _SHARED:
        if wanted is None or any(f"{name}{step:+d}" in wanted for step in _REACH):
            padded = np.full(n + 6, -1, dtype=np.float32)
            padded[3 : 3 + n] = columns[name]
            for step in _REACH:
                columns[f"{name}{step:+d}"] = padded[3 + step : 3 + step + n]
    above = sheet.parent[sheet.holder]
    for name, values in (("same_parent", above), ("same_holder", sheet.holder)):
        padded_ints = np.full(n + 6, -1, dtype=np.int64)
        padded_ints[3 : 3 + n] = values
        for step in _REACH:
            if wanted is None or f"{name}{step:+d}" in wanted:
                columns[f"{name}{step:+d}"] = padded_ints[3 + step : 3 + step + n] == values
    _windows(sheet)


def _windows(sheet: Sheet) -> None:
    columns, n = sheet.columns, sheet.count
    good: npt.NDArray[np.float64] = np.concatenate((np.zeros(1), np.cumsum(sheet.weight, dtype=np.float64)))
    text: npt.NDArray[np.float64] = np.concatenate((np.zeros(1), np.cumsum(sheet.length, dtype=np.float64)))
    order = np.arange(n)
    for width in (5, 12):
        low, high = np.maximum(0, order - width), np.minimum(n, order + width + 1)
        columns[f"good_before_{width}"] = np.log1p(good[order] - good[low])
        columns[f"good_after_{width}"] = np.log1p(good[high] - good[np.minimum(n, order + 1)])
        columns[f"text_around_{width}"] = np.log1p(text[high] - text[low])


_STEPS = (_names, _place, _subtrees, _containers, _head, _prompts, _scores, _headings, _repeats, _neighbours)


# ---------------------------------------------------------------- the compiled part


@lru_cache(maxsize=8)
def _compiled_columns(names: tuple[str, ...], wording: Wording) -> object:
    """What `compiled/features.c` computes these columns by; made once for each forest."""
    assert native is not None
    return native.columns(names, _facts(wording))


def _facts(wording: Wording) -> dict[str, object]:
    """The tables and numbers above, by the names that `compiled/facts.c` knows them by."""
    return {
        "kinds": KINDS,
        "tag_numbers": TAG_NUMBER,
        "groups": GROUPS,
        "place_tags": PLACE_TAGS,
        "prompt_groups": PROMPT_GROUPS,
        "shared": _SHARED,
        "at_heading": _AT_HEADING,
        "prompts": COMPILED_PROMPTS,
        "good_length": GOOD_LENGTH,
        "most_weight": MOST_WEIGHT,
        "wide_char": WIDE_CHAR,
        "most_linked": MOST_LINKED,
        "most_text": _MOST_JUDGED_TEXT,
        "most_blocks": _MOST_JUDGED_BLOCKS,
        "span_cost": _SPAN_COST,
        "longest_title": _LONGEST_TITLE,
        "against_names": _AGAINST_MASK,
        "against_tags": _AGAINST_TAGS,
        "for_body": 1 << _FOR_BODY,
        "scored_words": wording.words.tobytes(),
        "scored_names": wording.names.tobytes(),
        "words_scale": wording.words_scale,
        "names_scale": wording.names_scale,
        "words_bias": wording.words_bias,
        "names_bias": wording.names_bias,
        "headings": _HEADINGS,
        "h1": TAG_BIT["h1"],
        "hidden": HIDDEN,
        "article": TAG_NUMBER["article"],
        "main": TAG_NUMBER["main"],
    } | {f"says_{group}": PROMPT_BIT[group] for group in ("related", "sign_up", "comments", "bio")}
