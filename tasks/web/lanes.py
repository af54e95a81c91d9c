"""One lane per host: which request may go now, decided from values alone.

    add ──▶ lane of the host ──next_trip(now)──▶ (a thread carries it out) ──settle(trip, …, now)──▶ results
                 ▲                                                                │
                 └────────── redirects, retries, robots.txt ◀─────────────────────┘

No clock, no thread, no network in here: `now` is an argument, so a day of crawling can be played through in a test.

What a lane promises. At most one request to a host is under way, and the next one starts when the pause that
`politeness` asks for has passed since the *end* of the last; so the host's own log shows no two requests closer than
that, whatever the network does to either. Everything that reaches a host is a request in this sense: robots.txt,
retries, and the hops of a redirect chain, which therefore leaves its lane and queues in the lane of the host it leads
to, in front of what waits there. A lane is a host name: http and https, and all its ports, share it.

When a lane stops. A host that asks for a longer silence than the run can give (Retry-After, or rest after failures), or
that gave no sign of life `patience` times in a row, answers nothing more in this run: what waits there fails at once,
with that reason, and the run's threads are free for the others. No host can hold up a run or another host.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tasks.records import Failing, Failure, Page
from tasks.web import http_chain, lanes_robots, politeness
from tasks.web.http import ROBOTS_LIMITS, Exchange, Limits
from tasks.web.http_chain import Chain, NotModified
from tasks.web.http_failures import failure
from tasks.web.lanes_robots import RobotsEntry
from tasks.web.robots_access import LIFETIME as ROBOTS_LIFETIME
from tasks.web.robots_access import MAX_REDIRECTS as MAX_ROBOTS_REDIRECTS

RETRIED = frozenset(
    {
        Failing.TIMEOUT,
        Failing.RESET,
        Failing.CONNECT,
        Failing.TRUNCATED,
        Failing.SERVER_ERROR,
        Failing.RATE_LIMITED,
    }
)
NO_SIGN_OF_LIFE = frozenset({Failing.DNS, Failing.CONNECT, Failing.TLS, Failing.TIMEOUT, Failing.RESET})
CLOCK_ERROR = timedelta(hours=1)
MAX_ROBOTS_RETRIES = 1  # everything else of the host waits for it
NOT_RETRIED_STATUSES = frozenset({501, 505})  # "not implemented", "version not supported": they will not pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A URL to fetch, with what its caller knows."""

    url: str
    tag: str = ""
    """The caller's own word, returned with the result: the source's name."""
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    ignores_robots: bool = False
    interval_seconds: float | None = None
    """`None`: the policy's."""
    limits: Limits | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How a run behaves towards hosts."""

    agent: str
    interval_seconds: float = 1.0
    """Shortest pause between two requests to one host."""
    robots_limits: Limits = ROBOTS_LIMITS
    max_retries: int = 2
    """Of one URL, after failures that may pass."""
    max_silence_seconds: float = 120.0
    """Longest Retry-After (or rest) that is waited for within a run; the next run comes soon enough for longer ones."""
    patience: int = 4
    """Requests in a row without a sign of life, after which a host is left for this run. One more than a single bad URL
    can use up with its retries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of a request: exactly one for each."""

    request: Request
    outcome: Page | NotModified | Failure
    exchanges: tuple[Exchange, ...] = ()
    refused: Page | None = None
    """The answer behind a failure by status, received whole: worth archiving, never an article."""
    stored: Any = None
    """What the crawl's `store` returned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trip:
    """A request on its way through the lanes; without `request`, the way of a robots.txt."""

    chain: Chain
    request: Request | None = None
    origin: str = ""
    """For a robots.txt: whose."""
    allow_private: bool = False
    exchanges: tuple[Exchange, ...] = ()
    retries: int = 0
    last: Failure | None = None
    """How the last try failed, when it is to be tried again."""
    robots: str = "is_robots"
    """For the ledger: why the next hop is allowed."""


Settled = Page | NotModified | Failure | Chain


@dataclass(kw_only=True, slots=True)
class _Lane:
    """A host's queues, the most urgent first."""

    host: str
    state: politeness.HostState
    robots: deque[Trip] = field(default_factory=deque)
    hops: deque[Trip] = field(default_factory=deque)
    waiting: deque[Trip] = field(default_factory=deque)
    is_busy: bool = False
    awaits: str | None = None
    """The origin whose robots.txt is under way; until it is known, only robots.txt files may go."""
    misses: int = 0
    """Requests in a row without a sign of life."""
    silenced_by: Failure | None = None
    """The failure that last made the lane pause for longer, or its host look dead."""
    has_interval: bool = False
    ticket: int = 0
    """Number of the valid entry in the heap."""

    def has_work(self) -> bool:
        return bool(self.robots or (self.awaits is None and (self.hops or self.waiting)))


class Lanes:
    """All lanes of a run. Not for more than one thread."""

    def __init__(
        self,
        policy: Policy,
        *,
        ends_at: datetime,
        robots: Mapping[str, RobotsEntry] | None = None,
        hosts: Mapping[str, politeness.HostState] | None = None,
    ) -> None:
        """`robots` by origin and `hosts` by name are what earlier runs knew."""
        self._policy = policy
        self._ends_at = ends_at
        self._known_hosts = hosts or {}
        self._robots = {(origin, allow): one for origin, one in (robots or {}).items() for allow in (False, True)}
        self._lanes: dict[str, _Lane] = {}
        self._heap: list[tuple[datetime, int, str]] = []
        self._tickets = count(1)
        self._results: list[Result] = []
        self._news: list[RobotsEntry] = []
        self.open = 0
        """Requests without a result yet."""

    # What goes in

    def add(self, request: Request, now: datetime) -> None:
        """Take a request; its result will come."""
        self.open += 1
        chain = http_chain.start(request.url, is_conditional=bool(request.etag or request.last_modified))
        if isinstance(chain, Failure):
            self._finish(request, chain)
            return
        trip = Trip(chain=chain, request=request, allow_private=request.allow_private)
        lane = self._lane_of_request(request, chain.target, now)
        if self._is_refused(lane, trip, now):
            return
        lane.waiting.append(trip)
        self._schedule(lane, now)

    def next_trip(self, now: datetime) -> Trip | None:
        """A trip whose next hop may go now, if there is one; its lane is busy until `settle`."""
        while self._heap and self._heap[0][0] <= now:
            _, ticket, host = heapq.heappop(self._heap)
            lane = self._lanes[host]
            if lane.is_busy or lane.ticket != ticket:
                continue
            lane.ticket = 0
            if self._stop_if_silent(lane, now):
                continue
            trip = self._pick(lane, now)
            if trip is not None:
                lane.is_busy = True
                return trip
        return None

    def settle(
        self,
        trip: Trip,
        settled: Settled,
        exchange: Exchange,
        now: datetime,
        *,
        refused: Page | None = None,
        stored: Any = None,
    ) -> None:
        """Note how a trip's hop ended; `now` is not before its end."""
        lane = self._lanes[http_chain.host_of(trip.chain.target)]
        lane.is_busy = False
        self._learn(lane, settled, exchange, now)
        trip = replace(trip, exchanges=(*trip.exchanges, replace(exchange, robots=trip.robots)))
        if isinstance(settled, Chain):
            self._send_on(trip, settled, now)
        elif self._is_retried(trip, settled, lane, now):
            queue = lane.robots if trip.request is None else lane.waiting
            assert isinstance(settled, Failure)
            queue.append(replace(trip, retries=trip.retries + 1, last=settled))
        else:
            self._end(trip, settled, now, refused=refused, stored=stored)
        self._schedule(lane, now)

    def abandon(self, trip: Trip, now: datetime) -> None:
        """Give up a trip that is under way and will not return in time."""
        self._lanes[http_chain.host_of(trip.chain.target)].is_busy = True  # for the rest of the run: it still is
        self._end(trip, _out_of_time(trip), now)

    def end(self, now: datetime) -> None:
        """The run is over: everything that has not begun fails."""
        for lane in list(self._lanes.values()):
            self._empty(lane, None, now)

    # What comes out

    def wake_at(self) -> datetime | None:
        """When `next_trip` may next have something; `None`: only after a `settle` or an `add`."""
        return self._heap[0][0] if self._heap else None

    def results(self) -> list[Result]:
        """The results since the last call."""
        taken, self._results = self._results, []
        return taken

    def robots_news(self) -> list[RobotsEntry]:
        """The robots.txt files read since the last call."""
        taken, self._news = self._news, []
        return taken

    def hosts(self) -> dict[str, politeness.HostState]:
        """What is known now of every host that was asked, for later runs."""
        return {host: lane.state for host, lane in self._lanes.items() if lane.state.finished_at is not None}

    # Lanes

    def _lane(self, host: str, now: datetime) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            known = self._known_hosts.get(host) or politeness.HostState(host=host, min_interval_seconds=0.0)
            lane = _Lane(host=host, state=_plausible(replace(known, min_interval_seconds=0.0), now))
            self._lanes[host] = lane
        return lane

    def _lane_of_request(self, request: Request, target: str, now: datetime) -> _Lane:
        """The lane of a host; its interval is the longest that anyone wishes who sends requests to it."""
        lane = self._lane(http_chain.host_of(target), now)
        interval = self._policy.interval_seconds if request.interval_seconds is None else request.interval_seconds
        lane.state = replace(lane.state, min_interval_seconds=max(interval, lane.state.min_interval_seconds))
        lane.has_interval = True
        return lane

    def _lane_of_hop(self, target: str, now: datetime) -> _Lane:
        """The lane a redirect leads to; a host that nobody sent requests to is asked at the policy's interval."""
        lane = self._lane(http_chain.host_of(target), now)
        if not lane.has_interval:
            lane.state = replace(lane.state, min_interval_seconds=self._policy.interval_seconds)
            lane.has_interval = True
        return lane

    def _schedule(self, lane: _Lane, now: datetime) -> None:
        """Put a lane that has something to do into the heap, at the time when it may."""
        if lane.is_busy or not lane.has_work() or self._stop_if_silent(lane, now):
            return
        lane.ticket = next(self._tickets)
        heapq.heappush(self._heap, (politeness.wait_until(lane.state, now), lane.ticket, lane.host))

    def _stop_if_silent(self, lane: _Lane, now: datetime) -> bool:
        """Fail everything in a lane that cannot go on in this run; whether that was so."""
        until = lane.state.silent_until
        longest = min(self._ends_at, now + timedelta(seconds=self._policy.max_silence_seconds))
        is_silent = until is not None and until > longest
        if not is_silent and lane.misses < self._policy.patience:
            return False
        self._empty(lane, lane.silenced_by or _resting(lane), now)
        return True

    def _empty(self, lane: _Lane, why: Failure | None, now: datetime) -> None:
        """End all trips of a lane, with the lane's last failure or for want of time."""
        trips = [*lane.robots, *lane.hops, *lane.waiting]
        lane.robots.clear()
        lane.hops.clear()
        lane.waiting.clear()
        for trip in trips:
            self._end(trip, _out_of_time(trip) if why is None else self._left(lane, why, trip, now), now)

    def _left(self, lane: _Lane, why: Failure, trip: Trip, now: datetime) -> Failure:
        """The failure of a trip whose lane has stopped for the reason `why`."""
        until = lane.state.silent_until
        wait = (max((until - now).total_seconds(), 0.0) if until is not None else None) or why.retry_after_seconds
        if trip.last is not None:
            return replace(trip.last, retry_after_seconds=wait)
        detail = f"{lane.host} is left alone in this run: {why.detail}"
        return replace(why, url=trip.chain.url, detail=detail, retry_after_seconds=wait)

    def _learn(self, lane: _Lane, settled: Settled, exchange: Exchange, now: datetime) -> None:
        """Bring a lane's state up to date."""
        failed = settled if isinstance(settled, Failure) else None
        latency = exchange.elapsed_ms if exchange.first_byte_ms is None else exchange.first_byte_ms
        outcome = politeness.Outcome(
            status=exchange.status,
            latency_seconds=latency / 1000,
            weight=failed.weight if failed and (exchange.status is None or exchange.status >= 500) else None,
            retry_after_seconds=failed.retry_after_seconds if failed else None,
        )
        silent_until = lane.state.silent_until
        lane.state = politeness.after(lane.state, outcome, now)
        is_miss = failed is not None and failed.reason in NO_SIGN_OF_LIFE and exchange.first_byte_ms is None
        lane.misses = lane.misses + 1 if is_miss else 0
        if is_miss or lane.state.silent_until != silent_until:
            lane.silenced_by = failed or lane.silenced_by

    # Trips

    def _pick(self, lane: _Lane, now: datetime) -> Trip | None:
        """The trip of a lane that goes next, past those that robots.txt stops."""
        if lane.robots:
            return lane.robots.popleft()
        while lane.hops or lane.waiting:
            queue = lane.hops or lane.waiting
            trip = queue[0]
            assert trip.request is not None
            if trip.request.ignores_robots:
                return replace(queue.popleft(), robots="ignored")
            verdict = self._verdict(trip, now)
            if verdict is None:
                return self._ask_robots(lane, http_chain.origin_of(trip.chain.target), trip.allow_private)
            queue.popleft()
            if verdict.refusal is None:
                return replace(trip, robots=verdict.word)
            self._end(trip, verdict.refusal, now)
        return None

    def _verdict(self, trip: Trip, now: datetime) -> lanes_robots.Verdict | None:
        """What robots.txt says of a trip's next hop; `None` when it has to be asked for."""
        known = self._robots.get((http_chain.origin_of(trip.chain.target), trip.allow_private))
        # An entry that lives longer than entries do was noted when the clock was wrong.
        if known is None or not now < known.expires_at <= now + ROBOTS_LIFETIME + CLOCK_ERROR:
            return None
        return lanes_robots.judge(known, self._policy.agent, trip.chain.target, trip.chain.url)

    def _is_refused(self, lane: _Lane, trip: Trip, now: datetime) -> bool:
        """Whether robots.txt is known to close the next hop; then the trip is over, and need not wait for its turn.

        What robots.txt says of the pause is noted on the way, so that it holds from the first page on.
        """
        if trip.request is None or trip.request.ignores_robots:
            return False
        verdict = self._verdict(trip, now)
        if verdict is None:
            return False
        delay = max(lane.state.crawl_delay_seconds or 0.0, verdict.delay_seconds or 0.0)
        lane.state = replace(lane.state, crawl_delay_seconds=delay or None)
        if verdict.refusal is not None:
            self._end(trip, verdict.refusal, now)
        return verdict.refusal is not None

    @staticmethod
    def _ask_robots(lane: _Lane, origin: str, allow_private: bool) -> Trip:
        """The trip for an origin's robots.txt; meanwhile the lane waits for it."""
        lane.awaits = origin
        url = f"{origin}/robots.txt"
        return Trip(chain=Chain(url=url, target=url), origin=origin, allow_private=allow_private)

    def _send_on(self, trip: Trip, chain: Chain, now: datetime) -> None:
        """Queue a redirected trip in the lane of the host it leads to."""
        if trip.request is None and len(chain.trail) > MAX_ROBOTS_REDIRECTS:
            self._end(trip, failure(chain.url, Failing.REDIRECTS, "too many redirects"), now)
            return
        lane = self._lane_of_hop(chain.target, now)
        trip = replace(trip, chain=chain)
        if not self._is_refused(lane, trip, now):
            (lane.robots if trip.request is None else lane.hops).append(trip)
        self._schedule(lane, now)

    def _is_retried(self, trip: Trip, settled: Settled, lane: _Lane, now: datetime) -> bool:
        """Whether a failed trip is tried again; then its host gets a longer pause."""
        if not isinstance(settled, Failure) or settled.reason not in RETRIED or settled.status in NOT_RETRIED_STATUSES:
            return False
        most = self._policy.max_retries
        if trip.request is None:
            # An answer of 429 or 5xx to robots.txt is an answer: closed, until it is asked for again in a later run.
            most = 0 if settled.status is not None else min(most, MAX_ROBOTS_RETRIES)
        if trip.retries >= most or now >= self._ends_at:
            return False
        pause = politeness.pause_seconds(lane.state) * 2 ** (trip.retries + 1)
        until = now + timedelta(seconds=pause)
        if lane.state.silent_until is None or lane.state.silent_until < until:
            if until >= self._ends_at:
                return False
            lane.state = replace(lane.state, silent_until=until)
        return True

    def _end(self, trip: Trip, settled: Page | NotModified | Failure, now: datetime, **more: Any) -> None:
        """The end of a trip: a result, or a robots.txt known."""
        if isinstance(settled, Failure) and settled.reason is Failing.TIMEOUT and now >= self._ends_at:
            settled = _out_of_time(trip)
        if trip.request is not None:
            self._finish(trip.request, settled, trip.exchanges, **more)
            return
        assert not isinstance(settled, NotModified), "robots.txt is asked for without validators"
        lane = self._lanes[http_chain.host_of(trip.origin)]
        lane.awaits = None
        if isinstance(settled, Page) or settled.reason is not Failing.DEADLINE:
            key = (trip.origin, trip.allow_private)
            self._robots[key] = lanes_robots.entry(trip.origin, settled, trip.exchanges, self._robots.get(key), now)
            self._news.append(self._robots[key])
            lane.hops = deque(hop for hop in lane.hops if not self._is_refused(lane, hop, now))
            lane.waiting = deque(waits for waits in lane.waiting if not self._is_refused(lane, waits, now))
        self._schedule(lane, now)

    def _finish(
        self,
        request: Request,
        outcome: Page | NotModified | Failure,
        exchanges: tuple[Exchange, ...] = (),
        *,
        refused: Page | None = None,
        stored: Any = None,
    ) -> None:
        self.open -= 1
        if isinstance(outcome, Failure):
            outcome = replace(outcome, url=request.url)
        self._results.append(
            Result(request=request, outcome=outcome, exchanges=exchanges, refused=refused, stored=stored)
        )


def _out_of_time(trip: Trip) -> Failure:
    return failure(trip.chain.url, Failing.DEADLINE, "the run's time was up")


def _resting(lane: _Lane) -> Failure:
    """Why nothing goes to a host that was silenced before this run."""
    until = lane.state.silent_until
    said = f"it asked for silence, or failed, until {until:%Y-%m-%d %H:%M} UTC" if until else "it failed before"
    return failure(f"//{lane.host}", Failing.DEADLINE, said)


def _plausible(state: politeness.HostState, now: datetime) -> politeness.HostState:
    """A remembered state without what has to be seen anew: instants that lie in the future because the clock was wrong
    when they were noted, and the pause that robots.txt asked for then."""
    finished_at, silent_until = state.finished_at, state.silent_until
    latest = now + timedelta(seconds=politeness.MAX_RETRY_AFTER_SECONDS)
    return replace(
        state,
        crawl_delay_seconds=None,
        finished_at=min(finished_at, now) if finished_at is not None else None,
        silent_until=min(silent_until, latest) if silent_until is not None else None,
    )
