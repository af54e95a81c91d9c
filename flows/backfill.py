"""The flow `backfill`: history, from a source's sitemaps or from archive files.

    sitemaps back to a day ──▶ candidates of the span ──fetch──▶ pages ─┬─ learn, extract, cluster, publish
    archive files ──────────────────────────────────────────────────────┘

A run of its own beside live polling: a source's rhythm and the validators of its lists stay as they are. What one run
has no time or budget for is due in the next one: call it again until nothing is left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.runs import begun, closed, only_one_run
from flows.settings import read
from flows.sources import read_sources
from tasks.cluster import cluster
from tasks.discover import discover_history
from tasks.extract import extract
from tasks.fetch import fetch
from tasks.history import Past
from tasks.learn import learn
from tasks.publish import publish
from tasks.records import Kind, Source


def _run_name() -> str:
    """Return the name under which a backfill stands in Prefect's lists."""
    return f"backfill {datetime.now(UTC):%d %b %H:%M:%S}"


@flow(name="backfill", flow_run_name=_run_name)
def backfill(
    home: str | None = None,
    sources: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    warc: list[str] | None = None,
    max_pages: int = 10_000,
    run_id: str | None = None,
) -> State[Any]:
    """Discover and fetch what a source published in a span, or read archive files; then clean, cluster and publish.

    Args:
        home: Folder that holds everything; default WIREHOUSE_HOME.
        sources: File with the source declarations; default `sources.toml` in the home folder.
        source: Name of the source whose history is wanted; with `warc`, whose outlet the pages belong to.
        since: Only links from this instant on.
        until: Only links before this instant.
        warc: Archive files to read instead of the network.
        max_pages: Most pages fetched in this run.
        run_id: Name of the run in the tables; default a new one.
    """
    settings = read(home=home, sources=sources)
    with only_one_run(settings, "backfill") as is_alone:
        if not is_alone:
            return Completed(name="Skipped", message="Another run is under way; try again when it has ended")
        named = read_sources(settings, [source]).sources[0] if source else None
        run = replace(begun(settings, "backfill", run_id=run_id, only_due=False), max_pages=max_pages)

        if not warc and named is not None:
            discover_history(run, named, Past(since=since, until=until))
        fetch(run, archives(warc, named) if warc else [replace(named, max_pages=max_pages)] if named else [])
        learn(run)
        extract(run)
        cluster(run)
        publish(run)

        return closed(run)


def archives(files: list[str], named: Source | None) -> list[Source]:
    """Return the archive files as sources of their own, which belong to the outlet of the source that was named."""
    outlet = named.outlet if named else None
    return [
        Source(name=f"archive {Path(file).name}", kind=Kind.WARC, location=str(Path(file).absolute()), outlet=outlet)
        for file in files
    ]
