"""Phrases that a text may begin with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.text.openings import Openings

PHRASES = ("by", "von", "written by", "文", "straße".casefold())


@pytest.mark.parametrize("text", ["By Ada", "by", "VON Ada", "Written by Ada", "文/李明", "STRASSE 5", "Straße 5"])
def test_begins(text):
    assert Openings(PHRASES).begin(text)


@pytest.mark.parametrize("text", ["", "b", "vo", "Ada by", "written in", "李明"])
def test_does_not_begin(text):
    assert not Openings(PHRASES).begin(text)


@given(st.text(max_size=12), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_agrees_with_plain_comparison(text, phrases):
    folded = [phrase.casefold() for phrase in phrases]
    assert Openings(folded).begin(text) == text.casefold().startswith(tuple(folded))
