"""An empty warehouse in memory, and rows with everything that a table requires."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl
import pytest

from warehouse.connection import scratch
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


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in memory."""
    with scratch() as connection:
        yield connection


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
