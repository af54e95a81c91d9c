"""Names of months in the languages of the press: a word in, a number out.

One table serves feeds, where nothing tells the language, and pages, which declare theirs. A form that names different
months in different languages (`listopad`: Polish November, Croatian October) is decided by the language, else refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def month_number(word: str, language: str | None = None) -> int | None:
    """Return the month a word names, in the given language, or in all languages that have the word."""
    folded = word.casefold()
    named = _table().get(folded.rstrip(".")) or _table().get(folded)
    if not named:
        return None
    if language and language[:2] in named:
        return named[language[:2]]
    numbers = set(named.values())
    return numbers.pop() if len(numbers) == 1 else None


def month_of_any(word: str) -> int | None:
    """Return the month a word names in some language, whatever its accents; `None` where two languages disagree."""
    return _bare_table().get(_bare(word))


@cache
def _table() -> Mapping[str, Mapping[str, int]]:
    """Form → language → month number, from the table beside this module."""
    table: dict[str, dict[str, int]] = {}
    lines = Path(__file__).with_name("months.tsv").read_text(encoding="utf8").splitlines()
    for line in lines:
        if line.startswith(("#", "language")):
            continue
        language, month, forms = line.split("\t")
        for form in forms.split("|"):
            table.setdefault(form.casefold(), {})[language] = int(month)
    return table


@cache
def _bare_table() -> Mapping[str, int]:
    numbers: dict[str, set[int]] = {}
    for form, named in _table().items():
        numbers.setdefault(_bare(form), set()).update(named.values())
    return {form: months.pop() for form, months in numbers.items() if len(months) == 1}


def _bare(word: str) -> str:
    """A word without accents, case and final dot, so that `Août.` and `aout` are one."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)).rstrip(".")
