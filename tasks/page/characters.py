"""How many characters of each kind a block has: what tells prose from lists of names, prices and links."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

OTHER, LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, WIDE, QUOTE, MARK = range(10)
_CLASSES = 10


def _class_table() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if char.isspace():
            table[code] = SPACE
        elif char.isdigit():
            table[code] = DIGIT
        elif 0x3040 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            table[code] = WIDE
        elif char.isupper():
            table[code] = UPPER
        elif char.isalpha():
            table[code] = LOWER
    for chars, kind in (
        (".!?。！？؟।…", STOP),
        (",;:，、；：،؛", COMMA),
        ("\"'“”„«»‘’「」『』", QUOTE),
        ("|/\\›»•·→>_*#=", MARK),
    ):
        for char in chars:
            table[ord(char)] = kind
    return table


KINDS = _class_table()
"""Kind of each code point of the basic plane."""


# Characters classified at once: the arrays for a page of 10 MB would take 200 MB.
_CHUNK = 500_000


def char_classes(texts: list[str], lengths: Ints) -> Floats:
    """Counts of each character class, one row per text."""
    counts = np.zeros((len(texts), _CLASSES), dtype=np.float32)
    start = taken = 0
    for n, length in enumerate(lengths.tolist(), start=1):
        taken += length
        if taken >= _CHUNK or n == len(texts):
            counts[start:n] = _counted(texts[start:n], lengths[start:n])
            start, taken = n, 0
    return counts


def _counted(texts: list[str], lengths: Ints) -> Floats:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = KINDS[np.minimum(codes, 0xFFFF)]
    rows = np.repeat(np.arange(len(texts), dtype=np.int64) * _CLASSES, lengths)
    found = np.bincount(rows + kinds, minlength=len(texts) * _CLASSES)
    return found.reshape(len(texts), _CLASSES).astype(np.float32)
