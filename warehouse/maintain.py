"""Keep the file small: let old ledgers go, and copy what is left into a new file.

DuckDB reuses freed space but never gives it back, and small commits leave small, badly packed pieces: many of them make
a file up to 1.8 times as large, and an erased text stays readable in it. Only a copy into a new file helps. It is made
under the writers' lock beside the file, compared, forced to disk and renamed: a kill leaves the one or the other.
"""

# ruff: noqa: S608 - names come from our own files and from the database
from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

from warehouse.connection import MEMORY_LIMIT, THREADS, attach, connected, opened, remove
from warehouse.errors import MissingWarehouseError, WarehouseError, explained
from warehouse.lock import locked
from warehouse.migrate import migrate
from warehouse.places import Places
from warehouse.publish import Published, publish_held, sync_folder
from warehouse.search import index, is_unsorted, sort
from warehouse.store import answer
from warehouse.transaction import transaction

WORTH_COMPACTING = 0.2
"""Share of free blocks from which a copy pays: below a fifth the next loads fill them anyway."""
LEAST_FREE_BLOCKS = 8
"""Two megabytes: less is not worth a copy, whatever its share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """A class of rows that are let go of when they are old."""

    table: str
    where: str
    age: str
    days: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Maintained:
    """What maintenance did. `removed` counts the rows let go of by table."""

    removed: Mapping[str, int] = field(default_factory=dict)
    is_compacted: bool = False
    bytes_before: int = 0
    bytes_after: int = 0
    published: Published | None = None

    def __str__(self) -> str:
        """Say it in one sentence."""
        rows = sum(self.removed.values())
        size = f"{self.bytes_before / 1e6:,.1f} MB"
        if self.is_compacted:
            size = f"{size}, now {self.bytes_after / 1e6:,.1f} MB"
        return f"{rows:,} old rows let go; the warehouse had {size}"


@cache
def retentions(path: Path = Path(__file__).parent / "retention.toml") -> tuple[Retention, ...]:
    """Return the classes of rows that are not kept for ever."""
    return tuple(Retention(**each) for each in tomllib.loads(path.read_text())["class"])


def maintain(
    home: Path, *, now: datetime | None = None, wait_seconds: float | None = None, force: bool = False
) -> Maintained:
    """Let old rows go, compact the file where that pays (or `force`), and publish if a copy was published before."""
    places = Places(home)
    if not places.writer.exists():
        raise MissingWarehouseError(f"{places.writer}: there is nothing to maintain yet; start with `wirehouse run`")
    with locked(home, who="maintain", wait_seconds=wait_seconds):
        before = places.writer.stat().st_size
        with opened(home, MEMORY_LIMIT, THREADS) as con:
            migrate(con, home)
            removed = let_go(con, now or datetime.now(UTC))
            index(con, is_whole=True)
            if is_unsorted(con):
                sort(con)
            con.execute("CHECKPOINT")
            owed = answer(con, "SELECT count(*) FROM ops.forgotten WHERE certificate IS NULL AND kind <> 'article'")
            pays = force or bool(owed) or is_worth_compacting(con)
            is_whole = not answer(con, "SELECT count(*) FROM ops.loads WHERE status IN ('loaded', 'quarantined')")
        if pays:
            compact_held(home)
        return Maintained(
            removed=removed,
            is_compacted=pays,
            bytes_before=before,
            bytes_after=places.writer.stat().st_size,
            published=publish_held(home) if is_whole and places.read.exists() else None,
        )


def let_go(con: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, int]:
    """Delete the rows that are past their retention; return how many by table.

    Age is counted back from the last load, if that was before `now`: a clock that jumps ahead makes nothing old.
    """
    removed: dict[str, int] = {}
    last = con.execute("SELECT max(loaded_at) FROM ops.loads").fetchall()[0][0]
    now = min(now, last or now)
    with transaction(con):
        for each in retentions():
            sql = f'DELETE FROM {each.table} WHERE ({each.where}) AND "{each.age}" < ?'
            count = int(con.execute(sql, [now - timedelta(days=each.days)]).fetchall()[0][0])
            removed[each.table] = removed.get(each.table, 0) + count
    return removed


def is_worth_compacting(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether enough of the file's blocks hold nothing."""
    free, total = con.execute(
        "SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = current_catalog()"
    ).fetchall()[0]
    return bool(free >= LEAST_FREE_BLOCKS and free >= WORTH_COMPACTING * total)


def compact(home: Path, *, wait_seconds: float | None = None) -> None:
    """Copy the writers' database into a new file and put that in its place."""
    with locked(home, who="compact", wait_seconds=wait_seconds):
        compact_held(home)


def compact_held(home: Path) -> None:
    """`compact`, for a caller that holds the lock."""
    places = Places(home)
    _refuse_full_disk(places)
    temporary = places.home / f"{places.writer.name}.{os.getpid()}.tmp"
    try:
        compacted(home, places.writer, temporary)
        temporary.replace(places.writer)
        sync_folder(home)
    except OSError as error:
        raise explained(error, places.writer, "compacting; the file is as it was") from error
    finally:
        remove(temporary)
        remove(temporary.with_name(f"{temporary.name}.wal"))


def compacted(home: Path, source: Path, target: Path) -> None:
    """Copy a closed database into a new file, compare the two, and force the new one to disk."""
    con = connected(home, memory_limit=MEMORY_LIMIT, threads=THREADS, spill="w")
    try:
        attach(con, source, "w")
        attach(con, target, "new")
        con.execute("COPY FROM DATABASE w TO new")
        _refuse_difference(con, source)
        con.execute("DETACH w")
        con.execute("DETACH new")
    except duckdb.Error as error:
        raise explained(error, source, "compacting; the file is as it was") from error
    finally:
        con.close()
    _sync(target)


def _refuse_full_disk(places: Places) -> None:
    needed, free = places.writer.stat().st_size, shutil.disk_usage(places.home).free
    if free < needed:
        raise WarehouseError(
            f"{places.writer}: compacting needs {needed / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free; free some space"
        )


def _refuse_difference(con: duckdb.DuckDBPyConnection, source: Path) -> None:
    """Compare the number of rows of every table before the old file goes."""
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'w' AND NOT internal"
    ).fetchall()
    for (table,) in tables:
        old, new = (answer(con, f"SELECT count(*) FROM {name}.{table}") for name in ("w", "new"))
        if old != new:
            raise WarehouseError(f"{source}: {table} had {old} rows, its copy has {new} (compacting); kept")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
