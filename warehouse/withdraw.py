"""Take articles out that turned out to be none; their pages stay, and what is said of them in `core.extractions`.

Their stories lose a member, and with it perhaps the canonical one: every member loses its place and its pairs, and is
due for the duplicate finder again.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from warehouse.fingerprint_index import FingerprintIndex
from warehouse.queries import ask
from warehouse.store import erase
from warehouse.transaction import transaction

OWN = (
    "core.articles",
    "core.article_versions",
    "core.blocks_removed",
    "core.evidence",
    "core.live_entries",
)


def withdraw(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> int:
    """Remove articles with everything that was made of them, and return how many there were."""
    doomed = pl.DataFrame({"article_id": list(article_ids)}, schema={"article_id": pl.String})
    if doomed.is_empty():
        return 0
    with transaction(con):
        story = pl.concat([doomed, ask(con, "forget/story", doomed=doomed)]).unique()
        FingerprintIndex(con).forget(story["article_id"].to_list())
        erase(con, "core.clusters", story)
        for side in ("article_id_a", "article_id_b"):
            erase(con, "core.duplicate_pairs", story.rename({"article_id": side}))
        return [erase(con, table, doomed) for table in OWN][0]
