"""Dates as machines and people write them, in many languages: text in, a moment out.

A moment is either an instant or only a day. A clock time of exactly midnight in its own zone is a day too: publishing
systems without a time write it so, and moved to UTC it would fall on the day before. A visible clock time without a
zone gives only the day, for the zone of the outlet is not known. What is ambiguous stays so: `03/04/2026` needs the
page's language, and where that does not decide there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from tasks.text.months import month_number

MAX_TEXT = 400
"""Characters of a text that are searched for dates."""
BUDDHIST_ERA = 543
"""Thai dates count from the Buddha's death; 2569 is 2026."""
DAY_FIRST_ENGLISH = frozenset(
    ("gb", "uk", "au", "nz", "ie", "in", "za", "pk", "ke", "ng", "sg", "my", "hk", "mt", "jm")
)  # fmt: skip
"""Countries whose English writes the day before the month (CLDR, short date formats)."""

_YEAR = re.compile(r"\d{4}|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d")
"""What every visible date has; spares most lines the patterns below."""
_ISO = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"(?:(?:T|\s|,)\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
)
_COMPACT = re.compile(
    r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{4})?)?$"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/]|\.\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]")
_TOKEN = re.compile(r"\d+|[^\s\d,;:|()\[\]/–—\-•·]+")
_NUMERIC_MARK = re.compile(r"\d\s?[./-]\s?\d")
_TWO_WORDS = re.compile(r"(?:تشرين|كانون)\s(?:الثاني|الأول)")
_FILLERS = frozenset(
    # Between day, month and year: articles, ordinals, "year", in the languages of the table of months.
    ("de", "del", "of", "di", "d", "d'", "d’", "st", "nd", "rd", "th", "er", "re", "º", "ª", "°", "го", "е", "a", "the",
     "le", "року", "г", "m", "gada", "năm", "ngày", "в", "år", "em", "på", "ten",
     "ter", "r", "'", "’", "")
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Moment:
    """An instant in UTC, or, when only the day is known, that day's midnight in UTC."""

    at: datetime
    is_day_only: bool = False
    offset_minutes: int | None = field(default=None, compare=False)
    """The zone in which it was written, as minutes east of UTC; `None` where none was."""

    @property
    def day(self) -> date:
        """The calendar day in UTC."""
        return self.at.date()


def machine(text: str) -> Moment | None:
    """Return the moment in a machine-readable value (ISO 8601 and its neighbours, RFC 5322, Unix time)."""
    text = text.strip()[:MAX_TEXT]
    for pattern in (_COMPACT, _ISO):
        match = pattern.search(text)
        if match:
            return _moment(match)
    if _EPOCH.match(text):
        return _from_epoch(int(text[:10]))
    return _rfc5322(text) if ":" in text else None


def _from_epoch(seconds: int) -> Moment | None:
    try:
        return Moment(at=datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _rfc5322(text: str) -> Moment | None:
    try:
        parsed = parsedate_to_datetime(text)
        offset = parsed.utcoffset()
        at = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return Moment(at=at, offset_minutes=int(offset.total_seconds() // 60) if offset is not None else None)


def _moment(match: re.Match[str]) -> Moment | None:
    part = match.groupdict()
    day = _day(int(part["y"]), int(part["m"]), int(part["d"]))
    if day is None or part["H"] is None:
        return day
    hour, minute, second = int(part["H"]), int(part["M"]), int(part["S"] or 0)
    if hour == minute == second == 0:
        return day
    if hour > 23 or minute > 59 or second > 60:
        return day
    at = day.at.replace(hour=hour, minute=minute, second=min(second, 59))
    offset = _offset(part["z"])
    if offset is None:
        return Moment(at=at)
    return Moment(at=at - offset, offset_minutes=int(offset.total_seconds() // 60))


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=min(int(digits[:2]), 14), minutes=min(int(digits[2:]), 59))
    return -size if zone[0] == "-" else size


def _day(year: int, month: int, day: int) -> Moment | None:
    if 2400 < year < 2700:
        year -= BUDDHIST_ERA
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return Moment(at=datetime(year, month, day, tzinfo=UTC), is_day_only=True)
    except ValueError:
        return None


def visible(text: str, language: str | None = None, region: str | None = None) -> Moment | None:
    """Return the first date that a person reads in a text, day only."""
    return next(all_visible(text, language, region), None)


def all_visible(text: str, language: str | None = None, region: str | None = None) -> Iterator[Moment]:
    """Yield the dates in a text in their order."""
    text = text[:MAX_TEXT]
    if not _YEAR.search(text):
        return
    found = list(_in_words(text, language))
    if "年" in text or "년" in text:
        found += [(m.start(), _day(int(m[1]), int(m[2]), int(m[3]))) for m in _CJK.finditer(text)]
    if _NUMERIC_MARK.search(text):
        found += [(m.start(), _day(int(m["y"]), int(m["m"]), int(m["d"]))) for m in _ISO.finditer(text)]
        found += [(m.start(), _numeric(m, language, region)) for m in _NUMERIC.finditer(text)]
    yield from (moment for _, moment in sorted(found, key=lambda item: item[0]) if moment is not None)


@dataclass(frozen=True, slots=True)
class _Part:
    """A token of a written date: a month's name, or a number."""

    start: int
    number: int
    is_month: bool
    is_next: bool
    """Whether nothing but fillers stands between it and the part before."""


def _in_words(text: str, language: str | None) -> Iterator[tuple[int, Moment | None]]:
    """Dates with the month's name, in any of the three orders: "5 Nov 2026", "Nov 5, 2026", "2026. november 5."."""
    parts = list(_parts(text, language))
    for one, two, three in zip(parts, parts[1:], parts[2:], strict=False):
        if not (two.is_next and three.is_next) or one.is_month + two.is_month + three.is_month != 1:
            continue
        if one.is_month and three.number > 999:
            yield one.start, _day(three.number, one.number, two.number)
        elif two.is_month and three.number > 999:
            yield one.start, _day(three.number, two.number, one.number)
        elif two.is_month and one.number > 999 and three.number < 32:
            yield one.start, _day(one.number, two.number, three.number)


def _parts(text: str, language: str | None) -> Iterator[_Part]:
    is_next = False
    is_numbered_month = False
    for match in _TOKEN.finditer(_TWO_WORDS.sub(lambda m: m[0].replace(" ", "_"), text)):
        token = match[0]
        if token[0].isdigit():
            yield _Part(match.start(), int(token[:6]), is_numbered_month, is_next)
            is_next, is_numbered_month = True, False
            continue
        word = token.replace("_", " ").strip("'’").casefold()
        month = month_number(word.strip("."), language) or month_number(word, language)
        if month is not None:
            yield _Part(match.start(), month, True, is_next)
            is_next = True
        elif word == "tháng":  # Vietnamese names months by number
            is_numbered_month = True
        elif word.strip(".") not in _FILLERS:
            is_next = False


def _numeric(match: re.Match[str], language: str | None, region: str | None) -> Moment | None:
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if first > 12 or (first == second):
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    if language == "en" and (region or "").lower() == "us" and mark != ".":
        return _day(year, first, second)
    if mark in ".-" or (language and language != "en") or (region or "").lower() in DAY_FIRST_ENGLISH:
        return _day(year, second, first)
    return None
