"""The sentences of a text, as the comparison of two editions needs them.

A sentence's *key* is what it says whatever its typography: quotes, dashes, ligatures, soft hyphens, white space and the
line breaks of a reflow do not count. Lines that change while the article does not (a counter, "5 minutes ago", "Read
also: …") are left out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

MAX_SENTENCES = 4_000
"""A live blog of a whole day has about 2,500."""
MAX_VOLATILE_WORDS = 9
MAX_PROMPT_WORDS = 25

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»『』「」", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"),
        "…": "...",
    }
)
_END = re.compile(r"(?<=[.!?…][\"'”’»)\]])\s+|(?<=[.!?…])\s+|(?<=[。！？｡।॥؟۔])[”」』\"]?\s*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'])(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Gov|Sen|Rep|Lt|Col|Sgt|Capt|No|vs|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Aug|Sept?"
    r"|Oct|Nov|Dec|bzw|Nr|ca|Sr|Jr|Hr|Fr|Sra?|Dra|Ud|Mme|Mlle|z\.\s?B|d\.\s?h|e\.g|i\.e|U\.S|г|ул|им|\w|\d{1,2})\.$"
)


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the phrases of one kind from the table beside this module, longest first."""
    lines = Path(__file__).with_name("editions_words.tsv").read_text(encoding="utf8").splitlines()
    found = {line.split("\t")[2].casefold() for line in lines if line.startswith(f"{kind}\t")}
    return tuple(sorted(found, key=len, reverse=True))


@cache
def _starts(kind: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(map(re.escape, words(kind)))})(?!\w)", re.I)


@cache
def _holds_counter() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words('counter')))})(?!\w)", re.I)


def key(sentence: str) -> str:
    """Return what a sentence says, whatever its typography."""
    text = unicodedata.normalize("NFKC", sentence.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s*-+\s*", "-", text)


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of a text in order, without the lines that change by themselves."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        joined = " ".join(line.strip() for line in paragraph.splitlines() if not is_volatile(line)).strip()
        if joined:
            found += _of_paragraph(joined)
        if len(found) > MAX_SENTENCES:
            break
    return tuple(found[:MAX_SENTENCES])


def _of_paragraph(paragraph: str) -> list[str]:
    pieces: list[str] = []
    for piece in _END.split(paragraph):
        if pieces and (_ABBREVIATION.search(pieces[-1][-14:]) or piece[:1].islower()):
            pieces[-1] = f"{pieces[-1]} {piece}"
        elif piece.strip():
            pieces.append(piece.strip())
    return pieces


def is_volatile(line: str) -> bool:
    """Return whether a line changes while its article does not: a counter, an age, a prompt that leads elsewhere."""
    text = line.strip()
    count = len(text.split())
    if not text:
        return True
    if count <= MAX_PROMPT_WORDS and _starts("prompt").match(text):
        return True
    has_digit = any(map(str.isdigit, text))
    is_short = count <= MAX_VOLATILE_WORDS and len(text) <= 80
    return is_short and has_digit and not text.endswith(("。", "।")) and _is_counter(text)


def _is_counter(text: str) -> bool:
    """A number beside a counter's word and hardly anything else; a sentence with a verb and a full stop is prose."""
    if text.endswith(".") and len(text.split()) > 5:
        return False
    return bool(_holds_counter().search(text)) or bool(re.fullmatch(r"[\d\s:.,/+|-]+", text))
