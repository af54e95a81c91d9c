"""`wirehouse checks`: a load that is held back can be looked at and released."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.homes import NOON, article, landed, rows_of
from tests.flows.inside import wirehouse
from tests.warehouse.conftest import filled
from warehouse.connection import writing
from warehouse.store import load


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A published article, and a load after it with an article that has no words."""
    good = {"page_id": "p", "content_hash": "h", "first_seen_at": NOON, "last_seen_at": NOON}
    pages = [{"page_id": name, "warc_file": "a.warc.gz", "purpose": "page"} for name in ("p", "q")]
    home = landed(tmp_path / "home", core_articles=[article("dam", "The dam is safe.", **good)], raw_pages=pages)
    empty = article("empty", "", page_id="q", first_seen_at=NOON, last_seen_at=NOON)
    with writing(home, who="test") as con:
        load(con, "run-2", "extract", {"core.articles": filled(con, "core.articles", empty)})
    return home


def test_faults_are_listed_shown_and_released(home: Path) -> None:
    listed = wirehouse("checks", "list", "--home", home, "--json")
    failed = [one for one in listed.json if one["is_failed"]]
    assert (listed.exit, [(one["name"], one["failing"]) for one in failed]) == (5, [("articles_have_text", 1)])
    assert "FAIL articles_have_text" in wirehouse("checks", "--home", home).out
    [row] = wirehouse("checks", "show", "articles_have_text", "--home", home, "--json").json
    assert row["article_id"] == "empty"
    seen = ("sql", "SELECT count(*) AS n FROM core.articles", "--format", "json", "--home", home)
    assert wirehouse(*seen).json == [{"n": 1}]
    released = wirehouse(
        "checks", "release", "articles_have_text", "--reason", "a picture story", "--home", home, "--json"
    )
    assert released.json == {"name": "articles_have_text", "released": 1, "is_published": True}
    assert wirehouse(*seen).json == [{"n": 2}]
    assert wirehouse("checks", "list", "--home", home).exit == 0
    assert rows_of(home, "SELECT reason FROM ops.releases") == [{"reason": "a picture story"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "no_such_check"], "there is no such check"),
        (["release", "articles_have_text", "--reason", " "], "--reason is empty"),
    ],
)
def test_what_is_wrong_is_one_line(home: Path, arguments: list[str], message: str) -> None:
    said = wirehouse("checks", *arguments, "--home", home)
    assert (said.exit, message in said.err) == (2, True)


def test_before_the_first_run_the_remedy_is_named(tmp_path: Path) -> None:
    assert "start with `wirehouse run`" in wirehouse("checks", "list", "--home", tmp_path).err
