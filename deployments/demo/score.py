"""How well a run did on the little news web, whose truth is known: bodies, titles, authors, days, refusals, copies.

Bodies are compared by the multiset of their runs of four words (the metric of scrapinghub's article extraction
benchmark), each page weighing the same. `python -m deployments.demo.score` scores the extractor alone, page by page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import combinations
from statistics import fmean

from deployments.demo.items import Bases
from deployments.demo.outlets import outlets
from deployments.demo.site import sites
from deployments.demo.truth import Expected, Truth, truth
from tasks.page.article import extract
from tasks.records import Article, Reject

RUN = 4  # words


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Shares between 0 and 1. A missing article has precision 1 and recall 0."""

    precision: float
    recall: float
    titles: float
    authors: float
    days: float
    refused: float
    """Of the pages that are no articles, those refused for the right reason."""

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of the bodies."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def score(found: Mapping[str, Article | Reject], known: Truth) -> Score:
    """The score of a run's results by URL."""
    pages = [(expected, found.get(expected.url)) for expected in known.articles]
    articles = [(expected, got) for expected, got in pages if isinstance(got, Article)]
    refusals = [refused for refused in known.refused if refused.stage == "extract"]
    right = [refused for refused in refusals if _reason(found.get(refused.url)) == refused.reason]
    return Score(
        precision=fmean(overlap(expected, got)[0] for expected, got in pages),
        recall=fmean(overlap(expected, got)[1] for expected, got in pages),
        titles=len([1 for expected, got in articles if got.title == expected.title]) / len(pages),
        authors=len([1 for expected, got in articles if got.authors == expected.authors]) / len(pages),
        days=len([1 for expected, got in articles if _same_day(expected, got)]) / len(pages),
        refused=len(right) / len(refusals),
    )


def overlap(expected: Expected, got: Article | Reject | None) -> tuple[float, float]:
    """Precision and recall of one body."""
    if not isinstance(got, Article):
        return 1.0, 0.0
    true, said = _runs("\n".join(expected.blocks)), _runs(got.text)
    both = (true & said).total()
    return both / max(said.total(), 1), both / max(true.total(), 1)


def copies(pairs: Iterable[tuple[str, str]], known: Truth) -> tuple[float, float]:
    """Precision and recall of pairs of URLs said to tell the same story in the same words."""
    said = {frozenset(pair) for pair in pairs}
    by_story: dict[str, list[str]] = {}
    for expected in known.articles:
        by_story.setdefault(expected.story, []).append(expected.url)
    true = {frozenset(pair) for urls in by_story.values() for pair in combinations(urls, 2)}
    both = len(said & true)
    return both / max(len(said), 1), both / len(true)


def extracted(bases: Bases) -> dict[str, Article | Reject]:
    """What the extractor makes of every page that the web's feeds and listings name, without a server."""
    served, known = sites(bases), truth(bases)
    named = {*(expected.url for expected in known.articles), *(refused.url for refused in known.refused)}
    return {
        url: extract(answer.body, url)
        for key, base in bases.items()
        for url, answer in ((base + target, answer) for target, answer in served[key].items())
        if url in named and answer.status == 200
    }


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, 1)))


def _same_day(expected: Expected, got: Article) -> bool:
    """In the outlet's zone or in UTC: one outlet prints a time without a zone."""
    true = expected.published_at
    return got.published_at is not None and got.published_at.date() in (true.date(), true.astimezone(UTC).date())


def _reason(got: Article | Reject | None) -> str | None:
    return got.reason if isinstance(got, Reject) else None


def _lines(bases: Bases) -> Iterator[str]:
    found, known = extracted(bases), truth(bases)
    for expected in known.articles:
        precision, recall = overlap(expected, found.get(expected.url))
        if min(precision, recall) < 1:
            yield f"{precision:.3f} {recall:.3f}  {expected.url}  ({expected.note})"
    for refused in known.refused:
        if refused.stage == "extract" and _reason(found.get(refused.url)) != refused.reason:
            yield f"{refused.reason} expected, {_reason(found.get(refused.url)) or 'article'} found  {refused.url}"
    yield str(score(found, known))


if __name__ == "__main__":
    print("\n".join(_lines({key: f"http://{key}.example" for key in outlets()})))
