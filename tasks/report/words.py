"""Values as words of a page. Every function takes whatever a frame may hold, and returns escaped text."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, date, datetime
from html import escape
from urllib.parse import urlsplit

LONGEST_TEXT = 160  # signs: two lines of a table on a narrow screen
LENGTHS = ((120, 1, "min"), (48 * 60, 60, "h"), (math.inf, 24 * 60, "days"))
"""Below so many minutes: the unit's own minutes, and its name."""

UNKNOWN = '<span class="unknown">–</span>'

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # controls, bidi overrides, surrogates, unassigned
_JOINERS = frozenset("\u200c\u200d")  # Persian, Hindi and emoji are spelt with them


def plain(value: object) -> str:
    """The value as one printable line, cut at `LONGEST_TEXT`. Not escaped."""
    cut = "" if value is None else str(value)[: 4 * LONGEST_TEXT]
    kept = " ".join("".join(sign for sign in cut if _is_shown(sign)).split())
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1].rstrip() + "…"


def _is_shown(sign: str) -> bool:
    return sign.isspace() or sign in _JOINERS or unicodedata.category(sign) not in _UNPRINTABLE


def text(value: object) -> str:
    """The value, escaped and set apart, so that right-to-left words leave the rest of the line in place."""
    shown = plain(value)
    return f"<bdi>{escape(shown)}</bdi>" if shown else UNKNOWN


def link(value: object, url: object) -> str:
    """The value as a link, when the address is one of the web; as mere text otherwise."""
    address = str(url or "")
    if not _is_web_address(address):
        return text(value)
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{text(value)}</a>'


def number(value: object) -> float:
    """The value as a number that can be drawn: finite, and nothing below zero."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    try:
        drawn = float(value)
    except OverflowError:
        return 0.0
    return drawn if math.isfinite(drawn) and drawn > 0 else 0.0


def count(value: object) -> str:
    """A number of things, thousands apart."""
    return f"{number(value):,.0f}"


def lag(minutes: object) -> str:
    """A length of time in the unit that a person would choose; with a minus when the later one says it was first."""
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not math.isfinite(minutes):
        return UNKNOWN
    length, sign = abs(float(minutes)), "−" if minutes < 0 else ""
    unit, name = next((unit, name) for until, unit, name in LENGTHS if length < until)
    return f"{sign}{length / unit:,.0f} {name}"


def instant(value: object) -> str:
    """An instant in UTC, to the minute."""
    if isinstance(value, datetime):
        return f'<time datetime="{_utc(value).isoformat()}">{_utc(value):%Y-%m-%d %H:%M}</time>'
    return text(value)


def day(value: object) -> str:
    """A calendar day, not escaped: it holds digits and hyphens, or is empty."""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else ""


def ago(value: object, now: datetime) -> str:
    """How long ago an instant was."""
    if not isinstance(value, datetime):
        return UNKNOWN
    minutes = (_utc(now) - _utc(value)).total_seconds() / 60
    if minutes < 1:
        return f'<span title="{_utc(value):%Y-%m-%d %H:%M} UTC">just now</span>'
    return f'<span title="{_utc(value):%Y-%m-%d %H:%M} UTC">{lag(minutes)} ago</span>'


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
