"""publish: checks, the run's own row, the read copy for analysts, the report, and what the Prefect UI shows.

    core.* ──checks──▶ ops.checks ──▶ ops.runs ──▶ warehouse.read.duckdb ──▶ reports/latest.html, three artifacts

A failing check of severity `fail` stops here: readers keep the copy before it, and the run ends in `Quality gate`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from tasks.frames import frame
from tasks.records import Run
from tasks.report.headline import Counts, RunState, announced, headline, run_state
from tasks.report.markdown import run_report
from tasks.reports import write_report
from warehouse import publish as read_copy
from warehouse.checks import CheckResult, check
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load
from warehouse.transaction import transaction


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(run: Run) -> None:
    """Check what was landed, write the run's row, and hand a whole copy to the readers."""
    with writing(run.home, who="publish") as con, transaction(con):
        counts = Counts(**ask(con, "run_counts", run_id=run.run_id).row(0, named=True))
        load(con, run.run_id, "publish", {"ops.runs": _run_row(run, counts)})
        failing = _failing(check(con, run.run_id))
        state = run_state(counts, failing=failing)
        if failing:
            load(con, run.run_id, "publish", {"ops.runs": _run_row(run, counts, failing)})
    if state is not RunState.GATE:
        read_copy.publish(run.home)
        write_report(run.home)
    show(run)
    get_run_logger().info("%s", announced(state.value, headline(counts, state, failing=failing, flow=run.flow)))


def show(run: Run) -> None:
    """Leave the run's three artifacts in the Prefect UI: the report, the sources, the rejects."""
    with writing(run.home, who="publish") as con:
        row = ask(con, "run_by_id", run_id=run.run_id).row(0, named=True)
        sources = ask(con, "run_sources", run_id=run.run_id)
        reasons = ask(con, "run_reasons", run_id=run.run_id)
        coverage = ask(con, "report_coverage")
    create_markdown_artifact(
        run_report(row, sources, reasons, coverage), key=f"{run.flow}-report", description=row["headline"]
    )
    create_table_artifact(
        sources.to_dicts(), key=f"{run.flow}-sources", description="What each source gave in this run"
    )
    # Long addresses last: the table of Prefect's UI does not wrap, and what is said must be seen first.
    told = reasons.select("outcome", "reason", count="n", detail="detail", example="example")
    create_table_artifact(told.to_dicts(), key="rejects", description="What was refused, and why")


def _failing(checks: tuple[CheckResult, ...]) -> tuple[str, ...]:
    return tuple(one.name for one in checks if one.is_failed)


def _run_row(run: Run, counts: Counts, failing: tuple[str, ...] = ()) -> pl.DataFrame:
    now = datetime.now(UTC)
    state = run_state(counts, failing=failing)
    row: dict[str, Any] = {
        "run_id": run.run_id,
        "flow": run.flow,
        "started_at": run.started_at,
        "ended_at": now,
        "state": state.value,
        "headline": headline(counts, state, failing=failing, flow=run.flow),
        "sources": counts.sources,
        "candidates": counts.candidates,
        "fetched": counts.fetched,
        "articles_new": counts.articles_new,
        "articles_changed": counts.articles_changed,
        "copies": counts.copies,
        "seconds": (now - run.started_at).total_seconds(),
        "peak_memory_mb": peak_memory_mb(),
    }
    return frame([row])


def peak_memory_mb() -> float:
    """Return the most memory that this process or one of its children has held so far."""
    import resource

    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(max(own, children) / 1024, 1)
