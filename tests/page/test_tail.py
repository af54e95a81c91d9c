"""The dirty page in every markup: the tail goes, the body stays, to the last character."""

import json
from pathlib import Path

import pytest

from tasks.page.article import extract
from tasks.records import Article, Removing
from tests.page.tail_pages import Story, cases

# True stories with tails in seven languages and five scripts, written for these tests.
STORIES = json.loads(Path(__file__).with_name("tail_stories.json").read_text("utf-8"))
CASES = cases(tuple(Story(**story) for story in STORIES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tail_is_cut_and_body_kept(case):
    article = extract(case.page, "https://copies.example/2024/11/05/story")
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(case.body)
    removed = {one.text for one in article.removed}
    assert set(case.tail) <= removed


def test_a_cut_tail_says_why():
    case = next(case for case in CASES if case.name == "en-plain-article-bare")
    article = extract(case.page, None)
    assert isinstance(article, Article)
    reasons = {one.text: one.reason for one in article.removed}
    assert reasons["Source link"] is Removing.SOURCE_LINK
    assert reasons["You May Also Like"] is Removing.RELATED
