from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from warehouse.connection import reading, writing
from warehouse.errors import MissingWarehouseError, WarehouseError
from warehouse.maintain import compact, maintain, retentions
from warehouse.publish import publish
from warehouse.store import columns_of

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def outcome(con: Any, url: str, name: str, days_ago: int) -> None:
    con.execute(
        "INSERT INTO ops.outcomes VALUES ('r', ?, 's', ?, 'why', NULL, NULL, NULL, ?)",
        [url, name, NOW - timedelta(days=days_ago)],
    )


def test_old_rows_go_by_class(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        outcome(con, "skipped long ago", "skipped", 31)
        outcome(con, "skipped", "skipped", 29)
        outcome(con, "failed", "failure", 31)
        outcome(con, "failed long ago", "failure", 401)
    done = maintain(tmp_path, now=NOW)
    assert done.removed["ops.outcomes"] == 2
    assert str(done).startswith("2 old rows let go")
    with writing(tmp_path) as con:
        assert {url for (url,) in con.execute("SELECT url FROM ops.outcomes").fetchall()} == {"skipped", "failed"}


def test_every_class_of_retention_names_what_is_there(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        for each in retentions():
            assert each.age in {column.name for column in columns_of(con, each.table)}
            con.execute(f"SELECT count(*) FROM {each.table} WHERE {each.where}").fetchall()
            assert not each.table.startswith("core."), "articles are never let go of"


def test_compaction_shrinks_the_file_and_keeps_everything(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        con.execute("INSERT INTO core.clusters SELECT md5(range::VARCHAR), 's', true, 'x' FROM range(300000)")
    with writing(tmp_path) as con:
        con.execute("DELETE FROM core.clusters WHERE article_id < 'f'")
    done = maintain(tmp_path, now=NOW)
    assert done.is_compacted
    assert done.bytes_after < done.bytes_before / 2
    with writing(tmp_path) as con:
        assert con.execute("SELECT min(article_id) >= 'f', count(*) > 10000 FROM core.clusters").fetchall() == [
            (True, True)
        ]
        assert con.execute("SELECT count(*) FROM report.articles").fetchall() == [(0,)]
        assert con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'clusters'").fetchall()[0][0]
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'w'").fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.5.0")


def test_a_packed_file_is_left_alone(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    assert not maintain(tmp_path, now=NOW).is_compacted
    assert maintain(tmp_path, now=NOW, force=True).is_compacted


def test_the_copy_follows(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        outcome(con, "u", "skipped", 31)
    assert maintain(tmp_path, now=NOW - timedelta(days=10)).published is None, "nothing was published before"
    publish(tmp_path)
    published = maintain(tmp_path, now=NOW).published
    assert published is not None
    assert published.is_copied
    with reading(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM ops.outcomes").fetchall() == [(0,)]


def test_loads_that_were_not_checked_are_not_published(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        con.execute("INSERT INTO ops.loads VALUES ('l', 'r', 'extract', 'passed', 1, now())")
    publish(tmp_path)
    with writing(tmp_path) as con:
        con.execute("INSERT INTO ops.loads VALUES ('m', 'r', 'extract', 'quarantined', 1, now())")
    assert maintain(tmp_path, now=NOW).published is None
    with reading(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM ops.loads").fetchall() == [(1,)]


def test_a_copy_that_lost_rows_does_not_replace_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(tmp_path) as con:
        outcome(con, "u", "failure", 1)

    def lossy(con: Any, source: Any) -> None:
        raise WarehouseError("ops.outcomes had 1 rows, its copy has 0 (compacting); kept")

    monkeypatch.setattr("warehouse.maintain._refuse_difference", lossy)
    with pytest.raises(WarehouseError, match="kept"):
        compact(tmp_path)
    with writing(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM ops.outcomes").fetchall() == [(1,)]
    assert not list(tmp_path.glob("*.tmp*"))


def test_nothing_to_maintain(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouseError):
        maintain(tmp_path)
