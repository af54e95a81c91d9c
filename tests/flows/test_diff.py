"""`wirehouse diff`: what changed between the versions of an article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.homes import article, landed, versions
from tests.flows.inside import wirehouse

FIRST = "The dam is safe, engineers said. Twelve people live below it. The mayor was away."
SECOND = "The dam is safe, engineers said. Fourteen people live below it. The mayor was away. Work begins in May."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = versions("dam", FIRST, SECOND, cleaner_version="1")
    rows[1]["changes"] = ["figures", "addition"]
    return landed(
        tmp_path_factory.mktemp("diff"),
        core_articles=[article("dam", SECOND), article("calm", FIRST)],
        core_article_versions=[*rows, *versions("calm", FIRST)],
    )


@pytest.mark.parametrize("name", ["dam", "https://gazette.example/dam", "https://gazette.example/dam?utm_source=x"])
def test_each_version_is_compared_with_the_one_before(home: Path, name: str) -> None:
    said = wirehouse("diff", name, "--home", home, "--json").json
    [step] = said["steps"]
    assert (said["versions"], step["version"], step["kinds"]) == (2, 2, ["figures", "addition"])
    ops = {row["sentence"]: row["op"] for row in step["rows"]}
    assert ops["Twelve people live below it."] == "removed"
    assert ops["Fourteen people live below it."] == "added"
    assert ops["The mayor was away."] == "same"


def test_a_person_sees_what_came_and_went(home: Path) -> None:
    said = wirehouse("diff", "dam", "--home", home).out
    assert "- Twelve people live below it.\n+ Fourteen people live below it.\n" in said
    assert "The mayor was away" not in said
    assert "The mayor was away" in wirehouse("diff", "dam", "--home", home, "--whole").out


def test_an_article_that_never_changed_says_so(home: Path) -> None:
    assert "nothing was changed since" in wirehouse("diff", "calm", "--home", home).out


def test_an_unknown_address_is_one_line(home: Path) -> None:
    said = wirehouse("diff", "https://gazette.example/none", "--home", home)
    assert (said.exit, said.err.count("\n")) == (2, 0)
    assert "there is no article" in said.err
