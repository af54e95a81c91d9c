from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from warehouse.connection import scratch, writing
from warehouse.describe import header, meaning, views, words
from warehouse.errors import NewerSchemaError
from warehouse.migrate import Migration, migrate, migrations


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    numbers = [step.number for step in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_new_warehouse_gets_them_all_and_once(con: duckdb.DuckDBPyConnection) -> None:
    there = con.execute("SELECT name FROM ops.migrations WHERE number > 0 ORDER BY number").fetchall()
    assert [name for (name,) in there] == [step.name for step in migrations()]
    assert migrate(con, Path("home")) == ()


def test_a_later_migration_keeps_the_rows(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO core.clusters VALUES ('a', 's', true, NULL)")
    later = Migration(number=99, name="0099_weight", sql="ALTER TABLE core.clusters ADD COLUMN weight DOUBLE")
    assert migrate(con, Path("home"), (*migrations(), later)) == ("0099_weight",)
    assert con.execute("SELECT article_id, weight FROM core.clusters").fetchall() == [("a", None)]


def test_a_migration_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection) -> None:
    broken = Migration(number=99, name="0099_broken", sql="CREATE TABLE core.half(i INTEGER); SELECT nonsense;")
    with pytest.raises(duckdb.Error):
        migrate(con, Path("home"), (*migrations(), broken))
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
    assert migrate(con, Path("home")) == ()


def test_a_newer_warehouse_is_refused(tmp_path: Path) -> None:
    with writing(tmp_path) as con:
        con.execute("INSERT INTO ops.migrations VALUES (999, '0999_future', 'x', now())")
    with pytest.raises(NewerSchemaError, match=r"at migration 999, this Wirehouse knows \d+"), writing(tmp_path):
        pass


def test_a_view_whose_file_is_gone_goes_too(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE VIEW report.old AS SELECT 1 AS one")
    con.execute("DELETE FROM ops.migrations WHERE number = 0")
    migrate(con, Path("home"))
    assert con.execute("SELECT count(*) FROM duckdb_views() WHERE view_name = 'old'").fetchall() == [(0,)]


def test_every_table_view_and_column_is_explained(con: duckdb.DuckDBPyConnection) -> None:
    silent = con.execute("""
        SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()
        WHERE comment IS NULL AND schema_name IN ('raw', 'core', 'ops', 'report')
        UNION ALL
        SELECT schema_name || '.' || table_name FROM duckdb_tables()
        WHERE comment IS NULL AND schema_name IN ('raw', 'core', 'ops', 'report')
        UNION ALL
        SELECT schema_name || '.' || view_name FROM duckdb_views()
        WHERE comment IS NULL AND schema_name IN ('raw', 'core', 'ops', 'report')
    """).fetchall()
    assert silent == []


def test_every_explanation_is_of_something(con: duckdb.DuckDBPyConnection) -> None:
    columns = con.execute(
        "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    names = {column for _, column in columns}
    assert set(words()["columns"]) <= names
    for table, said in words().items():
        if table not in ("tables", "columns"):
            assert {(table, column) for column in said} <= set(columns), table
    assert meaning("core.articles", "no_such_column") is None


def test_every_view_says_what_a_row_is() -> None:
    for name, sql in views().items():
        assert header(sql).startswith("One row: "), name
        assert "ead by " in header(sql), name
        assert f"CREATE OR REPLACE VIEW {name} AS" in sql


def test_views_can_be_made_from_nothing() -> None:
    with scratch() as con:
        for name in views():
            assert con.execute(f"SELECT * FROM {name}").fetchall() == []
