"""The doer beside `lanes`: threads that carry out what the lanes allow, and nothing else.

The caller's own thread runs the loop, between two results it takes: nothing goes out while a result waits to be taken,
so a slow caller slows the crawl, and memory holds at most one body for each worker and what the caller keeps. The
workers do what costs time: the exchange, and `store`, which puts a page into the archive.

A run ends on time. No exchange is begun after `ends_at`, those under way have no longer than until then, and a thread
that is stuck where nothing can reach it (the system's resolver) is left behind after `GRACE_SECONDS`; it is a daemon
thread and holds no lock.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tasks.records import Failure, Page
from tasks.web import http_chain
from tasks.web.crawl_clock import Clock
from tasks.web.http import Client, Exchange, request_headers
from tasks.web.http_chain import Answer
from tasks.web.lanes import Lanes, Policy, Request, Result, Settled, Trip
from tasks.web.lanes_robots import RobotsEntry
from tasks.web.politeness import HostState

__all__ = ["Clock", "Memory", "crawl"]

WORKERS = 48
"""Requests under way at once. 300 answers a second with a latency of 100 ms need 30 of them; a thread costs 100 KB."""
WINDOW = 20_000
"""Requests taken from the caller ahead of time, about 20 MB; hosts that come later start later."""
GRACE_SECONDS = 2.0
"""For threads to come back after the end: an exchange notices the end within one read."""


@dataclass(kw_only=True, slots=True)
class Memory:
    """What a crawl knows beforehand and learns; the same object can be given to the next one."""

    robots: dict[str, RobotsEntry] = field(default_factory=dict)
    """By origin; what was refused for its address is not among them."""
    hosts: dict[str, HostState] = field(default_factory=dict)
    """By host name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Done:
    """What a worker brings back."""

    trip: Trip
    settled: Settled
    exchange: Exchange
    refused: Page | None = None
    stored: Any = None
    error: BaseException | None = None


Store = Callable[[Page, Exchange], Any]


def crawl(
    requests: Iterable[Request],
    policy: Policy,
    *,
    client: Client,
    ends_at: datetime,
    clock: Clock | None = None,
    memory: Memory | None = None,
    workers: int = WORKERS,
    store: Store | None = None,
    on_robots: Callable[[RobotsEntry], None] = lambda _entry: None,
    grace_seconds: float = GRACE_SECONDS,
) -> Iterator[Result]:
    """Yield exactly one result for each request, in the order in which they end, and be done by `ends_at`.

    One crawl at a time may ask a host, since its lanes know nothing of another crawl's: a run puts all its sources into
    one. `store` is called on a worker's thread for every page that came, also for the page behind a refusal by status;
    what it returns is the result's `stored`, what it raises ends the crawl. `on_robots` sees every robots.txt that was
    asked for.
    """
    clock = clock or Clock()
    memory = memory if memory is not None else Memory()
    lanes = Lanes(policy, ends_at=ends_at, robots=memory.robots, hosts=memory.hosts)
    crew = _Crew(client, clock, policy, ends_at, store, workers)
    waiting = iter(requests)
    is_more = True
    try:
        while True:
            now = clock.now()
            is_more = is_more and _admit(lanes, waiting, now)
            if now >= ends_at:
                lanes.end(now)
                _wait_for_late(lanes, crew, clock, grace_seconds)
            while crew.has_room() and (trip := lanes.next_trip(now)) is not None:
                crew.send(trip)
            for news in lanes.robots_news():
                if news.is_of_host:
                    memory.robots[news.origin] = replace(news, exchanges=())
                on_robots(news)
            yield from lanes.results()
            if not lanes.open and not is_more:
                break
            for done in crew.back(_until(lanes, crew, clock, ends_at)):
                if done.error is not None:
                    raise done.error
                lanes.settle(
                    done.trip, done.settled, done.exchange, clock.now(), refused=done.refused, stored=done.stored
                )
    finally:
        crew.dismiss()
        memory.hosts.update(lanes.hosts())


def _admit(lanes: Lanes, waiting: Iterator[Request], now: datetime) -> bool:
    """Take requests from the caller up to the window; whether there may be more."""
    while lanes.open < WINDOW:
        request = next(waiting, None)
        if request is None:
            return False
        lanes.add(request, now)
    return True


def _until(lanes: Lanes, crew: _Crew, clock: Clock, ends_at: datetime) -> float:
    """How long to wait for a worker, at most: until a lane wakes or the run ends."""
    wake_at = lanes.wake_at() if crew.has_room() else None
    return clock.real_seconds(min(wake_at or ends_at, ends_at))


def _wait_for_late(lanes: Lanes, crew: _Crew, clock: Clock, grace_seconds: float) -> None:
    """After the end: take what still comes back in the time of grace, and give up the rest."""
    until = time.monotonic() + grace_seconds
    while crew.under_way and time.monotonic() < until:
        for done in crew.back(until - time.monotonic()):
            if done.error is not None:
                raise done.error
            lanes.settle(done.trip, done.settled, done.exchange, clock.now(), refused=done.refused, stored=done.stored)
    for trip in crew.forget():
        lanes.abandon(trip, clock.now())
    lanes.end(clock.now())


class _Crew:
    """The worker threads, started as they are needed."""

    def __init__(
        self, client: Client, clock: Clock, policy: Policy, ends_at: datetime, store: Store | None, size: int
    ) -> None:
        self._client = client
        self._clock = clock
        self._ends_at = ends_at
        self._store = store
        self._robots_limits = policy.robots_limits
        self._size = size
        self._started = 0
        self._orders: queue.SimpleQueue[Trip | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self.under_way: dict[int, Trip] = {}

    def has_room(self) -> bool:
        return len(self.under_way) < self._size

    def send(self, trip: Trip) -> None:
        """Have a trip's next hop carried out."""
        self.under_way[id(trip)] = trip
        if len(self.under_way) > self._started:
            self._started += 1
            threading.Thread(target=self._work, name=f"fetch-{self._started}", daemon=True).start()
        self._orders.put(trip)

    def back(self, seconds: float) -> list[_Done]:
        """What has come back, waiting for the first at most `seconds`."""
        came: list[_Done] = []
        try:
            came.append(self._done.get(timeout=seconds) if seconds > 0 else self._done.get_nowait())
            while True:
                came.append(self._done.get_nowait())
        except queue.Empty:
            pass
        return [done for done in came if self.under_way.pop(id(done.trip), None) is not None]

    def forget(self) -> list[Trip]:
        """Give up what is under way."""
        trips = list(self.under_way.values())
        self.under_way.clear()
        return trips

    def dismiss(self) -> None:
        """Send the threads home, each after what it is doing."""
        for _ in range(self._started):
            self._orders.put(None)

    def _work(self) -> None:
        while (trip := self._orders.get()) is not None:
            self._done.put(self._carry_out(trip))

    def _carry_out(self, trip: Trip) -> _Done:
        request = trip.request
        headers = (
            {}
            if request is None
            else request_headers(trip.chain, request.headers, etag=request.etag, last_modified=request.last_modified)
        )
        got, exchange = self._client.exchange(
            trip.chain.target,
            headers=headers,
            allow_private=trip.allow_private,
            limits=self._robots_limits if request is None else request.limits,
            most_seconds=self._clock.real_seconds(self._ends_at),
        )
        if isinstance(got, Failure):
            return _Done(trip=trip, settled=got, exchange=exchange)
        settled = http_chain.settle(trip.chain, got)
        refused = _refused(trip, settled, got)
        page = settled if isinstance(settled, Page) else refused
        try:
            stored = self._store(page, exchange) if self._store and page and request is not None else None
        except Exception as error:  # noqa: BLE001  what the caller's function raises belongs to the caller
            return _Done(trip=trip, settled=settled, exchange=exchange, error=error)
        return _Done(trip=trip, settled=settled, exchange=exchange, refused=refused, stored=stored)


def _refused(trip: Trip, settled: Settled, got: Answer) -> Page | None:
    """The page behind a refusal by status, unless the request will be tried again."""
    is_final = isinstance(settled, Failure) and 400 <= got.status < 500 and got.status != 429
    return http_chain.page(trip.chain, got) if is_final else None
