"""Dates as machines and people write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page.page_dates_text import machine, visible

DAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "expected", "is_day_only", "offset"),
    [
        ("2026-11-05T09:30:00+01:00", datetime(2026, 11, 5, 8, 30, tzinfo=UTC), False, 60),
        ("2026-11-05T09:30:00.123Z", datetime(2026, 11, 5, 9, 30, tzinfo=UTC), False, 0),
        ("2026-11-05 09:30:00 -0500", datetime(2026, 11, 5, 14, 30, tzinfo=UTC), False, -300),
        ("2026-11-05T09:30", datetime(2026, 11, 5, 9, 30, tzinfo=UTC), False, None),
        ("20261105T093000Z", datetime(2026, 11, 5, 9, 30, tzinfo=UTC), False, 0),
        ("Thu, 05 Nov 2026 09:30:00 GMT", datetime(2026, 11, 5, 9, 30, tzinfo=UTC), False, None),
        ("1793871000", datetime(2026, 11, 5, 9, 30, tzinfo=UTC), False, None),
        ("2026-11-05", datetime(2026, 11, 5, tzinfo=UTC), True, None),
        ("20261105", datetime(2026, 11, 5, tzinfo=UTC), True, None),
        ("2026-11-05T00:00:00+02:00", datetime(2026, 11, 5, tzinfo=UTC), True, None),
        ("2026-11-05T25:99:00Z", datetime(2026, 11, 5, tzinfo=UTC), True, None),
    ],
)
def test_machine_readable(text, expected, is_day_only, offset):
    moment = machine(text)
    assert moment is not None
    assert (moment.at, moment.is_day_only) == (expected, is_day_only)
    assert offset is None or moment.offset_minutes == offset


@pytest.mark.parametrize("text", ["", "today", "2026-13-45", "99999999999999", "::", "P3D"])
def test_not_machine_readable(text):
    assert machine(text) is None


@pytest.mark.parametrize(
    ("text", "language", "region"),
    [
        ("November 5, 2026", "en", "us"),
        ("Published: Nov. 5th, 2026 at 10:30 am", "en", None),
        ("Thursday 5 November 2026", "en", "gb"),
        ("5-Nov-2026", "en", None),
        ("11/5/2026", "en", "us"),
        ("5/11/2026", "en", "gb"),
        ("05.11.2026, 10:30 Uhr", "de", None),
        ("5. November 2026", "de", None),
        ("Publié le 5 novembre 2026 à 10h30", "fr", None),
        ("1er novembre", "fr", None),
        ("5 de noviembre de 2026", "es", None),
        ("5 de novembro de 2026", "pt", None),
        ("5 novembre 2026", "it", None),
        ("5 november 2026", "nl", None),
        ("5 november 2026 kl. 10.30", "sv", None),
        ("5. nov. 2026", "da", None),
        ("5. november 2026", "no", None),
        ("5. marraskuuta 2026", "fi", None),
        ("5 listopada 2026", "pl", None),
        ("5. listopadu 2026", "cs", None),
        ("5. novembra 2026", "sk", None),
        ("2026. november 5.", "hu", None),
        ("5 noiembrie 2026", "ro", None),
        ("5. studenoga 2026.", "hr", None),
        ("5 Kasım 2026", "tr", None),
        ("5 November 2026", "id", None),
        ("Ngày 5 tháng 11 năm 2026", "vi", None),
        ("5 ноября 2026 г.", "ru", None),
        ("5 листопада 2026 року", "uk", None),
        ("5 ноември 2026", "bg", None),
        ("5 Νοεμβρίου 2026", "el", None),
        ("٥ نوفمبر ٢٠٢٦", "ar", None),
        ("5 تشرين الثاني 2026", "ar", None),
        ("5 בנובמבר 2026", "he", None),
        ("5 नवंबर 2026", "hi", None),
        ("2026年11月5日", "zh", None),
        ("2026年11月5日 10時30分", "ja", None),
        ("2026년 11월 5일", "ko", None),
        ("5 พฤศจิกายน 2569", "th", None),
        ("2026 m. lapkričio 5 d.", "lt", None),
        ("2026/11/05", "ja", None),
    ],
)
def test_visible(text, language, region):
    moment = visible(text, language, region)
    if text == "1er novembre":
        assert moment is None  # a day without its year is no date
    else:
        assert moment is not None
        assert moment.day == DAY
        assert moment.is_day_only


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("03/04/2026", None),
        ("03/04/2026", "en"),
        ("5 listopada 2026", None),  # November in Polish, October in Croatian
        ("in May 2026 the price rose 5 per cent", "en"),
        ("30 February 2026", "en"),
        ("call 555-2026", "en"),
        ("version 1.2.2026.4", "en"),
    ],
)
def test_ambiguous_or_impossible_dates_are_none(text, language):
    assert visible(text, language) is None


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for moment in (machine(text), visible(text)):
        assert moment is None or moment.at.tzinfo is UTC


@given(st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive ones
def test_iso_round_trips(moment):
    found = machine(moment.replace(microsecond=0, tzinfo=UTC).isoformat())
    assert found is not None
    assert found.at == moment.replace(microsecond=0, tzinfo=UTC)
