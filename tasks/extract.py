"""extract: page + template → article or reject, with one row for each block removed.

    raw.pages ──read from WARC──▶ clean on several processes ──▶ compare with what is stored ──▶ core.articles, …

Due is every stored page that the cleaner has not seen. Pages are taken in the order of their fetching, so that each
wording of an article becomes one version, however the pages are batched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.again import Redone, Span, batches, redo, seeds_of
from tasks.cleaning import clean, frames_of, ids_of, land_in_order, stored_articles
from tasks.frames import outcomes_frame
from tasks.records import Outcome, Run
from tasks.refusals import refusals
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import erase, load
from warehouse.transaction import transaction
from warehouse.withdraw import withdraw

BATCH_PAGES = 500
"""Pages of one task and one load: half a minute of work. Real pages leave 210 blocks each, and a load of 100,000
rows of them takes 200 MB while it lands (measured on 1,617 pages: 780 MB at the most with 1,000 pages)."""


def extract(run: Run) -> None:
    """Clean every page that is due, one Prefect task and one transaction per batch."""
    while (due := pages_due(run)).height:
        extract_batch.with_options(task_run_name=f"extract {due.height} pages")(run, due)


def pages_due(run: Run) -> pl.DataFrame:
    """Return the next batch of stored pages that the cleaner has not seen."""
    with writing(run.home, who="extract") as con:
        return ask(con, "pages_due", most=BATCH_PAGES)


@task(name="extract", cache_policy=NO_CACHE, persist_result=False)
def extract_batch(run: Run, due: pl.DataFrame) -> None:
    """Clean one batch of stored pages and land what came of it."""
    with writing(run.home, who="extract") as con:
        refused = refusals(con)
    cleaned = clean(run.home, due, jobs=run.jobs, refused=refused)
    with writing(run.home, who="extract") as con:
        known = stored_articles(ask(con, "articles_stored", ids=ids_of(cleaned)))
        landings = tuple(land_in_order(cleaned, known, run_id=run.run_id))
        rows, groups = frames_of(landings)
        rows["ops.outcomes"] = outcomes_frame(run, [one.outcome for one in landings])
        load(con, run.run_id, "extract", rows, groups=groups)
    get_run_logger().info("Cleaned %d pages: %s", due.height, _counted(one.outcome for one in landings))


def extract_again(run: Run, span: Span) -> None:
    """Clean the stored pages of a span again, one Prefect task and one transaction per batch.

    The addresses that this run has dealt with have an outcome of it, so that a killed one goes on where it was.
    """
    with writing(run.home, who="replay") as con:
        seeds = seeds_of(con, span, run.run_id)
    done: set[str] = set()
    for names in batches(seeds, done):
        done |= set(extract_again_batch.with_options(task_run_name=f"replay {len(names)} pages")(run, names))


@task(name="replay", cache_policy=NO_CACHE, persist_result=False)
def extract_again_batch(run: Run, names: list[str]) -> list[str]:
    """Clean one batch of stored pages again, land what came of it, and return the addresses that were dealt with."""
    redone = redo(run.home, partial(writing, run.home, who="replay"), names, jobs=run.jobs, run_id=run.run_id)
    land_again(run, redone)
    get_run_logger().info("Cleaned %d pages again: %s", len(redone.landings), _counted(redone.outcomes()))
    return sorted(redone.urls)


def land_again(run: Run, redone: Redone) -> None:
    """Put what pages leave now in the place of what they left before, in one transaction."""
    rows, groups = frames_of(redone.landings)
    rows["ops.outcomes"] = outcomes_frame(run, redone.outcomes())
    ids = pl.DataFrame({"article_id": sorted(redone.after)}, schema={"article_id": pl.String})
    with writing(run.home, who="replay") as con, transaction(con):
        withdraw(con, redone.lost)
        stored = ask(con, "versions_stored", ids=ids)
        if stored.height:
            erase(
                con, "core.article_versions", stored.join(rows["core.article_versions"], on=stored.columns, how="anti")
            )
        load(con, run.run_id, "replay", rows, groups=groups)


def _counted(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(one.outcome.value for one in outcomes)
    return ", ".join(f"{n} {name}" for name, n in sorted(counts.items())) or "nothing"
