"""Phrases that begin a line of furniture: "You may also like", "Quelle:", "关于作者".

The table holds what newspapers print around their articles in thirty languages; it was written from general knowledge
of the press, not collected from pages. A phrase alone proves nothing ("Related measures" may head a genuine section):
it is one feature among many, and the tail rule asks for evidence of structure besides.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from tasks.page.compiled import native
from tasks.records import Removing

PROMPT_GROUPS = (
    "related", "source_link", "sign_up", "share", "tags", "bio", "comments", "legal", "ad", "caption",
    "byline", "consent",
)  # fmt: skip
PROMPT_BIT = {group: 1 << n for n, group in enumerate(PROMPT_GROUPS)}
REASON_OF_GROUP = {
    "related": Removing.RELATED,
    "source_link": Removing.SOURCE_LINK,
    "sign_up": Removing.SIGN_UP,
    "share": Removing.SHARE,
    "tags": Removing.TAGS,
    "bio": Removing.BIO,
    "comments": Removing.COMMENTS,
    "legal": Removing.LEGAL,
    "ad": Removing.ADVERTISEMENT,
    "caption": Removing.CAPTION,
    "byline": Removing.BYLINE,
    "consent": Removing.CONSENT,
}

# The first two characters of a line lead to the phrases that begin so: one look-up in place of a thousand comparisons.
_KEY_LENGTH = 2


def _phrases() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, dict[str, int]] = {}
    table = files("tasks.page").joinpath("prompts.tsv").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        group, _, phrases = line.split("\t")
        for phrase in phrases.split(" | "):
            bits = found.setdefault(phrase[:_KEY_LENGTH], {})
            bits[phrase] = bits.get(phrase, 0) | PROMPT_BIT[group]
    # The longest phrase first, so that the first hit is the most telling one.
    return {key: tuple(sorted(p.items(), key=lambda item: -len(item[0]))) for key, p in found.items()}


_PHRASES = _phrases()


# What a line may have before its first word.
_BEFORE = "-–—•·*>»›«▶►■●→|[( \u200b\u200e\u200f"
COMPILED_PROMPTS = native.prompts(_PHRASES, _BEFORE) if native is not None else None
"""The table as the compiled part looks it up."""


def prompt_bits(text: str) -> tuple[int, int]:
    """The groups of the phrase that begins a line, as bits, and its length in characters; zeros without one."""
    bits: tuple[int, int] = native.prompt_bits(COMPILED_PROMPTS, text) if native is not None else _looked_up(text)
    return bits


# The features, the tail rule and the reasons ask for the same lines in turn.
@lru_cache(maxsize=4096)
def _looked_up(text: str) -> tuple[int, int]:
    start = text[:60].lower().lstrip(_BEFORE)
    for phrase, bits in _PHRASES.get(start[:_KEY_LENGTH], ()):
        if start.startswith(phrase) and not (phrase[-1].isalnum() and _goes_on(start, len(phrase))):
            return bits, len(phrase)
    return 0, 0


def _goes_on(text: str, end: int) -> bool:
    """Whether a spaced word goes on after `end`; scripts without spaces have no such words."""
    return end < len(text) and text[end].isalnum() and ord(text[end]) < 0x0E00
