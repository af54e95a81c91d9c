"""fetch: candidate → page or failure. Polite, safe, incremental; what comes back is stored first, as it came.

    raw.candidates ──due?──▶ one lane per host ──▶ raw/*.warc.gz, raw.pages, raw.fetches, ops.url_state, ops.outcomes
"""

from __future__ import annotations

from collections.abc import Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.archived import ingest_archive
from tasks.records import Kind, Run, Source

ARCHIVES = frozenset({Kind.WARC, Kind.FOLDER})


def fetch(run: Run, sources: Sequence[Source]) -> None:
    """Store every page that is due: archives one task each, the web in one."""
    for source in sources:
        if source.kind in ARCHIVES:
            fetch_archive.with_options(task_run_name=f"fetch {source.name}")(run, source)


@task(name="fetch", cache_policy=NO_CACHE, persist_result=False)
def fetch_archive(run: Run, source: Source) -> None:
    """Store the pages of one archive or folder."""
    tally = ingest_archive(run, source)
    get_run_logger().info("%s: %d pages, %d new", source.name, tally.candidates, tally.candidates_new)
