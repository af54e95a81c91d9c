"""The include and exclude rules of a source: regular expressions, checked when they are declared.

The pattern is its author's, the URL it meets is a stranger's. Python's matcher backtracks, and a repeat inside a repeat
(`(a+)+`) takes time exponential in the URL's length: whoever chooses the URL can stop the run. Such a pattern says no
more than its flat form (`a+`), so it is refused at load, where a person can mend it. A repeat that ends at a character
it cannot itself match, as in `([^/]+/)+`, has one way to match and passes. What remains is polynomial, and URLs are
bounded (`keep.LONGEST_URL`).
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_PATTERN = 1_000
"""Characters. Patterns seen in real configurations stay under 200."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)|\{\d*,?\d*\}|[*+?|]|.", re.DOTALL)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_QUANTIFIER = re.compile(r"[*+?]|\{\d*,?\d*\}")


@lru_cache(maxsize=1_000)
def rule(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern; a `ValueError` says in plain words what is wrong with it."""
    if not pattern:
        raise ValueError("the pattern is empty and would match everything")
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the pattern is longer than {LONGEST_PATTERN} characters")
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"it is not a regular expression: {error}") from error
    if has_nested_repeat(pattern):
        raise ValueError("a repeat inside a repeat, such as (a+)+, can take for ever: write the flat form, a+")
    return compiled


def has_nested_repeat(pattern: str) -> bool:
    """Return whether an unbounded repeat is applied to a group that holds an open-ended one."""
    parts = _TOKEN.findall(pattern)
    open_groups: list[bool] = [False]  # for each open group: has it an open-ended repeat within?
    has_just_closed_one = False
    for index, part in enumerate(parts):
        if _UNBOUNDED.fullmatch(part):
            if has_just_closed_one:
                return True
            open_groups[-1] |= not _is_delimited(parts, index)
        has_just_closed_one = False
        if part == "(":
            open_groups.append(False)
        elif part == ")" and len(open_groups) > 1:
            has_just_closed_one = open_groups.pop()
            open_groups[-1] |= has_just_closed_one
    return False


def _is_delimited(parts: list[str], index: int) -> bool:
    """Return whether the repeat at `index` must end at a plain character that the repeated atom cannot match."""
    atom, following = parts[index - 1 : index], parts[index + 1 : index + 3]
    if not atom or not following or atom[0] == ")" or not re.fullmatch(r"[\w/;,=&:@~ -]|\\\W", following[0]):
        return False
    if len(following) > 1 and _QUANTIFIER.fullmatch(following[1]):
        return False
    try:
        return not re.fullmatch(atom[0], following[0].removeprefix("\\"), re.DOTALL)
    except re.error:  # a reference to a group, alone
        return False
