"""extract: page + template → article or reject, with one row for each block removed.

    raw.pages ──read from WARC──▶ clean on several processes ──▶ compare with what is stored ──▶ core.articles, …

Due is every stored page that the cleaner has not seen. Pages are taken in the order of their fetching, so that each
wording of an article becomes one version, however the pages are batched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.frames import frame, outcomes_frame
from tasks.page.landing import Landing, Row, Stored, StoredPage, identify, landing
from tasks.page.many import RawPage, clean_many
from tasks.page.template import from_row
from tasks.page.version import CLEANER_VERSION
from tasks.records import Article, Failure, Reject, Rejecting, Run, Template
from tasks.shelf import RAW
from tasks.web.warc import read
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load

BATCH_PAGES = 1000
"""Pages of one task and one load: some ten seconds of work, a few megabytes of rows."""
TABLES = ("core.articles", "core.article_versions", "core.blocks_removed", "core.evidence", "core.extractions")


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
    cleaned = cleaned_pages(run, due)
    with writing(run.home, who="extract") as con:
        landings = tuple(land_in_order(run, cleaned, _known(ask(con, "articles_stored", ids=_ids(cleaned)))))
        rows = {table: frame(_rows(landings, table)) for table in TABLES}
        rows["ops.outcomes"] = outcomes_frame(run, [one.outcome for one in landings])
        written = rows["core.articles"].select("article_id") if rows["core.articles"].height else None
        groups = {} if written is None else {"core.blocks_removed": written, "core.evidence": written}
        load(con, run.run_id, "extract", rows, groups=groups)
    get_run_logger().info("Cleaned %d pages: %s", due.height, _counted(landings))


Cleaned = list[tuple[StoredPage, Article | Reject, str | None]]
"""A stored page, what the cleaner made of it, and the version of the template that was used."""


def cleaned_pages(run: Run, due: pl.DataFrame) -> Cleaned:
    """Return each due page with its article or reject, cleaned on `run.jobs` processes."""
    pages = {row["page_id"]: row for row in due.iter_rows(named=True)}
    templates = {
        row["site"]: from_row(row) for row in due.unique("site").iter_rows(named=True) if row["template_body"]
    }
    unreadable: Cleaned = []

    def raw_pages() -> Iterator[RawPage]:
        for row in due.sort("warc_file", "warc_offset").iter_rows(named=True):
            page = read(run.home / RAW / row["warc_file"], row["warc_offset"], row["warc_length"])
            if isinstance(page, Failure):
                reject = Reject(url=row["url"], reason=Rejecting.EMPTY, detail=page.detail)
                unreadable.append((_stored_page(row), reject, None))
                continue
            yield RawPage(id=row["page_id"], url=row["final_url"], html=page.body, template=templates.get(row["site"]))

    results = clean_many(raw_pages(), jobs=_jobs(run, due), finish=_as_pair)
    cleaned = [
        (_stored_page(pages[page_id]), result, _version(templates.get(pages[page_id]["site"])))
        for page_id, result in results
    ]
    return sorted(cleaned + unreadable, key=lambda one: (one[0].fetched_at, one[0].page_id))


def land_in_order(run: Run, cleaned: Cleaned, known: Mapping[str, Stored]) -> Iterator[Landing]:
    """Yield what each page leaves, later pages of an article seeing the earlier ones of the batch."""
    latest = dict(known)
    for page, result, template_version in cleaned:
        identity = None if isinstance(result, Reject) else identify(page, result)
        one = landing(
            page,
            result,
            latest.get(identity) if identity else None,
            run_id=run.run_id,
            cleaner_version=CLEANER_VERSION,
            template_version=template_version,
        )
        if one.stored is not None:
            latest[one.stored.article_id] = one.stored
        yield one


def _as_pair(page: RawPage, result: Article | Reject) -> tuple[str, Article | Reject]:
    return page.id, result


def _jobs(run: Run, due: pl.DataFrame) -> int:
    """Return the processes worth starting: below some fifty pages their start costs more than they save."""
    return run.jobs if due.height >= 50 else 1


def _stored_page(row: Mapping[str, Any]) -> StoredPage:
    names = ("page_id", "url", "final_url", "source_name", "outlet", "fetched_at")
    return StoredPage(**{name: row[name] for name in names})


def _version(template: Template | None) -> str | None:
    return template.version if template else None


def _ids(cleaned: Cleaned) -> pl.DataFrame:
    ids = {identify(page, result) for page, result, _ in cleaned if isinstance(result, Article)}
    return pl.DataFrame({"article_id": sorted(ids)}, schema={"article_id": pl.String})


def _known(stored: pl.DataFrame) -> dict[str, Stored]:
    rows = stored.iter_rows(named=True)
    return {row["article_id"]: Stored(**{**row, "changes": tuple(row["changes"])}) for row in rows}


def _rows(landings: Iterable[Landing], table: str) -> list[Row]:
    return [row for one in landings for row in one.rows.get(table, ())]


def _counted(landings: Iterable[Landing]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for one in landings:
        counts[one.outcome.outcome.value] += 1
    return ", ".join(f"{n} {name}" for name, n in sorted(counts.items())) or "nothing"
