"""Words and sentences in scripts with and without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.text.words import sentences, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("___ — …", 0),
        ("Hello world, it's 3.5 per-cent.", 5),
        ("Die Bürgermeisterin sagte: „Nein.“", 4),
        ("今天天气很好。", 6),
        ("NHKの発表", 4),
        ("हिन्दी में समाचार पढ़ें।", 4),
        ("في البداية كانت الكلمة؟", 4),
        ("Москва встретила гостей.", 3),
        ("한국어 문장입니다.", 2),
        ("be\u00adlieb\u00adte Tarife", 2),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_thai_words_are_estimated():
    # ประเทศไทย|มี|ประชากร|จำนวน|มาก
    assert 4 <= words("ประเทศไทยมีประชากรจำนวนมาก") <= 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("One. Two! Three?", 3),
        ("Mr. Smith met J. Doe. They left.", 2),
        ("No end", 1),
        ("今天天气很好。我们去公园！", 2),
        ("यह है। वह है।", 2),
        ("ماذا؟ نعم.", 2),
        ("A heading\n\nA sentence.", 2),
        ("“Stop.” He stopped…", 2),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@given(st.text())
def test_any_text_is_counted(text):
    assert words(text) >= 0
    assert 0 <= sentences(text) <= len(text)
