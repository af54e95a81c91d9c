"""Rows in, rows out: a little news week of four outlets and what the report views say about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

Put = Callable[..., None]
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def article(name: str, outlet: str, hours: float | None, **more: Any) -> dict[str, Any]:
    at = None if hours is None else NOON + hours * HOUR
    given = {"article_id": name, "outlet": outlet, "title": f"Title {name}", "published_at": at, "word_count": 100}
    return given | {"first_seen_at": NOON, "source_name": outlet} | more


@pytest.fixture
def week(con: duckdb.DuckDBPyConnection, put: Put) -> duckdb.DuckDBPyConnection:
    """Harbour Post broke a story; Valley News and the Ledger copied it. The Ledger also ran a wire piece."""
    put(
        "core.articles",
        article("dam", "Harbour Post", 0),
        article("dam copied", "Valley News", 2),
        article("dam early", "Ledger", -1),
        article("dam undated", "Valley News", 0, published_at_source="url_day"),
        article("wire", "Ledger", 1, wire_agency="Reuters"),
        article("own", "Ledger", 30),
        article("no date", "Fourth Page", None),
    )
    put(
        "core.clusters",
        {"article_id": "dam", "cluster_id": "story", "is_canonical": True, "canonical_reason": "longest"},
        {"article_id": "dam copied", "cluster_id": "story", "is_canonical": False},
        {"article_id": "dam early", "cluster_id": "story", "is_canonical": False},
        {"article_id": "dam undated", "cluster_id": "story", "is_canonical": False},
        {"article_id": "own", "cluster_id": "alone", "is_canonical": True},
    )
    return con


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_articles(week: duckdb.DuckDBPyConnection) -> None:
    assert ask(
        week, "SELECT article_id, cluster_id, cluster_size, is_copy, is_wire FROM report.articles ORDER BY 1"
    ) == [
        ("dam", "story", 4, False, False),
        ("dam copied", "story", 4, True, False),
        ("dam early", "story", 4, True, False),
        ("dam undated", "story", 4, True, False),
        ("no date", "no date", 1, False, False),
        ("own", "alone", 1, False, False),
        ("wire", "wire", 1, False, True),
    ]


def test_coverage(week: duckdb.DuckDBPyConnection) -> None:
    assert ask(week, "SELECT CAST(day AS VARCHAR), outlet, articles, copies, wire FROM report.coverage") == [
        ("2026-11-04", "Ledger", 1, 0, 0),
        ("2026-11-03", "Ledger", 2, 1, 1),
        ("2026-11-03", "Valley News", 2, 2, 0),
        ("2026-11-03", "Fourth Page", 1, 0, 0),
        ("2026-11-03", "Harbour Post", 1, 0, 0),
    ]


def test_stories(week: duckdb.DuckDBPyConnection) -> None:
    assert ask(
        week,
        "SELECT cluster_id, title, canonical_outlet, canonical_reason, first_outlet, articles, copies, outlets, "
        "spread_hours FROM report.stories",
    ) == [("story", "Title dam", "Harbour Post", "longest", "Ledger", 4, 3, 3, 3.0)]


def test_copying(week: duckdb.DuckDBPyConnection) -> None:
    assert ask(week, "SELECT from_outlet, to_outlet, stories, copies, median_lag_minutes FROM report.copying") == [
        ("Harbour Post", "Ledger", 1, 1, -60.0),
        ("Harbour Post", "Valley News", 1, 2, 120.0),
    ]


def test_own_share(week: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        week, "SELECT outlet, articles, own, wire, copied, own_share FROM report.own_share WHERE day = '2026-11-03'"
    )
    assert rows == [
        ("Fourth Page", 1, 1, 0, 0, 1.0),
        ("Harbour Post", 1, 1, 0, 0, 1.0),
        ("Ledger", 2, 0, 1, 1, 0.0),
        ("Valley News", 2, 0, 0, 2, 0.0),
    ]


def test_own_wire_and_copied_add_up(week: duckdb.DuckDBPyConnection) -> None:
    assert ask(week, "SELECT bool_and(own + wire + copied = articles), sum(articles) FROM report.own_share") == [
        (True, 7)
    ]


def test_a_second_use_of_own_words_is_own(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("core.articles", article("a", "Ledger", 0), article("b", "Ledger", 1))
    put(
        "core.clusters",
        {"article_id": "a", "cluster_id": "s", "is_canonical": True},
        {"article_id": "b", "cluster_id": "s", "is_canonical": False},
    )
    assert ask(con, "SELECT own, copied FROM report.own_share") == [(2, 0)]
    assert ask(con, "SELECT * FROM report.copying") == []


def test_outcomes_and_runs(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("ops.runs", {"run_id": "r1", "started_at": NOON}, {"run_id": "r2", "started_at": NOON + DAY})
    put(
        "ops.outcomes",
        {"run_id": "r2", "url": "a", "outcome": "article_new"},
        {"run_id": "r2", "url": "b", "outcome": "reject", "reason": "no_main_text"},
        {"run_id": "r2", "url": "c", "outcome": "reject", "reason": "no_main_text"},
        {"run_id": "r1", "url": "d", "outcome": "failure", "reason": "timeout"},
    )
    put("ops.checks", {"run_id": "r1", "name": "x", "severity": "fail", "failing": 2})
    assert ask(con, "SELECT run_id, outcome, reason, n FROM report.outcomes") == [
        ("r2", "reject", "no_main_text", 2),
        ("r2", "article_new", None, 1),
        ("r1", "failure", "timeout", 1),
    ]
    assert ask(con, "SELECT run_id, urls, rejects, failures, failed_checks FROM report.runs") == [
        ("r2", 3, 2, 0, 0),
        ("r1", 1, 0, 1, 1),
    ]


@pytest.mark.parametrize(
    ("state", "polled", "success", "new", "units", "articles"),
    [
        ("never", None, None, None, 0.0, 0),
        ("failing", NOON, NOON - DAY, NOON - DAY, 1.0, 5),
        ("failing", NOON, None, None, 1.0, 0),
        ("alive", NOON, NOON, NOON - DAY, 0.0, 28),
        ("quiet", NOON, NOON, NOON - 5 * DAY, 0.0, 28),  # one a day, silent for five
        ("alive", NOON, NOON, NOON - 5 * DAY, 0.0, 4),  # one a week: five days are nothing
        ("quiet", NOON, NOON, NOON - 40 * DAY, 0.0, 4),
        ("alive", NOON - 20 * DAY, NOON - 20 * DAY, NOON - 21 * DAY, 0.0, 28),  # we stopped, not the source
    ],
)
def test_the_state_of_a_source(
    con: duckdb.DuckDBPyConnection,
    put: Put,
    state: str,
    polled: datetime | None,
    success: datetime | None,
    new: datetime | None,
    units: float,
    articles: int,
) -> None:
    memory = {"polled_at": polled, "last_success_at": success, "last_new_at": new, "failure_units": units}
    put("ops.source_state", {"source_name": "s"} | memory)
    if articles:
        seen = [(new or NOON) - number * 27 * DAY / articles for number in range(articles)]
        put("core.articles", *(article(str(n), "s", 0, first_seen_at=at) for n, at in enumerate(seen)))
    put("ops.source_runs", {"source_name": "s", "outcome": "failed", "reason": "timeout", "detail": "after 20 s"})
    reason = "timeout" if state == "failing" else None
    assert ask(con, "SELECT source, state, articles, failure_reason FROM report.sources") == [
        ("s", state, articles, reason)
    ]


def test_versions_have_their_words_wherever_they_are_stored(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("core.articles", article("a", "Ledger", 0, text="Three were hurt."), article("b", "Ledger", 0, text="Calm."))
    put(
        "core.article_versions",
        {"article_id": "a", "version": 1, "text": "Two were hurt.", "valid_to": NOON},
        {"article_id": "a", "version": 2},
        {"article_id": "b", "version": 1},
    )
    assert ask(con, "SELECT article_id, version, text FROM report.versions ORDER BY ALL") == [
        ("a", 1, "Two were hurt."),
        ("a", 2, "Three were hurt."),
        ("b", 1, "Calm."),
    ]


def test_the_latest_template_is_in_force(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put(
        "core.templates",
        {"site": "a.example", "version": "old", "learned_at": NOON},
        {"site": "a.example", "version": "new", "learned_at": NOON + DAY},
        {"site": "a.example", "version": "bad", "learned_at": NOON + 2 * DAY, "retired_at": NOON + 3 * DAY},
        {"site": "b.example", "version": "gone", "learned_at": NOON, "retired_at": NOON + DAY},
    )
    assert ask(con, "SELECT site, version FROM report.templates_in_force") == [("a.example", "new")]


def test_revisions(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("core.articles", article("a", "Ledger", 0))
    put(
        "core.article_versions",
        {"article_id": "a", "version": 1, "title": "Two hurt", "text": "Two were hurt.", "cleaner_version": "1"},
        {
            "article_id": "a",
            "version": 2,
            "title": "Three hurt",
            "text": "Three were badly hurt.",
            "cleaner_version": "1",
        },
        {"article_id": "a", "version": 3, "title": "Three hurt", "text": "Three.", "cleaner_version": "2"},
    )
    rows = ask(
        con, "SELECT version, title_before, is_title_changed, words_before, words, is_by_outlet FROM report.revisions"
    )
    assert sorted(rows) == [(2, "Two hurt", True, 3, 4, True), (3, "Three hurt", False, 4, 1, False)]


def test_completeness(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    names = ("landed", "moved", "missed", "pending")
    put("raw.candidates", *({"source_name": "s", "url": name, "article_id": name} for name in names))
    put("core.articles", article("landed", "s", 0), article("elsewhere", "s", 0))
    put(
        "ops.outcomes",
        {"run_id": "r1", "url": "missed", "outcome": "failure", "reason": "timeout", "at": NOON},
        {"run_id": "r2", "url": "missed", "outcome": "reject", "reason": "captcha", "at": NOON + DAY},
        {"run_id": "r2", "url": "moved", "outcome": "article_new", "article_id": "elsewhere"},
    )
    assert ask(con, "SELECT url, state, outcome, reason, article_id FROM report.completeness ORDER BY url") == [
        ("landed", "landed", None, None, "landed"),
        ("missed", "missed", "reject", "captcha", None),
        ("moved", "landed", None, None, "elsewhere"),
        ("pending", "pending", None, None, None),
    ]


@pytest.mark.parametrize(
    ("gap_ms", "interval_ms", "robots", "violations"),
    [
        (1000, 1000, "allow", []),
        (999.5, 1000, "allow", []),
        (900, 1000, "allow", ["too_soon"]),
        (900, None, "allow", []),
        (5000, 1000, "disallow", ["disallowed"]),
    ],
)
def test_politeness(
    con: duckdb.DuckDBPyConnection,
    put: Put,
    gap_ms: float,
    interval_ms: float | None,
    robots: str,
    violations: list[str],
) -> None:
    first = {"fetch_id": "1", "host": "h", "status": 200, "started_at": NOON}
    elsewhere = {"fetch_id": "2", "host": "other", "status": 200, "started_at": NOON, "interval_ms": 1000.0}
    second = {"started_at": NOON + timedelta(milliseconds=gap_ms), "interval_ms": interval_ms, "robots": robots}
    put("raw.fetches", first, elsewhere, {"fetch_id": "3", "host": "h", "status": 200} | second)
    assert [name for (name,) in ask(con, "SELECT violation FROM report.politeness_violations")] == violations


def test_what_was_never_sent_is_no_violation(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("raw.fetches", {"fetch_id": "1", "host": "h", "robots": "disallow", "outcome": "robots_disallow"})
    assert ask(con, "SELECT * FROM report.politeness_violations") == []


def test_rejects_and_removed(con: duckdb.DuckDBPyConnection, put: Put) -> None:
    put("raw.pages", {"page_id": "p", "final_url": "u", "source_name": "s"}, {"page_id": "q"})
    put(
        "core.extractions",
        {"page_id": "p", "reject": "paywall_stub", "detail": "40 words"},
        {"page_id": "q", "article_id": "a"},
    )
    put("core.articles", article("a", "Ledger", 0))
    put(
        "core.blocks_removed",
        {"article_id": "a", "position": 1, "text": "You May Also Like", "reason": "related"},
        {"article_id": "a", "position": 2, "text": "More", "reason": "related"},
    )
    assert ask(con, "SELECT source, url, reason, detail FROM report.rejects") == [
        ("s", "u", "paywall_stub", "40 words")
    ]
    assert ask(con, "SELECT outlet, reason, blocks, articles, characters FROM report.removed") == [
        ("Ledger", "related", 2, 1, 21)
    ]
