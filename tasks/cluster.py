"""cluster: new articles against all history: exact, near-duplicate and contained copies, and the story they make."""

from __future__ import annotations

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.duplicates.find import find
from tasks.records import Run
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load


@task(name="cluster", task_run_name="cluster", cache_policy=NO_CACHE, persist_result=False)
def cluster(run: Run) -> None:
    """Find the copies among all articles, and land pairs and stories."""
    with writing(run.home, who="cluster") as con:
        if not ask(con, "articles_unclustered").height:
            return
        documents = ask(con, "documents")
    found = find(documents)
    pairs = found.pairs.rename({"id_a": "article_id_a", "id_b": "article_id_b"}).with_columns(run_id=pl.lit(run.run_id))
    members = found.clusters.rename({"id": "article_id"})
    with writing(run.home, who="cluster") as con:
        load(con, run.run_id, "cluster", {"core.duplicate_pairs": pairs, "core.clusters": members})
    get_run_logger().info("%d pairs of copies in %d articles", pairs.height, members.height)
