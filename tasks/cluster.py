"""cluster: new and changed articles against all history: the pairs of copies, and the story each article is part of.

    core.articles ──due──▶ extend ⇄ core.fingerprints, … ──▶ core.duplicate_pairs, core.clusters

The history is asked by one scan of the fingerprints per batch. An article whose words have changed leaves the index
together with those that share fingerprints with it, and they come back as if they were new: what is stored is what a
rebuild would store.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.duplicates.extend import Extension, extend
from tasks.records import Run
from warehouse.connection import writing
from warehouse.fingerprint_index import FingerprintIndex
from warehouse.queries import ask
from warehouse.store import erase, load
from warehouse.transaction import transaction

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
    with writing(run.home, who="cluster") as con, transaction(con):
        index = FingerprintIndex(con)
        partners = forget_changed(con, index)
        batch = ask(con, "documents_due", most=BATCH_ARTICLES)
        found = extend(batch, index, touched=partners)
        index.keep(
            documents=found.documents.join(batch.select(article_id="id", content_hash="content_hash"), on="article_id"),
            fingerprints=found.fingerprints,
            common=found.common,
            moved=found.moved,
        )
        erase(con, "core.duplicate_pairs", _as_pairs(found.undone))
        load(con, run.run_id, "cluster", landed_frames(run, found))
    get_run_logger().info(
        "%d articles compared with all history: %d pairs of copies, %d comparisons capped",
        batch.height,
        found.pairs.height,
        found.capped,
    )


def forget_changed(con: Any, index: FingerprintIndex) -> list[str]:
    """Take articles with other words out of the index, with those that share fingerprints with them.

    Returns the articles that lose a partner by it, whose stories have to be told anew.
    """
    changed = ask(con, "documents_changed")["article_id"].to_list()
    if not changed:
        return []
    gone = pl.DataFrame({"article_id": index.companions(changed)}, schema={"article_id": pl.String})
    partners = ask(con, "pair_partners", gone=gone)["article_id"].to_list()
    index.forget(gone["article_id"].to_list())
    for side in ("article_id_a", "article_id_b"):
        erase(con, "core.duplicate_pairs", gone.rename({"article_id": side}))
    erase(con, "core.clusters", gone)
    return partners


def landed_frames(run: Run, found: Extension) -> dict[str, pl.DataFrame]:
    """Return what a batch brings, by table."""
    return {
        "core.duplicate_pairs": _as_pairs(found.pairs).with_columns(run_id=pl.lit(run.run_id)),
        "core.clusters": found.clusters.rename({"id": "article_id"}),
    }


def _as_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.rename({"id_a": "article_id_a", "id_b": "article_id_b"})
