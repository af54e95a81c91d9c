"""Adaptive polling: what one source's story leads to, and a small simulation against a fixed interval."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.records import Weight
from tasks.web import polling, rhythm
from tasks.web.polling import PollResult, PollState, due, from_row, next_poll_at, observe, pace, rate_per_day, to_row
from tests.benchmarks import polling as simulation

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
NEW = PollState(source="gazette")


def watched(days: int, hours: tuple[int, ...], weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)) -> PollState:
    """A source that was polled every hour and published one dated article at each of the given hours."""
    state = NEW
    for step in range(days * 24):
        now = NOW + step * HOUR
        is_time = now.hour in hours and now.weekday() in weekdays
        times = (now - HOUR / 2,) if is_time else ()
        state = observe(state, PollResult(new=len(times), published_at=times), now)
    return state


def test_a_source_never_polled_is_due_now() -> None:
    assert next_poll_at(NEW, 10.0, NOW) == NOW


@pytest.mark.parametrize(("ahead", "is_now"), [(timedelta(0), False), (HOUR / 2, False), (timedelta(days=365), True)])
def test_a_clock_that_was_ahead_makes_no_source_wait(ahead: timedelta, is_now: bool) -> None:
    state = observe(NEW, PollResult(new=0), NOW + ahead)
    assert (next_poll_at(state, 10.0, NOW) == NOW) is is_now


def test_a_first_poll_teaches_the_history_of_the_feed() -> None:
    dates = tuple(NOW - number * HOUR for number in range(48))
    state = observe(NEW, PollResult(new=48, published_at=dates), NOW)
    assert 12 < rhythm._level(state) < 24
    undated = observe(NEW, PollResult(new=48), NOW)
    assert rhythm._level(undated) == rhythm.PRIOR_PER_DAY


def test_the_hour_and_the_weekday_are_learned() -> None:
    state = watched(28, (8,), (0, 1, 2, 3, 4))
    monday = datetime(2026, 3, 30, tzinfo=UTC)
    assert rate_per_day(state, monday + 7.5 * HOUR) > 5 * rate_per_day(state, monday + 15 * HOUR)
    saturday = monday + timedelta(days=5)
    assert rate_per_day(state, monday + 7.5 * HOUR) > 1.5 * rate_per_day(state, saturday + 7.5 * HOUR)


def test_what_was_not_watched_is_not_known_to_be_quiet() -> None:
    state = watched(1, tuple(range(24)))
    assert rate_per_day(state, NOW + timedelta(days=3)) == pytest.approx(24, rel=0.5)


def test_a_burst_calls_for_an_early_return_and_is_forgotten() -> None:
    calm = watched(7, (8,))
    assert calm.polled_at is not None
    now = calm.polled_at + HOUR
    burst = observe(calm, PollResult(new=20, published_at=tuple(now - HOUR / 40 * n for n in range(20))), now)
    quiet = observe(calm, PollResult(), now)
    assert next_poll_at(burst, 10.0, now) - now < (next_poll_at(quiet, 10.0, now) - now) / 2
    assert rate_per_day(burst, now + 12 * HOUR) < rate_per_day(burst, now) / 5


def next_at(state: PollState) -> datetime:
    """When a source is due, asked right after it was polled."""
    return next_poll_at(state, 10.0, state.polled_at or NOW)


def failed(state: PollState, weight: Weight, times: int) -> PollState:
    for _ in range(times):
        state = observe(state, PollResult(weight=weight), next_at(state))
    return state


@pytest.mark.parametrize(
    ("weight", "times", "hours"),
    [
        (Weight.HARD, 1, 0.5),
        (Weight.HARD, 2, 1.0),
        (Weight.HARD, 3, 2.0),
        (Weight.HARD, 10, 24.0),
        (Weight.HARD, 1_000, 24.0),
        (Weight.SOFT, 2, 0.5),
        (Weight.SOFT, 4, 1.0),
        (Weight.TEMPORARY, 4, 0.5),
        (Weight.TEMPORARY, 1, 0.5 * 2**-0.75),
    ],
)
def test_failures_stretch_the_pause_up_to_a_day(weight: Weight, times: int, hours: float) -> None:
    state = failed(observe(NEW, PollResult(), NOW), weight, times)
    assert state.polled_at is not None
    assert (next_at(state) - state.polled_at) / HOUR == pytest.approx(hours)


def test_a_source_revives_after_ten_days() -> None:
    state = watched(7, tuple(range(24)))
    assert state.polled_at is not None
    down = state.polled_at + timedelta(days=10)
    while (now := next_at(state)) < down:
        state = observe(state, PollResult(weight=Weight.HARD), now)
    assert now - down <= timedelta(days=1)
    state = observe(state, PollResult(new=30, published_at=tuple(now - n * HOUR for n in range(30))), now)
    assert state.failure_units == 0.0
    assert next_poll_at(state, 10.0, now) - now < 3 * HOUR


def test_the_publishers_wish_is_honoured_and_capped() -> None:
    state = observe(NEW, PollResult(weight=Weight.TEMPORARY, wait_seconds=7_200.0), NOW)
    assert next_poll_at(state, 10.0, NOW) == NOW + 2 * HOUR
    state = observe(NEW, PollResult(weight=Weight.TEMPORARY, wait_seconds=math.inf), NOW)
    assert next_poll_at(state, 10.0, NOW) == NOW + 24 * HOUR


def test_due_serves_the_most_belated_first_and_starves_nobody() -> None:
    states = {name: observe(PollState(source=name), PollResult(), NOW) for name in "abcde"}
    now, served = NOW, []
    for _ in range(10):
        now += timedelta(days=1)
        for state in due(states.values(), 0.01, now, 2):
            served.append(state.source)
            states[state.source] = observe(state, PollResult(), now)
    assert len(served) == 20
    assert min(served.count(name) for name in "abcde") >= 3
    assert due(states.values(), 0.01, now, 0) == ()


def test_the_pace_spends_the_budget() -> None:
    states = [replace(watched(7, tuple(range(size))), source=str(size)) for size in (1, 4, 12, 24)]
    budget = 100.0
    rate = pace(states, budget, NOW + timedelta(days=7))
    earned = sum(rate * polling._appetite(state, NOW + timedelta(days=7)) for state in states)
    assert earned == pytest.approx(budget - len(states))
    assert pace([], budget, NOW) == 1.0


INSTANTS = st.floats(-400, 400).map(lambda days: NOW + timedelta(days=days))
INSTANTS |= INSTANTS.map(lambda moment: moment.replace(tzinfo=None))
RESULTS = st.builds(
    PollResult,
    new=st.integers(0, 200),
    published_at=st.lists(INSTANTS, max_size=10),
    weight=st.none() | st.none() | st.sampled_from(list(Weight)),
    wait_seconds=st.none() | st.floats(0, 1e12),
)


@given(st.lists(st.tuples(RESULTS, st.floats(0.01, 500)), min_size=1, max_size=5), st.floats(1e-6, 1e6))
def test_any_story_has_a_next_poll_within_a_day_and_survives_json(
    story: list[tuple[PollResult, float]], pace: float
) -> None:
    state, now = NEW, NOW
    for result, hours in story:
        now += hours * HOUR
        state = observe(state, result, now)
        assert from_row(json.loads(json.dumps(to_row(state)))) == state
        assert polling.MIN_GAP <= next_poll_at(state, pace, now) - now <= polling.MAX_GAP
        assert 0.0 <= rate_per_day(state, now) <= rhythm.MAX_RATE_PER_DAY


def test_rows_outlive_a_release() -> None:
    assert from_row({"source": "gazette", "polled_at": None, "colour": "red"}) == NEW


def test_adaptive_polling_beats_a_fixed_interval_with_as_many_requests() -> None:
    """A tenth of the sources for ten days; `tests/benchmarks/polling.py` runs the whole of it."""
    sources = simulation.sources(seed=7, days=10, share=0.1)
    ours = simulation.adaptive(sources, 10, 24.0 * len(sources))
    requests = sum(each.polls for each in ours)
    assert requests <= 24.0 * len(sources) * 10 * 1.05
    theirs = simulation.fixed(sources, 10, requests)
    fixed, adaptive = simulation.waits(theirs), simulation.waits(ours)
    assert len(fixed) == len(adaptive)
    assert simulation.at_share(fixed, 0.5) / simulation.at_share(adaptive, 0.5) > 2.5
    assert max(each.longest_gap for each in ours) <= 25 * 3600.0
