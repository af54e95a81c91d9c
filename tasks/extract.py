"""extract: page + template → article or reject, with one row for each block removed.

    raw.pages ──read from WARC──▶ clean on several processes ──▶ compare with what is stored ──▶ core.articles, …

Due is every stored page that today's cleaner has not seen. Pages of one article are taken in the order of their
fetching, so that each wording becomes one version, whatever the batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.page.landing import Landing, Stored, StoredPage, landing
from tasks.page.many import RawPage, clean_many
from tasks.page.version import CLEANER_VERSION
from tasks.records import Article, Page, Reject, Run, Template
from tasks.web import warc
from warehouse.connection import writing
from warehouse.queries import ask
from warehouse.store import load

BATCH_PAGES = 1000
"""Pages of one task and one load: some ten seconds of work, a few megabytes of rows."""


def extract(run: Run) -> None:
    """Clean every page that is due, one Prefect task and one transaction per batch."""
    while (due := pages_due(run)).height:
        extract_batch(run, due)


def pages_due(run: Run) -> pl.DataFrame:
    """Return the next batch of stored pages that today's cleaner has not seen."""
    with writing(run.home, who="extract") as con:
        return ask(con, "pages_due", cleaner_version=CLEANER_VERSION, most=BATCH_PAGES)
