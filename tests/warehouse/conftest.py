"""An empty warehouse in memory, and rows with everything that a table requires."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from warehouse.connection import writing
from warehouse.store import columns_of, land

# A value for each type, for required columns that a test does not care about.
FILLINGS: dict[str, Any] = {
    "VARCHAR": "x",
    "VARCHAR[]": [],
    "TIMESTAMP WITH TIME ZONE": datetime(2026, 11, 3, 12, tzinfo=UTC),
    "INTEGER": 1,
    "BIGINT": 1,
    "DOUBLE": 0.5,
    "BOOLEAN": True,
    "JSON": "{}",
}


def filled(con: duckdb.DuckDBPyConnection, table: str, *given: dict[str, Any]) -> pl.DataFrame:
    """A frame for a table: what the rows say, and a filling wherever a required column is left out."""
    required = {column.name: FILLINGS[column.type] for column in columns_of(con, table) if not column.is_nullable}
    return pl.DataFrame([required | row for row in given], infer_schema_length=None)


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a warehouse without rows: copying it is six times as fast as making one."""
    home = tmp_path_factory.mktemp("empty")
    with writing(home):
        pass
    return home / "warehouse.duckdb"


@pytest.fixture
def con(empty_warehouse: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse of the test's own."""
    path = tmp_path / "con.duckdb"
    shutil.copyfile(empty_warehouse, path)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET threads = 1")
    connection.execute(f"ATTACH '{path}' AS w")
    connection.execute("USE w")
    yield connection
    connection.close()


@pytest.fixture
def rows(con: duckdb.DuckDBPyConnection) -> Callable[..., pl.DataFrame]:
    """`rows(table, {…}, {…})`: a frame for a table; required columns that are left out get a filling."""
    return lambda table, *given: filled(con, table, *given)


@pytest.fixture
def put(con: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """`put(table, {…}, {…})`: land such a frame."""

    def landed(table: str, *given: dict[str, Any]) -> None:
        land(con, table, filled(con, table, *given))

    return landed
