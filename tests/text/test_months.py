"""Names of months, with and without a language."""

import pytest

from tasks.text.months import month_number, month_of_any


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("November", "en", 11),
        ("nov.", None, 11),
        ("листопада", "uk", 11),
        ("listopad", "pl", 11),
        ("listopada", "hr", 10),
        ("listopada", None, None),
        ("studenoga", "en", 11),
        ("bridge", "en", None),
        ("", None, None),
    ],
)
def test_month_in_a_language(word, language, expected):
    assert month_number(word, language) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Août.", 8), ("aout", 8), ("kasim", 11), ("Μαρτίου", 3), ("listopad", None), ("bridge", None)],
)
def test_month_in_any_language(word, expected):
    assert month_of_any(word) == expected
