"""The demo's score is 1 for the truth, falls with each kind of mistake, and has a floor for the extractor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deployments.demo.outlets import outlets
from deployments.demo.score import copies, extracted, score
from deployments.demo.truth import truth
from tasks.records import Article, Reject, Rejecting

BASES = {key: f"http://{key}.example" for key in outlets()}
KNOWN = truth(BASES)
COUNT = len(KNOWN.articles)


def perfect() -> dict[str, Article | Reject]:
    articles: dict[str, Article | Reject] = {
        expected.url: Article(
            url=expected.url,
            canonical_url=expected.url,
            title=expected.title,
            authors=expected.authors,
            published_at=expected.published_at,
            text="\n\n".join(expected.blocks),
            word_count=0,
        )
        for expected in KNOWN.articles
    }
    refused: dict[str, Article | Reject] = {
        refused.url: Reject(url=refused.url, reason=Rejecting(refused.reason), detail="")
        for refused in KNOWN.refused
        if refused.stage == "extract"
    }
    return articles | refused


def test_the_truth_scores_one() -> None:
    told = score(perfect(), KNOWN)
    assert (told.f1, told.titles, told.authors, told.days, told.refused) == (1, 1, 1, 1, 1)


def first() -> Article:
    found = perfect()[KNOWN.articles[0].url]
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"title": "x"}, "titles"),
        ({"authors": ("admin",)}, "authors"),
        ({"published_at": None}, "days"),
        ({"text": "not a word of it is here"}, "recall"),
    ],
)
def test_a_mistake_costs_one_page(mistake: dict[str, object], field: str) -> None:
    wrong = replace(first(), **mistake)  # type: ignore[arg-type]
    told = score(perfect() | {str(wrong.url): wrong}, KNOWN)
    assert getattr(told, field) == pytest.approx(1 - 1 / COUNT)


def test_a_teaser_left_in_costs_precision_alone() -> None:
    wrong = replace(first(), text=first().text + "\n\nYou may also like this and more of that")
    told = score(perfect() | {str(wrong.url): wrong}, KNOWN)
    assert told.precision < 1
    assert told.recall == 1


def test_an_article_made_of_a_page_that_is_none_counts() -> None:
    page = next(refused.url for refused in KNOWN.refused if refused.stage == "extract")
    assert score(perfect() | {page: first()}, KNOWN).refused < 1


def test_copies() -> None:
    ferry = [expected.url for expected in KNOWN.articles if expected.story == "electric-ferry"]
    other = next(expected.url for expected in KNOWN.articles if expected.story == "tide-clock")
    precision, recall = copies([(ferry[0], ferry[1]), (ferry[1], ferry[0]), (ferry[0], other)], KNOWN)
    assert precision == 0.5
    assert 0 < recall < 0.1


def test_the_extractor_stays_above_its_floor() -> None:
    """Raise the floor when the extractor gets better; lowering it needs a reason in the commit."""
    told = score(extracted(BASES), KNOWN)
    assert told.precision >= 0.90
    assert told.recall >= 0.97
