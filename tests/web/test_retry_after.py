"""Retry-After in both forms, and what is no Retry-After at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.retry_after import MAX_SECONDS, seconds

NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)

CASES = [
    ("120", 120.0),
    (" 120\t", 120.0),
    ("0", 0.0),
    ("007", 7.0),
    ("86401", 86_400.0),
    ("9" * 5_000, 86_400.0),
    ("Fri, 06 Nov 2026 08:50:37 GMT", 60.0),
    ("Fri, 06 Nov 2026 08:50:37 UTC", 60.0),
    ("fri, 6 nov 2026 08:50:37 GMT", 60.0),
    ("Friday, 06-Nov-26 08:50:37 GMT", 60.0),
    ("Fri Nov  6 08:50:37 2026", 60.0),
    ("Mon, 06 Nov 2026 08:50:37 GMT", 60.0),  # the day's name is wrong
    ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
    ("Tue, 06 Nov 2096 08:49:37 GMT", 86_400.0),
    ("Fri, 06 Nov 2026 08:49:60 GMT", 22.0),
    ("Fri, 31 Feb 2026 08:49:37 GMT", None),
    ("Fri, 06 Nov 2026 25:49:37 GMT", None),
    ("Fri, 06 Foo 2026 08:49:37 GMT", None),
    ("Fri, 06 Nov 0000 08:49:37 GMT", None),
    ("Fri, 06 Nov 2026 08:50:37 CET", None),
    ("2026-11-06T08:50:37Z", None),
    ("soon", None),
    ("-5", None),
    ("1.5", None),
    ("1e3", None),
    ("٣", None),
    ("120, 60", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_seconds(value: str | None, expected: float | None) -> None:
    assert seconds(value, NOW) == expected


@given(
    st.text(max_size=60) | st.text(alphabet="FriNov 0123456789:,-GMT", max_size=40),
    st.datetimes(timezones=st.just(UTC)),
)
def test_any_text_is_a_wait_within_the_cap_or_none(value: str, now: datetime) -> None:
    found = seconds(value, now)
    assert found is None or 0.0 <= found <= MAX_SECONDS


@given(st.integers(0, 86_400))
def test_all_three_dates_say_the_same(ahead: int) -> None:
    until = NOW + timedelta(seconds=ahead)
    forms = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y")
    assert {seconds(until.strftime(form), NOW) for form in forms} == {float(ahead)}
