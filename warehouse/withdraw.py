"""Take articles out that turned out to be none; their pages stay, and what is said of them in `core.extractions`.

Their places in stories are left to the duplicate finder, which sees that they are gone and tells the stories anew.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from warehouse.store import erase
from warehouse.transaction import transaction

OWN = (
    "core.articles",
    "core.article_versions",
    "core.blocks_removed",
    "core.evidence",
    "core.live_entries",
    "core.search_documents",
)


def withdraw(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> int:
    """Remove articles with everything that was read from their pages, and return how many there were."""
    doomed = pl.DataFrame({"article_id": list(article_ids)}, schema={"article_id": pl.String})
    with transaction(con):
        return [erase(con, table, doomed) for table in OWN][0]
