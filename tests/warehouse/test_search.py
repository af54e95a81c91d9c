from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.connection import reading, writing
from warehouse.errors import QueryError
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.queries import ad_hoc
from warehouse.search import found, index, is_unsorted, search, sort
from warehouse.store import erase

Put = Callable[..., None]
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)

TEXTS = {
    "dam": "Engineers said the old dam above Kessel is safe after the inquiry.",
    "inquiry": "The inquiry into the ferry heard its first witness. The inquiry goes on.",
    "dam inquiry": "An inquiry into the dam was opened on Monday.",
    "accents": "Der Bürgermeister von Łódź traf Señor Núñez im Café.",
    "japanese": "東京タワーは1958年に完成した。",
    "thai": "กรุงเทพมหานคร",
    "numbers": "Inflation fell to 3.5 per cent in 2026.",
}


@pytest.fixture
def full(con: duckdb.DuckDBPyConnection, put: Put) -> duckdb.DuckDBPyConnection:
    for number, (name, text) in enumerate(TEXTS.items()):
        at = NOON + timedelta(days=number)
        put(
            "core.articles",
            {"article_id": name, "title": name.title(), "text": text, "outlet": f"o{number}", "published_at": at},
        )
    index(con)
    return con


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("dam inquiry", ["dam inquiry", "dam"]),
        ("inquiry", ["inquiry", "dam inquiry", "dam"]),
        ("INQUIRY, ferry!", ["inquiry"]),
        ("burgermeister cafe", ["accents"]),
        ("Łódź", ["accents"]),
        ("東京", ["japanese"]),
        ("กรุงเทพ", ["thai"]),
        ("3.5", ["numbers"]),
        ("dam nowhere", []),
        ("'; DROP TABLE core.articles; --", []),
    ],
)
def test_searching(full: duckdb.DuckDBPyConnection, words: str, hits: list[str]) -> None:
    assert found(full, words)["article_id"].to_list() == hits


def test_what_is_shown(full: duckdb.DuckDBPyConnection) -> None:
    row = found(full, "ferry").row(0, named=True)
    assert row["snippet"] == TEXTS["inquiry"]
    assert (row["title"], row["outlet"], row["published_at"]) == ("Inquiry", "o1", NOON + timedelta(days=1))
    assert row["score"] > 0


@pytest.mark.parametrize(
    ("options", "hits"),
    [
        ({"outlet": "o0"}, ["dam"]),
        ({"since": NOON + timedelta(days=1)}, ["inquiry", "dam inquiry"]),
        ({"since": NOON + timedelta(days=1), "outlet": "o0"}, []),
        ({"most": 1}, ["inquiry"]),
    ],
)
def test_narrowing(full: duckdb.DuckDBPyConnection, options: dict[str, Any], hits: list[str]) -> None:
    assert found(full, "inquiry", **options)["article_id"].to_list() == hits


@pytest.mark.parametrize("words", ["", "  ", "…!?"])
def test_no_word_given(full: duckdb.DuckDBPyConnection, words: str) -> None:
    with pytest.raises(QueryError, match="no word given"):
        found(full, words)


def test_a_word_that_most_articles_use_tells_nothing(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    texts = ["the dam", "the ferry", "the mayor", "no article"]
    put("core.articles", *({"article_id": text, "text": text} for text in texts))
    index(con)
    assert found(con, "the no")["article_id"].to_list() == ["no article"], "`the` is left out"
    assert set(found(con, "the")["article_id"]) == {"the dam", "the ferry", "the mayor"}, "unless there is nothing else"


def test_a_changed_article_is_found_by_its_new_words_only(full: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("core.articles", {"article_id": "dam", "text": "A bridge.", "content_hash": "y"})
    assert index(full) == 1
    assert found(full, "bridge")["article_id"].to_list() == ["dam"]
    assert found(full, "engineers").is_empty()
    assert index(full) == 0
    assert full.execute("SELECT count(*) FROM core.search_due").fetchall() == [(0,)]


def test_what_was_changed_past_the_loads_is_found_when_all_is_compared(full: duckdb.DuckDBPyConnection) -> None:
    full.execute("UPDATE core.articles SET text = 'A bridge.', content_hash = 'y' WHERE article_id = 'dam'")
    assert index(full) == 0
    assert index(full, is_whole=True) == 1
    assert found(full, "bridge")["article_id"].to_list() == ["dam"]


def test_landing_the_same_again_leaves_the_file_as_it_is(full: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("core.articles", {"article_id": "late", "text": "late"})
    index(full)
    put("core.articles", {"article_id": "late", "text": "late"})
    assert full.execute("SELECT count(*) FROM core.search_due").fetchall() == [(0,)]


def test_an_erased_article_is_not_found_and_sorting_sweeps_it_out(full: duckdb.DuckDBPyConnection) -> None:
    erase(full, "core.articles", pl.DataFrame({"article_id": ["dam", "thai"]}))
    index(full)
    assert found(full, "engineers").is_empty()
    before = full.execute("SELECT count(*) FROM core.search_postings").fetchall()[0][0]
    assert sort(full) < before
    assert full.execute("SELECT count(DISTINCT doc) FROM core.search_postings").fetchall() == [(len(TEXTS) - 2,)]
    assert found(full, "dam inquiry")["article_id"].to_list() == ["dam inquiry"]


def test_sorting_pays_when_many_are_late(full: duckdb.DuckDBPyConnection, put: Put) -> None:
    assert is_unsorted(full)
    sort(full)
    assert not is_unsorted(full)
    put("core.articles", {"article_id": "late", "text": "late"})
    index(full)
    assert not is_unsorted(full)


def test_a_publication_makes_its_articles_searchable(tmp_path: Path) -> None:
    insert = """
        INSERT INTO core.articles BY NAME SELECT $id AS article_id, 'u' AS url, 'u' AS canonical_url, 'o' AS outlet,
        's' AS source_name, [] AS authors, [] AS tags, $text AS text, [] AS block_kinds, 1 AS word_count,
        $text AS content_hash, 'p' AS page_id, '1' AS cleaner_version, 'r' AS first_run_id, now() AS first_seen_at,
        now() AS last_seen_at
    """
    for name in ("first", "second"):
        with writing(tmp_path) as con:
            con.execute(insert, {"id": name, "text": f"the {name} text"})
        publish(tmp_path)
        assert search(tmp_path, f"{name} text")["article_id"].to_list() == [name]
    maintain(tmp_path, force=True)
    assert search(tmp_path, "second")["article_id"].to_list() == ["second"]
    assert ad_hoc(tmp_path, "FROM report.search('first')", row_limit=9, seconds=9)["article_id"].to_list() == ["first"]
    with reading(tmp_path) as con:
        assert con.execute("SELECT bool_and(is_sorted) FROM core.search_documents").fetchall() == [(True,)]


WORDS = st.sampled_from(["dam", "ferry", "mayor", "river", "tax"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=6),
    words=st.lists(WORDS, min_size=1, max_size=2),
)
def test_what_is_found_holds_all_words_and_what_holds_them_is_found(
    con: duckdb.DuckDBPyConnection, texts: list[list[str]], words: list[str]
) -> None:
    con.execute("DELETE FROM core.search_documents")
    con.execute("DELETE FROM core.search_postings")
    con.execute("INSERT INTO core.search_documents SELECT range, range, 'o', NULL, NULL, 'h', 4, true FROM range(99)")
    pairs = [(word, number) for number, text in enumerate(texts) for word in set(text)]
    con.executemany("INSERT INTO core.search_postings VALUES (core.search_term(?), ?, 1)", pairs)
    hits = con.execute("SELECT article_id FROM report.search(?, most := 99)", [" ".join(words)]).fetchall()
    assert {int(name) for (name,) in hits} == {n for n, text in enumerate(texts) if set(words) <= set(text)}
