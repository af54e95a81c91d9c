"""The language of a page: what it declares, checked against its text.

Declarations are right on most news pages and wrong where a theme's default was never changed (`lang="en"` above a
Danish text). So the text is asked: its script decides for most of the world, and the most frequent words for the
languages that share one. Related languages share words, hence each word counts by how few languages have it. The text
overrules the declaration only when it is long and clear enough; a short or mixed text leaves the declaration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tasks.page import json_ld
from tasks.page.metadata_head import Head

ALIASES = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "gr": "el", "ua": "uk",
    "cz": "cs", "dk": "da", "kr": "ko", "se": "sv", "bs": "hr",
}  # fmt: skip
"""Old codes (RFC 5646, section 2.2.1), country codes in the place of a language, standards of one language."""
NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "portuguese": "pt", "português": "pt", "italian": "it", "italiano": "it", "dutch": "nl",
    "nederlands": "nl", "polish": "pl", "polski": "pl", "russian": "ru", "turkish": "tr", "türkçe": "tr",
    "arabic": "ar", "chinese": "zh", "japanese": "ja", "korean": "ko", "hindi": "hi", "indonesian": "id",
}  # fmt: skip

SAMPLE = 2_500
"""Characters of a text that are looked at: some 400 words, enough to tell Danish from Norwegian."""
FIRST_SAMPLE = 600
"""Characters, some 100 words, that are asked first, and only for words that no other language of the table has."""
UNDOUBTED = 0.1
"""Share of such words that settles a declared language. Of 1,550 labelled pages, 86 % reach it and no text in another
language does: the highest share of a wrong language is 0.095, in a list of product names."""
FEWEST = 30
"""Words that the share is counted of at least: a headline cannot reach it."""
SCRIPT_SAMPLE = 600
"""Characters that tell the script."""
MIN_WORDS = 12
CLEAR = 1.25
"""By how much the best language must outscore the declared one to overrule it."""
MIN_SHARE = 0.08
"""Share of a text's words that must be frequent words of its language; running text has 0.25 to 0.5, lists 0.05."""
OVERRULING = 0.65
"""Confidence from which the text overrules the declaration; lists of English product names reach 0.61 for Czech."""
SISTERS = (frozenset(("da", "no")), frozenset(("hr", "sr")), frozenset(("id", "ms")), frozenset(("gl", "pt")))
"""Languages so close that a declaration of one is only overruled by another."""

SCRIPTS: tuple[tuple[str, str], ...] = (
    # Script by its letters (Unicode blocks), and the languages that are written in it here; one: the script decides.
    ("[\u3040-\u30ff]", "ja"),
    ("[\uac00-\ud7af]", "ko"),
    ("[\u4e00-\u9fff]", "zh"),
    ("[\u0370-\u03ff]", "el"),
    ("[\u0590-\u05ff]", "he"),
    ("[\u0530-\u058f]", "hy"),
    ("[\u10a0-\u10ff]", "ka"),
    ("[\u0e00-\u0e7f]", "th"),
    ("[\u0e80-\u0eff]", "lo"),
    ("[\u1000-\u109f]", "my"),
    ("[\u1780-\u17ff]", "km"),
    ("[\u0980-\u09ff]", "bn"),
    ("[\u0a00-\u0a7f]", "pa"),
    ("[\u0a80-\u0aff]", "gu"),
    ("[\u0b00-\u0b7f]", "or"),
    ("[\u0b80-\u0bff]", "ta"),
    ("[\u0c00-\u0c7f]", "te"),
    ("[\u0c80-\u0cff]", "kn"),
    ("[\u0d00-\u0d7f]", "ml"),
    ("[\u0d80-\u0dff]", "si"),
    ("[\u1200-\u137f]", "am"),
    ("[\u0900-\u097f]", "hi mr ne"),
    ("[\u0600-\u06ff]", "ar fa ur ps"),
    ("[\u0400-\u04ff]", "ru uk be bg sr mk kk"),
)
LETTERS = {
    # Letters that one language of its script has and its neighbours lack.
    "uk": "їєґ", "be": "ў", "ru": "ыэё", "kk": "әғқңұһ", "sr": "ђћ", "mk": "ѓќѕ", "de": "ß", "es": "ñ¿¡", "pt": "ãõ",
    "pl": "łąęśżź", "cs": "řěů", "sk": "ľĺŕ", "hu": "őű", "ro": "țșă", "tr": "ğışİ", "az": "ə", "is": "ðþ",
    "vi": "ơưđạếộ",
    "lv": "āēīūģķļņ", "lt": "ėįų", "et": "õ", "fa": "پچژگ", "ur": "ٹڈڑےں", "ps": "ښځڅړ", "ca": "·", "hr": "đć",
}  # fmt: skip

_WORD = re.compile(r"[^\s\d!-@\[-`{-~«»“”„…–—،؛؟।]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """A language and how clearly the text speaks for it, 0 to 1."""

    code: str
    confidence: float


def declared(head: Head, about: Sequence[json_ld.Node]) -> tuple[str | None, str | None]:
    """Return the declared ISO 639-1 code and region of a page."""
    stated = [json_ld.text(node.get("inLanguage")) for node in about[:3]]
    stated += [
        head.html_lang,
        head.meta("og:locale"),
        head.meta("content-language"),
        head.meta("language", "dc.language"),
    ]
    code: str | None = None
    region: str | None = None
    for value in stated:
        found, place = parse(value)
        code = code or found
        if found == code:
            region = region or place
    return code, region


def parse(tag: str | None) -> tuple[str | None, str | None]:
    """Return the language and region of a tag: `de-AT`, `en_US`, `zh-Hans-CN`, `English`."""
    if not tag:
        return None, None
    text = tag.strip().casefold()
    if text in NAMES:
        return NAMES[text], None
    match = re.match(r"^([a-z]{2})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}))?(?:$|[-_.,;\s])", text)
    if match is None:
        return None, None
    return ALIASES.get(match[1], match[1]), match[3]


def agreed(code: str | None, text: str) -> str | None:
    """Return the declared language, or the text's own where it clearly speaks another one."""
    if code is not None and _is_undoubted(code, text):
        return code
    guess = of_text(text, code)
    if guess is None or (code is not None and guess.confidence < OVERRULING):
        return code
    return guess.code


def of_text(text: str, expected: str | None = None) -> Guess | None:
    """Return the language of a text; `None` when it is too short or speaks for none.

    `expected` is the declared one: it wins unless another language is clearly more likely.
    """
    sample = text[:SAMPLE]
    script = _script(sample)
    if script is not None and " " not in script:
        is_chinese = script == "zh" and len(re.findall("[\u3040-\u30ff]", sample)) > len(sample) * 0.03
        return Guess(code="ja" if is_chinese else script, confidence=0.97)
    among = frozenset(script.split()) if script else _latin()
    scores, count = _scores(sample.lower(), among)
    if count < MIN_WORDS or not scores:
        return None
    best, most = max(scores.items(), key=lambda item: item[1])
    if most / count < MIN_SHARE:
        return None
    own = scores.get(expected or "", 0.0)
    is_sister = any({best, expected} <= sisters for sisters in SISTERS)
    if expected and own > 0 and most < own * (CLEAR * CLEAR if is_sister else CLEAR):
        return Guess(code=expected, confidence=0.9)
    return Guess(code=best, confidence=round(min(0.99, 0.5 + most / count), 2))


def _is_undoubted(code: str, text: str) -> bool:
    """Whether the beginning of a text has enough words that only this language has."""
    found = text[:FIRST_SAMPLE].lower().split()
    own = sum(map(_distinctive(code).__contains__, found))
    return own >= UNDOUBTED * max(FEWEST, len(found))


@cache
def _distinctive(code: str) -> frozenset[str]:
    """The words that no other language of the table has."""
    others = {word for other, words in _frequent().items() if other != code for word in words}
    return frozenset(_frequent().get(code, ())) - others


def _script(sample: str) -> str | None:
    """The languages of the script that most of the letters belong to; `None` for Latin."""
    if sample.isascii():
        return None
    letters = [character for character in sample[:SCRIPT_SAMPLE] if character.isalpha()]
    if not letters or sum(character < "\u0370" for character in letters) * 2 > len(letters):
        return None
    joined = "".join(letters)
    counts = {languages: len(re.findall(block, joined)) for block, languages in SCRIPTS}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] * 4 > len(letters) else None


@cache
def _latin() -> frozenset[str]:
    others = {code for _, codes in SCRIPTS for code in codes.split()}
    return frozenset(code for code in _frequent() if code not in others)


@cache
def _frequent() -> Mapping[str, tuple[str, ...]]:
    """Language → its most frequent words, from the table beside this module."""
    lines = Path(__file__).with_name("language_words.tsv").read_text(encoding="utf8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith(("#", "language\t")))
    return {code: tuple(words.split()) for code, words in rows}


@cache
def _weights(among: frozenset[str]) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Word → those of the languages that have it, each with a weight that sinks with the number of all that do."""
    owners: dict[str, list[str]] = {}
    for code, words in _frequent().items():
        for word in words:
            owners.setdefault(word, []).append(code)
    weighed = {word: tuple((code, 1 / len(codes) ** 0.5) for code in codes) for word, codes in owners.items()}
    kept = {word: tuple(pair for pair in pairs if pair[0] in among) for word, pairs in weighed.items()}
    return {word: pairs for word, pairs in kept.items() if pairs}


def _scores(sample: str, among: frozenset[str]) -> tuple[dict[str, float], int]:
    found = _WORD.findall(sample)
    scores: dict[str, float] = {}
    weights = _weights(among)
    for word, times in Counter(filter(weights.__contains__, found)).items():
        for code, weight in weights[word]:
            scores[code] = scores.get(code, 0.0) + weight * times
    total = len(found)
    for code in among if not sample.isascii() else ():
        own = sum(map(sample.count, LETTERS.get(code, "")))
        if own:
            scores[code] = scores.get(code, 0.0) + min(own, total / 4) * 0.4
    return scores, total
