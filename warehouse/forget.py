"""Erasure: out of every table, out of the file's free blocks, out of the read copy, and proof that it is gone.

    subject ──which articles──▶ their pages and addresses ──▶ every table with such a column ──▶ a new file ──▶ proof

Which columns name an article, a page or an address is read from the database, so that a table added tomorrow is reached
too. Deleted rows stay readable in a DuckDB file until their blocks are used again: the file is copied into a new one.
What is erased is remembered by hash only, in the same transaction, so that it can be refused when it comes again.

The archive files are not the warehouse's: `Forgotten.records` says which records must be rewritten out of them, and
`relocate` takes the places of the others afterwards. A kill between two steps leaves `ops.forgotten` without a
certificate; `owed` then says so, and the same erasure can be run again.
"""

# ruff: noqa: S608 - names of tables and columns come from the database; values are bound
from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import duckdb
import polars as pl

from warehouse.connection import MEMORY_LIMIT, THREADS, attach, connected, opened, remove
from warehouse.errors import MissingWarehouseError
from warehouse.fingerprint_index import FingerprintIndex
from warehouse.lock import locked
from warehouse.maintain import compact_held, compacted
from warehouse.migrate import migrate
from warehouse.places import Places
from warehouse.publish import clone, publish_held, sync_folder
from warehouse.queries import ask, text
from warehouse.search import index, sort
from warehouse.store import answer, erase, land
from warehouse.traces import Trace, traces
from warehouse.transaction import transaction

# Columns that name what is erased, wherever a table has them.
ARTICLE_COLUMNS = ("article_id", "article_id_a", "article_id_b")
PAGE_COLUMNS = ("page_id",)
ADDRESS_COLUMNS = ("url", "canonical_url", "final_url", "asked_url", "found_in", "value")
MENTIONS = (("core.articles", "is_based_on_url"), ("raw.fetches", "location"))
"""Columns in which another row may mention an erased address: they are emptied, the row stays."""


class Kind(StrEnum):
    """What an erasure names."""

    URL = "url"
    OUTLET = "outlet"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What was erased. `records` are the archive records that held it: page_id, url, warc_file, warc_offset,
    warc_length. `loose` are the articles that shared a story with it: they have no place in a story until they are
    clustered again.
    """

    kind: Kind
    subject_hash: str
    article_ids: tuple[str, ...]
    urls: tuple[str, ...]
    records: pl.DataFrame
    loose: tuple[str, ...]
    rows: Mapping[str, int]

    @property
    def row_count(self) -> int:
        """Rows erased from all tables together."""
        return sum(self.rows.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What was looked for after an erasure, where, and where it was still found."""

    checked_at: datetime
    needles: int
    files: int
    found: tuple[Trace, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.found


def subject_hash(kind: Kind, subject: str) -> str:
    """Return the hash by which an erased subject is recognised when it comes again."""
    return hashlib.sha256(f"{kind}\n{subject.strip().lower()}".encode()).hexdigest()


def preview(con: duckdb.DuckDBPyConnection, kind: Kind, subjects: Iterable[str]) -> pl.DataFrame:
    """Return the articles that an erasure would reach: article_id."""
    return ask(
        con, f"forget/by_{kind}", subjects=pl.DataFrame({"subject": list(subjects)}, schema={"subject": pl.String})
    )


def forget(home: Path, kind: Kind, subjects: Iterable[str], *, now: datetime | None = None) -> Forgotten:
    """Erase what the subjects name from the warehouse and from the read copy, and return what that was.

    For `Kind.URL`, give every spelling that the address may be stored under. The first subject is the one remembered.
    """
    names = list(dict.fromkeys(subjects))
    places = Places(home)
    if not places.writer.exists():
        raise MissingWarehouseError(f"{places.writer}: there is nothing to forget yet")
    with locked(home, who="forget"):
        with opened(home, MEMORY_LIMIT, THREADS) as con:
            migrate(con, home)
            forgotten = _erased(con, kind, names, now or datetime.now(UTC))
            is_whole = not answer(con, "SELECT count(*) FROM ops.loads WHERE status IN ('loaded', 'quarantined')")
        compact_held(home)
        if is_whole:
            publish_held(home)
        elif places.read.exists():
            _erase_copy(home, kind, names, now or datetime.now(UTC))
    return forgotten


def relocate(con: duckdb.DuckDBPyConnection, records: pl.DataFrame) -> int:
    """Take the new places of archive records: page_id, warc_file, warc_offset, warc_length. Return how many moved."""
    with transaction(con):
        con.register("moved", records)
        try:
            return answer(
                con,
                "UPDATE raw.pages AS p SET warc_file = m.warc_file, warc_offset = m.warc_offset, "
                "warc_length = m.warc_length FROM moved AS m WHERE m.page_id = p.page_id",
            )
        finally:
            con.unregister("moved")


def certify(home: Path, forgotten: Forgotten, needles: Iterable[str], *, now: datetime | None = None) -> Certificate:
    """Look for the needles in every file below the home folder and in every value of the databases, and keep what was
    found beside the erasure.
    """
    sought = tuple(dict.fromkeys(needles))
    at = now or datetime.now(UTC)
    with locked(home, who="forget"):
        found, files = traces(home, sought)
        proof = Certificate(checked_at=at, needles=len(sought), files=files, found=found)
        if proof.is_clean:
            with opened(home, MEMORY_LIMIT, THREADS) as con:
                said = json.dumps({"checked_at": at.isoformat(), "needles": len(sought), "files": files, "found": 0})
                key = [said, forgotten.kind, forgotten.subject_hash]
                con.execute(
                    "UPDATE ops.forgotten SET certificate = ? WHERE kind = ? AND subject_hash = ?", key
                ).fetchall()
    return proof


def owed(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many erasures have no certificate yet: a killed one, or one whose proof found something."""
    return answer(con, "SELECT count(*) FROM ops.forgotten WHERE certificate IS NULL AND kind <> 'article'")


def refused(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the ids of the articles that were erased and must not come back."""
    rows = con.execute("SELECT subject_hash FROM ops.forgotten WHERE kind = 'article'").fetchall()
    return frozenset(name for (name,) in rows)


def is_refused(con: duckdb.DuckDBPyConnection, kind: Kind, subject: str) -> bool:
    """Return whether this subject itself was erased: an outlet's name or host, a URL."""
    found = answer(
        con,
        "SELECT count(*) FROM ops.forgotten WHERE kind = ? AND subject_hash = ?",
        [str(kind), subject_hash(kind, subject)],
    )
    return bool(found)


def _erased(con: duckdb.DuckDBPyConnection, kind: Kind, names: list[str], now: datetime) -> Forgotten:
    """Erase the rows and remember the erasure, in one transaction."""
    subjects = pl.DataFrame({"subject": names}, schema={"subject": pl.String})
    with transaction(con):
        doomed = preview(con, kind, names)
        pages = ask(con, "forget/pages", doomed=doomed, subjects=subjects)
        urls = ask(con, "forget/urls", doomed=doomed, subjects=subjects, pages=pages)
        story = ask(con, "forget/story", doomed=doomed)
        rows = {table: count for table, count in _erase_rows(con, doomed, pages, urls, story) if count}
        con.execute(text("forget/recount")).fetchall()
        index(con)
        sort(con)
        _remember(con, kind, names[0], doomed, sum(rows.values()), now)
    return Forgotten(
        kind=kind,
        subject_hash=subject_hash(kind, names[0]),
        article_ids=tuple(doomed["article_id"]),
        urls=tuple(sorted(urls["url"])),
        records=pages,
        loose=tuple(sorted(story["article_id"])),
        rows=rows,
    )


def _erase_rows(
    con: duckdb.DuckDBPyConnection, doomed: pl.DataFrame, pages: pl.DataFrame, urls: pl.DataFrame, story: pl.DataFrame
) -> Iterator[tuple[str, int]]:
    """Yield how many rows went from each table."""
    FingerprintIndex(con).forget([*doomed["article_id"], *story["article_id"]])
    together = pl.concat([doomed, story])
    for table in ("core.clusters", "core.duplicate_pairs"):
        for column in _columns(con, table, ARTICLE_COLUMNS):
            yield table, erase(con, table, together.select(pl.col("article_id").alias(column)))
    for table, column in MENTIONS:
        _empty(con, table, column, urls)
    for table in _tables(con):
        count = 0
        for columns, names in (
            (ARTICLE_COLUMNS, doomed["article_id"]),
            (PAGE_COLUMNS, pages["page_id"]),
            (ADDRESS_COLUMNS, urls["url"]),
        ):
            for column in _columns(con, table, columns):
                count += erase(con, table, pl.DataFrame({column: names}))
        yield table, count
    yield "ops.checks", _erase_samples(con, doomed, urls)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_catalog() "
        "AND schema_name IN ('raw', 'core', 'ops') ORDER BY ALL"
    ).fetchall()
    return [name for (name,) in rows]


def _columns(con: duckdb.DuckDBPyConnection, table: str, wanted: tuple[str, ...]) -> list[str]:
    layer, name = table.split(".")
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = current_catalog() AND schema_name = ? "
        "AND table_name = ? AND data_type = 'VARCHAR'",
        [layer, name],
    ).fetchall()
    return [column for (column,) in rows if column in wanted]


def _empty(con: duckdb.DuckDBPyConnection, table: str, column: str, urls: pl.DataFrame) -> None:
    with ExitStack() as stack:
        con.register("urls", urls)
        stack.callback(con.unregister, "urls")
        con.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} IN (SELECT url FROM urls)").fetchall()


def _erase_samples(con: duckdb.DuckDBPyConnection, doomed: pl.DataFrame, urls: pl.DataFrame) -> int:
    """Samples of faults that quote an erased article."""
    words = [*doomed["article_id"], *urls["url"]]
    return answer(
        con,
        "DELETE FROM ops.checks WHERE len(list_filter(CAST(? AS VARCHAR[]), lambda word: contains(sample, word))) > 0",
        [words],
    )


def _remember(
    con: duckdb.DuckDBPyConnection, kind: Kind, subject: str, doomed: pl.DataFrame, rows: int, now: datetime
) -> None:
    """Note the subject by hash, and each article by its id, which is a hash of its address already."""
    noted = [{"kind": str(kind), "subject_hash": subject_hash(kind, subject), "forgotten_at": now, "rows": rows}]
    noted += [
        {"kind": "article", "subject_hash": name, "forgotten_at": now, "rows": 0} for name in doomed["article_id"]
    ]
    land(con, "ops.forgotten", pl.DataFrame(noted))


def _erase_copy(home: Path, kind: Kind, names: list[str], now: datetime) -> None:
    """Erase from the read copy alone: the warehouse holds loads that may not be published yet."""
    places = Places(home)
    first, second = (places.home / f"{places.read.name}.{os.getpid()}-{step}.tmp" for step in ("a", "b"))
    clone(places.read, first)
    con = connected(home, memory_limit=MEMORY_LIMIT, threads=THREADS, spill="w")
    try:
        attach(con, first, "w")
        con.execute("USE w")
        migrate(con, home)
        _erased(con, kind, names, now)
        con.execute("USE memory")
        con.execute("DETACH w")
        compacted(home, first, second)
        second.replace(places.read)
        sync_folder(home)
    finally:
        con.close()
        for path in (first, second):
            remove(path)
            remove(path.with_name(f"{path.name}.wal"))
