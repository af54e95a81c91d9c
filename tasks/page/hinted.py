"""What the finding place said of an article, where the page itself is silent: a feed's date, a listing's headline."""

from __future__ import annotations

import re
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
    if hint.title and (article.title is None or _is_decorated(article.title, hint.title)):
        article = replace(article, title=hint.title)
    if article.section is None and hint.section:
        article = replace(article, section=hint.section)
    return article


_JOINT = re.compile(r"\s*[-–—|:·•»]\s*")
"""What stands between a headline and the outlet's name in a page's title."""


def _is_decorated(title: str, headline: str) -> bool:
    """Tell whether a page's title is the headline with a name and a joint before or behind it."""
    before, found, behind = title.partition(headline)
    if not found or not (before or behind) or (before and behind):
        return False
    joint = _JOINT.search(before[::-1]) if before else _JOINT.search(behind)
    return joint is not None and joint.start() == 0
