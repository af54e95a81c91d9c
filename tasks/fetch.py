"""fetch: candidate → page or failure. Polite, safe, incremental; what comes back is stored first, as it came.

raw.candidates ──due?──▶ one lane per host ──▶ raw/*.warc.gz ──▶ raw.pages, raw.fetches, ops.url_state, ops.outcomes
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.archived import ingest_archive
from tasks.declared import declared_rights
from tasks.page.editions_schedule import recheck_at
from tasks.records import Ending, Failing, Failure, Kind, Outcome, Page, Run, Skip, Source
from tasks.refusals import Refusals, refusals
from tasks.shelf import Shelf
from tasks.visits import host_rows, memory_of, request_for, visit
from tasks.web.crawl import Memory
from tasks.web.http import Exchange
from tasks.web.http_chain import NotModified, origin_of
from tasks.web.lanes import Request, Result
from tasks.web.page_id import body_digest
from tasks.web.revisit import next_attempt_at
from tasks.web.warc import Place
from warehouse.connection import writing
from warehouse.queries import ask

ARCHIVES = frozenset({Kind.WARC, Kind.FOLDER})
OK = "ok"


def fetch(run: Run, sources: Sequence[Source]) -> None:
    """Store every page that is due: archives one task each, the web in one, whose lanes know each other."""
    for source in sources:
        if source.kind in ARCHIVES:
            fetch_archive.with_options(task_run_name=f"fetch {source.name}")(run, source)
    due = urls_due(run, sources)
    if due.height:
        fetch_web.with_options(task_run_name=f"fetch {due.height} pages")(run, sources, due)


def urls_due(run: Run, sources: Sequence[Source]) -> pl.DataFrame:
    """Return the URLs that should be asked for now, newest first within each source."""
    named = [source.name for source in sources if source.kind not in ARCHIVES]
    with writing(run.home, who="fetch") as con:
        return ask(
            con,
            "fetch_due",
            now=run.started_at,
            sources=pl.DataFrame({"source_name": named}, schema={"source_name": pl.String}),
        )


@task(name="fetch", cache_policy=NO_CACHE, persist_result=False)
def fetch_archive(run: Run, source: Source) -> None:
    """Store the pages of one archive or folder."""
    tally = ingest_archive(run, source)
    if tally.outcome == "failed":
        get_run_logger().warning("%s: %s", source.name, tally.detail)
    get_run_logger().info("%s: %d pages, %d new", source.name, tally.candidates, tally.candidates_new)


@task(name="fetch", cache_policy=NO_CACHE, persist_result=False)
def fetch_web(run: Run, sources: Sequence[Source], due: pl.DataFrame) -> None:
    """Ask for every URL that is due, within each source's budget and the run's time."""
    within, over = in_budget(due, {source.name: source.max_pages or run.max_pages for source in sources})
    rows = {row["url"]: row for row in within.iter_rows(named=True)}
    with writing(run.home, who="fetch") as con:
        refused = refusals(con)
    memory = memory_of(run.run_id, run)
    ended: Counter[type] = Counter()
    with Shelf(run, "fetch", "web") as shelf:
        for row in over.iter_rows(named=True):
            shelf.end(_outcome(row, Ending.SKIPPED, Skip.OVER_BUDGET.value))
        asked = visit(run, _requests(sources, rows), purpose="page", store=partial(_archived, shelf, refused))
        for result, fetches, robots in asked:
            shelf.add_all("raw.fetches", fetches)
            shelf.add_all("raw.robots", robots)
            _take(shelf, result, rows[result.request.url], refused, memory)
            ended[type(result.outcome)] += 1
            shelf.land_if_full()
        shelf.add_all("ops.hosts", host_rows(run))
    get_run_logger().info("%d pages, %d failures, %d over budget", ended[Page], ended[Failure], over.height)


def in_budget(due: pl.DataFrame, most: Mapping[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the first rows of each source up to its budget, and the others."""
    limit = pl.col("source_name").replace_strict(dict(most), return_dtype=pl.Int64)
    is_within = pl.int_range(pl.len()).over("source_name") < limit
    return due.filter(is_within), due.filter(~is_within)


def _requests(sources: Sequence[Source], rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Request]:
    by_name = {source.name: source for source in sources}
    for url, row in rows.items():
        yield request_for(by_name[row["source_name"]], url, etag=row["etag"], last_modified=row["last_modified"])


def _archived(shelf: Shelf, refused: Refusals, page: Page, _exchange: Exchange) -> Place | None:
    """Archive a page on the worker that fetched it: compressing costs more than all the rest that is done here."""
    return None if refused.covers(page.final_url) else shelf.archive(page)


def _take(shelf: Shelf, result: Result, row: Mapping[str, Any], refused: Refusals, memory: Memory) -> None:
    """Remember what became of one URL. A page gets its outcome from the cleaner."""
    now, outcome = datetime.now(UTC), result.outcome
    if isinstance(outcome, Failure):
        _take_failure(shelf, result, row, outcome, now)
        return
    if isinstance(outcome, NotModified):
        shelf.end(_outcome(row, Ending.UNCHANGED, "not_modified"))
        shelf.add("ops.url_state", _answered_row(row, result, row["body_digest"], now))
        return
    if refused.covers(outcome.final_url):
        shelf.end(_outcome(row, Ending.SKIPPED, Skip.FORGOTTEN.value))
        return
    digest = body_digest(outcome.body)
    if digest == row["body_digest"]:
        shelf.store(outcome, source=row["source_name"], purpose="unchanged", place=result.stored)
        shelf.end(_outcome(row, Ending.UNCHANGED, "same_body"))
    else:
        known = memory.robots.get(origin_of(outcome.final_url))
        said = declared_rights(outcome, known.body if known else b"")
        shelf.store(outcome, source=row["source_name"], purpose="page", place=result.stored, rights=said)
    shelf.add("ops.url_state", _answered_row(row, result, digest, now))


def _take_failure(shelf: Shelf, result: Result, row: Mapping[str, Any], failure: Failure, now: datetime) -> None:
    if result.refused is not None:
        shelf.store(result.refused, source=row["source_name"], purpose="refused", place=result.stored)
    shelf.end(_outcome(row, Ending.FAILURE, failure.reason.value, failure.detail))
    if failure.reason is not Failing.DEADLINE:  # which says nothing of the URL
        shelf.add("ops.url_state", _failed_row(row, failure, now))


def _outcome(row: Mapping[str, Any], ending: Ending, reason: str, detail: str | None = None) -> Outcome:
    return Outcome(url=row["url"], source_name=row["source_name"], outcome=ending, reason=reason, detail=detail)


def _answered_row(row: Mapping[str, Any], result: Result, digest: str | None, now: datetime) -> dict[str, Any]:
    last = result.exchanges[-1]
    return {
        "url": row["url"],
        "attempts": 1,
        "last_outcome": OK,
        "last_attempt_at": now,
        "next_attempt_at": recheck_at(row["published_at"], now, row["changes"], now),
        "etag": last.etag or row["etag"],
        "last_modified": last.last_modified or row["last_modified"],
        "body_digest": digest,
    }


def _failed_row(row: Mapping[str, Any], failure: Failure, now: datetime) -> dict[str, Any]:
    attempts = row["attempts"] + 1
    return {
        "url": row["url"],
        "attempts": attempts,
        "last_outcome": failure.reason.value,
        "last_attempt_at": now,
        "next_attempt_at": next_attempt_at(failure, attempts, now),
        "etag": row["etag"],
        "last_modified": row["last_modified"],
        "body_digest": row["body_digest"],
    }
