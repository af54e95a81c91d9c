"""What the words and names of a block count, and how: the tokens, and the sums over them."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.page.blocks import Holder
from tasks.page.wording import (
    BLANK,
    COUNT,
    MOST_WORDS,
    SLOT_BITS,
    UNKNOWN,
    WORD,
    Wording,
    cleaner_wording,
    holder_tokens,
    name_hashes,
    slots,
    text_tokens,
    text_words,
)

BODY = Holder(0, 0, "body", "", 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Read MORE", "read more"),
        ("12 comments", "98 comments"),
        ("“Thanks” — for sharing…", "thanks for sharing"),
        ("«Читать» далее", "читать далее"),
        ("关于、作者", "关于作者"),
        ("a\u00a0b", "a b"),
    ],
)
def test_texts_that_say_the_same_have_the_same_words(one, other):
    assert text_words(one) == text_words(other)


def test_a_character_of_a_script_without_spaces_is_a_word():
    assert len(text_words("関連記事 abc")) == 5


def test_the_beginning_of_a_text_is_read():
    assert len(text_words("word " * 500)) == MOST_WORDS
    assert text_words("x" * 999 + " y z") == text_words("x" * 999)


@pytest.mark.parametrize("text", ["…", "\ud800", "\x00", "İ", "𝔘𝔫𝔦"])
def test_any_text_has_tokens(text):
    rows, found = text_tokens([text, text])
    assert set(rows.tolist()) == {0, 1}
    assert (found >= 0).all()
    assert (found < 1 << SLOT_BITS).all()


def test_names_are_whole_and_in_parts():
    whole = set(name_hashes("div", "entry-content postBody2"))
    assert set(name_hashes("div", "entry content")) & whole == set(name_hashes("div", "")) | (
        set(name_hashes("p", "x-entry x-content")) & whole
    )
    assert name_hashes("div", "post7") == name_hashes("div", "post3")


def test_an_element_is_known_by_those_around_it():
    holders = [BODY, Holder(0, 1, "div", "comments", 0, 0, 0, 0), Holder(1, 2, "p", "", 0, 0, 0, 0)]
    rows, _ = holder_tokens(holders)
    own = len(name_hashes("body", "")), len(name_hashes("div", "comments")), len(name_hashes("p", ""))
    assert np.bincount(rows).tolist() == [2 * own[0], 2 * (own[0] + own[1]), 2 * sum(own)]


def test_a_score_is_the_sum_of_weights_by_the_root_of_their_number():
    words = np.full(1 << SLOT_BITS, UNKNOWN, dtype=np.int8)
    (word,) = text_words("reply")
    words[slots(WORD, np.array([word], dtype=np.uint64))] = -100
    wording = Wording(words=words, names=BLANK.names, words_scale=0.02, names_scale=0.0, words_bias=0.5, names_bias=0.0)
    words[slots(COUNT, np.array([1], dtype=np.uint64))] = 50
    score, known = wording.of_texts(["Reply", "…"])
    assert score == pytest.approx([(-2 + 1) / 2**0.5 + 0.5, 0.5])
    # Its number, the word itself, as the first, as the last, and as the whole text: five tokens, two of them known.
    assert known == pytest.approx([2 / 5, 0])


def test_tokens_of_different_kinds_do_not_share_a_slot():
    one = np.array([7], dtype=np.uint64)
    assert slots(COUNT, one) != slots(WORD, one)


def test_the_shipped_tables_fit():
    wording = cleaner_wording()
    assert wording.words.shape == wording.names.shape == (1 << SLOT_BITS,)
