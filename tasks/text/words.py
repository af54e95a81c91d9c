"""Words and sentences of a text in any script.

Scripts that separate words by spaces count runs of letters, digits and their combining marks: in Hindi, Bengali or
Tamil a vowel sign is a mark, and `\\w+` would cut a word at each of them. Chinese and Japanese do not separate words:
there each character counts as one word, as word processors count them. Thai, Lao, Khmer and Burmese do not either, and
a character of theirs is only a sound: their words are estimated from the number of base letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

# Han, kana and their extensions: one character, one word (Unicode 16 blocks).
_IDEOGRAPH = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Thai, Lao, Burmese, Khmer: letters without spaces between words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
# Combining marks of the spaced Indic scripts, and the two joiners that stand inside their words.
_MARK = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_MARK += "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963"
_MARK += (
    "\u0981-\u0983\u09bc-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03"
)
_MARK += (
    "\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
)
_MARK += "\u0d81-\u0d83\u0dca-\u0ddf\u200c-\u200d\u00ad"

_WORD = re.compile(
    rf"[{_IDEOGRAPH}]|(?P<run>[{_UNSPACED}]+)|"
    rf"(?:(?![{_IDEOGRAPH}{_UNSPACED}_])\w|(?<=\w)[{_MARK}])+(?:['’·.-](?:(?![{_IDEOGRAPH}{_UNSPACED}_])\w|[{_MARK}])+)*"
)
_LONG = 200_000
"""Characters counted at once: the arrays of a text of 10 MB would take 100 MB."""
# Thai vowels and tone marks stand on a base letter and are not counted.
_UNSPACED_BASE = re.compile("[\u0e01-\u0e30\u0e40-\u0e44\u0e81-\u0eb0\u0ec0-\u0ec4\u1000-\u102a\u103f\u1780-\u17b3]")
# Base letters of an average Thai word in news text (words of about 4.5 characters, a fifth of them marks).
_LETTERS_PER_UNSPACED_WORD = 3.6

# A sentence ends at terminal punctuation: Latin with what may close a quotation after it and a space or the end;
# CJK full stop, Devanagari danda, Arabic question mark and full stop, Ethiopic, Armenian and Khmer stops by themselves.
_SENTENCE_END = re.compile(
    r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？｡]+[」』”’）]*|[।॥]+|[؟۔]+[\"»”]*|[።፧]+|[։]+|[។៕]+|\n\s*\n|$"
)
# Words before a full stop that do not end a sentence; initials ("J.") are one letter.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Gov|Sen|Rep|Lt|Col|Sgt|Capt|No|vs|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct"
    r"|Nov|Dec|bzw|Nr|ca|etc|Sr|Jr|Hr|Fr|Sra|Dra|Ud|M|Mme|Mlle|г|ул|им)|\b[A-ZÄÖÜÀ-ÞА-Я])\.$"
)


def words(text: str) -> int:
    """The number of words of a text: spaced words, ideographs, and estimated words of unspaced scripts."""
    return sum(map(_words, _slices(text)))


def _slices(text: str) -> Iterator[str]:
    """The text in parts that are not too long, cut at white space where there is any."""
    start = 0
    while len(text) - start > _LONG:
        end = start + _LONG
        cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end)) + 1 or end
        yield text[start:cut]
        start = cut
    yield text[start:]


def _words(text: str) -> int:
    """Runs of letters, less the marks that join two of them: on arrays, ten times as fast as an expression."""
    kinds = _kinds(text)
    if (kinds >= _INTRICATE).any():
        return _intricate_words(text)
    is_letter = kinds == _LETTER
    runs = np.count_nonzero(is_letter[1:] > is_letter[:-1]) + int(is_letter[:1].sum())
    joints = np.count_nonzero((kinds[1:-1] == _JOINT) & is_letter[:-2] & is_letter[2:])
    return int(runs - joints + np.count_nonzero(kinds == _ALONE))


_OTHER, _LETTER, _JOINT, _ALONE, _INTRICATE = range(5)
"""Kinds of characters: none of a word's, of a word, joining two of its parts, a word by itself; the rest."""


def _kinds(text: str) -> npt.NDArray[np.uint8]:
    if text.isascii():
        return _table()[np.frombuffer(text.encode("ascii"), np.uint8)]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(codes, _BASIC)]
    beyond = np.flatnonzero(codes > _BASIC)  # emoji, most of them
    kinds[beyond] = [_kind(chr(code)) for code in codes[beyond].tolist()]
    return kinds


_BASIC = 0xFFFF


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The kind of each character of the basic plane."""
    return np.fromiter((_kind(chr(code)) for code in range(_BASIC + 1)), np.uint8, _BASIC + 1)


def _kind(character: str) -> int:
    if _IS_ALONE(character):
        return _ALONE
    if _IS_INTRICATE(character):
        return _INTRICATE
    if character in "'’·.-":
        return _JOINT
    return _LETTER if character.isalnum() else _OTHER


_IS_ALONE = re.compile(f"[{_IDEOGRAPH}]").match
_IS_INTRICATE = re.compile(f"[{_UNSPACED}{_MARK}]").match


def _intricate_words(text: str) -> int:
    spaced = unspaced = 0
    for match in _WORD.finditer(text):
        if match.group("run"):
            unspaced += len(_UNSPACED_BASE.findall(match.group())) or 1
        else:
            spaced += 1
    return spaced + (max(1, round(unspaced / _LETTERS_PER_UNSPACED_WORD)) if unspaced else 0)


def sentences(text: str) -> int:
    """The number of sentences of a text; an unfinished last one counts, abbreviations and initials do not end one."""
    count, start, is_open = 0, 0, False
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        is_open = is_open or any(map(str.isalnum, text[start:end]))
        start = end
        if not is_open or (match.group() == "." and _ABBREVIATION.search(text, max(0, end - 12), end)):
            continue
        count += 1
        is_open = False
    return count
