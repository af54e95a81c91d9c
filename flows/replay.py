"""The flow `replay`: stored pages through today's rules, without the network.

    page ──extract again──▶ article ──cluster──▶ story ──publish──▶ report
      └──── learn ────▶ template ──┘

A replay that is killed is continued by the next one with the same span. With a gate, the whole span is cleaned and
compared first, and nothing is written when more bodies would change than allowed.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.runs import begun, closed, only_one_run
from flows.settings import Settings, read
from tasks.again import Compared, Span, compared
from tasks.cluster import cluster
from tasks.extract import extract, extract_again
from tasks.learn import learn
from tasks.page.version import CLEANER_VERSION
from tasks.publish import publish
from tasks.report.headline import RunState
from warehouse.connection import writing
from warehouse.queries import ask


def _run_name() -> str:
    """Return the name under which a replay stands in Prefect's lists."""
    return f"replay {datetime.now(UTC):%d %b %H:%M:%S}"


@flow(name="replay", flow_run_name=_run_name)
def replay(
    home: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    gate: float | None = None,
    run_id: str | None = None,
) -> State[Any]:
    """Learn, extract, cluster and publish again from stored pages.

    Args:
        home: Folder that holds everything; default WIREHOUSE_HOME.
        source: Only pages of this source.
        since: Only pages fetched from this instant on.
        until: Only pages fetched before this instant.
        gate: Most articles, in percent, whose body may change or that may be lost; with more, nothing is written.
        run_id: Name of the run in the tables; default that of the unfinished replay of this span, or a new one.
    """
    settings = read(home=home)
    span = Span(source=source, since=since, until=until)
    with only_one_run(settings, "replay") as is_alone:
        if not is_alone:
            return Completed(name="Skipped", message="Another run is under way; try again when it has ended")
        if gate is not None and (found := _all_of(settings, span)).percent > gate:
            return Failed(name=RunState.GATE.value, message=refusal(found, gate))
        run = begun(settings, "replay", run_id=run_id or run_id_of(settings.home, span), only_due=False)

        learn(run)
        extract_again(run, span)
        extract(run)
        cluster(run)
        publish(run)

        return closed(run)


def refusal(found: Compared, gate: float) -> str:
    """Return why a replay was refused."""
    return (
        f"Not replayed, nothing was written: {found.percent:.1f} % of {found.articles} articles would change their "
        f"body or be lost, {gate:g} % are allowed; `wirehouse replay --diff` shows them"
    )


def run_id_of(home: Path, span: Span) -> str:
    """Return the id of the unfinished replay of this span with this cleaner, or of the next one."""
    said = f"{span.source}|{span.since}|{span.until}|{CLEANER_VERSION}"
    stem = f"replay-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    with writing(home, who="replay") as con:
        for number in range(1, 10_000):
            rows = ask(con, "run_by_id", run_id=f"{stem}-{number}")
            if rows.is_empty() or rows["ended_at"][0] is None:
                return f"{stem}-{number}"
    raise AssertionError("ten thousand replays of one span")


def _all_of(settings: Settings, span: Span) -> Compared:
    *_, total = compared(settings.home, partial(writing, settings.home, who="replay"), span, jobs=settings.jobs)
    return total
