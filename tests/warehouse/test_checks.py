"""Every check has an example of the fault that it finds, and finds none in an empty warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from warehouse.checks import check, checks, faults, refuse, release
from warehouse.errors import CheckFailedError, QueryError
from warehouse.store import load

Put = Callable[..., None]
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ARTICLE = {"article_id": "a", "page_id": "p", "text": "Words.", "title": "T", "published_at": NOON, "content_hash": "h"}
PAGE = {"page_id": "p", "run_id": "r"}

# For each check: rows that are at fault, by table.
FAULTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "articles_have_dates": {"core.articles": [ARTICLE | {"published_at": None}]},
    "articles_have_text": {"core.articles": [ARTICLE | {"word_count": 0}]},
    "articles_have_titles": {"core.articles": [ARTICLE | {"title": None}]},
    "articles_not_from_the_future": {"core.articles": [ARTICLE | {"published_at": NOON + 2 * DAY}]},
    "articles_reference_pages": {"core.articles": [ARTICLE]},
    "articles_seen_in_order": {"core.articles": [ARTICLE | {"last_seen_at": NOON - DAY}]},
    "articles_share_an_address": {
        "core.articles": [ARTICLE | {"canonical_url": "u"}, ARTICLE | {"article_id": "b", "canonical_url": "u"}]
    },
    "blocks_reference_articles": {"core.blocks_removed": [{"article_id": "gone"}]},
    "candidates_reach_an_outcome": {
        "raw.candidates": [{"first_seen_at": NOON - 3 * DAY}],
        "ops.runs": [{"flow": "ingest", "ended_at": NOON}],
    },
    "clusters_have_one_canonical": {"core.clusters": [{"article_id": "a"}, {"article_id": "b"}]},
    "clusters_reference_articles": {"core.clusters": [{"article_id": "gone"}]},
    "evidence_references_articles": {"core.evidence": [{"article_id": "gone"}]},
    "extractions_decide": {"core.extractions": [{"page_id": "p"}]},
    "extractions_reference_articles": {"core.extractions": [{"page_id": "p", "article_id": "gone"}]},
    "outcomes_add_up": {
        "ops.runs": [{"run_id": "r", "ended_at": NOON, "articles_new": 2, "articles_changed": 0}],
        "ops.outcomes": [{"run_id": "r", "outcome": "article_new", "article_id": "a"}],
    },
    "outcomes_have_a_known_name": {"ops.outcomes": [{"outcome": "lost"}]},
    "outcomes_reference_articles": {"ops.outcomes": [{"outcome": "article_new", "article_id": "gone"}]},
    "pages_name_their_record": {"raw.pages": [PAGE | {"warc_length": 0}]},
    "pages_reach_an_outcome": {
        "raw.pages": [PAGE | {"purpose": "page"}],
        "ops.runs": [{"run_id": "r", "ended_at": NOON}],
    },
    "pairs_have_sane_numbers": {"core.duplicate_pairs": [{"similarity": 1.5}]},
    "pairs_reference_articles": {"core.duplicate_pairs": [{"article_id_a": "gone", "article_id_b": "too"}]},
    "requests_are_polite": {"raw.fetches": [{"robots": "disallow", "status": 200}]},
    "search_numbers_are_unique": {"core.search_documents": [{"doc": 1}, {"doc": 2}]},
    "sources_bring_articles": {
        "core.articles": [ARTICLE | {"source_name": "s"}],
        "ops.outcomes": [
            {"run_id": "r", "url": str(number), "source_name": "s", "outcome": "reject", "reason": "no_main_text"}
            for number in range(5)
        ],
    },
    "templates_do_not_eat_articles": {
        "core.articles": [ARTICLE | {"article_id": str(number), "outlet": "o"} for number in range(5)],
        "core.article_versions": [
            {"article_id": str(number), "version": version, "cleaner_version": str(version), "text": text}
            for number in range(5)
            for version, text in ((1, "a long text"), (2, "cut"))
        ],
    },
    "versions_end_with_the_article": {
        "core.articles": [ARTICLE],
        "core.article_versions": [{"article_id": "a", "content_hash": "other"}],
    },
    "versions_have_one_current": {
        "core.article_versions": [{"article_id": "a", "version": 1}, {"article_id": "a", "version": 2}]
    },
    "versions_keep_their_words": {"core.article_versions": [{"article_id": "a", "valid_to": NOON}]},
    "versions_reference_articles": {"core.article_versions": [{"article_id": "gone"}]},
}


def test_every_check_has_an_example() -> None:
    assert {each.name for each in checks() if not each.name.endswith("_key")} == set(FAULTS)


def test_nothing_is_wrong_with_an_empty_warehouse(con: duckdb.DuckDBPyConnection) -> None:
    results = check(con, "r")
    assert [result.name for result in results if result.failing] == []
    refuse(results)
    assert con.execute("SELECT count(*) FROM ops.checks").fetchall() == [(len(checks()),)]


@pytest.mark.parametrize("name", FAULTS)
def test_a_check_finds_its_fault(con: duckdb.DuckDBPyConnection, put: Put, name: str) -> None:
    for table, given in FAULTS[name].items():
        if table == "core.search_documents":
            rows = ", ".join(f"({row['doc']}, 'a', 'o', NULL, NULL, 'h', 1, false)" for row in given)
            con.execute(f"INSERT INTO core.search_documents VALUES {rows}")
            continue
        put(table, *given)
    found = {result.name: result for result in check(con, "r")}[name]
    assert found.failing >= 1
    assert found.sample is not None
    assert found.sample.startswith("[{")
    assert faults(con, name).height == found.failing


def test_a_sound_article_passes_them_all(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("raw.pages", PAGE | {"purpose": "page"})
    put("core.articles", ARTICLE | {"block_kinds": ["paragraph"]})
    put("core.article_versions", {"article_id": "a", "content_hash": "h"})
    put("core.extractions", {"page_id": "p", "article_id": "a"})
    put("core.clusters", {"article_id": "a"})
    put("ops.outcomes", {"run_id": "r", "outcome": "article_new", "article_id": "a", "page_id": "p"})
    put("ops.runs", {"run_id": "r", "ended_at": NOON, "articles_new": 1, "articles_changed": 0})
    assert [result for result in check(con, "r") if result.failing] == []


def test_a_key_that_is_there_twice(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("raw.pages", PAGE)
    con.execute("INSERT INTO raw.pages SELECT * FROM raw.pages")
    failed = {result.name: result for result in check(con, "r")}
    assert failed["raw.pages_key"].is_failed


def statuses(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [status for (status,) in con.execute("SELECT status FROM ops.loads ORDER BY loaded_at").fetchall()]


def test_a_failing_load_waits_until_it_is_released(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    load(con, "r1", "extract", {}, now=NOON)
    check(con, "r1")
    load(con, "r2", "extract", {}, now=NOON + DAY)
    put("ops.outcomes", {"outcome": "lost", "url": "u"})
    results = check(con, "r2")
    assert statuses(con) == ["passed", "quarantined"]
    with pytest.raises(CheckFailedError, match="outcomes_have_a_known_name: 1 rows"):
        refuse(results)

    released = release(con, "outcomes_have_a_known_name", "a test", now=NOON)
    assert not released.is_failed
    assert statuses(con) == ["passed", "released"]
    refuse(check(con, "r3"))


def test_one_more_than_was_released_fails_again(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("ops.outcomes", {"outcome": "lost", "url": "u"})
    release(con, "outcomes_have_a_known_name", "a test")
    put("ops.outcomes", {"outcome": "lost", "url": "another"})
    with pytest.raises(CheckFailedError):
        refuse(check(con, "r"))


def test_a_check_of_severity_warn_stops_nothing(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("raw.fetches", {"robots": "disallow", "status": 200})
    refuse(check(con, "r"))


def test_there_is_no_such_check(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match="there is no such check"):
        faults(con, "nonsense")
