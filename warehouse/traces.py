"""Look for words everywhere below a home folder: in bytes, in what is packed, and in every value of the databases.

A search of bytes alone would prove nothing: archives are packed with gzip, and DuckDB packs its columns.
"""

# ruff: noqa: S608 - names of tables and columns come from the database; values are bound
from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb

from warehouse.connection import MEMORY_LIMIT, attach, connected
from warehouse.errors import WarehouseError

CHUNK_BYTES = 4 * 1024 * 1024
LOCK_SUFFIX = ".lock"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """One place where a needle was found: a file, and the table's column or the kind of content."""

    path: str
    place: str
    needle: str


def traces(home: Path, needles: tuple[str, ...]) -> tuple[tuple[Trace, ...], int]:
    """Return where any of the needles is found below the home folder, and how many files were looked through."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    found = [trace for path in files for trace in _in_file(home, path, needles)]
    return tuple(found), len(files)


def _in_file(home: Path, path: Path, needles: tuple[str, ...]) -> Iterator[Trace]:
    name = str(path.relative_to(home))
    with path.open("rb") as file:
        yield from (Trace(path=name, place="bytes", needle=needle) for needle in _in_bytes(file, needles))
    if path.name.endswith(".gz"):
        yield from (Trace(path=name, place="unpacked", needle=needle) for needle in _in_gzip(path, needles))
    if path.name.endswith(".duckdb"):
        yield from (Trace(path=name, place=column, needle=needle) for column, needle in _in_tables(home, path, needles))


def _in_bytes(file: BinaryIO | gzip.GzipFile, needles: tuple[str, ...]) -> set[str]:
    """Search in chunks that overlap by the longest needle."""
    sought = {needle: needle.encode() for needle in needles if needle}
    overlap = max((len(word) for word in sought.values()), default=0)
    found: set[str] = set()
    tail = b""
    while chunk := file.read(CHUNK_BYTES):
        window = tail + chunk
        found |= {needle for needle, word in sought.items() if word in window}
        tail = window[-overlap:] if overlap else b""
    return found


def _in_gzip(path: Path, needles: tuple[str, ...]) -> set[str]:
    try:
        with gzip.open(path, "rb") as file:
            return _in_bytes(file, needles)
    except (OSError, EOFError, zlib.error):  # a torn end: what can be unpacked of it is read again by its own reader
        return set()


def _in_tables(home: Path, path: Path, needles: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    con = connected(home, memory_limit=MEMORY_LIMIT, threads=1, spill="w")
    try:
        attach(con, path, "w", is_read_only=True)
        yield from _in_columns(con, needles)
    except WarehouseError:
        return
    finally:
        con.close()


def _in_columns(con: duckdb.DuckDBPyConnection, needles: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    columns = con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'w' AND NOT internal "
        "AND schema_name <> 'report' AND (data_type LIKE '%VARCHAR%' OR data_type IN ('JSON', 'BLOB'))"
    ).fetchall()
    for layer, table, column in columns:
        sql = (
            f'SELECT DISTINCT needle FROM w.{layer}."{table}" AS t, (SELECT unnest(CAST(? AS VARCHAR[])) AS needle) '
            f'WHERE contains(CAST(t."{column}" AS VARCHAR), needle)'
        )
        for (needle,) in con.execute(sql, [list(needles)]).fetchall():
            yield f"{layer}.{table}.{column}", needle
