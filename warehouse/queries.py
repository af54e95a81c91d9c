"""SQL by name, with bound parameters; and SQL from a person, under guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from warehouse.connection import reading
from warehouse.errors import QueryError, WarehouseError, first_line, refused
from warehouse.transaction import registered

FOLDER = Path(__file__).parent / "queries"
ROW_LIMIT = 10_000
"""What a terminal or a notebook can still show; more is a matter for an export."""
TIME_LIMIT_SECONDS = 60.0
BATCH_ROWS = 2_048
"""DuckDB's own vector size: the first rows come as soon as they are known."""

# What an ad-hoc statement may be: anything that only reads.
_READS = frozenset({"SELECT", "EXPLAIN", "PRAGMA", "RELATION", "LOGICAL_PLAN"})


def ask(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pl.DataFrame:
    """Return the rows of `queries/<name>.sql`; a parameter that is a frame can be read as a table of that name."""
    frames = {key: value for key, value in parameters.items() if isinstance(value, pl.DataFrame)}
    values = {key: value for key, value in parameters.items() if key not in frames}
    with ExitStack() as stack:
        for key, frame in frames.items():
            stack.enter_context(registered(con, key, frame))
        try:
            relation = con.sql(text(name), params=values) if values else con.sql(text(name))
            return pl.DataFrame(relation.pl())
        except duckdb.Error as error:
            raise refused(error, f"queries/{name}.sql", "asking") from error


@cache
def text(name: str) -> str:
    """Return the SQL of a stored query."""
    try:
        return (FOLDER / f"{name}.sql").read_text()
    except OSError as error:
        raise WarehouseError(f"queries/{name}.sql: there is no such query (asking)") from error


def ad_hoc(
    home: Path, sql: str, *, row_limit: int | None = ROW_LIMIT, seconds: float | None = TIME_LIMIT_SECONDS
) -> pl.DataFrame:
    """Return the answer to one statement on the read copy: at most so many rows, within so many seconds.

    The statement can read the tables and nothing else: no file, no network, no setting can be reached from it.
    """
    with reading(home) as con:
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        _refuse_writing(con, sql)
        with _limited(con, seconds):
            return _first_rows(con, sql, row_limit)


def _refuse_writing(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(f"sql: {first_line(error)} (reading the statement)") from error
    if len(statements) != 1:
        raise QueryError(f"sql: {len(statements)} statements given, one expected (reading the statement)")
    kind = statements[0].type.name
    if kind not in _READS:
        raise QueryError(f"sql: {kind} is not allowed on the read copy (reading the statement); use SELECT")


def _first_rows(con: duckdb.DuckDBPyConnection, sql: str, row_limit: int | None) -> pl.DataFrame:
    """Fetch until the limit and stop there: what is not fetched is not computed."""
    try:
        relation: Any = con.sql(sql)
        reader = relation.to_arrow_reader(BATCH_ROWS)
        batches: list[pa.RecordBatch] = []
        rows = 0
        for batch in reader:
            batches.append(batch)
            rows += batch.num_rows
            if row_limit is not None and rows >= row_limit:
                break
        table = pa.Table.from_batches(batches, schema=reader.schema)
        reader.close()
    except duckdb.InterruptException as error:
        raise QueryError("sql: stopped at the time limit (running); narrow it, or allow more --seconds") from error
    except (duckdb.Error, pa.ArrowException) as error:
        raise QueryError(f"sql: {first_line(error)} (running)") from error
    frame = pl.DataFrame(pl.from_arrow(table.rename_columns(_unique(table.column_names))))
    return frame if row_limit is None else frame.head(row_limit)


def _unique(names: list[str]) -> list[str]:
    """SQL may name two columns alike, a frame may not: `a, a` becomes `a, a_2`."""
    unique: list[str] = []
    for name in names:
        candidates = (name, *(f"{name}_{number}" for number in range(2, len(names) + 2)))
        unique.append(next(candidate for candidate in candidates if candidate not in unique))
    return unique


@contextmanager
def _limited(con: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
