"""Texts that are one text, and texts that are not."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.text.normalise import CAPITAL, MAX_CHARACTERS, NUMBER, take, word_hash, words


def folded(text: str) -> list[int]:
    return words([text]).hashes.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t stop", "DON'T STOP"),
        ("a “quoted” word", 'a "quoted" word'),
        ("1,200 people", "1200 people"),
        ("rose 5%", "rose five percent"),
        ("4 pct", "4%"),
        ("3 mln dlrs", "$3 million"),
        ("the colour of labour", "the color of labor"),
        ("to organise a theatre", "to organize a theater"),
        ("cancelled", "canceled"),
        ("the deci\u00adsion", "the decision"),
        ("ﬁve oﬃces", "five offices"),
        ("São Tomé", "Sao Tome"),
        ("no\u00a0break\u2009space", "no break space"),
        ("Jan. 4", "January 4"),
        ("well-known", "well known"),
        ("Ｗｉｄｅ", "wide"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_one_text_in_two_dresses(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3.63", "3.64"), ("3.6", "36"), ("12,00", "1200"), ("1987", "1988"), ("kilometre", "metre")]
)
def test_two_texts(one, other):
    assert folded(one) != folded(other)


def test_flags_name_figures_and_capitals():
    flags = words(["Oslo has two trams and 40 buses"]).flags.tolist()
    assert flags == [CAPITAL, 0, NUMBER, 0, 0, NUMBER, 0]


def test_ideographs_are_words_by_themselves_and_hangul_is_not():
    assert len(folded("東京都")) == 3
    assert len(folded("서울 특별시")) == 2


def test_a_word_alone_and_in_a_batch_has_one_number():
    batch = words(["", "nothing here", "Hello", "\0", "hello"])
    assert batch.lengths.tolist() == [0, 2, 1, 0, 1]
    assert batch.hashes[2] == batch.hashes[3] == word_hash("hello")


def test_a_batch_over_many_chunks_is_the_same_as_text_by_text():
    texts = [f"{'word ' * (at * 37 % 900)} number {at} ﬁn" for at in range(900)]
    whole = words(texts)
    for at in (0, 1, 450, 899):
        assert np.array_equal(take(whole, np.array([at])).hashes, words([texts[at]]).hashes)


def test_a_text_without_end_is_read_to_a_limit():
    assert len(words(["ab " * MAX_CHARACTERS]).hashes) == MAX_CHARACTERS // 3 + 1


def test_keys_name_whole_texts():
    keys = words(["One two three", "one, two; three!", "one three two", ""]).keys
    assert keys[0] == keys[1] != keys[2]
