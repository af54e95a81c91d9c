"""The language of a page: tags, texts, and what happens when they disagree."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page.language import agreed, of_text, parse

LINES = Path(__file__).with_name("language_texts.tsv").read_text(encoding="utf8").splitlines()
TEXTS = dict(line.split("\t") for line in LINES if not line.startswith(("#", "language\t")))


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_texts(code, text):
    found = of_text(text, code)
    assert found is not None
    assert found.code == code


def test_texts_without_a_hint():
    wrong = [code for code, text in TEXTS.items() if (found := of_text(text)) is None or found.code != code]
    assert set(wrong) <= {"da", "no"}  # one sentence does not always tell these two apart


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de-AT", ("de", "at")),
        ("en_US", ("en", "us")),
        ("zh-Hans-CN", ("zh", "cn")),
        ("nb-NO", ("no", "no")),
        ("iw", ("he", None)),
        ("English", ("en", None)),
        ("en-US,de", ("en", "us")),
        ("eng", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_tags(tag, expected):
    assert parse(tag) == expected


def test_a_clear_text_overrules_a_forgotten_default():
    assert agreed("en", TEXTS["de"]) == "de"
    assert agreed("en", TEXTS["ja"]) == "ja"


def test_a_short_or_mixed_text_leaves_the_declaration():
    assert agreed("en", "Schöne Brücke") == "en"
    assert agreed("en", "iPhone 17 Pro, Galaxy S26, Pixel 10, Xperia 1, Zenfone 12, Moto G, Nord 5, Nothing 3") == "en"
    assert agreed(None, "Ok") is None


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text):
    found = of_text(text)
    assert found is None or len(found.code) == 2
