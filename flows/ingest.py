"""The flow `ingest`: from the news wire to the warehouse.

    source ──discover──▶ candidate ──fetch──▶ page ──extract──▶ article ──cluster──▶ story ──publish──▶ report
                                               └──── learn ────▶ template ──┘

Six verbs. Each reads what is due from the tables on its left and writes, by key and in one transaction, to the table
on its right. So a killed run is continued by the next one, and running twice changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.runs import begun, closed, only_one_run
from flows.settings import read
from flows.sources import read_sources
from tasks.cluster import cluster
from tasks.discover import discover
from tasks.extract import extract
from tasks.fetch import fetch
from tasks.learn import learn
from tasks.publish import publish


def _run_name() -> str:
    """Return the name under which a run stands in Prefect's lists."""
    return f"ingest {datetime.now(UTC):%d %b %H:%M:%S}"


@flow(name="ingest", flow_run_name=_run_name)
def ingest(
    home: str | None = None,
    sources: str | None = None,
    source: list[str] | None = None,
    only_due: bool = True,
    run_id: str | None = None,
) -> State[Any]:
    """Discover, fetch, learn, extract, cluster, publish: everything that is due.

    Args:
        home: Folder that holds everything; default WIREHOUSE_HOME.
        sources: File with the source declarations; default `sources.toml` in the home folder.
        source: Names of the sources to poll; default all that are enabled.
        only_due: Let a source rest until its own rhythm says that something new is likely.
        run_id: Name of the run in the tables; default a new one.
    """
    settings = read(home=home, sources=sources)
    with only_one_run(settings, "ingest") as is_alone:
        if not is_alone:
            return Completed(name="Skipped", message="Another run is under way and does this one's work")
        declared = read_sources(settings, source or [])
        run = begun(settings, "ingest", run_id=run_id, only_due=only_due)

        discover(run, declared)
        fetch(run, declared.sources)
        learn(run)
        extract(run)
        cluster(run)
        publish(run)

        return closed(run)
