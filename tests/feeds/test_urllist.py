from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.feeds.found import Format
from tasks.feeds.urllist import urllist

A, B = "https://a.example/1", "https://a.example/2"

LISTS = {
    "plain": (f"{A}\n{B}\n", Format.URL_LIST),
    "comments, blanks, notes": (f"# mine\n\n  {A}  \r\n{B} a note\n#{A}x\n", Format.URL_LIST),
    "URLs with commas": ("https://a.example/1\nhttps://a.example/2\n# https://a.example/3,4\n", Format.URL_LIST),
    "comma": (f"url,title\n{A},x\n{B},y\n", Format.TABLE),
    "semicolon and quotes": (f'"Titel";"Link"\n"a; b";"{A}"\n"c";"{B}"\n', Format.TABLE),
    "tabs without heading": (f"1\t{A}\tx\n2\t{B}\ty\n", Format.TABLE),
    "bar": (f"id|HREF|x\n1|{A}|\n2|{B}|z\n", Format.TABLE),
    "one line": (f"{A}\n{B}", Format.URL_LIST),
}


@pytest.mark.parametrize("name", LISTS)
def test_each_form_of_list_is_read(name):
    text, format_ = LISTS[name]
    found = urllist(text, "list.txt", "S")
    assert found.format is format_
    assert [candidate.url for candidate in found.candidates] == [A, B]
    assert {(candidate.source, candidate.found_in) for candidate in found.candidates} == {("S", "list.txt")}


def test_columns_of_title_and_date_become_hints():
    found = urllist(f'headline,published,url\n"Fish, chips",2026-11-24T10:00Z,{A}\n,04/05/2026,{B}\n', "x.csv")
    assert [(entry.title, entry.published_at) for entry in found.candidates] == [
        ("Fish, chips", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        (None, None),
    ]


def test_what_is_no_url_is_counted():
    assert urllist(f"{A}\nhello\nftp://x\n", "x").problems == ("2 lines that are not URLs",)
    assert urllist(f"url,title\n{A},x\nnone,y\n", "x").problems == ("1 rows without a URL",)
    assert urllist("hello\nworld\n", "x").format is Format.UNKNOWN


@given(st.text(max_size=300), st.sampled_from(["", f"url,title\n{A},x\n", f"{A}\n"]))
def test_any_text_gives_a_value(text, start):
    urllist(start + text, "x")
