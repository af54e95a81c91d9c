"""`wirehouse maintain` and `wirehouse docs`: what needs no Prefect to be done."""

from __future__ import annotations

from pathlib import Path

from tests.flows.homes import article, landed
from tests.flows.inside import wirehouse
from warehouse.lock import locked


def test_maintenance_says_what_it_did(tmp_path: Path) -> None:
    home = landed(tmp_path / "home", core_articles=[article("dam", "The dam is safe.")])
    said = wirehouse("maintain", "--force", "--home", home, "--json")
    assert said.exit == 0
    assert (said.json["is_compacted"], said.json["is_published"]) == (True, True)
    assert "old rows let go" in wirehouse("maintain", "--home", home).out


def test_maintenance_does_not_get_in_the_way_of_a_run(tmp_path: Path) -> None:
    home = landed(tmp_path / "home", core_articles=[article("dam", "The dam is safe.")])
    with locked(home, who="ingest run-1", name="run.lock"):
        said = wirehouse("maintain", "--home", home)
    assert said.exit == 1
    assert "held by" in said.err
    assert "ingest run-1" in said.err


def test_there_must_be_something_to_maintain(tmp_path: Path) -> None:
    assert "nothing to maintain yet" in wirehouse("maintain", "--home", tmp_path / "none").err


def test_the_schema_describes_itself(tmp_path: Path) -> None:
    before = wirehouse("docs", "--home", tmp_path / "none")
    assert "### `core.articles`" in before.out
    assert "erDiagram" in before.out
    assert not (tmp_path / "none").exists()
    home = landed(tmp_path / "home", core_articles=[article("dam", "The dam is safe.")])
    assert wirehouse("docs", "--home", home, "--out", tmp_path / "schema.md").exit == 0
    assert sorted((tmp_path / "schema.md").read_text().split("\n")) == sorted(before.out.split("\n"))
