"""What one run knows of hosts, and the rows that its requests leave: the ledger by which politeness is audited.

`discover` and `fetch` go out through the same lanes: what one learned of a host (when it was last asked, its
robots.txt, its wish for a pause) the other knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

from tasks.records import Run, Source
from tasks.web import politeness, urls
from tasks.web.crawl import Clock, Memory, crawl
from tasks.web.http import Client, Exchange
from tasks.web.http_chain import origin_of
from tasks.web.lanes import Policy, Request, Result
from tasks.web.lanes_robots import RobotsEntry, judge
from tasks.web.robots_access import RobotsAccess
from warehouse.connection import writing
from warehouse.queries import ask

Row = dict[str, Any]


@lru_cache(maxsize=1)
def memory_of(run_id: str, run: Run) -> Memory:
    """Return what is known of hosts at the beginning of a run; the same object for all its verbs."""
    with writing(run.home, who="discover") as con:
        robots = ask(con, "robots_known", now=run.started_at)
        hosts = ask(con, "hosts_known")
    return Memory(
        robots={row["origin"]: _robots_entry(row) for row in robots.iter_rows(named=True)},
        hosts={
            row["host"]: politeness.HostState(min_interval_seconds=run.min_interval_seconds, **row)
            for row in hosts.iter_rows(named=True)
        },
    )


def visit(
    run: Run, requests: Iterable[Request], *, purpose: str, store: Any = None
) -> Iterator[tuple[Result, list[Row], list[Row]]]:
    """Yield for each request its result with its rows of `raw.fetches`, and the rows of `raw.robots` learned before."""
    memory = memory_of(run.run_id, run)
    policy = Policy(agent=run.user_agent, interval_seconds=run.min_interval_seconds)
    learned: list[RobotsEntry] = []
    clock = Clock()
    with Client(agent=run.user_agent, clock=clock.now) as client:
        for result in crawl(
            requests,
            policy,
            client=client,
            clock=clock,
            ends_at=run.deadline_at,
            memory=memory,
            workers=run.workers,
            store=store,
            on_robots=learned.append,
        ):
            robots_fetches = [row for entry in learned for row in _robots_fetches(run, entry)]
            robots_rows = [_robots_row(entry) for entry in learned if entry.is_of_host]
            learned.clear()
            yield result, [*robots_fetches, *_fetches(run, result, memory, purpose)], robots_rows


def host_rows(run: Run) -> Iterator[Row]:
    """Yield what is known by now of every host that was ever asked, as rows of `ops.hosts`."""
    names = ("host", "finished_at", "latency_seconds", "slowdown", "crawl_delay_seconds", "silent_until")
    for state in memory_of(run.run_id, run).hosts.values():
        if state.finished_at is not None:
            yield {"failure_units": state.failure_units, **{name: getattr(state, name) for name in names}}


def request_for(source: Source, url: str, **more: Any) -> Request:
    """Return the request for a URL on behalf of a source."""
    return Request(
        url=url,
        tag=source.name,
        headers=source.headers,
        allow_private=source.allow_private,
        interval_seconds=source.min_interval_seconds,
        **more,
    )


def _fetches(run: Run, result: Result, memory: Memory, purpose: str) -> Iterator[Row]:
    own = result.request.interval_seconds
    wish = run.min_interval_seconds if own is None else own
    for hop, exchange in enumerate(result.exchanges):
        interval = max(wish, _crawl_delay(run, exchange.url, memory))
        yield {
            **_fetch(run, exchange, hop, result.request.url),
            "source_name": result.request.tag,
            "purpose": purpose,
            "interval_ms": 1000 * interval,
        }


def _robots_fetches(run: Run, entry: RobotsEntry) -> Iterator[Row]:
    for hop, exchange in enumerate(entry.exchanges):
        yield {**_fetch(run, exchange, hop, f"{entry.origin}/robots.txt"), "purpose": "robots"}


def _fetch(run: Run, exchange: Exchange, hop: int, asked: str) -> Row:
    return {
        "fetch_id": uuid4().hex,
        "run_id": run.run_id,
        "asked_url": asked,
        "hop": hop,
        "url": exchange.url,
        "host": urls.host(exchange.url),
        "status": exchange.status,
        "location": exchange.location,
        "outcome": exchange.outcome,
        "robots": exchange.robots,
        "started_at": exchange.started_at,
        "elapsed_ms": float(exchange.elapsed_ms),
        "wire_bytes": exchange.bytes_on_wire,
        "body_bytes": exchange.bytes_body,
        "remote_address": exchange.remote_address,
        "is_conditional": exchange.is_conditional,
        "etag": exchange.etag,
        "last_modified": exchange.last_modified,
    }


def _crawl_delay(run: Run, url: str, memory: Memory) -> float:
    """Return the pause that the host's robots.txt asks for, as far as it is honoured."""
    entry = memory.robots.get(origin_of(url))
    delay = judge(entry, run.user_agent, url, url).delay_seconds if entry else None
    return min(delay or 0.0, politeness.MAX_CRAWL_DELAY_SECONDS)


def _robots_row(entry: RobotsEntry) -> Row:
    return {
        "origin": entry.origin,
        "fetched_at": entry.fetched_at,
        "expires_at": entry.expires_at,
        "status": entry.status,
        "access": entry.access.value,
        "body": entry.body or None,
    }


def _robots_entry(row: Mapping[str, Any]) -> RobotsEntry:
    return RobotsEntry(
        origin=row["origin"],
        access=RobotsAccess(row["access"]),
        status=row["status"],
        body=row["body"] or b"",
        fetched_at=row["fetched_at"],
        expires_at=row["expires_at"],
    )
