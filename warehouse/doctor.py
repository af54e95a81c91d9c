"""Look at the warehouse's files and say what is wrong with them; mend what can be mended without losing anything."""

# ruff: noqa: S608 - names come from our own files
from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connection import MEMORY_LIMIT, THREADS, opened, reading, remove
from warehouse.errors import LockedError, NewerSchemaError, WarehouseError, refused
from warehouse.lock import holder, is_held, locked
from warehouse.migrate import migrate
from warehouse.places import Places
from warehouse.publish import is_current, publish_held
from warehouse.store import answer

ROOM_FOR_COPIES = 2
"""Publishing writes a second copy of the warehouse and compacting a third."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty when there is nothing to do."""

    subject: str
    is_sound: bool
    detail: str
    remedy: str = ""


def examined(home: Path, *, repair: bool = False) -> Iterator[Finding]:
    """Yield what was found about the files of a home folder; with `repair`, after mending it."""
    places = Places(home)
    if not places.writer.exists():
        yield _nothing_yet(places)
        return
    yield _lock(home, repair=repair)
    try:
        with locked(home, who="doctor", wait_seconds=0):
            found = list(_held(places, repair=repair))
        yield from found
    except LockedError:
        yield Finding(subject="warehouse", is_sound=True, detail=f"in use by {holder(home) or 'a writer'}; look later")
    except WarehouseError as error:  # the lock cannot be taken at all
        yield Finding(
            subject="warehouse", is_sound=False, detail=str(error), remedy="readers can go on, writers cannot"
        )
    yield _read_copy(places)
    yield _room(places)


def _nothing_yet(places: Places) -> Finding:
    if places.read.exists():
        return Finding(
            subject="warehouse",
            is_sound=False,
            detail=f"{places.writer.name} is missing, but there is a published copy",
            remedy=f"cp {places.read} {places.writer}",
        )
    return Finding(subject="warehouse", is_sound=True, detail="none yet; `wirehouse run` makes one")


def _lock(home: Path, *, repair: bool) -> Finding:
    """The lock itself never goes stale; the note of who held it does, when its holder was killed."""
    noted = holder(home)
    if noted is None or is_held(home):
        return Finding(subject="lock", is_sound=True, detail=f"held by {noted}" if noted else "free")
    if repair:
        with locked(home, who="doctor", wait_seconds=0):
            pass
        return Finding(subject="lock", is_sound=True, detail=f"free; removed the note of a killed {noted}")
    return Finding(
        subject="lock",
        is_sound=True,
        detail=f"free; its last holder was killed: {noted}. The next run goes on from there",
    )


def _held(places: Places, *, repair: bool) -> Iterator[Finding]:
    """What may only be looked at under the lock."""
    yield _orphans(places, repair=repair)
    yield _log(places)
    try:
        with opened(places.home, MEMORY_LIMIT, THREADS) as con:
            migrate(con, places.home)
            count = _read_through(con)
            waiting = answer(con, "SELECT count(*) FROM ops.loads WHERE status = 'quarantined'")
            unchecked = answer(con, "SELECT count(*) FROM ops.loads WHERE status = 'loaded'")
            lost = list(_lost_archives(places.home, con.execute(ARCHIVES).fetchall()))
    except NewerSchemaError as error:
        yield Finding(subject="warehouse", is_sound=False, detail=str(error), remedy="upgrade Wirehouse")
        return
    except WarehouseError as error:
        yield Finding(
            subject="warehouse",
            is_sound=False,
            detail=str(error),
            remedy=f"set it aside and start from the copy: cp {places.read} {places.writer}",
        )
        return
    yield Finding(subject="warehouse", is_sound=True, detail=f"{places.writer.name} can be read; {count:,} articles")
    yield Finding(
        subject="quarantine",
        is_sound=not waiting,
        detail=f"{waiting} loads wait for a check that fails" if waiting else "empty",
        remedy="see `wirehouse checks`",
    )
    yield from lost or [
        Finding(subject="archive", is_sound=True, detail="every WARC file is as long as the tables say")
    ]
    if repair and not waiting and not unchecked and not is_current(places):
        publish_held(places.home)


def _read_through(con: duckdb.DuckDBPyConnection) -> int:
    """Read every value of every table, which compares each block with its checksum; return the number of articles.

    A file whose blocks are lost or spoilt opens like a sound one. A million articles take some ten seconds.
    """
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_catalog() "
        "AND NOT internal ORDER BY ALL"
    ).fetchall()
    for (table,) in tables:
        try:
            con.execute(f"SELECT bit_xor(hash(t)) FROM {table} AS t").fetchall()
        except duckdb.Error as error:
            raise refused(error, table, "reading it through") from error
    return answer(con, "SELECT count(*) FROM core.articles")


def _orphans(places: Places, *, repair: bool) -> Finding:
    left = [*places.orphans(), *_spills_of_dead_readers(places)]
    names = ", ".join(path.name for path in left)
    if left and repair:
        for path in left:
            remove(path)
        return Finding(subject="leftovers", is_sound=True, detail=f"removed {names}")
    return Finding(
        subject="leftovers",
        is_sound=not left,
        detail=f"a killed process left {names}" if left else "none",
        remedy="`wirehouse doctor --repair`, or the next run removes them",
    )


def _spills_of_dead_readers(places: Places) -> Iterator[Path]:
    for path in places.home.glob("spill-r-*"):
        if not Path(f"/proc/{path.name.split('-')[2]}").exists():
            yield path


def _log(places: Places) -> Finding:
    if not places.wal.exists():
        return Finding(subject="log", is_sound=True, detail="closed cleanly")
    size = places.wal.stat().st_size
    return Finding(
        subject="log", is_sound=True, detail=f"a writer was killed; its {size:,} bytes of log were taken over"
    )


ARCHIVES = "SELECT warc_file, max(warc_offset + warc_length) FROM raw.pages GROUP BY warc_file"


def _lost_archives(home: Path, wanted: list[tuple[str, int]]) -> Iterator[Finding]:
    """Pages whose bytes are no longer where the table says: they can be read about, but not replayed."""
    for name, length in wanted:
        path = home / "raw" / name
        size = path.stat().st_size if path.exists() else None
        if size is None or size < length:
            told = "is missing" if size is None else f"has {size:,} bytes of {length:,}"
            yield Finding(
                subject="archive",
                is_sound=False,
                detail=f"{name} {told}",
                remedy="bring the file back from a backup; until then its pages cannot be replayed",
            )


def _read_copy(places: Places) -> Finding:
    if not places.read.exists():
        return Finding(
            subject="read copy", is_sound=False, detail="missing", remedy="`wirehouse doctor --repair`, or a new run"
        )
    try:
        with reading(places.home) as con:
            count = _read_through(con)
    except WarehouseError as error:
        return Finding(subject="read copy", is_sound=False, detail=str(error), remedy=f"remove it: rm {places.read}")
    age = "equal to the warehouse" if is_current(places) else "older than the warehouse, until the next publication"
    return Finding(subject="read copy", is_sound=True, detail=f"can be read; {count:,} articles; {age}")


def _room(places: Places) -> Finding:
    free, size = shutil.disk_usage(places.home).free, places.writer.stat().st_size
    return Finding(
        subject="room for copies",
        is_sound=free >= ROOM_FOR_COPIES * size,
        detail=f"{free / 1e9:.1f} GB free, the warehouse has {size / 1e9:.1f} GB",
        remedy="free some space: publishing writes a second copy, compacting a third",
    )
