"""Dates as feeds, sitemaps and pages write them.

`parse` reads one string that is a date, in the forms of RFC 822 and 2822, ISO 8601 and W3C-DTF, asctime, JavaScript's
and Java's `Date`, and a day with the month's name in some twenty languages. It is lenient in form and honest in
content: what the string does not say is not made up. `04/05/2026` may be April or May and is `None`. A time of day with
a zone that nobody can name (`IST` is India, Israel and Ireland) leaves only the day. A time without any zone is read as
UTC, the convention of feeds, and `is_zone_known` says so.

Instants that stand for "no date" in common software are `None`: year 1 (.NET), 1970-01-01 00:00 (Unix), zeros (SQL).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from tasks.text.months import month_of_any

LONGEST = 120
"""Characters. The longest genuine form, JavaScript's with the zone's name in words, has about 75."""

EARLIEST_YEAR, LATEST_YEAR = 1600, 2199
"""Newspapers begin about 1605; archives carry such dates."""


class Precision(StrEnum):
    """The finest part that the string names."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A date that was read. `at` is the beginning of what is known: the day's, the month's or the year's, in UTC."""

    at: datetime
    precision: Precision
    is_zone_known: bool = True

    @property
    def is_day_only(self) -> bool:
        """Whether the day is known and the time of day is not."""
        return self.precision is Precision.DAY


def instant(text: str | None) -> datetime | None:
    """Return the instant, or the first one of the day; `None` when not even the day is known."""
    moment = parse(text)
    if moment is None or moment.precision in (Precision.YEAR, Precision.MONTH):
        return None
    return moment.at


def parse(text: str | None) -> Moment | None:
    """Return what the string says about a point in time; `None` when it is no date, or an ambiguous one."""
    if not text or len(text) > LONGEST * 4:
        return None
    return _parse(text)


@lru_cache(maxsize=4_096)
def _parse(text: str) -> Moment | None:
    text = _plain(text)
    if not text or len(text) > LONGEST:
        return None
    for pattern, reader in _FORMS:
        match = pattern.fullmatch(text)
        if match:
            return reader(match)
    return None


# -- the string ---------------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")  # `(Central European Time)`, Java's `[Europe/Paris]`
_SPACE = re.compile(r"\s+")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    digits = (str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    text = _COMMENT.sub(" ", "".join(digits)).replace("\u2212", "-")
    return _SPACE.sub(" ", text).strip(" .,;|").casefold()


# -- zones --------------------------------------------------------------------------------------------------------

ZONES: dict[str, int] = {
    # RFC 822, section 5.1; RFC 2822 keeps only these names.
    "ut": 0, "utc": 0, "gmt": 0, "z": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    # IANA tz database, abbreviations that name one offset wherever news is written.
    "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
    "bst": 60, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "wib": 420, "pkt": 300, "sast": 120, "eat": 180,
    "wat": 60, "cat": 120, "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "akst": -540, "akdt": -480, "hst": -600, "nst": -210, "ndt": -150, "brt": -180, "art": -180,
}  # fmt: skip
"""Zone name → minutes east of UTC. Left out, since they name several: `ist`, `ast`, `adt`, `gst`, `sst`, and RFC 822's
single letters, whose signs the RFC itself has wrong (RFC 2822, section 4.3)."""

_OFFSET = re.compile(r"(?:utc|gmt|z)? ?([+-]) ?(\d{1,2}):?(\d{2})?")
_WIDEST_OFFSET_MINUTES = 14 * 60  # Kiribati is at +14:00


def _offset_minutes(zone: str) -> int | None:
    zone = zone.strip(" .")
    if zone in ZONES:
        return ZONES[zone]
    match = _OFFSET.fullmatch(zone)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > _WIDEST_OFFSET_MINUTES:
        return None
    return minutes if match[1] == "+" else -minutes


# -- the forms ----------------------------------------------------------------------------------------------------

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h]?(?P<minute>\d{2})(?:[:.m]?(?P<second>\d{2})(?:[.,:]\d{1,9})?)?s?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
)
_CLOCK_COLON = _CLOCK.replace("[:.h]?", "[:.h]", 1).replace(r"(?P<minute>\d{2})", r"(?P<minute>\d{1,2})", 1)
_ZONE = r"(?P<zone>[a-z]{1,5}|(?:utc|gmt|z)? ?[+-] ?\d{1,2}(?::?\d{2})?)"
_TIME = rf"(?:(?: ?[,t] ?| at | - | \| | ){_CLOCK}(?: ?{_ZONE})?)?"
_TIME_COLON = rf"(?:(?: ?[,t] ?| at | um | à | - | \| |, | ){_CLOCK_COLON}(?: uhr)?(?: ?{_ZONE})?)?"
_WEEKDAY = r"(?:[^\W\d_]+\.?,? ?)?"
_WORD = r"(?P<word>[^\W\d_]+)"


def _calendar(match: re.Match[str]) -> Moment | None:
    """Read a match whose groups are named year, month or word, day, and those of the clock."""
    found = match.groupdict()
    word = found.get("word")
    month = month_of_any(word) if word else int(found.get("month") or 0) or None
    if word and month is None:
        return None
    year = _year(found["year"])
    if not found.get("day"):
        return _moment(year, month or 1, 1, {}, Precision.MONTH if month else Precision.YEAR)
    return _moment(year, month or 0, int(found["day"]), found, Precision.DAY)


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) > 2:
        return number + 1900 if len(digits) == 3 else number  # RFC 2822, section 4.3
    return number + (2000 if number < 50 else 1900)


def _moment(year: int, month: int, day: int, clock: dict[str, str | None], precision: Precision) -> Moment | None:
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    start = datetime(year, month, day, tzinfo=UTC)
    if not clock.get("hour"):
        return None if first == date(1970, 1, 1) else Moment(at=start, precision=precision)
    since_midnight = _since_midnight(clock)
    if since_midnight is None:
        return Moment(at=start, precision=Precision.DAY)
    zone = (clock.get("zone") or "").strip()
    offset = _offset_minutes(zone) if zone else 0
    if offset is None:
        return Moment(at=start, precision=Precision.DAY)
    at = start + since_midnight - timedelta(minutes=offset)
    if at == datetime(1970, 1, 1, tzinfo=UTC):
        return None
    return Moment(at=at, precision=Precision.TIME, is_zone_known=bool(zone))


def _since_midnight(clock: dict[str, str | None]) -> timedelta | None:
    hour, minute, second = (int(clock.get(part) or 0) for part in ("hour", "minute", "second"))
    half = clock.get("half")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # 60 is a leap second


def _ordinal(match: re.Match[str]) -> Moment | None:
    year, number = int(match["year"]), int(match["number"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not 1 <= number <= 366:
        return None
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return _moment(day.year, day.month, day.day, match.groupdict(), Precision.DAY) if day.year == year else None


def _week(match: re.Match[str]) -> Moment | None:
    try:
        day = date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["weekday"]))
    except ValueError:
        return None
    return _moment(day.year, day.month, day.day, match.groupdict(), Precision.DAY)


def _numbers(match: re.Match[str]) -> Moment | None:
    """Read two numbers and a year: day and month when only one order is possible, or when dots say day first."""
    first, second = int(match["one"]), int(match["two"])
    if match["sep"] != "." and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (second, first) if second > 12 else (first, second)
    return _moment(_year(match["year"]), month, day, match.groupdict(), Precision.DAY)


def _epoch(match: re.Match[str]) -> Moment | None:
    seconds = int(match["seconds"])
    return Moment(at=datetime.fromtimestamp(seconds, UTC), precision=Precision.TIME)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Moment | None]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        # ISO 8601 and W3C-DTF, with the separators that are met in the wild
        (rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?:(?P=sep)(?P<day>\d{{1,2}}){_TIME})?[tz]?", _calendar),
        (r"(?P<year>\d{4})", _calendar),
        # seconds, or milliseconds, since 1970, from 2001 to 2286
        (r"(?P<seconds>[1-9]\d{9})(?:\d{3}|\.\d+)?", _epoch),
        (rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:[t ]?{_CLOCK}(?: ?{_ZONE})?)?", _calendar),
        (rf"(?P<year>\d{{4}})-(?P<number>\d{{3}}){_TIME}", _ordinal),
        (rf"(?P<year>\d{{4}})-?w(?P<week>\d{{2}})-?(?P<weekday>\d){_TIME}", _week),
        # RFC 822 and 2822: `Tue, 24 Nov 2026 10:00:00 +0100`
        (
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[ -]?(?:de |of )?{_WORD}[ .,-]*(?:de )?"
            rf"(?P<year>\d{{4}}|\d{{2,3}})(?: г\.?| р\.?)?{_TIME_COLON}",
            _calendar,
        ),
        # `November 24, 2026, 10:00 a.m. EST`
        (
            rf"(?:[^\W\d_]+\.?,? )??{_WORD}[ .,-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){_TIME_COLON}",
            _calendar,
        ),
        # asctime, and Java's `Tue Nov 24 10:00:00 GMT 2026`
        (
            rf"(?:[^\W\d_]+,? )?{_WORD} (?P<day>\d{{1,2}}),? {_CLOCK_COLON}(?: ?{_ZONE})? (?P<year>\d{{4}})",
            _calendar,
        ),
        # Hungarian, and `2026 Nov 24`
        (rf"(?P<year>\d{{4}})[ .,-]*{_WORD}[ .,-]*(?P<day>\d{{1,2}})\.?{_TIME_COLON}", _calendar),
        # Chinese, Japanese, Korean
        (
            rf"(?P<year>\d{{4}}) ?[年년] ?(?P<month>\d{{1,2}}) ?[月월] ?(?P<day>\d{{1,2}}) ?[日일]{_TIME_COLON}",
            _calendar,
        ),
        # day and month as numbers
        (
            rf"(?P<one>\d{{1,2}})(?P<sep>[-/.]) ?(?P<two>\d{{1,2}})(?P=sep) ?(?P<year>\d{{4}}){_TIME_COLON}",
            _numbers,
        ),
    )
)
