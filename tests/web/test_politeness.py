"""When may the next request to a host go? Each case tells a host's short story and the wait that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.records import Weight
from tasks.web import politeness
from tasks.web.politeness import HostState, Outcome, after, pause_seconds, wait_until

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FRESH = HostState(host="news.example", min_interval_seconds=2.0)
GOOD = Outcome(status=200, latency_seconds=0.1)
REFUSED = Outcome(weight=Weight.HARD)


def story(state: HostState, *outcomes: Outcome) -> HostState:
    """Let the outcomes happen one after the other, each as soon as it is allowed."""
    now = NOW
    for outcome in outcomes:
        now = wait_until(state, now)
        state = after(state, outcome, now)
    return state


def wait(state: HostState) -> float:
    """Seconds from the end of the last request until the next may start."""
    assert state.finished_at is not None
    return (wait_until(state, state.finished_at) - state.finished_at).total_seconds()


def test_an_unknown_host_may_be_asked_at_once() -> None:
    assert wait_until(FRESH, NOW) == NOW


@pytest.mark.parametrize(
    ("told", "state", "outcomes", "seconds"),
    [
        ("our own interval", FRESH, [GOOD], 2.0),
        ("the site's delay is longer", replace(FRESH, crawl_delay_seconds=10.0), [GOOD], 10.0),
        ("the site's delay is shorter", replace(FRESH, crawl_delay_seconds=0.5), [GOOD], 2.0),
        ("an absurd delay is capped", replace(FRESH, crawl_delay_seconds=86_400.0), [GOOD], 120.0),
        ("a slow server", FRESH, [Outcome(status=200, latency_seconds=5.0)], 5.0),
        ("a stalled one", FRESH, [Outcome(status=200, latency_seconds=500.0)], 30.0),
        ("not found is an answer", FRESH, [Outcome(status=404, latency_seconds=0.1)], 2.0),
        ("told when", FRESH, [Outcome(status=429, retry_after_seconds=90.0)], 90.0),
        ("told when, with 503", FRESH, [Outcome(status=503, retry_after_seconds=90.0)], 90.0),
        ("told in the past", FRESH, [Outcome(status=429, retry_after_seconds=0.0)], 4.0),
        ("told next year", FRESH, [Outcome(status=429, retry_after_seconds=3e7)], 86_400.0),
        ("not told when", FRESH, [Outcome(status=429)], 60.0),
        ("not told when, again", FRESH, [Outcome(status=429), Outcome(status=429)], 120.0),
        ("slower after it", FRESH, [Outcome(status=429), GOOD], 2.0 * 2.0 * 0.9),
        ("two refusals are patience", FRESH, [REFUSED, REFUSED], 2.0),
        ("three are a rest", FRESH, [REFUSED] * 3, 600.0),
        ("four a longer one", FRESH, [REFUSED] * 4, 1200.0),
        ("for ever is six hours", FRESH, [REFUSED] * 500, 21_600.0),
        ("an answer forgives", FRESH, [REFUSED] * 5 + [GOOD], 2.0),
        ("no status, no weight", FRESH, [Outcome()] * 3, 600.0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wait(told: str, state: HostState, outcomes: list[Outcome], seconds: float) -> None:
    assert wait(story(state, *outcomes)) == pytest.approx(seconds), told


def test_slowdown_is_forgotten_after_good_answers() -> None:
    state = story(FRESH, *[Outcome(status=429)] * 9)
    assert state.slowdown == politeness.MAX_SLOWDOWN
    assert story(state, *[GOOD] * 40).slowdown == 1.0


OUTCOMES = st.builds(
    Outcome,
    status=st.none() | st.sampled_from([200, 301, 304, 404, 410, 429, 500, 503]),
    latency_seconds=st.none() | st.floats(0, 1e6),
    weight=st.none() | st.sampled_from(list(Weight)),
    retry_after_seconds=st.none() | st.floats(0, 1e12),
)


@given(st.lists(OUTCOMES, max_size=40), st.none() | st.floats(0, 1e9))
def test_the_wait_keeps_every_promise_and_always_ends(outcomes: list[Outcome], delay: float | None) -> None:
    state = story(replace(FRESH, crawl_delay_seconds=delay), *outcomes)
    if not outcomes:
        return
    assert state.finished_at is not None
    seconds = wait(state)
    assert seconds >= 2.0
    assert seconds >= min(delay or 0.0, 120.0) - 1e-3
    assert seconds >= min(outcomes[-1].retry_after_seconds or 0.0, 86_400.0) - 1e-3
    assert seconds <= 86_400.0 + 1e-3
    assert pause_seconds(state) <= 30.0 * politeness.MAX_SLOWDOWN


def test_a_wait_that_has_passed_is_now() -> None:
    state = story(FRESH, GOOD)
    later = NOW + timedelta(hours=1)
    assert wait_until(state, later) == later
