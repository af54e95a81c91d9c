"""Gaps are filled from the finding place; what the page says stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.page.hinted import Hint, hinted
from tasks.records import Article

EARLY, LATE = datetime(2026, 11, 20, 7, tzinfo=UTC), datetime(2026, 11, 21, 7, tzinfo=UTC)
HINT = Hint(title="Herring quota cut", published_at=LATE, section="Harbour")


def article(**known: object) -> Article:
    return Article(**{"url": None, "canonical_url": None, "title": None, "text": "Words.", "word_count": 1, **known})  # type: ignore[arg-type]


def test_gaps_are_filled() -> None:
    filled = hinted(article(), HINT)
    assert (filled.title, filled.published_at, filled.section) == ("Herring quota cut", LATE, "Harbour")
    assert filled.published_at_source == "feed"


def test_the_page_comes_first() -> None:
    said = article(title="Skippers stay in port", published_at=EARLY, published_at_source="json_ld", section="News")
    assert hinted(said, HINT) == said


def test_no_hint_changes_nothing() -> None:
    assert hinted(article(), Hint()) == article()


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Valley Gazette - Herring quota cut", "Herring quota cut"),
        ("Herring quota cut | Valley Gazette", "Herring quota cut"),
        ("Herring quota cut, skippers stay in port", "Herring quota cut, skippers stay in port"),
        ("Why the Herring quota cut came", "Why the Herring quota cut came"),
        ("Herring quota cut", "Herring quota cut"),
    ],
)
def test_an_outlets_name_around_the_headline_goes(title: str, kept: str) -> None:
    assert hinted(article(title=title), HINT).title == kept
