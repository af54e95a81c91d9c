"""The two ways into the warehouse, and the only places that open its files.

    writing    the writers' file, under the lock, one process at a time, closed and so checkpointed at the end
    reading    the published copy, read-only and briefly; never blocks and is never blocked

Both connect in memory and attach the file as `w`. For the writer that is how the storage version is pinned, so that
clients of DuckDB 1.5 can open the file. For the reader it steps around DuckDB's per-process cache of open databases,
which answers from the *old* copy for as long as anyone in the process still has it open (seen on 1.5.6 and 2.0.1).
"""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import MissingWarehouseError, WarehouseError, explained
from warehouse.lock import locked
from warehouse.migrate import migrate, recognise
from warehouse.places import Places
from warehouse.transaction import quoted
from warehouse.transaction import transaction as transaction

STORAGE_VERSION = "v1.5.0"
"""Readable by DuckDB 1.5.0 and everything after it."""

ROW_GROUP_ROWS = 20_480
"""Rows that DuckDB packs as one. Each load makes a piece of its own, and whenever the next checkpoint finds pieces that
fit together it packs them anew, three full ones at the most: of DuckDB's own 122,880 rows, that was 15 s of CPU in the
one load of many that met it. A sixth of that costs nothing: on 202,000 articles the file had 408 MB instead of 422, and
scan and search were as fast (30,720 rows: 403 MB; 16,384: 428; 12,288: 443)."""

MEMORY_LIMIT = "2GB"
"""DuckDB's own memory. What does not fit is spilled to disk, so that a load of any size stays within it."""

THREADS = 2
"""Each thread of a bulk insert holds row groups of its own: two load as fast as four here, in half the memory."""

SWAP_TRIES = 5
"""Opening the copy can fail once, when it is swapped between two system calls; a second time is already unlikely."""

_SWAP_PAUSE_SECONDS = 0.05
_serial = itertools.count()

# What the file or the machine does to a writer; a wrong statement is the caller's own and stays as it is.
_TROUBLE = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.OutOfMemoryException)


@contextmanager
def writing(
    home: Path,
    *,
    who: str = "",
    wait_seconds: float | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = THREADS,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the writers' database, migrated and with fresh views, while holding the lock.

    On the way out the database is closed, which writes everything into the one file. What was not committed is gone.
    """
    with locked(home, who=who, wait_seconds=wait_seconds), opened(home, memory_limit, threads) as con:
        migrate(con, home)
        yield con


@contextmanager
def opened(home: Path, memory_limit: str, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the writers' file attached. The caller holds the lock."""
    places = Places(home)
    for orphan in places.orphans():
        remove(orphan)
    con = connected(home, memory_limit=memory_limit, threads=threads, spill="w")
    try:
        if not places.writer.exists() or not places.writer.stat().st_size:
            _create(con, places)
        attach(con, places.writer, "w")
        con.execute("USE w")
        yield con
        con.execute("USE memory")
        con.execute("DETACH w")  # checkpoints; closing alone would swallow the error of a checkpoint that failed
    except _TROUBLE as error:
        raise explained(error, places.writer, "writing") from error
    finally:
        con.close()


def _create(con: duckdb.DuckDBPyConnection, places: Places) -> None:
    """Make a whole new database under another name and rename it: a kill in between leaves no file that is half one."""
    temporary = places.home / f"{places.writer.name}.{os.getpid()}.tmp"
    attach(con, temporary, "new")
    con.execute("USE new")
    migrate(con, places.home)
    con.execute("USE memory")
    con.execute("DETACH new")
    temporary.replace(places.writer)


@contextmanager
def reading(home: Path, *, memory_limit: str = MEMORY_LIMIT) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a read-only connection to the published copy, as it is at this moment."""
    con = connected(home, memory_limit=memory_limit, threads=THREADS, spill="r")
    try:
        _attach_copy(con, Places(home).read)
        con.execute("USE w")
        recognise(con, home)
        yield con
    finally:
        con.close()


def _attach_copy(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    for attempt in range(1, SWAP_TRIES + 1):
        if not path.exists():
            raise MissingWarehouseError(f"{path}: nothing has been published here yet; start with `wirehouse run`")
        try:
            attach(con, path, "w", is_read_only=True)
        except WarehouseError:
            if attempt == SWAP_TRIES:
                raise
            time.sleep(_SWAP_PAUSE_SECONDS * attempt)
        else:
            return


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an empty, migrated warehouse in memory: for tests, and for trying a query out."""
    con = duckdb.connect()
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET python_enable_replacements = false")
        con.execute("ATTACH ':memory:' AS w")
        con.execute("USE w")
        migrate(con, Path(":memory:"))
        yield con
    finally:
        con.close()


def connected(home: Path, *, memory_limit: str, threads: int, spill: str) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory with our settings. It spills into the home folder, so that erasure can reach it."""
    con = duckdb.connect()
    folder = home / f"spill-{spill}-{os.getpid()}-{next(_serial)}"
    for name, value in {
        "memory_limit": memory_limit,
        "temp_directory": str(folder),
        "TimeZone": "UTC",
    }.items():
        con.execute(f"SET {name} = {quoted(value)}")
    con.execute(f"SET threads = {threads}")
    con.execute("SET python_enable_replacements = false")  # a query never reads a Python variable by accident
    con.execute("SET preserve_insertion_order = false")  # bulk loads in bounded memory; who needs an order says so
    return con


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, *, is_read_only: bool = False) -> None:
    """Attach a database file under a name; a new file gets our storage version, and new rows our packing."""
    option = (
        "READ_ONLY" if is_read_only else f"STORAGE_VERSION {quoted(STORAGE_VERSION)}, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
    )
    try:
        con.execute(f"ATTACH {quoted(str(path))} AS {name} ({option})")
    except (duckdb.Error, OSError) as error:
        raise explained(error, path, "opening the warehouse") from error


def remove(path: Path) -> None:
    """Remove a file or a folder that may be gone already."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
