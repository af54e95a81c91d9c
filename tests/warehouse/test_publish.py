from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from warehouse.connection import reading, writing
from warehouse.errors import MissingWarehouseError, WarehouseError
from warehouse.publish import clone, publish


def insert(home: Path, *names: str) -> None:
    with writing(home) as con:
        for name in names:
            con.execute("INSERT INTO core.clusters VALUES (?, 's', true, NULL)", [name])


def members(home: Path) -> list[str]:
    with reading(home) as con:
        return [name for (name,) in con.execute("SELECT article_id FROM core.clusters ORDER BY ALL").fetchall()]


def test_readers_see_a_load_when_it_is_published(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    published = publish(tmp_path)
    assert published.is_copied
    assert published.bytes == (tmp_path / "warehouse.duckdb").stat().st_size
    insert(tmp_path, "b")
    assert members(tmp_path) == ["a"]
    assert publish(tmp_path).is_copied
    assert members(tmp_path) == ["a", "b"]


def test_what_has_not_changed_is_not_copied(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    first, second = publish(tmp_path), publish(tmp_path)
    assert not second.is_copied
    assert second.published_at == first.published_at
    with writing(tmp_path) as con:
        con.execute("SELECT count(*) FROM core.clusters").fetchall()
    assert not publish(tmp_path).is_copied


def test_a_lost_copy_is_made_again(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    publish(tmp_path)
    (tmp_path / "warehouse.read.duckdb").unlink()
    assert publish(tmp_path).is_copied
    assert members(tmp_path) == ["a"]


def test_nothing_to_publish(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouseError, match="nothing to publish yet"):
        publish(tmp_path)


def test_a_reader_keeps_the_copy_that_it_opened(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    publish(tmp_path)
    with reading(tmp_path) as old:
        insert(tmp_path, "b")
        publish(tmp_path)
        assert old.execute("SELECT count(*) FROM core.clusters").fetchall() == [(1,)]
        with reading(tmp_path) as new:  # in the same process: DuckDB alone would answer from the old copy
            assert new.execute("SELECT count(*) FROM core.clusters").fetchall() == [(2,)]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    orphan = tmp_path / "warehouse.read.duckdb.12345.tmp"
    orphan.write_bytes(b"half a copy")
    spilled = tmp_path / "spill-w-12345-0"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage.tmp").write_bytes(b"words")
    publish(tmp_path)
    assert not orphan.exists()
    assert not spilled.exists()


def test_rows_that_a_killed_writer_left_in_the_log_are_published(tmp_path: Path) -> None:
    insert(tmp_path, "a")
    killed = """
        import os, signal, sys
        from pathlib import Path
        from warehouse.connection import writing
        with writing(Path(sys.argv[1])) as con:
            con.execute("INSERT INTO core.clusters VALUES ('b', 's', true, NULL)")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(killed), str(tmp_path)], cwd=os.getcwd(), check=False)
    assert (tmp_path / "warehouse.duckdb.wal").exists()
    publish(tmp_path)
    assert members(tmp_path) == ["a", "b"]


def test_a_full_disk_leaves_the_copy_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    insert(tmp_path, "a")
    publish(tmp_path)
    insert(tmp_path, "b")

    def full(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.publish.clone", full)
    with pytest.raises(WarehouseError, match="the disk is full"):
        publish(tmp_path)
    assert members(tmp_path) == ["a"]
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("size", [0, 1, 4096, 300_001])
def test_a_clone_has_the_same_bytes(tmp_path: Path, size: int) -> None:
    source = tmp_path / "a"
    source.write_bytes(bytes(number % 251 for number in range(size)))
    clone(source, tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == source.read_bytes()


def read_until(home: Path, stop: threading.Event, torn: list[str]) -> None:
    """Ask again and again; counts must never shrink, and the two tables of one load must agree."""
    last = 0
    while not stop.is_set():
        with reading(home) as con:
            counts = con.execute(
                "SELECT (SELECT count(*) FROM core.clusters), (SELECT count(*) FROM core.duplicate_pairs)"
            ).fetchall()[0]
        if counts[0] != counts[1] or counts[0] < last:
            torn.append(f"{last} then {counts}")
        last = counts[0]


def loads(home: Path, count: int) -> None:
    for number in range(count):
        with writing(home) as con:
            con.execute("BEGIN")
            con.execute("INSERT INTO core.clusters SELECT range || ?, 's', true, NULL FROM range(1000)", [str(number)])
            con.execute(
                "INSERT INTO core.duplicate_pairs BY NAME SELECT range || ? AS article_id_a, 'x' AS article_id_b, "
                "'near' AS relation, 1 AS similarity, 1 AS containment, 'r' AS run_id FROM range(1000)",
                [str(number)],
            )
            con.execute("COMMIT")
        publish(home)


def read_during(home: Path, *, readers: int, count: int) -> list[str]:
    insert(home)
    publish(home)
    stop, torn = threading.Event(), []
    threads = [threading.Thread(target=read_until, args=(home, stop, torn)) for _ in range(readers)]
    for thread in threads:
        thread.start()
    try:
        loads(home, count)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return torn


def test_readers_while_loads_are_published(tmp_path: Path) -> None:
    assert read_during(tmp_path, readers=3, count=4) == []


@pytest.mark.slow
def test_eight_readers_through_thirty_loads(tmp_path: Path) -> None:
    assert read_during(tmp_path, readers=8, count=30) == []
