"""A run in one sentence: what a person reads first in the Prefect UI."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.report.headline import Counts, RunState, announced, headline, run_state

NOTHING = Counts(
    sources=5,
    sources_failed=0,
    candidates=0,
    fetched=0,
    articles_new=0,
    articles_changed=0,
    rejects=0,
    failures=0,
    copies=0,
)


@pytest.mark.parametrize(
    ("changed", "failing", "state", "sentence"),
    [
        ({}, (), RunState.NOTHING_NEW, "Nothing new from 5 sources"),
        ({"fetched": 3, "articles_new": 1}, (), RunState.COMPLETED, "1 new article from 5 sources"),
        (
            {"fetched": 80, "articles_new": 70, "copies": 12, "rejects": 6, "failures": 4},
            (),
            RunState.COMPLETED,
            "70 new articles from 5 sources, 12 copies found, 6 rejected, 4 not fetched",
        ),
        (
            {"fetched": 9, "articles_new": 9, "sources_failed": 1},
            (),
            RunState.PARTIAL,
            "9 new articles from 5 sources, 1 source failed",
        ),
        ({"sources_failed": 1}, (), RunState.PARTIAL, "0 new articles from 5 sources, 1 source failed"),
        ({"sources_failed": 5}, (), RunState.FAILED, "0 new articles from 5 sources, 5 sources failed"),
        ({"fetched": 9}, ("keys_unique",), RunState.GATE, "Not published: 1 check failed (keys_unique)"),
    ],
)
def test_state_and_headline(changed: dict[str, int], failing: tuple[str, ...], state: RunState, sentence: str) -> None:
    counts = replace(NOTHING, **changed)
    assert run_state(counts, failing=failing) is state
    assert headline(counts, state, failing=failing) == sentence


def test_only_changed_articles_are_news() -> None:
    counts = replace(NOTHING, fetched=2, articles_changed=2)
    assert run_state(counts) is RunState.COMPLETED
    assert headline(counts, RunState.COMPLETED) == "0 new articles from 5 sources, 2 changed"


@pytest.mark.parametrize(
    ("state", "said", "line"),
    [
        ("Nothing new", "Nothing new from 5 sources", "Nothing new from 5 sources"),
        ("Completed", "1 new article from 5 sources", "Completed: 1 new article from 5 sources"),
    ],
)
def test_a_run_is_announced_without_saying_it_twice(state: str, said: str, line: str) -> None:
    assert announced(state, said) == line
