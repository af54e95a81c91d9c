"""Every recipe of the documentation runs, on an empty warehouse too, and answers one question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import scratch

TEXT = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"\n([^\n]+)\n\n```sql\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as connection:
        yield connection


@pytest.mark.parametrize(("question", "sql"), RECIPES, ids=[question[:50] for question, _ in RECIPES])
def test_recipe(con: duckdb.DuckDBPyConnection, question: str, sql: str) -> None:
    assert sql.count(";") == 1
    assert con.sql(sql).fetchall() == []


def test_every_block_is_introduced() -> None:
    assert TEXT.count("```sql") == len(RECIPES)
