"""What the finding place said of an article, where the page itself is silent: a feed's date, a listing's headline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tasks.records import Article

SOURCE = "feed"
"""How `published_at_source` names a date that the feed, sitemap or listing gave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """The candidate's title and date, as far as it had them."""

    title: str | None = None
    published_at: datetime | None = None
    section: str | None = None


def hinted(article: Article, hint: Hint) -> Article:
    """Return the article with its gaps filled from the hint; what the page says is never replaced."""
    if article.published_at is None and hint.published_at is not None:
        article = replace(article, published_at=hint.published_at, published_at_source=SOURCE)
    if article.title is None and hint.title:
        article = replace(article, title=hint.title)
    if article.section is None and hint.section:
        article = replace(article, section=hint.section)
    return article
