"""What stands twice on a page: once in the article, and never when it is a notice."""

import numpy as np
import pytest

from tasks.page.article import extract
from tasks.page.blocks import segment
from tasks.page.choose import chosen
from tasks.page.copies import copies
from tasks.page.parse import parse
from tasks.records import Article, Removing

LONG = (
    "The harbour commission voted on Tuesday night to dredge the two northern berths before the winter storms arrive."
)
OTHER = (
    "Fishermen had asked for the work for eleven years, and the money comes from a fund that the state set up in May."
)
NOTICE = (
    "Your settings keep this post of another service from being shown; change them in the privacy centre of this site."
)
SHORT = "Refrain, all voices"


def outline(*texts):
    return segment(parse(f"<body>{''.join(f'<p>{text}</p>' for text in texts)}</body>".encode()))


@pytest.mark.parametrize(
    ("texts", "is_news", "gone"),
    [
        ((LONG, OTHER), True, ()),
        ((LONG, OTHER, LONG), False, (2,)),
        ((LONG, OTHER, LONG), True, (2,)),
        ((NOTICE, LONG, NOTICE, OTHER, NOTICE), False, (2, 4)),
        ((NOTICE, LONG, NOTICE, OTHER, NOTICE), True, (0, 2, 4)),
        ((LONG, SHORT, OTHER, SHORT), True, ()),
        ((SHORT, LONG, OTHER, SHORT, LONG, OTHER), False, (3, 4, 5)),
        ((LONG, SHORT, "Yes.", LONG, SHORT, "Yes."), False, (3, 4, 5)),
        ((LONG, "Yes.", LONG, "No."), False, (2,)),
    ],
)
def test_what_is_a_copy(texts, is_news, gone):
    assert copies(outline(*texts), [True] * len(texts), is_news=is_news) == frozenset(gone)


def test_a_text_that_is_not_kept_is_no_first_copy():
    assert copies(outline(LONG, OTHER, LONG), [False, True, True], is_news=True) == frozenset()


def test_an_article_that_stands_twice_is_read_once():
    body = "".join(f"<h2>{SHORT} {n}</h2><p>{n}. {LONG}</p><p>{n}. {OTHER}</p>" for n in range(4))
    page = f"<html><body><article><h1>Berths</h1>{body}</article><article>{body}</article></body></html>"
    article = extract(page.encode(), None)
    assert isinstance(article, Article)
    assert article.text.count(LONG) == article.text.count(OTHER) == 4
    assert article.text.count(SHORT) == 4
    assert {one.reason for one in article.removed if LONG in one.text} == {Removing.DUPLICATE}


def test_the_standfirst_of_news_needs_less_than_its_body():
    seen = outline("Menu", LONG, *[f"{n}. {OTHER}" for n in range(6)])
    chance = [0.1, 0.45, *[0.95] * 6]
    assert is_kept(seen, chance, ["NewsArticle"])[:2] == [False, True]
    assert is_kept(seen, chance, [])[:2] == [False, False]


def test_a_short_line_between_kept_blocks_needs_less_outside_of_news():
    seen = outline(*[f"{n}. {OTHER}" for n in range(6)], "Berths", LONG, "Berths, again")
    chance = [*[0.95] * 6, 0.45, 0.95, 0.45]
    assert is_kept(seen, chance, [])[6:] == [True, True, False]
    assert is_kept(seen, chance, ["NewsArticle"])[6:] == [False, True, False]


def is_kept(seen, chance, types):
    return chosen(seen, np.array(chance, dtype=np.float32), types, None)[0]
