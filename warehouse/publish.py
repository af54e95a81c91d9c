"""Hand a whole, closed copy of the warehouse to its readers.

Under the writers' lock the closed file is copied to a temporary name beside the read copy, forced to disk, opened once
to see that it is whole, and renamed onto the read copy. Readers see the old copy or the new one and nothing between;
whoever still has the old one open keeps it. The copy carries the original's modification time, so that an unchanged
warehouse is recognised by size and time, as `rsync` does, and not copied again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.connection import MEMORY_LIMIT, THREADS, attach, connected, opened, remove
from warehouse.errors import MissingWarehouseError, explained
from warehouse.lock import locked
from warehouse.migrate import migrate
from warehouse.places import Places
from warehouse.search import index

FICLONE = 0x40049409
"""Linux's ioctl that lets two files share blocks until one is changed (btrfs, XFS, bcachefs; ioctl_ficlone(2))."""

COPY_CHUNK_BYTES = 64 * 1024 * 1024
"""One `copy_file_range` call: long enough to be rare, short enough to be interrupted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What a publication did. `copy_ms` includes forcing the copy to disk."""

    is_copied: bool
    bytes: int
    copy_ms: float
    published_at: datetime


def publish(home: Path, *, who: str = "publish", wait_seconds: float | None = None) -> Published:
    """Make the read copy equal to the writers' database, unless it is already."""
    with locked(home, who=who, wait_seconds=wait_seconds):
        return publish_held(home)


def publish_held(home: Path) -> Published:
    """`publish`, for a caller that holds the lock."""
    places = Places(home)
    if not places.writer.exists():
        raise MissingWarehouseError(f"{places.writer}: there is nothing to publish yet; start with `wirehouse run`")
    for orphan in places.orphans():
        remove(orphan)
    if places.wal.exists() or not is_current(places):
        _settle(home)
    if is_current(places):
        return _published(places, is_copied=False, copy_ms=0.0)
    started = time.perf_counter()
    _copy(places)
    return _published(places, is_copied=True, copy_ms=(time.perf_counter() - started) * 1000)


def _settle(home: Path) -> None:
    """Bring the search index up to date, and into the file what a killed writer left in its log: a copy misses it."""
    with opened(home, MEMORY_LIMIT, THREADS) as con:
        migrate(con, home)
        index(con)


def is_current(places: Places) -> bool:
    """Return whether the read copy is the writers' database as it is now."""
    try:
        read, writer = places.read.stat(), places.writer.stat()
    except FileNotFoundError:
        return False
    return (read.st_size, read.st_mtime_ns) == (writer.st_size, writer.st_mtime_ns)


def _copy(places: Places) -> None:
    temporary = places.home / f"{places.read.name}.{os.getpid()}.tmp"
    try:
        clone(places.writer, temporary)
        _refuse_torn(places.home, temporary)
        stat = places.writer.stat()
        os.utime(temporary, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        temporary.replace(places.read)
        sync_folder(places.home)
    except OSError as error:
        raise explained(error, places.read, "publishing; readers keep the copy before it") from error
    finally:
        remove(temporary)


def clone(source: Path, target: Path) -> None:
    """Copy a closed file and force it to disk; share its blocks where the file system can."""
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
        except OSError:
            _copy_bytes(reader.fileno(), writer.fileno(), os.fstat(reader.fileno()).st_size)
        os.fsync(writer.fileno())


def _copy_bytes(reader: int, writer: int, size: int) -> None:
    copied = 0
    try:
        while copied < size and (count := os.copy_file_range(reader, writer, COPY_CHUNK_BYTES)):
            copied += count
    except OSError:
        if copied:
            raise
    if copied < size:  # not every file system pair knows the call
        with os.fdopen(os.dup(reader), "rb") as source, os.fdopen(os.dup(writer), "wb") as target:
            source.seek(0)
            shutil.copyfileobj(source, target, COPY_CHUNK_BYTES)


def sync_folder(folder: Path) -> None:
    """Force a rename to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_torn(home: Path, path: Path) -> None:
    con = connected(home, memory_limit=MEMORY_LIMIT, threads=1, spill="w")
    try:
        attach(con, path, "w", is_read_only=True)
        con.execute("SELECT count(*) FROM w.ops.migrations").fetchall()
    except duckdb.Error as error:
        raise explained(error, path, "opening the new copy") from error
    finally:
        con.close()


def _published(places: Places, *, is_copied: bool, copy_ms: float) -> Published:
    stat = places.read.stat()
    return Published(
        is_copied=is_copied,
        bytes=stat.st_size,
        copy_ms=copy_ms,
        published_at=datetime.fromtimestamp(stat.st_ctime, UTC),
    )
