from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.text.dates import Precision, instant, parse

# what is written → the instant in UTC
TIMES = [
    ("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00"),
    ("Tue, 24 Nov 2026 10:00:00 +0100", "2026-11-24T09:00:00"),
    ("24 Nov 26 10:00 EST", "2026-11-24T15:00:00"),
    ("Tue, 24 Nov 98 10:00:00 Z", "1998-11-24T10:00:00"),
    ("Tuesday, 24 November 2026 10:00:00 PDT", "2026-11-24T17:00:00"),
    ("Tue,24 Nov 2026 10:00:00 UT", "2026-11-24T10:00:00"),
    ("Mon, 24-Nov-2026 10:00:00 GMT", "2026-11-24T10:00:00"),
    ("Tue, 24 Nov 2026 9:05:00 GMT", "2026-11-24T09:05:00"),
    ("Tue, 24 Nov 2026 10:00:00 -0000", "2026-11-24T10:00:00"),
    ("Tue, 24 Nov 2026 10:00:00 GMT+2", "2026-11-24T08:00:00"),
    ("Tue, 24 Nov 2026 10:00:00 +01:00", "2026-11-24T09:00:00"),
    ("Tue, 24 Nov 2026 24:00:00 GMT", "2026-11-25T00:00:00"),
    ("Tue, 24 Nov 2026 23:59:60 GMT", "2026-11-24T23:59:59"),
    ("Tue, 24 Nov 2026 10:00 AM EST", "2026-11-24T15:00:00"),
    ("Tue Nov 24 10:00:00 2026", "2026-11-24T10:00:00"),
    ("Tue Nov 24 10:00:00 GMT 2026", "2026-11-24T10:00:00"),
    ("Tue Nov 24 2026 10:00:00 GMT+0100 (Central European Standard Time)", "2026-11-24T09:00:00"),
    ("Tue, 24 Nov 2026 10:00:00 GMT+0000 (UTC)", "2026-11-24T10:00:00"),
    ("November 24, 2026, 1:30 p.m. EST", "2026-11-24T18:30:00"),
    ("Nov. 24, 2026 at 12:05 am UTC", "2026-11-24T00:05:00"),
    ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00"),
    ("2026-11-24t10:00:00z", "2026-11-24T10:00:00"),
    ("2026-11-24T10:00Z", "2026-11-24T10:00:00"),
    ("2026-11-24T10:00:00.123456+01:00", "2026-11-24T09:00:00"),
    ("2026-11-24T10:00:00+0530", "2026-11-24T04:30:00"),
    ("2026-11-24T10:00:00 -05:00", "2026-11-24T15:00:00"),
    ("2026-11-24 10:00:00", "2026-11-24T10:00:00"),
    ("2026-11-24 10:00:00 UTC", "2026-11-24T10:00:00"),
    ("2026-11-24T10:00:00+01:00[Europe/Paris]", "2026-11-24T09:00:00"),
    ("2026/11/24 10:00", "2026-11-24T10:00:00"),
    ("20261124T100000Z", "2026-11-24T10:00:00"),
    ("20261124100000", "2026-11-24T10:00:00"),
    ("2026-328T10:00:00Z", "2026-11-24T10:00:00"),
    ("2026-W48-2T10:00:00Z", "2026-11-24T10:00:00"),
    ("  \n 2026-11-24T10:00:00Z\t", "2026-11-24T10:00:00"),
    ("24.11.2026 10:00", "2026-11-24T10:00:00"),
    ("24. November 2026, 10:00 Uhr", "2026-11-24T10:00:00"),
    ("24 ноября 2026 г. 10:00", "2026-11-24T10:00:00"),
    ("2026年11月24日 10:00", "2026-11-24T10:00:00"),
    ("1795514400", "2026-11-24T10:00:00"),
    ("1795514400000", "2026-11-24T10:00:00"),
    ("٢٠٢٦-١١-٢٤T10:00:00Z", "2026-11-24T10:00:00"),
]

DAYS = [
    ("2026-11-24", "2026-11-24"),
    ("20261124", "2026-11-24"),
    ("2026/11/24", "2026-11-24"),
    ("24 Nov 2026", "2026-11-24"),
    ("Tue, 24th November 2026", "2026-11-24"),
    ("24/11/2026", "2026-11-24"),
    ("11/24/2026", "2026-11-24"),
    ("05/05/2026", "2026-05-05"),
    ("04.05.2026", "2026-05-04"),
    ("24 novembre 2026", "2026-11-24"),
    ("mardi 24 août 2026", "2026-08-24"),
    ("24 de noviembre de 2026", "2026-11-24"),
    ("24. března 2026", "2026-03-24"),
    ("24 Kasım 2026", "2026-11-24"),
    ("2026. november 24.", "2026-11-24"),
    ("2026년 11월 24일", "2026-11-24"),
    ("2026-W48-2", "2026-11-24"),
    # the hour is known, its zone is not
    ("Tue, 24 Nov 2026 10:00:00 IST", "2026-11-24"),
    ("Tue, 24 Nov 2026 10:00:00 XYZ", "2026-11-24"),
    ("2026-11-24T10:00:00+99:00", "2026-11-24"),
    ("2026-11-24T25:00:00Z", "2026-11-24"),
]

NOT_DATES = [
    None,
    "",
    "   ",
    "yesterday",
    "04/05/2026",  # April or May
    "4-5-2026",
    "2026-02-30",
    "2026-13-01",
    "32 Nov 2026",
    "24 Listopada 2026",  # November in Polish, October in Croatian
    "24 Foo 2026",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "9999-12-31",
    "2026-366",
    "12345",
    "2026-11-24" * 20,
    "Tue, 24 Nov 2026 10:00:00 GMT and more",
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_read(text, expected):
    moment = parse(text)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert moment.precision is Precision.TIME
    assert not moment.is_day_only


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_a_day_is_read_and_said_to_be_only_a_day(text, expected):
    moment = parse(text)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert moment.is_day_only


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_is_no_date_or_could_be_two_is_none(text):
    assert parse(text) is None


@pytest.mark.parametrize(("text", "precision"), [("2026", Precision.YEAR), ("2026-11", Precision.MONTH)])
def test_coarse_dates_say_so_and_are_no_instants(text, precision):
    moment = parse(text)
    assert moment is not None
    assert moment.precision is precision
    assert instant(text) is None


@pytest.mark.parametrize(("text", "known"), [("2026-11-24T10:00", False), ("2026-11-24T10:00Z", True)])
def test_a_missing_zone_is_told(text, known):
    moment = parse(text)
    assert moment is not None
    assert moment.is_zone_known is known


@given(st.text(max_size=80) | st.from_regex(r"[0-9TZ:+,./ a-z-]{1,60}"))
def test_any_text_gives_a_moment_in_utc_or_none(text):
    moment = parse(text)
    assert moment is None or moment.at.tzinfo is UTC


@given(st.integers(31_536_000, 4_102_444_800))
def test_standard_forms_round_trip(seconds):
    at = datetime.fromtimestamp(seconds, UTC)
    assert instant(at.isoformat()) == at
    assert instant(at.strftime("%a, %d %b %Y %H:%M:%S +0000")) == at
    assert instant(at.strftime("%a %b %d %H:%M:%S %Y")) == at
