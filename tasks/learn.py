"""learn: text blocks and structures that return on many different pages of one site are furniture.

    raw.pages ──sites due──▶ outlines of stored pages ──▶ core.templates (versioned; the one before retires)

A site is due when five new pages have come since its template was learned, or ever: early templates are learned from
little and are soon replaced, later ones follow a redesign within a day. Only stored pages are read, never the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.frames import frame
from tasks.page.article import outline
from tasks.page.template import PageOutline, to_row
from tasks.page.template import learn as learned
from tasks.records import Page, Run
from tasks.shelf import RAW
from tasks.web.warc import read
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load

LEAST_NEW_PAGES = 5
"""New pages of a site since its last template, as a first condition; growth by half is the second."""
WINDOW_PAGES = 30
"""Latest pages that a template is learned from: enough for what returns, few enough to follow a redesign."""
SITES_PER_TASK = 100
"""Some thousand pages of outlines, and one load."""


def learn(run: Run) -> None:
    """Learn a template for every site that is due, one Prefect task per hundred sites."""
    with writing(run.home, who="learn") as con:
        sites = ask(con, "sites_due", least=LEAST_NEW_PAGES)["site"].to_list()
    for first in range(0, len(sites), SITES_PER_TASK):
        batch = sites[first : first + SITES_PER_TASK]
        learn_batch.with_options(task_run_name=f"learn {len(batch)} sites")(run, batch)


@task(name="learn", cache_policy=NO_CACHE, persist_result=False)
def learn_batch(run: Run, sites: Sequence[str]) -> None:
    """Learn the templates of some sites from their stored pages, and land them."""
    with writing(run.home, who="learn") as con:
        named = pl.DataFrame({"site": sites}, schema={"site": pl.String})
        pages = ask(con, "pages_of_sites", sites=named, most=WINDOW_PAGES)
        before = ask(con, "templates_in_force", sites=named)
    now = datetime.now(UTC)
    by_site = pages.group_by("site", maintain_order=True)
    found = [learned(str(site), outlines(run, rows), now) for (site,), rows in by_site]
    rows = [to_row(template) for template in found if template is not None]
    old = before.join(frame(rows).select("site"), on="site", how="semi") if rows else before.clear()
    retired = old.with_columns(retired_at=pl.lit(now))
    with writing(run.home, who="learn") as con:
        load(con, run.run_id, "learn", {"core.templates": pl.concat([retired, frame(rows)], how="diagonal_relaxed")})
    get_run_logger().info("%d templates learned from %d pages of %d sites", len(rows), pages.height, len(sites))


def outlines(run: Run, rows: pl.DataFrame) -> list[PageOutline]:
    """Return the outlines of stored pages; a page that cannot be read or parsed teaches nothing."""
    found = []
    for row in rows.iter_rows(named=True):
        page = read(run.home / RAW / row["warc_file"], row["warc_offset"], row["warc_length"])
        seen = outline(page.body, page.final_url) if isinstance(page, Page) else None
        if seen is not None:
            found.append(seen)
    return found
