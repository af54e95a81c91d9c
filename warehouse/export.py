"""Tables out into files that anything can read, each with its rows counted and its bytes summed."""

# ruff: noqa: S608 - names of tables come from the database itself
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from warehouse.errors import explained
from warehouse.transaction import quoted, registered

LAYERS = ("core", "report")
OWN = (
    "core.fingerprints",
    "core.fingerprint_documents",
    "core.common_fingerprints",
    "core.compared_pairs",
    "core.templates",
    "report.templates_in_force",
)
OWN_PREFIX = "core.search_"
"""Made from the others, and of use to nobody else."""
OPTIONS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """One file of an export."""

    table: str
    file: str
    rows: int
    bytes: int
    sha256: str


def tables_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables and views that are exported, by name."""
    rows = con.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_catalog = current_catalog() AND table_schema IN ('core', 'report') ORDER BY ALL"
    ).fetchall()
    return [name for (name,) in rows if name not in OWN and not name.startswith(OWN_PREFIX)]


def write(
    con: duckdb.DuckDBPyConnection, folder: Path, file_format: str, *, allowed: pl.DataFrame | None = None
) -> Iterator[Exported]:
    """Write every table into a file of `folder`, and yield what each came to.

    With `allowed` (article_id), rows of other articles stay behind, and so do tables that are about no single article.
    """
    for table in tables_of(con):
        if allowed is not None and "article_id" not in _columns(con, table):
            continue
        file = f"{table}.{file_format}"
        with registered(
            con, "allowed_articles", allowed if allowed is not None else pl.DataFrame({"article_id": [""]})
        ):
            which = "" if allowed is None else " WHERE article_id IN (SELECT article_id FROM allowed_articles)"
            yield _written(con, f"SELECT * FROM {table}{which}", table, folder / file, file_format)


def _written(con: duckdb.DuckDBPyConnection, sql: str, table: str, path: Path, file_format: str) -> Exported:
    try:
        rows = con.execute(f"COPY ({sql}) TO {quoted(str(path))} ({OPTIONS[file_format]})").fetchall()[0][0]
    except (duckdb.Error, OSError) as error:
        raise explained(error, path, "exporting; the export before it is as it was") from error
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Exported(table=table, file=path.name, rows=int(rows), bytes=path.stat().st_size, sha256=digest)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()}
