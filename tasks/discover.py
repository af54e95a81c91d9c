"""discover: source → candidates.

    sources ──due by their own rhythm?──▶ worklists ⇄ lanes ──▶ raw.candidates, ops.source_runs, ops.source_state

Every source has a worklist that says what to read next and learns from what came back; those of a task are served
together in rounds. Sources of one host share a task, and all tasks of a run share the lanes' memory of hosts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks import history
from tasks.feeds.declarations import Declared
from tasks.finding import LISTED, Finding, Remembered, begin, finished, outcomes, poll_result, requests_of
from tasks.frames import frame
from tasks.history import Past
from tasks.records import Kind, Page, Run, Source
from tasks.refusals import Refusals, refusals, refused_outcome, without_refused
from tasks.shelf import RAW, Shelf
from tasks.source_runs import candidate_row, source_row, state_row, wrong_declaration_row
from tasks.visits import host_rows, visit
from tasks.web import polling, urls
from tasks.web.lanes import Result
from tasks.web.page_id import body_digest
from tasks.web.warc import read
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load

MOST_TASKS = 10
"""Prefect tasks of one run: enough to see in the UI which part of the sources takes its time."""
DAILY_POLLS_PER_SOURCE = 96
"""On average: one every quarter of an hour, which is how often the schedule runs."""
HALF_AN_INTERVAL = timedelta(minutes=7.5)
"""Rounding to the nearest scheduled run beats always being late."""
ON_THIS_MACHINE = frozenset({Kind.WARC, Kind.FOLDER})


def discover(run: Run, declared: Declared) -> None:
    """Poll every source that is due, and write down what it names."""
    states = rhythms(run, declared.sources)
    sources = [source for source in declared.sources if source.kind not in ON_THIS_MACHINE]
    pace = polling.pace([states[s.name] for s in sources], DAILY_POLLS_PER_SOURCE * len(sources), run.started_at)
    declare(run, declared, states, pace)
    due = [source for source in sources if not run.only_due or _is_due(states[source.name], pace, run.started_at)]
    for batch in batches(due):
        discover_batch.with_options(task_run_name=f"discover {_names(batch)}")(run, batch, states, pace)


@task(name="discover", cache_policy=NO_CACHE, persist_result=False)
def discover_batch(run: Run, sources: Sequence[Source], states: Mapping[str, polling.PollState], pace: float) -> None:
    """Read the lists of some sources, and land what they name."""
    findings = {source.name: begin(source, _remembered(run, source, states[source.name])) for source in sources}
    with Shelf(run, "discover", "lists") as shelf:
        while asked := requests_of(findings.values()):
            for result, fetches, robots in visit(run, asked, purpose="source"):
                findings[result.request.tag].take(result)
                shelf.add_all("raw.fetches", fetches)
                shelf.add_all("raw.robots", robots)
        with writing(run.home, who="discover") as con:
            refused = refusals(con)
        for finding in findings.values():
            _land(run, shelf, finding, pace, refused)
        shelf.add_all("ops.hosts", host_rows(run))


@task(name="discover history", cache_policy=NO_CACHE, persist_result=False)
def discover_history(run: Run, source: Source, past: Past) -> None:
    """Read a source's sitemaps back to a day, and land the links of a span; its rhythm is not touched."""
    finding = history.begin(source, past)
    with Shelf(run, "discover", "history") as shelf:
        while asked := requests_of([finding]):
            for result, fetches, robots in visit(run, asked, purpose="source"):
                finding.take(result)
                shelf.add_all("raw.fetches", fetches)
                shelf.add_all("raw.robots", robots)
        with writing(run.home, who="discover") as con:
            found, erased = without_refused(finding.work.result(), refusals(con))
            is_declared = source.name in ask(con, "source_states")["source_name"].to_list()
        if not is_declared:  # its outlet is read from there
            shelf.add("ops.source_state", state_row(source, polling.PollState(source=source.name), next_poll_at=None))
        kept = history.of_span(found.candidates, past)
        outside = len(found.candidates) - len(kept)
        tried = _tried(run, finding)
        told = f"{outside} links outside of the span, {found.unread_count} sitemaps not read"
        tally = replace(finished(finding)[1], candidates=len(kept), skipped=len(found.skipped) + outside, detail=told)
        tally = replace(tally, candidates_new=sum(one.url not in tried for one in kept))
        now = datetime.now(UTC)
        shelf.add_all("raw.candidates", [candidate_row(candidate, now) for candidate in kept])
        for outcome in outcomes(replace(found, candidates=tuple(kept)), source, tried):
            shelf.end(outcome)
        for url in erased:
            shelf.end(refused_outcome(url, source))
        shelf.add_all("ops.source_runs", [source_row(run, tally)])
    get_run_logger().info("%s: %d links of the span, %d new; %s", source.name, len(kept), tally.candidates_new, told)


def batches(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Yield the sources in at most `MOST_TASKS` groups, those of one host together."""
    ordered = sorted(sources, key=lambda source: (urls.host(source.location), source.name))
    size = -(-len(ordered) // MOST_TASKS)
    group: list[Source] = []
    for source in ordered:
        if len(group) >= size and urls.host(group[-1].location) != urls.host(source.location):
            yield group
            group = []
        group.append(source)
    if group:
        yield group


def rhythms(run: Run, sources: Sequence[Source]) -> dict[str, polling.PollState]:
    """Return what is remembered of each source's rhythm."""
    with writing(run.home, who="discover") as con:
        rows = ask(con, "source_states").iter_rows(named=True)
        known = {row["source_name"]: polling.from_row(json.loads(row["rhythm"])) for row in rows if row["rhythm"]}
    return {source.name: known.get(source.name, polling.PollState(source=source.name)) for source in sources}


def declare(run: Run, declared: Declared, states: Mapping[str, polling.PollState], pace: float) -> None:
    """Write down the declared sources, and which declarations were refused."""
    rows = [
        state_row(
            source, states[source.name], next_poll_at=polling.next_poll_at(states[source.name], pace, run.started_at)
        )
        for source in declared.sources
    ]
    wrong = [wrong_declaration_row(run, name, message) for name, message in declared.problems]
    with writing(run.home, who="discover") as con:
        load(con, run.run_id, "discover", {"ops.source_state": frame(rows), "ops.source_runs": frame(wrong)})


def _remembered(run: Run, source: Source, state: polling.PollState) -> Remembered:
    with writing(run.home, who="discover") as con:
        known = ask(con, "candidates_of_source", source_name=source.name)["url"]
        asked = ask(con, "url_asked", url=source.location).to_dicts()
        stored = ask(con, "list_stored", url=source.location).to_dicts() if source.kind in LISTED else []
    page = _read(run.home, stored[0]) if stored else None
    return Remembered(
        poll=state, known=frozenset(known), previous=page.body if page else None, **(asked[0] if asked else {})
    )


def _read(home: Path, row: Mapping[str, Any]) -> Page | None:
    page = read(home / RAW / row["warc_file"], row["warc_offset"], row["warc_length"])
    return page if isinstance(page, Page) else None


def _land(run: Run, shelf: Shelf, finding: Finding, pace: float, refused: Refusals) -> None:
    found, tally = finished(finding)
    found, erased = without_refused(found, refused)
    now = datetime.now(UTC)
    shelf.add_all("raw.candidates", [candidate_row(candidate, now) for candidate in found.candidates])
    for outcome in outcomes(found, finding.source, _tried(run, finding)):
        shelf.end(outcome)
    for url in erased:
        shelf.end(refused_outcome(url, finding.source))
    for page in () if erased else finding.pages:  # a list that names what was erased is not archived
        if page.url != finding.source.location or body_digest(page.body) != finding.before.body_digest:
            shelf.store(page, source=finding.source.name, purpose="source")
    shelf.add_all("ops.url_state", [_asked_row(finding, finding.first, now)] if finding.first else [])
    state = polling.observe(finding.before.poll, poll_result(finding, found, tally), now)
    shelf.add("ops.source_state", state_row(finding.source, state, next_poll_at=polling.next_poll_at(state, pace, now)))
    shelf.add_all("ops.source_runs", [source_row(run, tally)])
    if tally.outcome == "failed":
        get_run_logger().warning("%s: %s", finding.source.name, tally.detail)
    else:
        get_run_logger().info("%s: %d links, %d new", finding.source.name, tally.candidates, tally.candidates_new)


def _tried(run: Run, finding: Finding) -> dict[str, str]:
    named = frame([{"url": candidate.url} for candidate in finding.work.result().candidates])
    if not named.height:
        return {}
    with writing(run.home, who="discover") as con:
        return dict(ask(con, "urls_tried", named=named).iter_rows())


def _asked_row(finding: Finding, result: Result, now: datetime) -> dict[str, Any]:
    page = result.outcome if isinstance(result.outcome, Page) else None
    last = result.exchanges[-1] if result.exchanges else None
    is_told = page is not None and last is not None
    return {
        "url": finding.source.location,
        "attempts": finding.before.attempts + 1,
        "last_outcome": finding.tally.reason or "ok",
        "last_attempt_at": now,
        "etag": last.etag if is_told and last else finding.before.etag,
        "last_modified": last.last_modified if is_told and last else finding.before.last_modified,
        "body_digest": body_digest(page.body) if page else finding.before.body_digest,
    }


def _is_due(state: polling.PollState, pace: float, now: datetime) -> bool:
    return polling.next_poll_at(state, pace, now) <= now + HALF_AN_INTERVAL


def _names(sources: Sequence[Source]) -> str:
    first = sources[0].name
    return first if len(sources) == 1 else f"{first} and {len(sources) - 1} more"
