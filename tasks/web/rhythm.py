"""What one source's rhythm is: how many articles a day it can be expected to publish at any hour.

    state, result of a poll ──learned──▶ state ──rate_per_day(at)──▶ λ(t)

Design note. λ(t) is learned per source:

- the level is a Gamma-Poisson estimate: articles seen over days watched, both forgotten with a half-life of two weeks,
  from a prior of one article a day that counts as half a day of watching;
- the shape is a profile of 24 hours (UTC) times 7 weekdays, from the times that entries carry, or else spread over the
  gap in which they came; each a ratio of seen to expected, with a prior, so that a few articles do not make a habit;
- the mood is what came in the last hours (a half-life of one hour) in relation to what was expected: bursts and quiet
  days. Just after a poll it counts as much as the habit, and it is forgotten as fast as it is learned.

A first poll already teaches: the dated entries of a feed are its history. An outage is not silence: time counts as
watched only when a poll succeeds, and then for the whole gap, since the entries tell what came in it. And what has not
been watched is not known to be quiet: each hour and weekday is judged by the time that it was really watched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tasks.records import Weight

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
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


def learned(state: PollState, result: PollResult, now: datetime) -> PollState:
    """Return the state after a poll that succeeded `now`."""
    times = _times(state, result, now)
    return replace(
        _counted(state, times, now),
        peak_per_hour=_peak(state, result, times, now),
        window=result.entries or state.window,
        new_at=now if result.new > 0 else state.new_at,
        succeeded_at=now,
    )


def rate_per_day(state: PollState, at: datetime) -> float:
    """Return how many articles a day the source is expected to publish at the rate of that instant."""
    habit = habit_per_day(state, at)
    if state.succeeded_at is None:
        return habit
    hours = max((at - state.succeeded_at) / HOUR, 0.0)
    mood = MOOD_SHARE * math.pow(0.5, hours / MOOD_HALF_LIFE_HOURS)
    return min((1.0 - mood) * habit + mood * 24.0 * state.mood, MAX_RATE_PER_DAY)


def habit_per_day(state: PollState, at: datetime) -> float:
    """Return how many articles a day are usual at that hour of that weekday, whatever came of late."""
    return _level(state) * _shape(state, at)


def _times(state: PollState, result: PollResult, now: datetime) -> list[datetime]:
    """Return when each new entry was published, as far as that can be known or guessed."""
    since = state.succeeded_at
    oldest = now - MAX_HISTORY if since is None else since - HOUR
    # An entry dated before the last poll was put in later (an edit, a late approval): it came in the gap.
    aware = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in result.published_at)
    dated = [moment for moment in aware if oldest <= moment <= now]
    if since is None:
        return dated
    undated = max(result.new - len(dated), 0)
    return dated + [since + (now - since) * ((index + 0.5) / undated) for index in range(min(undated, 500))]


def _counted(state: PollState, times: list[datetime], now: datetime) -> PollState:
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
        known = max(known, 2.0 * result.entries / ((now - since) / HOUR))
    ordered, first = sorted(times), 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] > HOUR:
            first += 1
        known = max(known, last - first + 1.0)
    return known


def _watched(since: datetime, now: datetime) -> Iterator[tuple[datetime, float]]:
    """Yield the beginning of each hour of a gap and how much of a day it covers, for two weeks at most."""
    since, now = max(since, now - MAX_HISTORY).astimezone(UTC), now.astimezone(UTC)
    while since < now:
        until = min(since.replace(minute=0, second=0, microsecond=0) + HOUR, now)
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
    ages = [max((now - moment) / HOUR, 0.0) for moment in times]
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
