"""One ingest, now, in this process; and what came of it, as one object."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prefect.client.schemas.objects import State

from flows.ingest import ingest
from flows.interrupt import is_interrupted_query
from flows.settings import Settings
from tasks.errors import WirehouseError
from tasks.report.headline import RunState
from warehouse.connection import writing
from warehouse.queries import ask


class RunFailedError(WirehouseError):
    """The flow ended in an error that nobody expected."""


class RunUnderWayError(WirehouseError):
    """Another run works on the same home folder."""


def ingest_now(settings: Settings, names: list[str]) -> dict[str, Any]:
    """Run the flow once, polling every source whether due or not, and return its summary."""
    run_id = uuid4().hex[:12]
    state = ingest(
        home=str(settings.home.absolute()),
        sources=str(settings.sources_file.absolute()),
        source=names or None,
        only_due=False,
        run_id=run_id,
        return_state=True,
    )
    return ended(settings, "run", run_id, state)


def ended(settings: Settings, command: str, run_id: str, state: State[Any]) -> dict[str, Any]:
    """Return the summary of a run that ended in a state of its own; raises when it did not come to that."""
    if state.name == "Skipped":
        raise RunUnderWayError(f"{command}: {state.message}; wait for it, or see `wirehouse status`")
    if state.name == RunState.GATE.value and headline_of(settings, run_id) is None:  # refused before it began
        return {"state": state.name, "headline": state.message, "run_id": run_id}
    if state.is_failed() and is_interrupted_query(state.message):
        raise KeyboardInterrupt
    if state.is_crashed() or (state.is_failed() and state.message != headline_of(settings, run_id)):
        raise RunFailedError(f"{command} {run_id}: {state.message}; the next run goes on from what was committed")
    return summary(settings, run_id)


def headline_of(settings: Settings, run_id: str) -> str | None:
    """Return what the run wrote down as its result; `None` when it did not come to that."""
    with writing(settings.home, who="run") as con:
        rows = ask(con, "run_by_id", run_id=run_id)
    return str(rows["headline"][0]) if rows.height else None


def summary(settings: Settings, run_id: str) -> dict[str, Any]:
    """Return what one run did, as `wirehouse run --json` prints it."""
    with writing(settings.home, who="run") as con:
        row = ask(con, "run_by_id", run_id=run_id).row(0, named=True)
        reasons = ask(con, "run_reasons", run_id=run_id)
        sources = ask(con, "run_sources", run_id=run_id)
    names = (
        "state",
        "headline",
        "run_id",
        "sources",
        "candidates",
        "fetched",
        "articles_new",
        "articles_changed",
        "copies",
    )
    counted = {
        f"{kind}s": {r["reason"]: r["n"] for r in reasons.iter_rows(named=True) if r["outcome"] == kind}
        for kind in ("reject", "failure", "skipped")
    }
    failed = [
        f"{s['source']}: {s['detail'] or s['reason']}"
        for s in sources.iter_rows(named=True)
        if s["outcome"] == "failed"
    ]
    return {
        **{name: row[name] for name in names},
        "rejects": counted["rejects"],
        "failures": counted["failures"],
        "skipped": counted["skippeds"],
        "source_failures": failed,
        "seconds": round(row["seconds"], 1),
        "peak_memory_mb": row["peak_memory_mb"],
    }
