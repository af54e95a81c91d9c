"""What is known of an origin's robots.txt, and what follows from it for one URL. Values only; `lanes` does the
asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from tasks.records import Failing, Failure, Page
from tasks.web import robots, robots_access
from tasks.web.http import Exchange
from tasks.web.http_failures import failure
from tasks.web.robots_access import RobotsAccess

# Failures of the host itself: its pages could not be had either, and the reason says more than "robots unreachable".
HOST_FAILURES = frozenset({Failing.ADDRESS, Failing.DNS, Failing.CONNECT, Failing.TLS, Failing.BAD_URL})
# Ends of a redirect chain that leads nowhere: "unavailable", which allows everything (RFC 9309, 2.3.1.2).
LED_NOWHERE = frozenset({Failing.REDIRECTS, Failing.REDIRECT_LOOP, Failing.BAD_REDIRECT})


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsEntry:
    """One robots.txt as it was last asked for; kept between runs."""

    origin: str
    access: RobotsAccess
    status: int | None
    body: bytes
    """What of the file counts: its first 500 KiB; empty unless `access` is `parse`."""
    fetched_at: datetime
    expires_at: datetime
    final_url: str | None = None
    """Where the file was found, when redirects led to it."""
    failing_since: datetime | None = None
    """Since when robots.txt has been answered with 5xx."""
    reason: Failing | None = None
    """Why it could not be had."""
    exchanges: tuple[Exchange, ...] = ()
    """The requests it took."""

    @property
    def is_of_host(self) -> bool:
        """Whether this says something of the host. That its address is private says something of who asked: the next
        one, or the same one an hour later, may be allowed to go there."""
        return self.reason is not Failing.ADDRESS


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a URL may be asked for: `refusal` says why not. `word` is for the ledger."""

    word: str
    refusal: Failure | None = None
    delay_seconds: float | None = None


def entry(
    origin: str,
    outcome: Page | Failure,
    exchanges: tuple[Exchange, ...],
    previous: RobotsEntry | None,
    now: datetime,
) -> RobotsEntry:
    """The entry that the last answer to a request for robots.txt makes."""
    status = outcome.status
    if isinstance(outcome, Failure) and outcome.reason in LED_NOWHERE:
        status = status or 302
    is_failing = status is not None and status >= 500
    since = previous.failing_since if previous is not None else None
    failing_since = (since or now) if is_failing else None
    access = robots_access.verdict(status, failing_for=now - (failing_since or now))
    is_read = isinstance(outcome, Page) and access is RobotsAccess.PARSE
    return RobotsEntry(
        origin=origin,
        access=access,
        status=status,
        body=outcome.body[: robots.MAX_BODY_BYTES] if isinstance(outcome, Page) and is_read else b"",
        fetched_at=now,
        expires_at=robots_access.expires_at(now, access),
        final_url=outcome.final_url if isinstance(outcome, Page) and outcome.redirects else None,
        failing_since=failing_since,
        reason=outcome.reason if isinstance(outcome, Failure) else None,
        exchanges=exchanges,
    )


def judge(known: RobotsEntry, agent: str, target: str, url: str) -> Verdict:
    """Whether `agent` may ask for `target`, a hop on the way of `url`."""
    if known.access is RobotsAccess.ALLOW_ALL:
        return Verdict(word="no_robots")
    if known.access is RobotsAccess.DISALLOW_ALL:
        return Verdict(word="unreachable", refusal=_unreachable(known, url))
    parsed = _parsed(known.body)
    delay = parsed.delay(agent)
    if parsed.allows(agent, target):
        return Verdict(word="allow", delay_seconds=delay)
    refusal = failure(url, Failing.ROBOTS, f"{known.origin}/robots.txt closes {target[:150]}")
    return Verdict(word="disallow", refusal=refusal, delay_seconds=delay)


def _unreachable(known: RobotsEntry, url: str) -> Failure:
    if known.reason in HOST_FAILURES:
        assert known.reason is not None
        return failure(url, known.reason, f"{known.origin} could not be asked for its robots.txt: {known.reason.value}")
    why = f"HTTP status {known.status}" if known.status else (known.reason or Failing.TIMEOUT).value
    refusal = failure(url, Failing.ROBOTS_UNREACHABLE, f"{known.origin}/robots.txt cannot be had: {why}")
    return replace(refusal, status=None)


@lru_cache(maxsize=512)
def _parsed(body: bytes) -> robots.Robots:
    return robots.parse(body)
