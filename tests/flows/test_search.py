"""`wirehouse search`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.homes import NOON, article, landed
from tests.flows.inside import wirehouse


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return landed(
        tmp_path_factory.mktemp("search"),
        core_articles=[
            article("dam", "Engineers said the old dam above Kessel is safe after the inquiry."),
            article("ferry", "The inquiry into the ferry heard its first witness.", outlet="post.example"),
            article("late", "An inquiry into the dam was opened.", published_at=NOON + timedelta(days=3)),
        ],
    )


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["dam inquiry"], {"dam", "late"}),
        (["INQUIRY", "--outlet", "post.example"], {"ferry"}),
        (["inquiry", "--since", "2026-11-05"], {"late"}),
        (["ferry inquiry", "--limit", "1"], {"ferry"}),
        (["nowhere"], set()),
    ],
)
def test_articles_are_found_by_their_words(home: Path, arguments: list[str], found: set[str]) -> None:
    said = wirehouse("search", *arguments, "--home", home, "--json")
    assert said.exit == 0
    assert {hit["article_id"] for hit in said.json} == found


def test_a_person_reads_title_outlet_and_passage(home: Path) -> None:
    said = wirehouse("search", "witness", "--home", home)
    assert "Ferry\n  post.example, 2026-11-03, https://gazette.example/ferry\n" in said.out
    assert "heard its first witness" in said.out


@pytest.mark.parametrize(
    ("arguments", "message"), [([""], "no word given"), (["dam", "--since", "someday"], "'someday' is no day")]
)
def test_what_cannot_be_searched_is_said(home: Path, arguments: list[str], message: str) -> None:
    said = wirehouse("search", *arguments, "--home", home)
    assert said.exit != 0
    assert message in said.err


def test_before_the_first_run_the_remedy_is_named(tmp_path: Path) -> None:
    assert "start with `wirehouse run`" in wirehouse("search", "dam", "--home", tmp_path).err
