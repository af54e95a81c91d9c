"""The example declarations work as they are: every kind is shown, and none is contacted before its user says so."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tasks.feeds import declarations
from tasks.records import Kind

TEXT = (Path(__file__).parents[2] / "deployments" / "sources.toml").read_text(encoding="utf-8")
TABLES = tomllib.loads(TEXT)["source"]


def test_the_reader_understands_the_file() -> None:
    assert len(declarations.read(TEXT, "sources.toml")) == len(TABLES)


def test_every_kind_has_an_example() -> None:
    assert {table["kind"] for table in TABLES} == {str(kind) for kind in Kind}


def test_no_example_is_enabled() -> None:
    assert [table["name"] for table in TABLES if table.get("enabled", True)] == []


def test_examples_point_to_nobody() -> None:
    hosts = [table["url"].split("/")[2] for table in TABLES if "url" in table]
    assert [host for host in hosts if not host.endswith(".example.org")] == []
