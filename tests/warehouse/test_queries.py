from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import queries
from warehouse.connection import writing
from warehouse.errors import MissingWarehouseError, QueryError, WarehouseError
from warehouse.publish import publish
from warehouse.queries import ad_hoc, ask


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of stored queries of the test's own."""
    monkeypatch.setattr(queries, "FOLDER", tmp_path)
    queries.text.cache_clear()
    yield tmp_path
    queries.text.cache_clear()


def test_parameters_are_bound(con: duckdb.DuckDBPyConnection, asking: Path) -> None:
    (asking / "sum.sql").write_text("SELECT $a + $b AS sum, $word AS word")
    assert ask(con, "sum", a=1, b=2, word="it's").to_dicts() == [{"sum": 3, "word": "it's"}]


def test_a_frame_is_a_table_for_a_while(con: duckdb.DuckDBPyConnection, asking: Path) -> None:
    (asking / "known.sql").write_text("SELECT url FROM urls WHERE url <> $but ORDER BY url;\n")
    assert ask(con, "known", urls=pl.DataFrame({"url": ["b", "a", "c"]}), but="c")["url"].to_list() == ["a", "b"]
    with pytest.raises(WarehouseError, match=r"queries/known\.sql: Catalog Error"):
        ask(con, "known", but="c")


def test_a_python_variable_is_not_read_by_accident(con: duckdb.DuckDBPyConnection, asking: Path) -> None:
    name = pl.DataFrame({"url": ["a"]})
    (asking / "accident.sql").write_text("SELECT * FROM name")
    with pytest.raises(WarehouseError, match="Table with name name does not exist"):
        ask(con, "accident")
    assert name.height == 1


@pytest.mark.parametrize(
    ("sql", "parameters", "complaint"),
    [
        ("SELECT $a", {}, "(?i)parameter"),
        ("SELECT $a", {"a": 1, "b": 2}, "excess parameters: b"),
        ("SELEC 1", {}, "Parser Error"),
    ],
)
def test_a_query_that_is_wrong(
    con: duckdb.DuckDBPyConnection, asking: Path, sql: str, parameters: dict[str, int], complaint: str
) -> None:
    (asking / "wrong.sql").write_text(sql)
    with pytest.raises(WarehouseError, match=complaint) as caught:
        ask(con, "wrong", **parameters)
    assert str(caught.value).startswith("queries/wrong.sql: ")
    assert "\n" not in str(caught.value)


def test_a_query_that_is_not_there(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match=r"queries/nowhere\.sql: there is no such query"):
        ask(con, "nowhere")


def test_every_stored_query_can_be_understood(con: duckdb.DuckDBPyConnection) -> None:
    for path in sorted(queries.FOLDER.glob("**/*.sql")):
        assert con.extract_statements(path.read_text()), path.name


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    with writing(folder) as con:
        con.execute("INSERT INTO core.clusters SELECT 'a' || range, 's', false, NULL FROM range(1000)")
    publish(folder)
    return folder


@pytest.mark.parametrize(
    ("sql", "limit", "rows"),
    [
        ("SELECT * FROM core.clusters", 10, 10),
        ("SELECT * FROM core.clusters", None, 1000),
        ("SELECT count(*) FROM core.clusters;", 10, 1),
        ("FROM report.stories", 10, 0),
        ("DESCRIBE core.clusters", 10, 4),
        ("EXPLAIN SELECT 1", 10, 1),
        ("-- nothing\nSELECT 1 WHERE false", 10, 0),
        ("SELECT 1 AS a, 2 AS a", 10, 1),
        ("SELECT * FROM range(100000000000)", 3, 3),
    ],
)
def test_asking_in_sql(home: Path, sql: str, limit: int | None, rows: int) -> None:
    assert ad_hoc(home, sql, row_limit=limit, seconds=20).height == rows


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("", "0 statements given"),
        ("SELECT 1; SELECT 2", "2 statements given"),
        ("SELEC 1", "Parser Error"),
        ("SELECT * FROM core.nothing", "Catalog Error"),
        ("SELECT nothing FROM core.clusters", "Binder Error"),
        ("SELECT CAST('x' AS INTEGER)", "Conversion Error"),
        ("DELETE FROM core.clusters", "DELETE is not allowed"),
        ("CREATE TABLE t(i INTEGER)", "CREATE is not allowed"),
        ("ATTACH 'other.db'", "ATTACH is not allowed"),
        ("COPY core.clusters TO 'out.csv'", "COPY is not allowed"),
        ("SET memory_limit = '100GB'", "SET is not allowed"),
        ("INSTALL fts", "LOAD is not allowed"),
        ("SELECT * FROM read_text('/etc/hostname')", "Permission Error"),
        ("SELECT * FROM '/etc/hostname.csv'", "Permission Error|Catalog Error"),
        ("SELECT * FROM glob('/etc/*')", "Permission Error"),
        ("SELECT count(*) FROM range(1000000000) a, range(1000000) b", "stopped at the time limit"),
    ],
)
def test_what_ad_hoc_sql_may_not(home: Path, sql: str, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint) as caught:
        ad_hoc(home, sql, row_limit=10, seconds=0.3)
    assert "\n" not in str(caught.value)


def test_ad_hoc_sql_changes_nothing(home: Path) -> None:
    assert ad_hoc(home, "SELECT count(*) AS n FROM core.clusters", row_limit=1, seconds=9)["n"].to_list() == [1000]


def test_asking_before_anything_was_published(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouseError):
        ad_hoc(tmp_path, "SELECT 1", row_limit=1, seconds=1)
