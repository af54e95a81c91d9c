"""The words beside the tables: COMMENT ON statements made from `comments.toml` and from the headers of the views."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import duckdb

from warehouse.transaction import quoted

FOLDER = Path(__file__).parent


@cache
def words() -> dict[str, dict[str, str]]:
    """Return what `comments.toml` says."""
    said: dict[str, dict[str, str]] = tomllib.loads((FOLDER / "comments.toml").read_text())
    return said


def views(folder: Path = FOLDER / "views") -> dict[str, str]:
    """Return the SQL of each view by its name, in order of creation: `01_articles.sql` makes `report.articles`."""
    return {f"report.{path.stem.split('_', 1)[1]}": path.read_text() for path in sorted(folder.glob("*.sql"))}


def macros(folder: Path = FOLDER / "macros") -> tuple[str, ...]:
    """Return the SQL of the macros in order of creation."""
    return tuple(path.read_text() for path in sorted(folder.glob("*.sql")))


def header(sql: str) -> str:
    """Return the comment at the head of a file as one line."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def describe(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views anew, and write the words onto every table, view and column that there are words for."""
    _drop_views(con)
    con.execute("\n".join((*macros(), *views().values())))
    con.execute(";\n".join(comments(con)))


def comments(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the COMMENT ON statements for what is in the database."""
    heads = {name: header(sql) for name, sql in views().items()}
    tables = [f"COMMENT ON TABLE {name} IS {quoted(said)}" for name, said in words()["tables"].items()]
    shown = [f"COMMENT ON VIEW {name} IS {quoted(said)}" for name, said in heads.items()]
    columns = con.execute(
        "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_catalog() AND NOT internal"
    ).fetchall()
    known = {*words()["tables"], *heads}
    said_of = [
        f'COMMENT ON COLUMN {table}."{column}" IS {quoted(said)}'
        for table, column in columns
        if table in known and (said := meaning(table, column))
    ]
    return [*tables, *shown, *said_of]


def meaning(table: str, column: str) -> str | None:
    """Return what a column holds: as its own table explains it, else as every table does."""
    return words().get(table, {}).get(column) or words()["columns"].get(column)


def _drop_views(con: duckdb.DuckDBPyConnection) -> None:
    """A view whose file is gone must go too."""
    names = con.execute(
        "SELECT view_name FROM duckdb_views() "
        "WHERE database_name = current_catalog() AND schema_name = 'report' AND NOT internal"
    ).fetchall()
    for (name,) in names:
        con.execute(f'DROP VIEW report."{name}"')
