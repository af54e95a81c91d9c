from __future__ import annotations

import os
import struct
import threading
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import reading, writing
from warehouse.errors import (
    CorruptError,
    LockedError,
    MissingWarehouseError,
    NewerSchemaError,
    WarehouseError,
    explained,
)
from warehouse.lock import holder, is_held, locked
from warehouse.publish import publish

READABLE_BY_1_5 = 68
"""Number of the storage version of DuckDB 1.5.0 in a file's header."""


def test_the_file_can_be_read_by_duckdb_1_5(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    head = (tmp_path / "warehouse.duckdb").read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert struct.unpack("<Q", head[12:20]) == (READABLE_BY_1_5,)


def test_what_was_committed_is_in_the_one_file(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        con.execute("INSERT INTO core.clusters VALUES ('a', 's', true, NULL)")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["warehouse.duckdb", "warehouse.lock"]
    with writing(tmp_path) as con:
        assert con.execute("SELECT article_id FROM core.clusters").fetchall() == [("a",)]


def test_opening_without_writing_changes_nothing(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    before = (tmp_path / "warehouse.duckdb").stat()
    with writing(tmp_path) as con:
        con.execute("SELECT * FROM report.articles").fetchall()
    after = (tmp_path / "warehouse.duckdb").stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def test_an_open_transaction_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path) as con:  # noqa: PT012 - the way out is what is tested
        con.execute("BEGIN")
        con.execute("INSERT INTO core.clusters VALUES ('a', 's', true, NULL)")
        _ = 1 / 0
    with writing(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM core.clusters").fetchall() == [(0,)]


def test_a_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    with writing(tmp_path, who="ingest r1"):
        with pytest.raises(LockedError) as caught, writing(tmp_path, wait_seconds=0):
            pass
        assert is_held(tmp_path)
    assert f"held by process {os.getpid()} (ingest r1) since " in str(caught.value)
    assert not is_held(tmp_path)
    assert holder(tmp_path) is None


def test_a_lock_that_comes_too_late_is_let_go(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(LockedError), locked(tmp_path, wait_seconds=0.01):
        pass
    with locked(tmp_path, wait_seconds=10):
        assert is_held(tmp_path)


def test_writers_of_one_process_take_turns(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with writing(tmp_path, wait_seconds=60) as con:
            before = con.execute("SELECT count(*) FROM core.clusters").fetchall()[0][0]
            con.execute("INSERT INTO core.clusters VALUES (?, ?, true, NULL)", [str(number), str(before)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with writing(tmp_path) as con:
        seen = con.execute("SELECT cluster_id FROM core.clusters ORDER BY cluster_id").fetchall()
    assert seen == [(str(number),) for number in range(6)]


def test_locks_of_different_names_do_not_meet(tmp_path: Path) -> None:
    with locked(tmp_path, name="run.lock"), locked(tmp_path, wait_seconds=0):
        pass


def test_reading_before_anything_was_published(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouseError, match="nothing has been published"), reading(tmp_path):
        pass


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    publish(tmp_path)
    with reading(tmp_path) as con, pytest.raises(duckdb.Error, match="read-only"):
        con.execute("INSERT INTO core.clusters VALUES ('a', 's', true, NULL)")


@pytest.mark.parametrize("content", [b"hello" * 10_000, b"\x00" * 100_000, b"x"], ids=["text", "zeroes", "short"])
def test_a_file_that_is_no_warehouse(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(content)
    with pytest.raises(CorruptError, match="not a readable DuckDB file"), writing(tmp_path):
        pass
    assert not is_held(tmp_path)


def test_an_empty_file_is_a_new_warehouse(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"")
    with writing(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM core.articles").fetchall() == [(0,)]


def test_a_file_of_a_future_duckdb(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    path = tmp_path / "warehouse.duckdb"
    content = bytearray(path.read_bytes())
    content[12:20] = struct.pack("<Q", 5_000)
    path.write_bytes(content)
    with pytest.raises(WarehouseError), writing(tmp_path):
        pass


def test_a_database_that_somebody_else_has_open(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    error = duckdb.IOException(f'IO Error: Could not set lock on file "{path}": Conflicting lock is held in python')
    told = explained(error, path, "opening the warehouse")
    assert isinstance(told, LockedError)
    assert "readers should open warehouse.read.duckdb" in str(told)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    with pytest.raises(WarehouseError, match="not allowed to write here"), writing(home):
        pass


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    with pytest.raises(WarehouseError, match="taking the lock"), writing(home):
        pass


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("IO Error: Cannot write: No space left on device", WarehouseError, "the disk is full"),
        ("IO Error: Detached database 'w', but CHECKPOINT during DETACH failed.", WarehouseError, "the disk is full"),
        ("IO Error: Cannot open file: Permission denied", WarehouseError, "not allowed to write here"),
        ("IO Error: Cannot open file: Read-only file system", WarehouseError, "not allowed to write here"),
        ("Serialization Error: Failed to deserialize: field id mismatch", CorruptError, "not a readable DuckDB file"),
        ("IO Error: file was written with version number 99, but we can only read", NewerSchemaError, "newer DuckDB"),
    ],
)
def test_what_duckdb_says_and_what_it_means(said: str, kind: type[WarehouseError], words: str) -> None:
    told = explained(duckdb.Error(said + "\n\nLINE 1: …"), Path("w.duckdb"), "writing")
    assert type(told) is kind
    assert words in str(told)
    assert "\n" not in str(told)
