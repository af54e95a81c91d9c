"""Files that a command would write over what it reads, over each other, or over a database."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from flows.cli.files import apart, write_text
from tasks.errors import InputError
from tests.flows.command import wirehouse


def test_a_file_named_twice_is_refused(tmp_path: Path) -> None:
    one = tmp_path / "a.jsonl"
    with pytest.raises(InputError, match="named twice"):
        apart(one, tmp_path / "b", tmp_path / "." / "a.jsonl")
    apart(one, tmp_path / "b", None, None)


def test_dedupe_does_not_write_over_its_input(tmp_path: Path) -> None:
    documents = tmp_path / "d.jsonl"
    written = json.dumps({"id": "a", "text": "One two three."}) + "\n"
    documents.write_text(written)
    done = wirehouse("dedupe", str(documents), "--pairs", str(documents), "--clusters", str(tmp_path / "c.csv"))
    assert done.returncode == 2
    assert documents.read_text() == written


def test_no_database_is_written_over(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    duckdb.connect(database).close()
    before = database.read_bytes()
    with pytest.raises(InputError, match="DuckDB database"):
        write_text(database, "<html>")
    assert database.read_bytes() == before


def test_extract_writes_over_no_database(tmp_path: Path) -> None:
    pages, database = tmp_path / "pages.jsonl", tmp_path / "warehouse.duckdb"
    pages.write_text(json.dumps({"id": "a", "html": "<p>A"}) + "\n")
    duckdb.connect(database).close()
    before = database.read_bytes()
    assert wirehouse("extract", str(pages), "--output", str(database)).returncode == 2
    assert database.read_bytes() == before


def test_the_version_is_told() -> None:
    done = wirehouse("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("wirehouse ")
