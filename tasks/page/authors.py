"""Who wrote it: people or desks, never "Share this article"; when unsure, nobody.

Declared authors come first (on two development sets JSON-LD names the labelled set on 89–91 % of the pages where it
names anybody, `meta name=author` on 65–89 %). What they hold is still messy: roles, addresses, handles, initials in
brackets, several names in one string, the outlet's address in a field for people. Half of the wider web declares
nobody: there the byline beside the title is read (`bylines`), with stricter demands on what passes for a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from tasks.page.json_ld import clean
from tasks.text.months import month_number
from tasks.text.openings import Openings

MAX_AUTHORS = 40
MAX_NAME = 80
"""Characters; the longest labelled author of the development sets that is one name has 54."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MAX_IDEOGRAPHS = 8
"""Characters of a Chinese, Japanese or Korean byline's name, a foreign one in kana included."""
PARTICLES = frozenset(
    ("de", "del", "della", "di", "da", "dos", "das", "do", "du", "des", "la", "le", "van", "von", "der", "den",
     "ter", "ten", "te", "zu", "bin", "ibn", "al", "el", "y", "e", "i", "af", "av", "und", "the", "of", "o", "ap",
     "st", "van't", "d", "l")
)  # fmt: skip
"""Lower-case words inside names of people and desks."""

_URL = re.compile(r"^(?:https?:)?//|^www\.|^/\w", re.I)
_HANDLE = re.compile(r"(?:^|\s)@[\w.]+")
_BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]{0,80}[)\]）]")
_LIST = re.compile(r"\s*(?:;|\||/(?=\s)|(?<=\s)/|•|⋅|∙|·|、|，|\n|\t|\s[–—-]\s)\s*")
_DAYS = frozenset(
    ("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday",
     "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
     "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes",
     "martes", "jueves", "viernes")
)  # fmt: skip
_AMPERSAND = re.compile(r"\s+&\s+|\s+\+\s+")


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind from the table beside this module, case folded."""
    lines = Path(__file__).with_name("authors_words.tsv").read_text(encoding="utf8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return frozenset(row[2].casefold() for row in rows if row[0] == kind)


@cache
def _by() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in sorted(words("by"), key=len, reverse=True))
    return re.compile(rf"^(?:{phrases})(?:\s*[:：]\s*|\s+|$)", re.I)


@cache
def _and() -> re.Pattern[str]:
    joints = "|".join(
        re.escape(word) for word in sorted(words("and") - {"e", "a", "i", "y", "ו"}, key=len, reverse=True)
    )
    return re.compile(rf"\s*,?\s+(?:{joints})\s+", re.I)


@cache
def _short_and() -> re.Pattern[str]:
    """Joints of one letter are initials elsewhere; they count between two full names only."""
    return re.compile(r"\s+(?:e|y|a|i|и|і)\s+")


@cache
def _openings() -> Openings:
    return Openings(words("by"))


def without_by(text: str) -> str:
    """Return a byline without the words that stand before the name."""
    if not _openings().begin(text):
        return text  # nearly every line; the expression costs fifteen times as much
    for _ in range(2):
        shorter = _by().sub("", text, count=1).strip()
        if not shorter or shorter == text:
            return text
        text = shorter
    return text


def is_label(text: str) -> bool:
    """Return whether a line is nothing but the words before a name: "By", "Written by:"."""
    return text.strip(" :：").casefold() in words("by")


def names(raw: Iterable[str], *, is_declared: bool = True) -> tuple[str, ...]:
    """Return the names in declared or visible author strings, each once, in order.

    A declared string is believed unless it cannot be a name; a visible one must look like a person or a desk.
    """
    found: dict[str, str] = {}
    for text in raw:
        for piece in _pieces(clean(text[:2_000])):
            name = _once(_tidy(piece))
            name = name if is_declared else _without_role(name)
            if name and is_name(name, is_declared=is_declared):
                found.setdefault(re.sub(r"\W+", " ", name.casefold()).strip(), name)
    return tuple(found.values())[:MAX_AUTHORS]


def _pieces(text: str) -> list[str]:
    if _URL.search(text):
        return []
    text = _BRACKETS.sub("", _HANDLE.sub("", _ADDRESS.sub("", text))).strip()
    text = without_by(text)
    pieces: list[str] = []
    for part in _LIST.split(text):
        pieces.extend(_split_commas(part))
    return [name for piece in pieces for name in _split_joints(piece)]


def _split_commas(part: str) -> list[str]:
    """Pieces between commas, without credentials and roles: "Ann Lee, MD, Senior Editor, Bo Ek" → Ann Lee, Bo Ek."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) <= 1:
        return pieces
    kept = [piece for index, piece in enumerate(pieces) if index == 0 or not _is_title(piece)]
    if len(kept) == 2 and " " not in kept[0] and " " not in kept[1] and kept[0][:1].isupper():
        return [f"{kept[1]} {kept[0]}"]  # "Lee, Ann"
    return kept


def _is_title(piece: str) -> bool:
    folded = piece.casefold()
    if folded in words("credential") or folded.split()[0] in words("credential"):
        return True
    return any(re.search(rf"\b{re.escape(role)}\b", folded) for role in words("role"))


def _split_joints(piece: str) -> list[str]:
    """ "Ann Lee and Bo Ek" → both; a desk or an institute keeps its "and"."""
    bare = re.sub(r"^(?:and|und|et|och|og|&)\s+", "", piece, flags=re.I)
    parts = [part for part in _AMPERSAND.split(bare) for part in _and().split(part)]
    split = [part for each in parts for part in _split_short(each) if part]
    if len(split) > 1 and not is_desk(bare) and all(len(part.split()) <= 4 for part in split):
        return split
    return [bare]


def is_desk(name: str) -> bool:
    """Return whether a name is a collective's: a desk, an agency, an institute."""
    tokens = re.findall(r"\w+", name.casefold())
    return any(token in words("desk") for token in tokens)


def _split_short(piece: str) -> list[str]:
    parts = _short_and().split(piece)
    if len(parts) > 1 and all(len(part.split()) >= 2 for part in parts):
        return parts
    return [piece]


def _tidy(piece: str) -> str:
    text = without_by(piece.strip(" \t,;:|•·-–—\"'“”„*"))
    text = text.strip(" \t,;:|•·-–—*⋅")
    return text if "(" in text or "（" in text else text.rstrip(")）]")


def _once(name: str) -> str:
    """A name that stands twice, as its picture's description and as text: "Ann Lee Ann Lee"."""
    tokens = name.split()
    half = len(tokens) // 2
    return " ".join(tokens[:half]) if half and tokens[:half] == tokens[half:] else name


def _without_role(name: str) -> str:
    """A visible name without what follows it: "Ann Lee Senior Autos Reporter", "Ann Lee Founder at Oak"."""
    tokens = name.split()
    for position, token in enumerate(tokens[2:], 2):
        folded = token.casefold().strip(".,")
        if folded in words("role") or folded in ("at", "for", "für", "pour", "on", "from"):
            return " ".join(tokens[:position])
    return name


def is_name(text: str, *, is_declared: bool) -> bool:
    """Return whether a string can be an author's name."""
    if not 2 <= len(text) <= MAX_NAME or _URL.search(text) or "@" in text:
        return False
    if is_label(text):
        return False
    letters = sum(character.isalpha() for character in text)
    if letters < 2 or letters < len(text) * 0.5:
        return False
    tokens = re.findall(r"[\w'’.-]+", text.casefold())
    if len(tokens) > (10 if is_declared else 6):
        return False
    if is_declared:
        return not (all(token in words("refuse") for token in tokens) or _UNFILLED.search(text))
    if any(token in words("refuse") for token in tokens) or re.search(r"\d", text):
        return False
    if any(map(is_of_date, tokens[-1:] + tokens[:1])):
        return len(tokens) > 1 and tokens[0] in ("may", "april", "june", "august", "jan", "mai", "maja", "mar", "julio")
    return _looks_like_name(text)


_UNFILLED = re.compile(r"^(?:page|site|post|author|article|meta|item)\.[a-z_.]+$|\{\{|\}\}|<%|\$\{")
"""The field of a template that nobody filled: `page.extra.author`, `{{ author }}`."""


def is_of_date(token: str) -> bool:
    """Return whether a word names a month or a day of the week."""
    folded = token.casefold().strip(".,")
    return folded in _DAYS or month_number(folded, None) is not None


def _looks_like_name(text: str) -> bool:
    """Capitalised words with particles between them at most; or a few letters of a script without capitals."""
    tokens = text.split()
    if not tokens or len(tokens) > 6:
        return False
    if text[0] >= "\u2e80":
        return len(text) <= MAX_IDEOGRAPHS and not any(mark in text for mark in "社报報网網聞紙部")
    if not any(map(str.isupper, text)):
        return any("\u0590" <= character <= "\u0dff" for character in text)
    if _SENTENCE.search(_TITLE.sub("", text)) or not (tokens[0][0].isupper() or tokens[0] == "the"):
        return False
    known = PARTICLES | words("desk") if is_desk(text) else PARTICLES
    return all(not token[0].islower() or token.casefold().strip("’'") in known for token in tokens)


_TITLE = re.compile(r"\b(?:Dr|Prof|Mr|Mrs|Ms|St|Fr|Rev|Sr|Jr|Mag|Ing|Dipl|med|[A-ZÀ-Þ])\.")
_SENTENCE = re.compile(r"[!?:]|\.\s+[A-ZÀ-Þ]\w{3,}.*\s")
"""Words that are no name: a question, a label, two sentences; the dots of titles and initials end none."""


def is_username(name: str) -> bool:
    """Return whether a name is how a publishing system calls its user: `andrew.keaveney`, `KatieS`, `admin`."""
    return " " not in name and (
        name.islower()
        or name.casefold() in ("admin", "administrator", "editor", "webmaster")
        or bool(re.search(r"[._\d]|[a-z][A-Z]", name))
    )


def agreement(name_sets: Sequence[tuple[str, ...]]) -> float:
    """Return how far several sources name the same people, 0 to 1."""
    keyed = [frozenset(name.casefold() for name in names_) for names_ in name_sets if names_]
    if len(keyed) < 2:
        return 0.5 if keyed else 0.0
    shared = sum(bool(keyed[0] & other) for other in keyed[1:])
    return round(0.5 + 0.5 * shared / (len(keyed) - 1), 2)
