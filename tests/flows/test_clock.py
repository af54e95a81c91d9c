"""A clock that jumps ahead by years and back again: nothing is lost, nothing waits for that year to come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.flows.homes import NOON, cleaned, page, rows_of, run_of, stored
from tests.warehouse.conftest import filled
from warehouse.checks import check
from warehouse.connection import reading, writing
from warehouse.forget import Kind, forget
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.queries import ask
from warehouse.store import load

YEAR = timedelta(days=365)
JUMPS = (timedelta(0), 10 * YEAR, -30 * YEAR, timedelta(hours=1), 11 * YEAR, timedelta(hours=2))
WORDS = (
    "The harbour baths will open again on Saturday after two summers behind a fence, the town council said on Monday.",
    "Divers found the old steps sound, and the railing along the quay has been made anew by apprentices of the yard.",
    "Swimmers had collected four thousand signatures for it; the season is to last until the end of September.",
)


def test_loads_checks_and_copies_do_not_ask_what_time_it_is(tmp_path: Path) -> None:
    for number, jump in enumerate(JUMPS):
        now = NOON + jump
        with writing(tmp_path, who="test") as con:
            row = {
                "url": f"https://gazette.example/{number}",
                "source_name": "s",
                "at": now,
                "outcome": "skipped",
                "reason": "known",
            }
            rows = filled(con, "ops.outcomes", {**row, "run_id": f"r{number}"})
            load(con, "run", "discover", {"ops.outcomes": rows}, now=now)
            assert not [one.name for one in check(con, f"r{number}", now=now) if one.is_failed]
        assert publish(tmp_path).is_copied
        with reading(tmp_path) as con:
            assert con.execute("SELECT count(*) FROM ops.outcomes").fetchall() == [(number + 1,)]
    loads = rows_of(tmp_path, "SELECT load_id, status FROM ops.loads ORDER BY load_id")
    assert loads == [{"load_id": f"run/discover/{n}", "status": "passed"} for n in range(1, len(JUMPS) + 1)]


def test_maintenance_in_a_year_to_come_lets_nothing_go(tmp_path: Path) -> None:
    with writing(tmp_path, who="test") as con:
        rows = filled(con, "ops.outcomes", {"url": "u", "at": NOON, "outcome": "failure"})
        load(con, "run", "fetch", {"ops.outcomes": rows}, now=NOON)
    assert sum(maintain(tmp_path, now=NOON + 10 * YEAR).removed.values()) == 0


def test_pages_of_all_those_years_become_articles_once(tmp_path: Path) -> None:
    for number, jump in enumerate(JUMPS):
        run = run_of(tmp_path, f"run-{number}", at=NOON + jump)
        said = (f"https://gazette.example/{name}" for name in ("baths", f"own-{number}"))
        stored(run, *((url, page("Harbour baths open again", *WORDS, f"This stands at {url}.")) for url in said))
        cleaned(run)
    outcomes = rows_of(tmp_path, "SELECT run_id, url, count(*) AS n FROM ops.outcomes GROUP BY ALL")
    assert len(outcomes) == 2 * len(JUMPS)
    assert {one["n"] for one in outcomes} == {1}
    assert rows_of(tmp_path, "SELECT count(*) AS n, count(DISTINCT article_id) AS ids FROM core.articles") == [
        {"n": 1 + len(JUMPS), "ids": 1 + len(JUMPS)}
    ]
    gone = forget(tmp_path, Kind.URL, ["https://gazette.example/own-1"], now=NOON - 40 * YEAR)
    assert len(gone.article_ids) == 1


@pytest.mark.parametrize(
    ("asked_at", "due_at", "is_due"),
    [
        (-timedelta(hours=2), -timedelta(hours=1), True),
        (-timedelta(hours=2), timedelta(hours=1), False),
        (timedelta(0), timedelta(days=1), False),
        (timedelta(minutes=59), timedelta(days=1), False),
        (YEAR, YEAR + timedelta(days=1), True),
        (YEAR, None, False),
    ],
    ids=["due", "not yet", "just asked", "a clock set back an hour", "a clock that was a year ahead", "never again"],
)
def test_an_address_asked_for_in_the_future_is_due_now(
    tmp_path: Path, asked_at: timedelta, due_at: timedelta | None, is_due: bool
) -> None:
    named = {"url": "u", "source_name": "s", "article_id": "a"}
    asked = {"url": "u", "last_attempt_at": NOON + asked_at, "next_attempt_at": due_at and NOON + due_at}
    with writing(tmp_path, who="test") as con:
        frames = {"raw.candidates": named, "ops.url_state": asked}
        load(con, "run", "fetch", {table: filled(con, table, row) for table, row in frames.items()}, now=NOON)
        due = ask(con, "fetch_due", now=NOON, sources=pl.DataFrame({"source_name": ["s"]}))
    assert (due.height == 1) is is_due
