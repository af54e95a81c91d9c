"""When the next request to one host may go, decided purely from values.

One lane per host carries requests out one after another; between two of them it asks here:

    wait_until(state, now) ──▶ sleep ──▶ request ──▶ state = after(state, outcome, now)

Design note. The pause is counted from the *end* of the last answer, not from its start: a server that needs five
seconds for a page would otherwise be asked back to back, and in the server's own log the distance of two arrivals can
then never be shorter than the promised interval, whatever the network does. The pause is the longest of three wishes:
ours (`min_interval_seconds`), the site's (`Crawl-delay`), and the load's (the smoothed latency, which is Scrapy's
AutoThrottle with a target concurrency of one: our requests occupy at most half of a strained server's time). "Slow
down" (429, 503) doubles it, and each good answer takes a tenth of that back: halved again after seven answers
(multiplicative decrease as in TCP, but with a gentle return, because the limit that was hit is still there).

The scope of every pause is one host (name and port): neighbours of the same site or address go on at their own pace.
A host is never given up: failures are kept in units (see `records.Weight`; the idea is Media Cloud's), and from
`PATIENCE_UNITS` on the host rests for a time that doubles up to six hours. One answer forgives everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tasks.records import Weight

MAX_CRAWL_DELAY_SECONDS = 120.0
"""A larger Crawl-delay is a typing error; 120 s still reads 700 pages a day (news-crawl's cap)."""
MAX_RETRY_AFTER_SECONDS = 86_400.0
"""A day: the longest time that one answer may silence a host (Media Cloud's cap)."""
MAX_LATENCY_PAUSE_SECONDS = 30.0
"""A stalled transfer says more about the network than about the server's load."""
MAX_SLOWDOWN = 16.0
"""Four doublings: a two-second interval becomes half a minute."""
RECOVERY_FACTOR = 0.9
"""What one good answer leaves of a slow-down: 0.9 ** 7 = 0.48."""
LATENCY_MEMORY = 0.5
"""Weight of the past in the smoothed latency, as in AutoThrottle."""
RATE_LIMIT_PAUSE_SECONDS = 60.0
"""After a 429 or 503 without a Retry-After; most limiters count per minute."""
PATIENCE_UNITS = 3.0
"""Failure units after which a host rests: three refused connections, or twelve passing faults."""
FIRST_REST_SECONDS = 600.0
"""Ten minutes, doubled with each further unit."""
MAX_REST_SECONDS = 6 * 3600.0
"""Four attempts a day keep every host revivable."""

UNITS = {Weight.SOFT: 0.5, Weight.HARD: 1.0, Weight.TEMPORARY: 0.25}
SLOW_DOWN_STATUSES = frozenset({429, 503})
"""Too Many Requests (RFC 6585 §4), Service Unavailable (RFC 9110 §15.6.4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """What is remembered of one host, plain values only."""

    host: str
    """Name and port as in the URL."""
    min_interval_seconds: float
    """Our own wish: the source's, or the run's default."""
    crawl_delay_seconds: float | None = None
    """The site's wish, from robots.txt, uncapped."""
    finished_at: datetime | None = None
    """End of the last answer or failed attempt."""
    latency_seconds: float = 0.0
    """Smoothed time from request to answer."""
    slowdown: float = 1.0
    silent_until: datetime | None = None
    """No request before this instant: Retry-After, or the rest of a host that fails."""
    failure_units: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one request ended: a status, or the weight of a failure without one."""

    status: int | None = None
    latency_seconds: float | None = None
    weight: Weight | None = None
    """Set when no answer came (DNS, connect, TLS, timeout, reset), or when an answer counts as a failure."""
    retry_after_seconds: float | None = None
    """As read by `retry_after.seconds`; honoured whatever the status."""


def pause_seconds(state: HostState) -> float:
    """Return the shortest time in seconds from the end of an answer to the next request."""
    site = min(state.crawl_delay_seconds or 0.0, MAX_CRAWL_DELAY_SECONDS)
    load = min(state.latency_seconds, MAX_LATENCY_PAUSE_SECONDS)
    return max(state.min_interval_seconds * state.slowdown, site, load * state.slowdown)


def wait_until(state: HostState, now: datetime) -> datetime:
    """Return the first instant, `now` or later, at which a request to the host may start."""
    earliest = now
    if state.finished_at is not None:
        earliest = max(earliest, state.finished_at + timedelta(seconds=pause_seconds(state)))
    if state.silent_until is not None:
        earliest = max(earliest, state.silent_until)
    return earliest


def after(state: HostState, outcome: Outcome, now: datetime) -> HostState:
    """Return the host's state after a request that ended `now`."""
    state = replace(state, finished_at=now, latency_seconds=_smoothed(state.latency_seconds, outcome.latency_seconds))
    if outcome.status in SLOW_DOWN_STATUSES or outcome.retry_after_seconds is not None:
        return _told_to_slow_down(state, outcome, now)
    if outcome.weight is not None or outcome.status is None:
        return _failed(state, outcome.weight or Weight.HARD, now)
    return replace(state, failure_units=0.0, slowdown=max(1.0, state.slowdown * RECOVERY_FACTOR))


def rest_seconds(failure_units: float) -> float:
    """Return how long a host with so many failure units rests, 0 while patience lasts."""
    if failure_units < PATIENCE_UNITS:
        return 0.0
    doublings = min(failure_units - PATIENCE_UNITS, 16.0)  # beyond the cap anyway; keeps the power small
    return float(min(FIRST_REST_SECONDS * 2.0**doublings, MAX_REST_SECONDS))


def _smoothed(past: float, latency: float | None) -> float:
    if latency is None:
        return past
    if past == 0.0:
        return latency
    return LATENCY_MEMORY * past + (1.0 - LATENCY_MEMORY) * latency


def _told_to_slow_down(state: HostState, outcome: Outcome, now: datetime) -> HostState:
    asked = outcome.retry_after_seconds
    if asked is None:
        asked = RATE_LIMIT_PAUSE_SECONDS * state.slowdown
    wait = timedelta(seconds=min(max(asked, 0.0), MAX_RETRY_AFTER_SECONDS))
    return replace(
        state, slowdown=min(state.slowdown * 2.0, MAX_SLOWDOWN), silent_until=_later(state.silent_until, now + wait)
    )


def _failed(state: HostState, weight: Weight, now: datetime) -> HostState:
    units = state.failure_units + UNITS[weight]
    rest = timedelta(seconds=rest_seconds(units))
    return replace(state, failure_units=units, silent_until=_later(state.silent_until, now + rest))


def _later(earlier: datetime | None, candidate: datetime) -> datetime:
    return candidate if earlier is None else max(earlier, candidate)
