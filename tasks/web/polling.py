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

λ(t) is learned per source:

- the level is a Gamma-Poisson estimate: articles seen over days watched, both forgotten with a half-life of two weeks,
  from a prior of one article a day that counts as half a day of watching;
- the shape is a profile of 24 hours (UTC) times 7 weekdays, from the times that entries carry, or else spread over the
  gap in which they came; each a ratio of seen to expected, with a prior, so that a few articles do not make a habit;
- the mood is what came in the last hours (a half-life of one hour) in relation to what was expected: bursts and quiet
  days. Just after a poll it counts as much as the habit, and it is forgotten as fast as it is learned.

A first poll already teaches: the dated entries of a feed are its history. Failures are kept in units (soft 0.5, hard
1, temporary 0.25; after Media Cloud) and stretch the pause, up to a day; a source is never given up, whatever fails. An
outage is not silence: time counts as watched only when a poll succeeds, and then for the whole gap, since the entries
tell what came in it. And a feed shows only its newest entries: no gap is longer than what the worst burst known would
need to push an unseen one out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.records import Weight

DAY = timedelta(days=1)
MIN_GAP = timedelta(minutes=5)
"""No feed gains from more: publishers' caches live for minutes."""
MAX_GAP = timedelta(hours=24)
"""The longest time that any source, alive, dead or failing, is left alone."""
STEP = timedelta(minutes=10)
"""Over which a rate is taken as constant."""

APPETITE = 0.6
"""Exponent of the rate in the rate of polls; see above."""
HALF_LIFE_DAYS = 14.0
"""Two weeks: two of each weekday, and a redesign is unlearned in a month."""
PRIOR_PER_DAY = 1.0
PRIOR_DAYS = 0.5
"""Half a day of watching at one article a day: soon outvoted."""
HOUR_PRIOR = 0.25
WEEKDAY_PRIOR = 1.0
"""Articles, expected and seen, in each hour of the day and each day of the week: a few do not make a habit."""
MOOD_HALF_LIFE_HOURS = 1.0
MOOD_SHARE = 0.5
MAX_HISTORY = timedelta(days=14)
"""Entries of a first poll that are older teach nothing about today."""
MAX_RATE_PER_DAY = 2_000.0
"""More than one article a minute is a flood of updates, not of articles."""

UNITS = {Weight.SOFT: 0.5, Weight.HARD: 1.0, Weight.TEMPORARY: 0.25}
FIRST_RETRY = timedelta(minutes=30)
"""After one unit of failure; doubled with each further one, so that four hard failures in a row mean four hours."""
MAX_WISH = timedelta(hours=24)
"""The longest wait that a publisher's answer may ask for (Retry-After)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PollState:
    """What is remembered of one source. Plain numbers and instants: a row of `ops.source_state`."""

    source: str
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    new_at: datetime | None = None
    """When a poll last found something new."""
    not_before: datetime | None = None
    """The publisher's wish."""
    seen: float = 0.0
    """Articles, with forgetting."""
    watched_days: float = 0.0
    """Days, with forgetting."""
    by_hour: tuple[float, ...] = (0.0,) * 24
    by_weekday: tuple[float, ...] = (0.0,) * 7
    """Articles, with forgetting; Monday first."""
    hours_watched: tuple[float, ...] = (0.0,) * 24
    weekdays_watched: tuple[float, ...] = (0.0,) * 7
    """Days, with forgetting: what has not been watched is not known to be quiet."""
    mood: float = 0.0
    """Articles of the last hours, with forgetting, per hour."""
    peak_per_hour: float = 0.0
    """Most articles that came within one hour, with forgetting."""
    window: int = 0
    """Entries that the feed shows at once; 0: unknown."""
    failure_units: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PollResult:
    """What one poll of a source brought."""

    new: int = 0
    """Entries not seen before; 0 for 304 and for an unchanged body."""
    published_at: Sequence[datetime] = ()
    """Times of the new entries, as far as they carry one."""
    entries: int = 0
    """All entries that the feed shows; 0: unknown, or not a list that old entries fall out of."""
    weight: Weight | None = None
    """Set when the poll failed."""
    wait_seconds: float | None = None
    """The publisher's wish: Retry-After."""


def observe(state: PollState, result: PollResult, now: datetime) -> PollState:
    """Return the state after a poll that ended `now`."""
    state = replace(state, polled_at=now, not_before=_wish(result, now))
    if result.weight is not None:
        return replace(state, failure_units=state.failure_units + UNITS[result.weight])
    times = _times(state, result, now)
    return replace(
        _learned(state, times, now),
        peak_per_hour=_peak(state, result, times, now),
        succeeded_at=now,
        new_at=now if result.new > 0 else state.new_at,
        window=result.entries or state.window,
        failure_units=0.0,
    )


def rate_per_day(state: PollState, at: datetime) -> float:
    """Return how many articles a day the source is expected to publish at the rate of that instant."""
    habit = _level(state) * _shape(state, at)
    if state.succeeded_at is None:
        return habit
    hours = max((at - state.succeeded_at) / timedelta(hours=1), 0.0)
    mood = MOOD_SHARE * math.pow(0.5, hours / MOOD_HALF_LIFE_HOURS)
    return min((1.0 - mood) * habit + mood * 24.0 * state.mood, MAX_RATE_PER_DAY)


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
    """Return when the source is due; a source never polled is due `now`."""
    if state.polled_at is None:
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


def _times(state: PollState, result: PollResult, now: datetime) -> list[datetime]:
    """Return when each new entry was published, as far as that can be known or guessed."""
    since = state.succeeded_at
    oldest = now - MAX_HISTORY if since is None else since - timedelta(hours=1)
    # An entry dated before the last poll was put in later (an edit, a late approval): it came in the gap.
    dated = [moment for moment in result.published_at if oldest <= moment <= now]
    if since is None:
        return dated
    undated = max(result.new - len(dated), 0)
    return dated + [since + (now - since) * ((index + 0.5) / undated) for index in range(min(undated, 500))]


def _learned(state: PollState, times: list[datetime], now: datetime) -> PollState:
    since = state.succeeded_at or min(times, default=now)
    gap = max((now - since) / DAY, 0.0)
    kept = math.pow(0.5, gap / HALF_LIFE_DAYS)
    watched = list(_watched(since, now))
    moments = [(moment.astimezone(UTC), 1.0) for moment in times]
    return replace(
        state,
        seen=kept * state.seen + len(times),
        watched_days=kept * state.watched_days + gap,
        by_hour=_added(state.by_hour, kept, [(at.hour, one) for at, one in moments]),
        by_weekday=_added(state.by_weekday, kept, [(at.weekday(), one) for at, one in moments]),
        hours_watched=_added(state.hours_watched, kept, [(at.hour, days) for at, days in watched]),
        weekdays_watched=_added(state.weekdays_watched, kept, [(at.weekday(), days) for at, days in watched]),
        mood=_mood(state, times, now, gap * 24.0),
    )


def _peak(state: PollState, result: PollResult, times: list[datetime], now: datetime) -> float:
    """Return the most articles known to have come within one hour, with forgetting.

    When everything that the feed shows is new, something was missed: then the gap counts as twice too long.
    """
    since = state.succeeded_at or now
    known = state.peak_per_hour * math.pow(0.5, (now - since) / DAY / HALF_LIFE_DAYS)
    if result.new >= result.entries > 0 and since < now:
        known = max(known, 2.0 * result.entries / ((now - since) / timedelta(hours=1)))
    ordered, first = sorted(times), 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] > timedelta(hours=1):
            first += 1
        known = max(known, last - first + 1.0)
    return known


def _watched(since: datetime, now: datetime) -> Iterator[tuple[datetime, float]]:
    """Yield the beginning of each hour of a gap and how much of a day it covers, for two weeks at most."""
    since, now = max(since, now - MAX_HISTORY).astimezone(UTC), now.astimezone(UTC)
    while since < now:
        until = min(since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), now)
        yield since, (until - since) / DAY
        since = until


def _added(sums: tuple[float, ...], kept: float, more: list[tuple[int, float]]) -> tuple[float, ...]:
    total = [kept * value for value in sums]
    for index, value in more:
        total[index] += value
    return tuple(total)


def _mood(state: PollState, times: list[datetime], now: datetime, gap_hours: float) -> float:
    """Return the articles per hour of late: an exponential average, whose weights integrate to one."""
    fading = math.log(2.0) / MOOD_HALF_LIFE_HOURS
    ages = [max((now - moment) / timedelta(hours=1), 0.0) for moment in times]
    recent = sum(math.pow(0.5, age / MOOD_HALF_LIFE_HOURS) for age in ages)
    return state.mood * math.pow(0.5, gap_hours / MOOD_HALF_LIFE_HOURS) + recent * fading


def _level(state: PollState) -> float:
    return (state.seen + PRIOR_PER_DAY * PRIOR_DAYS) / (state.watched_days + PRIOR_DAYS)


def _shape(state: PollState, at: datetime) -> float:
    """Return how much more is published at this hour of this weekday than on average."""
    at, level = at.astimezone(UTC), _level(state)
    expected = level * state.hours_watched[at.hour]
    hour = (state.by_hour[at.hour] + HOUR_PRIOR) / (expected + HOUR_PRIOR)
    expected = level * state.weekdays_watched[at.weekday()]
    weekday = (state.by_weekday[at.weekday()] + WEEKDAY_PRIOR) / (expected + WEEKDAY_PRIOR)
    return hour * weekday


def _appetite(state: PollState, now: datetime) -> float:
    """Return the mean of λ to the power of `APPETITE` over the coming day, by the hour."""
    level = _level(state)
    rates = [level * _shape(state, now + timedelta(hours=hour)) for hour in range(24)]
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
