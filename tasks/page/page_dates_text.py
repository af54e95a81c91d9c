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
from functools import cache
from pathlib import Path

MAX_TEXT = 400
"""Characters of a text that are searched for dates."""
BUDDHIST_ERA = 543
"""Thai dates count from the Buddha's death; 2569 is 2026."""
DAY_FIRST_ENGLISH = frozenset(
    ("gb", "uk", "au", "nz", "ie", "in", "za", "pk", "ke", "ng", "sg", "my", "hk", "mt", "jm")
)  # fmt: skip
"""Countries whose English writes the day before the month (CLDR, short date formats)."""

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
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})[,\s]+(?:năm\s+)?(\d{4})", re.I)
_WORD = r"[^\W\d_]{3,16}(?:\s(?:الثاني|الأول))?|[ก-๛.]{3,12}|май|мая|мај|may|mai|maí|mei|मई|जून|মে|जून"
_DAY_MONTH = re.compile(
    rf"(?<![\d:])(\d{{1,2}})(?:st|nd|rd|th|er|re|ª|º|°|\.|-?го|-?е)?[\s.\-/,]*(?:de\s+|d['’]|of\s+|di\s+|ngày\s+|a\s+)?({_WORD})[.,]*"
    r"[\s\-/,]*(?:del?\s+|року\s+)?(\d{4})(?!\d)",
    re.I,
)
_MONTH_DAY = re.compile(rf"({_WORD})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:de\s+)?(\d{{4}})(?!\d)", re.I)
_YEAR_MONTH_DAY = re.compile(
    rf"(?<!\d)(\d{{4}})\.?[,\s]+(?:m\.\s+|gada\s+|(?:\d{{1,2}})\.\s+)?({_WORD})\.?\s+(\d{{1,2}})(?!\d)", re.I
)


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


@cache
def months() -> dict[str, dict[str, int]]:
    """Return form → language → month number from the table beside this module."""
    table: dict[str, dict[str, int]] = {}
    lines = Path(__file__).with_name("page_dates_months.tsv").read_text(encoding="utf8").splitlines()
    for line in lines:
        if line.startswith(("#", "language")):
            continue
        language, month, forms = line.split("\t")
        for form in forms.split("|"):
            table.setdefault(form.casefold(), {})[language] = int(month)
    return table


def month_number(word: str, language: str | None) -> int | None:
    """Return the month a word names, in the page's language, or in all languages that have the word."""
    named = months().get(word.casefold().rstrip(".")) or months().get(word.casefold())
    if not named:
        return None
    if language and language[:2] in named:
        return named[language[:2]]
    numbers = set(named.values())
    return numbers.pop() if len(numbers) == 1 else None


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
    if not re.search(r"\d", text):
        return
    found: list[tuple[int, Moment]] = []
    for match in _ISO.finditer(text):
        _note(found, match, _day(int(match["y"]), int(match["m"]), int(match["d"])))
    for pattern in (_CJK,):
        for match in pattern.finditer(text):
            _note(found, match, _day(int(match[1]), int(match[2]), int(match[3])))
    for match in _VIETNAMESE.finditer(text):
        _note(found, match, _day(int(match[3]), int(match[2]), int(match[1])))
    for pattern, order in ((_DAY_MONTH, (3, 2, 1)), (_MONTH_DAY, (3, 1, 2)), (_YEAR_MONTH_DAY, (1, 2, 3))):
        for match in pattern.finditer(text):
            month = month_number(match[order[1]], language)
            if month:
                _note(found, match, _day(int(match[order[0]]), month, int(match[order[2]])))
    for match in _NUMERIC.finditer(text):
        _note(found, match, _numeric(match, language, region))
    yield from (moment for _, moment in sorted(found, key=lambda item: item[0]))


def _note(found: list[tuple[int, Moment]], match: re.Match[str], moment: Moment | None) -> None:
    if moment is not None:
        found.append((match.start(), moment))


def _numeric(match: re.Match[str], language: str | None, region: str | None) -> Moment | None:
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if first > 12 or (first == second):
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    if mark in ".-" or (language and language != "en") or (region or "").lower() in DAY_FIRST_ENGLISH:
        return _day(year, second, first)
    if language == "en" and (region or "").lower() == "us":
        return _day(year, first, second)
    return None
