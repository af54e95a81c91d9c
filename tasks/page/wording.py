"""What the words of a block, and the names around it, have meant on labelled pages.

The groups of `vocabulary_groups.tsv` and the phrases of `prompts.tsv` hold what people know to be furniture; this is
the long rest, learned: two logistic regressions over hashed tokens, one over the words of a block's text ("reply",
"thanks for sharing", a line of one word), one over the tags, classes and ids of the six elements around it
("entry-content", "wp-block", "elementor"). Publishers share the software that writes their pages, so names carry from
site to site: alone they tell body from furniture with an area under the curve of 0.93 on hosts not seen, words alone
with 0.90. The forest weighs both as columns among others.

A token that stood on fewer hosts than `tests/quality/train_cleaner.py` asks for is unknown: it counts nothing. The
share of tokens that are known is a column too, because most words of a language that the labelled pages hardly hold are
not, and must not speak against its articles.

A token is the CRC-32 of its bytes, mixed with what it is (a word, a pair, a first word, a class two levels up) into a
slot of a table of weights (feature hashing: Weinberger et al., 2009). A block's weights are summed and divided by the
root of their number, so that long blocks are not surer for their length alone. All of it works on UTF-8 bytes, so that
the compiled twin needs no tables of Unicode.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tasks.page.blocks import Holder

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Weights = npt.NDArray[np.int8]
Tokens = tuple[Ints, Ints]
"""For each token the row (block or holder) it belongs to, and its slot."""

SLOT_BITS = 17
"""2^17 slots a table: with a quarter of them the area under the curve falls by .002, with twice as many it stays."""
MOST_CHARS, MOST_WORDS = 1_000, 60
"""Of a block's text the beginning is read: furniture shows itself there."""
MOST_NAMES, LONGEST_NAME = 20, 60
"""Of an element's names: generated ones (atomic CSS, state) come by the dozen and say no more than the first."""
LEVELS = 6
"""Elements whose names are read: the block's holder and five around it."""
SHORT = 4
"""A text of so few words is a token as a whole, too."""
MOST_COUNTED = 12

UNKNOWN = -128
"""In place of a weight: the token was not seen often enough to say anything."""

# What a token is; mixed into its slot.
COUNT, WORD, PAIR, FIRST, FIRST_PAIR, LAST, WHOLE = range(1, 8)
OWN, PARENT, FARTHER, ANY = range(11, 15)

# Digits count as one; general and CJK punctuation and the Latin-1 signs part words as a space does.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_PARTING = re.compile(rb"\xe2[\x80\x81].|\xe3\x80.|\xc2[\xa0-\xbf]", re.S)
# A character of a script without spaces (U+3000 to U+9FFF) is a word of its own.
_WORDS = re.compile(rb"[\xe3-\xe9]..|[0-9a-z_\x80-\xe2\xea-\xff]+", re.S)
_PARTS = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+")
# Odd multipliers with well-spread bits (Knuth's multiplicative hashing); the upper bits of the product are taken.
_ONE, _OTHER, _KIND, _MASK = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0xFFFFFFFF
_WHOLE = 31


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Wording:
    """The two tables of weights, 2^SLOT_BITS each, in steps of their scale; `bias` is each regression's constant."""

    words: Weights
    names: Weights
    words_scale: float
    names_scale: float
    words_bias: float
    names_bias: float

    def of_texts(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The log-odds that each text is body, by its words; and the share of its tokens that are known."""
        return _summed(self.words, self.words_scale, self.words_bias, text_tokens(texts), len(texts))

    def of_holders(self, holders: Sequence[Holder]) -> tuple[Floats, Floats]:
        """The log-odds that what each element holds is body, by the names around it; and the share that is known."""
        return _summed(self.names, self.names_scale, self.names_bias, holder_tokens(holders), len(holders))


BLANK = Wording(
    words=np.full(1 << SLOT_BITS, UNKNOWN, dtype=np.int8),
    names=np.full(1 << SLOT_BITS, UNKNOWN, dtype=np.int8),
    words_scale=0.0,
    names_scale=0.0,
    words_bias=0.0,
    names_bias=0.0,
)
"""Nothing learned."""


@cache
def cleaner_wording() -> Wording:
    """The tables that the cleaner's forest was trained with, read once."""
    with files("tasks.page").joinpath("cleaner_model.npz").open("rb") as source:
        arrays = np.load(source, allow_pickle=False)
        return Wording(
            words=arrays["scored_words"],
            names=arrays["scored_names"],
            words_scale=float(arrays["words_scale"]),
            names_scale=float(arrays["names_scale"]),
            words_bias=float(arrays["words_bias"]),
            names_bias=float(arrays["names_bias"]),
        )


def _summed(weights: Weights, scale: float, bias: float, tokens: Tokens, count: int) -> tuple[Floats, Floats]:
    rows, slots = tokens
    weight = weights[slots]
    known = weight != UNKNOWN
    total = np.bincount(rows[known], weights=weight[known], minlength=count)
    number = np.bincount(rows[known], minlength=count)
    score = total * scale / np.sqrt(np.maximum(1, number)) + bias
    share = number / np.maximum(1, np.bincount(rows, minlength=count))
    return score.astype(np.float32), share.astype(np.float32)


def slots(kind: int, one: Hashes, other: Hashes | int = 0) -> Ints:
    """The slots of tokens of one kind, each made of a hash or two."""
    mixed = (one * np.uint64(_ONE) + np.uint64(_OTHER) * np.asarray(other, dtype=np.uint64)) + np.uint64(kind * _KIND)
    return ((mixed & np.uint64(_MASK)) >> np.uint64(32 - SLOT_BITS)).astype(np.int64)


# ---------------------------------------------------------------- the words of texts


def text_words(text: str) -> list[int]:
    """The hashes of a text's first words."""
    raw = text[:MOST_CHARS].lower().encode("utf-8", "surrogatepass").translate(_DIGITS)
    return [crc32(word) for word in _WORDS.findall(_PARTING.sub(b" ", raw))[:MOST_WORDS]]


def text_tokens(texts: Sequence[str]) -> Tokens:
    """The tokens of each text: its words, pairs, ends, their number, and all of it where it is short."""
    found = [text_words(text) for text in texts]
    size = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    word = np.fromiter(chain.from_iterable(found), dtype=np.uint64, count=int(size.sum()))
    row = np.repeat(np.arange(len(found)), size)
    start = np.cumsum(size) - size
    some, pairs = np.flatnonzero(size > 0), np.flatnonzero(size > 1)
    short = np.flatnonzero((size > 0) & (size <= SHORT))
    joined = np.flatnonzero(row[1:] == row[:-1])
    parts = (
        (np.arange(len(found)), slots(COUNT, np.minimum(size, MOST_COUNTED).astype(np.uint64))),
        (row, slots(WORD, word)),
        (row[joined], slots(PAIR, word[joined], word[joined + 1])),
        (some, slots(FIRST, word[start[some]])),
        (some, slots(LAST, word[start[some] + size[some] - 1])),
        (pairs, slots(FIRST_PAIR, word[start[pairs]], word[start[pairs] + 1])),
        (short, slots(WHOLE, _wholes(word, start[short], size[short]))),
    )
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([found for _, found in parts])


def _wholes(word: Hashes, start: Ints, size: Ints) -> Hashes:
    whole = np.zeros(len(start), dtype=np.uint64)
    for n in range(SHORT):
        more = np.flatnonzero(size > n)
        whole[more] = (whole[more] * np.uint64(_WHOLE) + word[start[more] + n]) & np.uint64(_MASK)
    return whole


# ---------------------------------------------------------------- the names of elements


@lru_cache(maxsize=20_000)
def name_hashes(tag: str, names: str) -> tuple[int, ...]:
    """The hashes of an element's tag, of its class names and id, and of their parts; never empty."""
    found = [crc32(b"<" + tag.encode("utf-8", "surrogatepass"))]
    for name in names.encode("utf-8", "surrogatepass").split(None, MOST_NAMES)[:MOST_NAMES]:
        start = name[:LONGEST_NAME]
        found.append(crc32(b"." + start.translate(_DIGITS).lower()))
        found += [crc32(part.lower()) for part in _PARTS.findall(start)]
    return tuple(found)


def holder_tokens(holders: Sequence[Holder]) -> Tokens:
    """The tokens of each element: its own names, its parent's, and those of four more around it."""
    found = [name_hashes(holder.tag or "", holder.names or "") for holder in holders]
    size = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    name = np.fromiter(chain.from_iterable(found), dtype=np.uint64, count=int(size.sum()))
    start = np.cumsum(size) - size
    parent = np.fromiter((holder.parent for holder in holders), dtype=np.int64, count=len(holders))
    row = at = np.arange(len(holders))
    rows, kinds = [], []
    for level in range(LEVELS):
        here = size[at]
        place = np.repeat(start[at] - (np.cumsum(here) - here), here) + np.arange(int(here.sum()))
        for kind in ((OWN, PARENT)[level] if level < 2 else FARTHER, ANY):
            rows.append(np.repeat(row, here))
            kinds.append(slots(kind, name[place]))
        inner = at > 0
        row, at = row[inner], parent[at[inner]]
    return np.concatenate(rows), np.concatenate(kinds)
