"""Bring a database to the schema of this code: numbered files, each applied once with its record, in order.

A migration is never changed after its release; a new one is added. Views and comments hold no rows, so they are not
migrated but made anew whenever their files differ from those last applied (migration number 0 remembers which).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from warehouse.describe import describe, macros, views
from warehouse.errors import CorruptError, NewerSchemaError
from warehouse.transaction import transaction

FOLDER = Path(__file__).parent
DESCRIPTION = 0
"""The number under which the views and comments last applied are remembered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """A short hash of the SQL."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:16]


def migrations(folder: Path = FOLDER / "migrations") -> tuple[Migration, ...]:
    """Return the migrations of a folder in order."""
    return tuple(
        Migration(number=int(path.stem.split("_")[0]), name=path.stem, sql=path.read_text())
        for path in sorted(folder.glob("[0-9]*.sql"))
    )


def description() -> Migration:
    """Return all that views and comments are made from, as one text whose digest tells whether they are current."""
    parts = (*macros(), *views().values(), (FOLDER / "comments.toml").read_text())
    return Migration(number=DESCRIPTION, name="views and comments", sql="\n".join(parts))


def migrate(con: duckdb.DuckDBPyConnection, home: Path, steps: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Apply what is missing and return its names; the attached database is the current one."""
    steps = migrations() if steps is None else steps
    applied = _applied(con, home)
    _refuse_newer(applied, steps, home)
    missing = [step for step in steps if step.number not in applied]
    for step in missing:
        _apply(con, step, partial(con.execute, step.sql))
    described = description()
    if missing or applied.get(DESCRIPTION) != described.digest:
        _apply(con, described, partial(describe, con))
    return tuple(step.name for step in missing)


def recognise(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Raise unless the attached database is a warehouse that this code knows how to read."""
    if not (applied := _applied(con, home)):
        raise CorruptError(
            f"{home}: the database there is empty (opening the warehouse); publish anew: `wirehouse run`"
        )
    _refuse_newer(applied, migrations(), home)


def _applied(con: duckdb.DuckDBPyConnection, home: Path) -> dict[int, str]:
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_catalog() "
        "AND NOT internal ORDER BY 1"
    ).fetchall()
    if ("ops.migrations",) in tables:
        return dict(con.execute("SELECT number, digest FROM ops.migrations").fetchall())
    if tables:
        raise CorruptError(
            f"{home}: the database there is not one of Wirehouse, it holds {tables[0][0]} (opening the warehouse); "
            "choose another --home"
        )
    return {}


def _refuse_newer(applied: Iterable[int], steps: tuple[Migration, ...], home: Path) -> None:
    known = max((step.number for step in steps), default=0)
    newest = max(applied, default=0)
    if newest > known:
        raise NewerSchemaError(
            f"{home}: its schema is at migration {newest}, this Wirehouse knows {known} (opening the warehouse); "
            "upgrade Wirehouse, or choose another --home"
        )


def _apply(con: duckdb.DuckDBPyConnection, step: Migration, do: Callable[[], object]) -> None:
    """Do one step and write its record in one transaction, alone, and checkpoint: DDL left in a WAL is fragile."""
    with transaction(con):
        do()
        con.execute("DELETE FROM ops.migrations WHERE number = ?", [step.number])
        con.execute("INSERT INTO ops.migrations VALUES (?, ?, ?, now())", [step.number, step.name, step.digest])
    con.execute("CHECKPOINT")
