"""How a run begins and ends: one at a time, with a row of its own in `ops.runs`, and a named state at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import polars as pl
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.settings import Settings
from tasks.records import Run
from tasks.report.headline import RunState
from warehouse.connection import writing
from warehouse.errors import LockedError
from warehouse.lock import locked
from warehouse.queries import ask
from warehouse.store import load

KILLED = "Killed"
"""State of a run that never said how it ended."""


@contextmanager
def only_one_run(settings: Settings, who: str) -> Iterator[bool]:
    """Yield whether this process may run: `False` while another run is under way for the same home folder.

    A lock of the kernel, not a concurrency limit of Prefect: it is free the moment its holder dies, so that a killed
    worker never blocks the schedule.
    """
    try:
        with locked(settings.home, who=who, wait_seconds=0, name="run.lock"):
            yield True
    except LockedError:
        yield False


def begun(settings: Settings, flow: str, *, run_id: str | None, only_due: bool) -> Run:
    """Return a new run, after writing its row; runs that were killed before it are marked so."""
    now = datetime.now(UTC)
    run = Run(
        run_id=run_id or uuid4().hex[:12],
        home=settings.home,
        started_at=now,
        deadline_at=now + timedelta(seconds=settings.run_seconds),
        user_agent=settings.user_agent,
        workers=settings.workers,
        min_interval_seconds=settings.min_interval_seconds,
        max_pages=settings.max_pages,
        jobs=settings.jobs,
        only_due=only_due,
        flow=flow,
        copies_window_days=settings.copies_window_days,
    )
    row = {"run_id": run.run_id, "flow": flow, "started_at": now, "state": "Running"}
    with writing(settings.home, who=f"{flow} {run.run_id}") as con:
        killed = ask(con, "runs_unended").with_columns(state=pl.lit(KILLED))
        load(con, run.run_id, "begin", {"ops.runs": pl.concat([killed, pl.DataFrame([row])], how="diagonal_relaxed")})
    return run


def closed(run: Run) -> State[Any]:
    """Return the run's named state, whose message is its headline, as `publish` wrote them down."""
    with writing(run.home, who="publish") as con:
        row = ask(con, "run_by_id", run_id=run.run_id).row(0, named=True)
    if row["state"] in {RunState.GATE.value, RunState.FAILED.value}:
        return Failed(name=row["state"], message=row["headline"])
    return Completed(name=row["state"], message=row["headline"])
