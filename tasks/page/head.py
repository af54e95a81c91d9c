"""Cutting the head: the title where it is repeated above the body.

The title is a field of its own; extractors that leave it in the text lose .08 to .11 of exact matches (measured on
trafilatura's output). Old pages write byline and date into the title's block: short lines under it go with it. Only the
first kept blocks are looked at, and only above the first paragraph: a later heading in the title's words is a heading.
The standfirst stays where it stands: it is the story's own first paragraph as often as a summary, and two of three
labelled sets count it as body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from tasks.page.blocks import Outline
from tasks.page.features import Hints

# The title is among this many first blocks of the body, and shares this much of its words with a declared version.
_FIRST = 3
_LIKENESS = 0.8
_LONGEST_TITLE = 300
# Lines under the title in its own block, each no longer than this (characters): byline, date, place.
_LONGEST_UNDER = 80
# What stands between a title and its outlet in `<title>`.
_SEPARATOR = re.compile(r"\s[-–—|:·•»]\s")

_WORD = re.compile(r"\w+")


def head(outline: Outline, kept: Sequence[bool], hints: Hints) -> tuple[int, ...]:
    """Positions of kept blocks that repeat the title above the body."""
    titles = [words for title in hints.titles for words in map(_words, (title, _longest_part(title))) if words]
    found: list[int] = []
    spots = list(islice((n for n, keep in enumerate(kept) if keep), _FIRST + 1))
    for n in spots[:_FIRST]:
        words = _words(_first_line(outline.blocks[n].text))
        if words and any(len(words & title) >= _LIKENESS * len(words | title) for title in titles):
            found.append(n)
    # A page whose whole body is its title keeps it.
    return tuple(found) if len(spots) > len(found) else ()


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _first_line(text: str) -> str:
    """A block's only line, or the first when only short ones follow; empty where it can be no title."""
    if len(text) > _LONGEST_TITLE:
        return ""
    first, *under = text.split("\n")
    return first if all(len(line) <= _LONGEST_UNDER for line in under) else text


def _longest_part(title: str) -> str:
    return max(_SEPARATOR.split(title), key=len)
