"""Serving the deployments of `deployments/prefect.yaml`; to be imported once the Prefect server is chosen."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from prefect import serve
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.settings import Settings

PREFECT_FILE = Path(__file__).parent.parent / "deployments" / "prefect.yaml"
RUNS_AT_ONCE = 4
"""Flow runs in processes of their own; two ingests never work at once (flows/runs.py), maintenance may wait beside."""


def serve_deployments(settings: Settings, *, every: float | None, announce: Callable[[str], None]) -> None:
    """Register all scheduled deployments, say where to look, and run what is due until stopped."""
    served = [deployment(declared, settings, every=every) for declared in declared_deployments()]
    announce(where_to_look(settings, served))
    for one in served:
        if is_ingest(one):
            run_at_once(one)
    # Schedules are registered anew at every start; pausing them at the end would only hide them from the UI.
    serve(*served, pause_on_shutdown=False, print_starting_message=False, limit=RUNS_AT_ONCE)


def is_ingest(served: RunnerDeployment) -> bool:
    """Tell whether a deployment fetches news, which nobody wants to wait for until the schedule begins."""
    return served.flow_name == "ingest"


def run_at_once(served: RunnerDeployment) -> None:
    """Register a deployment and make a run of it due now, beside those of its schedule."""
    served.apply()
    run_deployment(f"{served.flow_name}/{served.name}", timeout=0, as_subflow=False)


def declared_deployments(path: Path = PREFECT_FILE) -> list[dict[str, Any]]:
    """Return the deployments that prefect.yaml declares."""
    return list(yaml.safe_load(path.read_text("utf-8"))["deployments"])


def deployment(declared: dict[str, Any], settings: Settings, *, every: float | None = None) -> RunnerDeployment:
    """Return one declared deployment for this home folder; `every` (seconds) replaces an ingest's schedule."""
    module, name = declared["entrypoint"].removesuffix(".py").replace(".py:", ":").replace("/", ".").split(":")
    flow = getattr(importlib.import_module(module), name)
    parameters = {**declared["parameters"], "home": str(settings.home.absolute())}
    if name == "ingest":
        parameters["sources"] = str(settings.sources_file.absolute())
    schedule: Any = {"schedules": [_cron(one) for one in declared["schedules"]]}
    if every is not None and name == "ingest":
        schedule = {"schedules": [IntervalSchedule(interval=timedelta(seconds=every))]}
    made: RunnerDeployment = flow.to_deployment(
        name=declared["name"],
        description=declared["description"],
        tags=declared["tags"],
        parameters=parameters,
        entrypoint_type=EntrypointType.MODULE_PATH,
        **schedule,
    )
    return made


def where_to_look(settings: Settings, served: list[RunnerDeployment]) -> str:
    """Return what a person should know once everything is up."""
    ui = f"http://127.0.0.1:{settings.prefect_port}"
    names = "\n".join(f"  {one.flow_name}/{one.name}: {when(one)}" for one in served)
    return (
        f"Prefect's UI      {ui}\n"
        f"Runs              {ui}/v2/runs\n"
        f"Reports           {ui}/v2/artifacts\n"
        f"Warehouse         {settings.home / 'warehouse.read.duckdb'}\n"
        f"Scheduled:\n{names}\n"
        "Press Ctrl-C to stop."
    )


def when(served: RunnerDeployment) -> str:
    """Return in words when a deployment runs."""
    schedules = ", ".join(_in_words(one.schedule) for one in served.schedules or ())
    return f"now, then {schedules}" if is_ingest(served) else schedules


def _in_words(schedule: Any) -> str:
    if isinstance(schedule, IntervalSchedule):
        return f"every {schedule.interval.total_seconds():g} s"
    return f"cron {schedule.cron} {schedule.timezone}"


def _cron(declared: dict[str, Any]) -> CronSchedule:
    return CronSchedule(cron=declared["cron"], timezone=declared["timezone"])
