"""When to ask a source again: each source's own rhythm, within one daily budget.

    observe(state, result, now) ──▶ state ──next_poll_at(state, pace)──▶ instant
    pace(states, daily_budget) ──▶ one number that all sources share

Design note. A poll is worth as much as the articles it finds are late without it. If articles come at a rate λ and
polls at a rate f, an article waits about 1/f. Under a fixed number of polls, Σ λ/fᵖ is least at f ∝ λ^(1/(1+p))
(Lagrange; after Cho and Garcia-Molina, "Effective page refresh policies for Web crawlers", TODS 2003). p = 1, the mean
wait, gives the square root; smaller p cares less for the few that are late anyway and more for the typical article. We
take λ^0.6 (p = 2/3); `docs/polling.md` has the comparison. The same holds within a source over the hours of the week,
since λ moves by a factor of ten between night and noon. So a source earns credit at the rate pace · λ(t)^0.6, and is
due when the credit since its last poll reaches one; `pace` is set so that all sources together earn a day's budget.

λ(t) is learned by `rhythm.py`. A feed shows only its newest entries: no gap is longer than what the worst burst known
would need to push an unseen one out. Failures are kept in units (soft 0.5, hard 1, temporary 0.25; after Media Cloud)
and stretch the pause, up to a day; a source is never given up, whatever fails.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

from tasks.records import Weight
from tasks.web.rhythm import PollResult, PollState, habit_per_day, learned, rate_per_day

__all__ = ["PollResult", "PollState", "due", "from_row", "next_poll_at", "observe", "pace", "rate_per_day", "to_row"]

DAY = timedelta(days=1)
MIN_GAP = timedelta(minutes=5)
"""No feed gains from more: publishers' caches live for minutes."""
MAX_GAP = timedelta(hours=24)
"""The longest time that any source, alive, dead or failing, is left alone."""
CLOCK_ERROR = timedelta(hours=1)
"""A clock may be set back by so much without anybody meaning it: the end of summer time, read as local time."""
STEP = timedelta(minutes=10)
"""Over which a rate is taken as constant."""

APPETITE = 0.6
"""Exponent of the rate in the rate of polls; see above."""
UNITS = {Weight.SOFT: 0.5, Weight.HARD: 1.0, Weight.TEMPORARY: 0.25}
FIRST_RETRY = timedelta(minutes=30)
"""After one unit of failure; doubled with each further one, so that four hard failures in a row mean four hours."""
MAX_WISH = timedelta(hours=24)
"""The longest wait that a publisher's answer may ask for (Retry-After)."""


def observe(state: PollState, result: PollResult, now: datetime) -> PollState:
    """Return the state after a poll that ended `now`."""
    state = replace(state, polled_at=now, not_before=_wish(result, now))
    if result.weight is not None:
        return replace(state, failure_units=state.failure_units + UNITS[result.weight])
    return replace(learned(state, result, now), failure_units=0.0)


def pace(states: Iterable[PollState], daily_budget: float, now: datetime) -> float:
    """Return the credit that one article a day earns in a day, such that all sources together spend the daily budget.

    What the floor of one poll a day costs is set aside first.
    """
    appetites = [_appetite(state, now) for state in states]
    total = sum(appetites)
    if total <= 0.0:
        return 1.0
    spare = max(daily_budget - len(appetites) * (DAY / MAX_GAP), 0.1 * daily_budget)
    return spare / total


def next_poll_at(state: PollState, pace: float, now: datetime) -> datetime:
    """Return when the source is due; a source never polled is due `now`, and so is one polled in the future: the clock
    was ahead then, and would keep it waiting until the same hour comes again.
    """
    if state.polled_at is None or state.polled_at > now + CLOCK_ERROR:
        return now
    failing = state.failure_units > 0.0
    earliest = state.polled_at + _retry_pause(state.failure_units) if failing else _earned_at(state, pace)
    return earliest if state.not_before is None else max(earliest, state.not_before)


def due(states: Iterable[PollState], pace: float, now: datetime, budget: int) -> tuple[PollState, ...]:
    """Return at most `budget` sources that are due, those first that have waited longest beyond their time.

    What is left over is more urgent next time, so that nothing starves however small the budget is. A scheduler that
    wakes every five minutes should ask with `now` two and a half minutes ahead: rounding beats always being late.
    """
    waiting = [(now - next_poll_at(state, pace, now), state.source, state) for state in states]
    ready = sorted((entry for entry in waiting if entry[0] >= timedelta(0)), key=lambda entry: (-entry[0], entry[1]))
    return tuple(state for _, _, state in ready[: max(budget, 0)])


def to_row(state: PollState) -> dict[str, Any]:
    """Return the state as JSON can hold it: instants in ISO 8601, tuples as lists."""
    return {name: _plain(value) for name, value in asdict(state).items()}


def from_row(row: Mapping[str, Any]) -> PollState:
    """Return the state of a row; missing and unknown columns are no error, so that states outlive a release."""
    known = {field.name: row[field.name] for field in fields(PollState) if row.get(field.name) is not None}
    return PollState(**{name: _rich(name, value) for name, value in known.items()})


def _wish(result: PollResult, now: datetime) -> datetime | None:
    if result.wait_seconds is None:
        return None
    return now + timedelta(seconds=min(max(result.wait_seconds, 0.0), MAX_WISH.total_seconds()))


def _appetite(state: PollState, now: datetime) -> float:
    """Return the mean of λ to the power of `APPETITE` over the coming day, by the hour."""
    rates = [habit_per_day(state, now + timedelta(hours=hour)) for hour in range(24)]
    return sum(math.pow(rate, APPETITE) for rate in rates) / 24.0


def _earned_at(state: PollState, pace: float) -> datetime:
    """Return when the credit since the last poll reaches one."""
    assert state.polled_at is not None
    at, credit = state.polled_at, 0.0
    longest = _longest_gap(state)
    while at - state.polled_at < longest:
        earned = pace * math.pow(rate_per_day(state, at + STEP / 2), APPETITE) * (STEP / DAY)
        if credit + earned >= 1.0:
            at += STEP * ((1.0 - credit) / earned)
            break
        credit += earned
        at += STEP
    return max(min(at, state.polled_at + longest), state.polled_at + MIN_GAP)


def _longest_gap(state: PollState) -> timedelta:
    """Return the time in which a burst like the worst one known cannot push an unseen entry out of the feed."""
    if state.window <= 0 or state.peak_per_hour <= 0.0:
        return MAX_GAP
    return min(timedelta(hours=state.window / state.peak_per_hour), MAX_GAP)


def _retry_pause(failure_units: float) -> timedelta:
    doublings = min(failure_units - 1.0, 10.0)  # beyond the cap anyway; keeps the power small
    return min(FIRST_RETRY * math.pow(2.0, doublings), MAX_GAP)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _rich(name: str, value: Any) -> Any:
    if name in {"polled_at", "succeeded_at", "new_at", "not_before"}:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    return tuple(value) if isinstance(value, list) else value
