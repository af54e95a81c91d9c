"""Retry-After: how long a server asks to be left alone (RFC 9110 §10.2.3), in seconds or as a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime

MAX_SECONDS = 86_400.0
"""A day: no single answer may silence a host for longer."""

_SECONDS = re.compile(r"[0-9]+")
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_DATES = (
    # RFC 9110 §5.6.7: the fixed form of today, then the two obsolete ones that must still be read. The day's name is
    # not compared with the date: servers get it wrong, and nothing hangs on it.
    re.compile(
        rf"[A-Za-z]+, ?(?P<day>\d\d?) (?P<month>[A-Za-z]{{3}}) (?P<year>\d{{4}}) {_CLOCK} (?:GMT|UTC)", re.ASCII
    ),
    re.compile(rf"[A-Za-z]+, ?(?P<day>\d\d?)-(?P<month>[A-Za-z]{{3}})-(?P<year>\d\d) {_CLOCK} (?:GMT|UTC)", re.ASCII),
    re.compile(rf"[A-Za-z]+ (?P<month>[A-Za-z]{{3}}) {{1,2}}(?P<day>\d\d?) {_CLOCK} (?P<year>\d{{4}})", re.ASCII),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def seconds(value: str | None, now: datetime) -> float | None:
    """Return the seconds to wait from `now`: 0 for a date that has passed, at most a day, `None` for junk."""
    text = (value or "").strip(" \t")
    if _SECONDS.fullmatch(text):
        return min(float(text), MAX_SECONDS)
    until = _date(text, now)
    if until is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), MAX_SECONDS)


def _date(text: str, now: datetime) -> datetime | None:
    found = next((match for form in _DATES if (match := form.fullmatch(text))), None)
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"].lower()) + 1
    clock = int(found["hour"]), int(found["minute"]), min(int(found["second"]), 59)  # 60: a leap second
    try:
        return datetime(_year(found["year"], now), month, int(found["day"]), *clock, tzinfo=UTC)
    except ValueError:  # 31 February, 25 o'clock
        return None


def _year(digits: str, now: datetime) -> int:
    """Return the year; two digits that would be more than 50 years ahead mean the past (RFC 9110 §5.6.7)."""
    year = int(digits)
    if len(digits) == 4:
        return year
    year += now.year - now.year % 100
    return year - 100 if year > now.year + 50 else year
