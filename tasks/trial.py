"""Trying sources out: what the next run would discover, fetch and land, and why not; nothing is written.

    source ──lists──▶ candidates ──a few pages──▶ cleaner ──▶ one line each: article, reject, failure, skip or fetch

It goes the way of a run: the same worklists, lanes, limits and cleaner. What the warehouse knows already is asked of
the read copy, so that a line can say `skip: already_stored`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from tasks.archived import stored_pages
from tasks.errand import Errand
from tasks.feeds.worklist import Discovered
from tasks.finding import LISTED, Finding, Remembered, begin, finished, outcomes, requests_of
from tasks.page.article import extract
from tasks.records import Article, Candidate, Failure, Kind, Page, Reject, Skip, Source
from tasks.refusals import Refusals, refusals, without_refused
from tasks.shelf import RAW
from tasks.source_runs import FAILED, READ, SourceRun
from tasks.visits import request_for
from tasks.web.lanes import Result
from tasks.web.page_id import page_id
from tasks.web.polling import PollState
from tasks.web.urls import article_id, canonical
from tasks.web.warc import read
from warehouse.connection import reading
from warehouse.places import Places
from warehouse.queries import ask

ON_THIS_MACHINE = frozenset({Kind.WARC, Kind.FOLDER})
BEGINNING_OF_TIME = datetime(1, 1, 1, tzinfo=UTC)


class Would(StrEnum):
    """What the next run would make of a URL."""

    ARTICLE = "article"
    REJECT = "reject"
    FAILURE = "failure"
    SKIP = "skip"
    FETCH = "fetch"
    """It would be fetched; here only a few pages are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What the next run would make of one URL, and why."""

    would: Would
    url: str
    reason: str | None = None
    detail: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    words: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What came of trying one source."""

    source: Source
    outcome: str
    """`read` or `failed`, as in `ops.source_runs`."""
    detail: str | None
    lists: tuple[str, ...]
    """The lists that were read, in order."""
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each kind."""
        return dict(Counter(line.would.value for line in self.lines))


class Past:
    """What the warehouse knows already, as its read copy tells; nothing when there is none."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._is_there = Places(home).read.exists()

    def named(self, source: Source) -> frozenset[str]:
        """Return the URLs that a source named before."""
        return frozenset(self._ask("candidates_of_source", source_name=source.name).get("url", ()))

    def tried(self, candidates: Iterable[Candidate]) -> dict[str, str]:
        """Return the last outcome of those candidates that were asked for before."""
        urls = pl.DataFrame({"url": [one.url for one in candidates]}, schema={"url": pl.String})
        rows = self._ask("urls_tried", named=urls)
        return dict(zip(rows.get("url", ()), rows.get("last_outcome", ()), strict=True))

    def stored(self, pages: Iterable[Page]) -> frozenset[str]:
        """Return the ids of those pages that are stored."""
        ids = pl.DataFrame({"page_id": [page_id(page) for page in pages]}, schema={"page_id": pl.String})
        return frozenset(self._ask("pages_known", ids=ids).get("page_id", ()))

    def previous(self, source: Source) -> bytes | None:
        """Return the body of a listing page at the last visit."""
        if source.kind not in LISTED:
            return None
        rows = self._ask("list_stored", url=source.location)
        places = zip(*(rows.get(name, ()) for name in ("warc_file", "warc_offset", "warc_length")), strict=True)
        found = [read(self._home / RAW / str(file), int(offset), int(length)) for file, offset, length in places]
        return next((page.body for page in found if isinstance(page, Page)), None)

    def refused(self) -> Refusals:
        """Return what was erased and must not come back."""
        if not self._is_there:
            return Refusals()
        with reading(self._home) as con:
            return refusals(con)

    def _ask(self, name: str, **parameters: object) -> Mapping[str, list[Any]]:
        if not self._is_there:
            return {}
        with reading(self._home) as con:
            return ask(con, name, **parameters).to_dict(as_series=False)


def try_out(sources: Sequence[Source], past: Past, errand: Errand, *, most: int) -> Iterator[Trial]:
    """Yield what came of each source, in order; at most `most` pages are fetched from each."""
    on_web = [source for source in sources if source.kind not in ON_THIS_MACHINE]
    findings = _discovered(on_web, past, errand)
    results = {name: finished(finding) for name, finding in findings.items()}
    refused = past.refused()
    allowed = {name: without_refused(found, refused) for name, (found, _) in results.items()}
    results = {name: (allowed[name][0], tally) for name, (_, tally) in results.items()}
    tried = {name: past.tried(found.candidates) for name, (found, _) in results.items()}
    chosen = {name: _chosen(found, tried[name])[:most] for name, (found, _) in results.items()}
    pages = _fetched(on_web, chosen, errand)
    for source in sources:
        if source.name not in results:
            yield _archive_trial(source, past, most)
            continue
        found, tally = results[source.name]
        erased = (Line(would=Would.SKIP, url=url, reason=Skip.FORGOTTEN.value) for url in allowed[source.name][1])
        lines = (*_lines(source, found, tried[source.name], chosen[source.name], pages), *erased)
        yield Trial(source=source, outcome=tally.outcome, detail=tally.detail, lists=found.read, lines=lines)


def _discovered(sources: Sequence[Source], past: Past, errand: Errand) -> dict[str, Finding]:
    findings = {
        source.name: begin(
            source,
            Remembered(poll=PollState(source=source.name), known=past.named(source), previous=past.previous(source)),
        )
        for source in sources
    }
    while asked := requests_of(findings.values()):
        for result in errand.visit(asked):
            findings[result.request.tag].take(result)
    return findings


def _chosen(found: Discovered, tried: Mapping[str, str]) -> list[Candidate]:
    """Return the candidates that the next run would fetch, in its order: one for each article, newest first."""
    known = {article_id(canonical(url)) for url in tried}
    once: dict[str, Candidate] = {}
    for candidate in found.candidates:
        name = article_id(canonical(candidate.url))
        if name not in known:
            once.setdefault(name, candidate)
    by_url = sorted(once.values(), key=lambda one: one.url)
    return sorted(by_url, key=lambda one: one.published_at or BEGINNING_OF_TIME, reverse=True)


def _fetched(
    sources: Sequence[Source], chosen: Mapping[str, Sequence[Candidate]], errand: Errand
) -> dict[tuple[str, str], Result]:
    """Return the results by source and URL."""
    requests = [request_for(source, one.url) for source in sources for one in chosen[source.name]]
    return {(result.request.tag, result.request.url): result for result in errand.visit(requests)}


def _lines(
    source: Source,
    found: Discovered,
    tried: Mapping[str, str],
    chosen: Sequence[Candidate],
    pages: Mapping[tuple[str, str], Result],
) -> Iterator[Line]:
    for candidate in chosen:
        yield _page_line(candidate, pages[source.name, candidate.url].outcome)
    ended = [*outcomes(found, source, tried)]
    for outcome in ended:
        yield Line(would=Would.SKIP, url=outcome.url, reason=outcome.reason, detail=outcome.detail)
    waiting = _chosen(found, tried)[len(chosen) :]
    for one in waiting:
        yield Line(would=Would.FETCH, url=one.url, title=one.title, published_at=one.published_at)
    named = {outcome.url for outcome in ended} | {one.url for one in (*chosen, *waiting)}
    for candidate in found.candidates:
        if candidate.url not in named:
            yield Line(would=Would.SKIP, url=candidate.url, reason=Skip.SAME.value, title=candidate.title)


def _page_line(candidate: Candidate, outcome: object) -> Line:
    if isinstance(outcome, Failure):
        failed = Line(would=Would.FAILURE, url=candidate.url, reason=outcome.reason.value, detail=outcome.detail)
        return replace(failed, title=candidate.title)
    if not isinstance(outcome, Page):
        return Line(would=Would.SKIP, url=candidate.url, reason="not_modified", title=candidate.title)
    line = _cleaned(outcome)
    return replace(line, title=line.title or candidate.title, published_at=line.published_at or candidate.published_at)


def _cleaned(page: Page) -> Line:
    result: Article | Reject = extract(page.body, page.final_url)
    if isinstance(result, Reject):
        return Line(would=Would.REJECT, url=page.url, reason=result.reason.value, detail=result.detail)
    return Line(
        would=Would.ARTICLE,
        url=page.url,
        title=result.title,
        published_at=result.published_at,
        words=result.word_count,
    )


def _archive_trial(source: Source, past: Past, most: int) -> Trial:
    pages = list(islice(stored_pages(source), most))
    tally = SourceRun(source=source, outcome=READ)
    for page in pages:
        if isinstance(page, Failure) and page.url == source.location:
            tally = tally.failed(page.reason.value, page.detail)
    known = past.stored(page for page in pages if isinstance(page, Page))
    lines = tuple(_archive_line(page, known) for page in pages if page.url != source.location)
    lists = () if tally.outcome == FAILED and not lines else (source.location,)
    return Trial(source=source, outcome=tally.outcome, detail=tally.detail, lists=lists, lines=lines)


def _archive_line(page: Page | Failure, known: frozenset[str]) -> Line:
    if isinstance(page, Failure):
        return Line(would=Would.FAILURE, url=page.url, reason=page.reason.value, detail=page.detail)
    if page_id(page) in known:
        return Line(would=Would.SKIP, url=page.url, reason=Skip.KNOWN.value)
    return _cleaned(page)
