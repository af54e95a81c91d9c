from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from warehouse.connection import scratch
from warehouse.schema import REFERENCES, markdown, picture, tables
from warehouse.store import keyed

PAGE = Path(__file__).parents[2] / "docs" / "schema.md"


def test_the_page_is_current() -> None:
    with scratch() as con:
        assert PAGE.read_text() == markdown(con), "run `python -m warehouse.schema > docs/schema.md`"


def test_it_shows_every_table_with_its_key(con: duckdb.DuckDBPyConnection) -> None:
    found = {table.full_name: table for table in tables(con)}
    assert set(keyed()) < set(found)
    assert found["core.articles"].key == ("article_id",)
    assert found["report.stories"].is_view
    assert all(table.meaning and all(column.meaning for column in table.columns) for table in found.values())


def test_references_lead_to_the_key_of_a_table(con: duckdb.DuckDBPyConnection) -> None:
    keys = {table.full_name: table.key for table in tables(con)}
    for target in REFERENCES.values():
        assert len(keys[target]) == 1


@pytest.mark.parametrize(
    "line",
    [
        '    core_articles["core.articles"] {',
        "        VARCHAR article_id PK",
        "    core_articles ||--o{ core_article_versions : article_id",
        "    raw_pages ||--o{ core_articles : page_id",
    ],
)
def test_the_picture(con: duckdb.DuckDBPyConnection, line: str) -> None:
    assert line in picture(tables(con))
