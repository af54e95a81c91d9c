"""The records that travel along the path and the tables that they land in agree on names and types."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import duckdb
import pytest

from tasks import records
from warehouse.store import columns_of

SQL_TYPES = {
    str: {"VARCHAR", "JSON"},
    int: {"INTEGER", "BIGINT"},
    float: {"DOUBLE"},
    bool: {"BOOLEAN"},
    bytes: {"BLOB"},
    datetime: {"TIMESTAMP WITH TIME ZONE"},
    tuple: {"VARCHAR[]"},
}

# Record, table, what a field is called there, and fields that have no column of their own with the reason.
PAIRS: list[tuple[type, str, dict[str, str], set[str]]] = [
    (records.Candidate, "raw.candidates", {"source": "source_name"}, set()),
    # the headers and the body are in the archive
    (records.Page, "raw.pages", {}, {"headers", "body"}),
    # blocks are the text and its kinds; what was removed and the evidence have tables of their own
    (records.Article, "core.articles", {}, {"blocks", "removed", "evidence", "entries"}),
    (records.Removed, "core.blocks_removed", {}, set()),
    (records.Evidence, "core.evidence", {}, set()),
    (records.Outcome, "ops.outcomes", {}, set()),
    # hashes and signatures are the body
    (records.Template, "core.templates", {}, {"texts", "signatures"}),
    (records.DuplicatePair, "core.duplicate_pairs", {"id_a": "article_id_a", "id_b": "article_id_b"}, set()),
    (records.ClusterMember, "core.clusters", {"id": "article_id"}, set()),
    # the rest of a declaration stays in the sources file
    (
        records.Source,
        "ops.source_state",
        {"name": "source_name"},
        {field.name for field in fields(records.Source)} - {"name", "kind", "location", "outlet"},
    ),
]

# Every address is known once the article is landed; a record alone may lack one.
FILLED_ON_LANDING = {"core.articles": {"url", "canonical_url"}}


def plain(annotation: Any) -> tuple[type, bool]:
    """The type behind `X | None`, an enumeration or a tuple, and whether `None` is allowed."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        return plain(inner[0])[0], True
    origin = get_origin(annotation) or annotation
    if isinstance(origin, type) and issubclass(origin, StrEnum):
        return str, False
    return (tuple if origin in (tuple, Mapping) else origin), False


@pytest.mark.parametrize(("record", "table", "names", "elsewhere"), PAIRS, ids=[table for _, table, _, _ in PAIRS])
def test_a_record_fits_its_table(
    con: duckdb.DuckDBPyConnection, record: Any, table: str, names: dict[str, str], elsewhere: set[str]
) -> None:
    columns = {column.name: column for column in columns_of(con, table)}
    hints = get_type_hints(record)
    for field in fields(record):
        if field.name in elsewhere:
            continue
        column = columns[names.get(field.name, field.name)]
        kind, is_optional = plain(hints[field.name])
        assert column.type in SQL_TYPES[kind], field.name
        if is_optional and column.name not in FILLED_ON_LANDING.get(table, set()):
            assert column.is_nullable, f"{field.name} may be None"


def test_what_may_be_missing_in_a_record_may_be_null(con: duckdb.DuckDBPyConnection) -> None:
    hints = get_type_hints(records.Article)
    required = {column.name for column in columns_of(con, "core.articles") if not column.is_nullable}
    optional = {name for name, hint in hints.items() if plain(hint)[1]}
    assert required & optional == FILLED_ON_LANDING["core.articles"]


def test_the_vocabulary_of_outcomes_is_the_check_s() -> None:
    from warehouse.checks import checks

    (check,) = [each for each in checks() if each.name == "outcomes_have_a_known_name"]
    for ending in records.Ending:
        assert f"'{ending.value}'" in check.sql
