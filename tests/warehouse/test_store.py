from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.errors import WarehouseError
from warehouse.store import Landed, columns_of, erase, keyed, land, load
from warehouse.transaction import transaction

# Indexes made from the articles, and the record of migrations: nothing is landed in them.
MADE_FROM_OTHERS = {
    "core.common_fingerprints",
    "core.compared_pairs",
    "core.fingerprint_documents",
    "core.fingerprints",
    "core.search_documents",
    "core.search_due",
    "core.search_postings",
    "ops.migrations",
}
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
Rows = Callable[..., pl.DataFrame]


def test_every_table_declares_its_key(con: duckdb.DuckDBPyConnection) -> None:
    there = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'core', 'ops')"
    ).fetchall()
    assert set(keyed()) == {name for (name,) in there} - MADE_FROM_OTHERS


def test_every_declared_column_exists(con: duckdb.DuckDBPyConnection) -> None:
    for table, rule in keyed().items():
        names = {column.name for column in columns_of(con, table)}
        assert {*rule.key, *rule.keep, *rule.quiet, *rule.group} <= names, table


@pytest.mark.parametrize(
    ("before", "frame", "expected"),
    [
        pytest.param([], [{"article_id": "a"}], Landed(inserted=1), id="new"),
        pytest.param([{"article_id": "a"}], [{"article_id": "a"}], Landed(unchanged=1), id="same again"),
        pytest.param([{"article_id": "a"}], [{"article_id": "a", "title": "T"}], Landed(updated=1), id="changed"),
        pytest.param([{"article_id": "a", "title": "T"}], [{"article_id": "a"}], Landed(unchanged=1), id="not told"),
        pytest.param(
            [{"article_id": "a", "title": "T"}], [{"article_id": "a", "title": None}], Landed(updated=1), id="told null"
        ),
        pytest.param(
            [{"article_id": "a"}],
            [{"article_id": "a", "last_seen_at": NOON + timedelta(days=1)}],
            Landed(unchanged=1),
            id="seen again is no change",
        ),
        pytest.param(
            [{"article_id": "a"}],
            [{"article_id": "a", "first_run_id": "later"}],
            Landed(unchanged=1),
            id="what the first row said is kept",
        ),
        pytest.param(
            [{"article_id": "a"}, {"article_id": "b"}],
            [{"article_id": "b", "title": "T"}, {"article_id": "c", "title": "T"}, {"article_id": "a", "title": None}],
            Landed(inserted=1, updated=1, unchanged=1),
            id="all three",
        ),
    ],
)
def test_merge(
    con: duckdb.DuckDBPyConnection,
    rows: Rows,
    before: list[dict[str, Any]],
    frame: list[dict[str, Any]],
    expected: Landed,
) -> None:
    if before:
        land(con, "core.articles", rows("core.articles", *before))
    assert land(con, "core.articles", rows("core.articles", *frame)) == expected


def test_a_change_keeps_the_first_and_moves_the_last(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    later = NOON + timedelta(days=1)
    land(con, "core.articles", rows("core.articles", {"article_id": "a", "first_run_id": "r1"}))
    seen = {"first_run_id": "r2", "first_seen_at": later, "last_seen_at": later}
    land(con, "core.articles", rows("core.articles", {"article_id": "a", "title": "T", **seen}))
    assert con.execute("SELECT title, first_run_id, first_seen_at, last_seen_at FROM core.articles").fetchall() == [
        ("T", "r1", NOON, later)
    ]


def test_of_rows_with_one_key_the_last_counts(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    frame = rows("core.articles", *({"article_id": "a", "title": title} for title in "xyz"))
    assert land(con, "core.articles", frame) == Landed(inserted=1)
    assert con.execute("SELECT title FROM core.articles").fetchall() == [("z",)]


def test_insert_keeps_the_first(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    land(con, "raw.pages", rows("raw.pages", {"page_id": "p", "url": "first"}))
    frame = rows("raw.pages", {"page_id": "p", "url": "second"}, {"page_id": "q", "url": "q"})
    assert land(con, "raw.pages", frame) == Landed(inserted=1, unchanged=1)
    assert con.execute("SELECT url FROM raw.pages ORDER BY page_id").fetchall() == [("first",), ("q",)]


def blocks(rows: Rows, *texts: tuple[str, int, str]) -> pl.DataFrame:
    given = ({"article_id": article, "position": position, "text": text} for article, position, text in texts)
    return rows("core.blocks_removed", *given)


@pytest.mark.parametrize(
    ("frame", "groups", "expected", "left"),
    [
        ([("a", 0, "t"), ("a", 1, "u")], None, Landed(unchanged=2), {("a", 0, "t"), ("a", 1, "u"), ("b", 0, "v")}),
        ([("a", 0, "t")], None, Landed(updated=2), {("a", 0, "t"), ("b", 0, "v")}),
        ([("a", 0, "x"), ("a", 1, "u")], None, Landed(updated=2), {("a", 0, "x"), ("a", 1, "u"), ("b", 0, "v")}),
        ([], ["a"], Landed(updated=2), {("b", 0, "v")}),
        ([("c", 0, "w")], ["a", "c"], Landed(updated=2), {("b", 0, "v"), ("c", 0, "w")}),
    ],
)
def test_replace_group(
    con: duckdb.DuckDBPyConnection,
    rows: Rows,
    frame: list[tuple[str, int, str]],
    groups: list[str] | None,
    expected: Landed,
    left: set[tuple[str, int, str]],
) -> None:
    land(con, "core.blocks_removed", blocks(rows, ("a", 0, "t"), ("a", 1, "u"), ("b", 0, "v")))
    empty = blocks(rows, ("a", 0, "t")).clear()
    named = None if groups is None else pl.DataFrame({"article_id": groups})
    landed = land(con, "core.blocks_removed", blocks(rows, *frame) if frame else empty, groups=named)
    assert landed == expected
    assert set(con.execute("SELECT article_id, position, text FROM core.blocks_removed").fetchall()) == left


@pytest.mark.parametrize(
    ("table", "frame", "complaint"),
    [
        ("core.articles", {"article_id": ["a"], "headline": ["T"]}, "core.articles: has no column headline"),
        ("core.clusters", {"article_id": ["a"]}, "core.clusters: the frame lacks the required column cluster_id, is_c"),
        (
            "core.clusters",
            {"article_id": ["a", "b"], "cluster_id": ["c", None], "is_canonical": [True, False]},
            "core.clusters: a required value is missing: cluster_id in 1 of 2 rows",
        ),
        (
            "core.clusters",
            {"article_id": ["a"], "cluster_id": ["c"], "is_canonical": ["perhaps"]},
            "core.clusters: a value does not fit (landing): Conversion Error",
        ),
        ("core.nowhere", {"article_id": ["a"]}, "core.nowhere: no key is declared"),
    ],
)
def test_a_frame_that_does_not_fit(
    con: duckdb.DuckDBPyConnection, table: str, frame: dict[str, list[Any]], complaint: str
) -> None:
    with pytest.raises(WarehouseError) as caught:
        land(con, table, pl.DataFrame(frame))
    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


def test_columns_of_nothing_but_nulls_and_empty_lists(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    frame = rows("core.articles", {"article_id": "a", "tags": [], "title": None, "published_at": None})
    assert land(con, "core.articles", frame) == Landed(inserted=1)
    assert land(con, "core.articles", frame) == Landed(unchanged=1)


def test_nested_and_binary_values_come_back_as_they_went(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    redirects = ["https://a.example/1", "https://a.example/2"]
    land(con, "raw.pages", rows("raw.pages", {"page_id": "p", "redirects": redirects}))
    land(con, "raw.robots", rows("raw.robots", {"origin": "https://a.example", "body": b"\x00\xff"}))
    assert con.execute("SELECT redirects FROM raw.pages").fetchall() == [(redirects,)]
    assert con.execute("SELECT body FROM raw.robots").fetchall() == [(b"\x00\xff",)]


def test_an_instant_without_a_zone_is_utc(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    frame = rows("core.articles", {"article_id": "a", "published_at": NOON.replace(tzinfo=None)})
    land(con, "core.articles", frame)
    assert con.execute("SELECT published_at FROM core.articles").fetchall() == [(NOON,)]


def test_load_is_one_transaction_with_its_own_row(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    one = rows("core.clusters", {"article_id": "a"})
    landed = load(con, "r1", "cluster", {"core.clusters": one, "raw.pages": rows("raw.pages", {"page_id": "p"})})
    assert landed == {"core.clusters": Landed(inserted=1), "raw.pages": Landed(inserted=1)}
    load(con, "r1", "cluster", {"core.clusters": one}, now=NOON)
    assert con.execute("SELECT load_id, status, rows FROM ops.loads ORDER BY load_id").fetchall() == [
        ("r1/cluster/1", "loaded", 2),
        ("r1/cluster/2", "loaded", 0),
    ]


def test_a_load_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    good, bad = rows("core.clusters", {"article_id": "a"}), pl.DataFrame({"page_id": ["p"]})
    with pytest.raises(WarehouseError, match=r"raw\.pages: the frame lacks"):
        load(con, "r1", "cluster", {"core.clusters": good, "raw.pages": bad})
    assert con.execute("SELECT count(*) FROM core.clusters").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM ops.loads").fetchall() == [(0,)]


def test_an_inner_transaction_joins_the_outer(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    with pytest.raises(ZeroDivisionError), transaction(con):  # noqa: PT012 - the transaction is what is tested
        land(con, "core.clusters", rows("core.clusters", {"article_id": "a"}))
        _ = 1 / 0
    assert con.execute("SELECT count(*) FROM core.clusters").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("keys", "count", "left"),
    [
        ({"article_id": ["a"]}, 1, {"b", "c"}),
        ({"article_id": ["a", "a", "b"], "cluster_id": ["s", "s", "other"]}, 1, {"b", "c"}),
        ({"cluster_id": ["s"]}, 3, set()),
        ({"article_id": []}, 0, {"a", "b", "c"}),
    ],
)
def test_erase(
    con: duckdb.DuckDBPyConnection, rows: Rows, keys: dict[str, list[str]], count: int, left: set[str]
) -> None:
    land(con, "core.clusters", rows("core.clusters", *({"article_id": a, "cluster_id": "s"} for a in "abc")))
    assert erase(con, "core.clusters", pl.DataFrame(keys)) == count
    assert {a for (a,) in con.execute("SELECT article_id FROM core.clusters").fetchall()} == left


def test_erase_refuses_a_column_that_is_not_there(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match=r"core\.clusters: has no column colour"):
        erase(con, "core.clusters", pl.DataFrame({"colour": ["red"]}))


KEYS = st.sampled_from("abcd")
MEMBERS = st.lists(st.tuples(KEYS, st.sampled_from("st"), st.booleans()), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=MEMBERS, cut=st.integers(0, 12))
def test_how_a_load_is_cut_does_not_matter(
    con: duckdb.DuckDBPyConnection, members: list[tuple[str, str, bool]], cut: int
) -> None:
    schema = {"article_id": pl.String, "cluster_id": pl.String, "is_canonical": pl.Boolean}
    frame = pl.DataFrame(members, schema=schema, orient="row")
    con.execute("DELETE FROM core.clusters")
    for part in (frame[:cut], frame[cut:], frame[cut:]):
        land(con, "core.clusters", part)
    there = con.execute("SELECT article_id, cluster_id, is_canonical FROM core.clusters").fetchall()
    assert {a: (c, i) for a, c, i in there} == {a: (c, i) for a, c, i in members}
    assert len(there) == len({a for a, _, _ in members})
