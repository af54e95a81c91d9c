"""cluster: new and changed articles against all history: the pairs of copies, and the story each article is part of.

    core.articles ──due──▶ extend ⇄ core.fingerprints, … ──▶ core.duplicate_pairs, core.clusters

The history is asked by one scan of the fingerprints per batch. An article whose words have changed leaves the index and
comes back as if it were new: what is stored is what a rebuild would store.
"""

from __future__ import annotations

from datetime import timedelta

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.placing import place
from tasks.records import Run
from warehouse.connection import writing
from warehouse.queries import ask

BATCH_ARTICLES = 4000
"""Articles compared in one go: about 100 MB of work arrays at 2 KB a text."""


def cluster(run: Run) -> None:
    """Give every article that is due its place in a story, one Prefect task and one transaction per batch."""
    while (due := articles_due(run)) > 0:
        cluster_batch.with_options(task_run_name=f"cluster {min(due, BATCH_ARTICLES)} articles")(run)


def articles_due(run: Run) -> int:
    """Return how many articles are new to the duplicate finder, or have other words than it knows."""
    with writing(run.home, who="cluster") as con:
        return int(ask(con, "articles_unclustered")["n"][0])


@task(name="cluster", cache_policy=NO_CACHE, persist_result=False)
def cluster_batch(run: Run) -> None:
    """Compare one batch of articles with all history, and land pairs and stories."""
    with writing(run.home, who="cluster") as con:
        done = place(con, run.run_id, most=BATCH_ARTICLES, window=window_of(run))
    get_run_logger().info(
        "%d articles compared with all history: %d pairs of copies; left out: %d fingerprints that too many have, "
        "%d pairs too far apart in time",
        done.articles,
        done.pairs,
        done.capped,
        done.beyond_window,
    )


def window_of(run: Run) -> timedelta | None:
    """Return how far apart two copies may have been published, or `None` if it does not matter."""
    return timedelta(days=run.copies_window_days) if run.copies_window_days else None
