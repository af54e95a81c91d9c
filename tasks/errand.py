"""Requests outside any run, for someone who wants to look before anything is written: as polite as a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tasks.web.crawl import Memory, crawl
from tasks.web.http import Client
from tasks.web.lanes import Policy, Request, Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """How to go out: who we are, how long a host rests between two requests, and when it must be over."""

    agent: str
    interval_seconds: float
    ends_at: datetime
    workers: int = 8
    memory: Memory = field(default_factory=Memory)
    """What is learned of hosts on the way."""

    def visit(self, requests: Iterable[Request]) -> Iterator[Result]:
        """Yield the result of each request as it comes."""
        policy = Policy(agent=self.agent, interval_seconds=self.interval_seconds)
        with Client(agent=self.agent) as client:
            yield from crawl(
                requests, policy, client=client, ends_at=self.ends_at, memory=self.memory, workers=self.workers
            )
