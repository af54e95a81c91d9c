"""Lanes, played through in simulated time: a network of answers on one side, the promises on the other."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.records import Failing, Failure, Page
from tasks.web import http_chain
from tasks.web.http import Exchange
from tasks.web.http_chain import Answer, NotModified
from tasks.web.http_failures import failure
from tasks.web.lanes import Lanes, Policy, Request, Result, Trip
from tasks.web.lanes_robots import RobotsEntry
from tasks.web.politeness import HostState

BEGIN = datetime(2026, 11, 24, 6, tzinfo=UTC)
AGENT = "Wirehouse/0.1 (+https://example.org)"
POLICY = Policy(agent=AGENT, interval_seconds=1.0)


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a simulated server answers: a status with its fields, or a reason why nothing came; and after how long."""

    status: int = 200
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fails: Failing | None = None
    seconds: float = 0.1


Network = Callable[[str, int], Said]
"""URL and how often it was asked for before → what is said."""


@dataclass(kw_only=True)
class Played:
    """What happened in a simulated run."""

    results: list[Result] = field(default_factory=list)
    robots: list[RobotsEntry] = field(default_factory=list)
    log: dict[str, list[tuple[float, float, str]]] = field(default_factory=lambda: defaultdict(list))
    """Host → begin, end (seconds from the start) and URL of each request."""
    ended_at: float = 0.0
    hosts: dict[str, HostState] = field(default_factory=dict)

    def reasons(self) -> Counter[str]:
        return Counter(
            one.outcome.reason.value if isinstance(one.outcome, Failure) else type(one.outcome).__name__
            for one in self.results
        )

    def urls(self) -> list[str]:
        return [url for entries in self.log.values() for _, _, url in entries]

    def starts(self, host: str) -> list[float]:
        return [begin for begin, _, _ in self.log[host]]


def play(
    requests: Iterable[Request],
    network: Network,
    *,
    policy: Policy = POLICY,
    run_seconds: float = 600,
    workers: int = 8,
    robots: dict[str, RobotsEntry] | None = None,
    hosts: dict[str, HostState] | None = None,
) -> Played:
    """Run lanes against a network in simulated time."""
    ends_at = BEGIN + timedelta(seconds=run_seconds)
    lanes = Lanes(policy, ends_at=ends_at, robots=robots, hosts=hosts)
    played = Played()
    now = BEGIN
    for request in requests:
        lanes.add(request, now)
    under_way: list[tuple[datetime, int, Trip, Said, datetime]] = []
    order, asked = count(), Counter[str]()
    for _ in range(100_000):
        if now >= ends_at:
            for _, _, trip, _, _ in under_way:
                lanes.abandon(trip, now)
            under_way = []
            lanes.end(now)
        while len(under_way) < workers and (trip := lanes.next_trip(now)) is not None:
            said = network(trip.chain.target, asked[trip.chain.target])
            asked[trip.chain.target] += 1
            heapq.heappush(under_way, (now + timedelta(seconds=said.seconds), next(order), trip, said, now))
        played.results += lanes.results()
        played.robots += lanes.robots_news()
        if not lanes.open and not under_way:
            played.ended_at = (now - BEGIN).total_seconds()
            played.hosts = lanes.hosts()
            return played
        wake_at = lanes.wake_at() if len(under_way) < workers else None
        moments = [moment for moment in (wake_at, under_way[0][0] if under_way else None, ends_at) if moment]
        now = max(now, min(moments))
        while under_way and under_way[0][0] <= now:
            ended, _, trip, said, began = heapq.heappop(under_way)
            host = http_chain.host_of(trip.chain.target)
            played.log[host].append(
                ((began - BEGIN).total_seconds(), (ended - BEGIN).total_seconds(), trip.chain.target)
            )
            _settle(lanes, trip, said, began, now)
    raise AssertionError("the run does not end")


def _settle(lanes: Lanes, trip: Trip, said: Said, began: datetime, now: datetime) -> None:
    exchange = Exchange(
        url=trip.chain.target,
        started_at=began,
        elapsed_ms=round(said.seconds * 1000),
        status=None if said.fails else said.status,
        first_byte_ms=None if said.fails else round(said.seconds * 1000),
    )
    if said.fails:
        lanes.settle(trip, failure(trip.chain.target, said.fails, "as simulated"), exchange, now)
        return
    answer = Answer(status=said.status, headers=said.fields, body=said.body, fetched_at=now)
    lanes.settle(trip, http_chain.settle(trip.chain, answer), exchange, now)


def requests(*counts: int, host: str = "site-{}.test", path: str = "/{}") -> list[Request]:
    """`counts[n]` requests to host n, one host after the other."""
    return [
        Request(url=f"http://{host.format(number)}{path.format(page)}")
        for number, many in enumerate(counts)
        for page in range(many)
    ]


def fine(url: str, _count: int) -> Said:
    return Said(status=404) if url.endswith("/robots.txt") else Said(body=b"<p>")


def with_robots(text: str) -> Network:
    return lambda url, times: Said(body=text.encode()) if url.endswith("/robots.txt") else fine(url, times)


def assert_polite(played: Played, interval: float = 1.0) -> None:
    for host, entries in played.log.items():
        ordered = sorted(entries)
        for (_, end, _), (begin, _, url) in zip(ordered, ordered[1:], strict=False):
            assert begin - end >= interval - 1e-6, f"{url} of {host} came {begin - end} s after the last answer"


def test_every_request_has_one_result_and_hosts_go_on_side_by_side() -> None:
    played = play(requests(5, 5, 20), fine)
    assert played.reasons() == {"Page": 30}
    assert_polite(played)
    # robots.txt and five pages, with a second between: the small hosts do not wait for the large one.
    assert max(played.starts("site-0.test")) < 7
    assert max(played.starts("site-2.test")) > 20


def test_robots_is_asked_for_once_and_counts_as_a_request() -> None:
    played = play(requests(3), with_robots("User-agent: *\nDisallow: /1"))
    assert played.urls().count("http://site-0.test/robots.txt") == 1
    assert played.reasons() == {"Page": 2, "robots_disallow": 1}
    assert "http://site-0.test/1" not in played.urls()
    assert_polite(played)
    exchanges = [line for one in played.results for line in one.exchanges]
    assert {line.robots for line in exchanges} == {"allow"}


def test_crawl_delay_is_kept() -> None:
    played = play(requests(4), with_robots("User-agent: *\nCrawl-delay: 7"))
    assert_polite(played, 7)  # from robots.txt on
    known = {entry.origin: entry for entry in played.robots}
    again = play(requests(3, 3), fine, robots=known, hosts=played.hosts)
    assert min(later - earlier for earlier, later in pairwise(again.starts("site-0.test"))) >= 7
    assert again.starts("site-0.test")[0] >= 6.9  # the last run's request was the one before
    assert again.starts("site-1.test")[1] < 2


def test_crawl_delay_longer_than_the_run_fails_the_rest() -> None:
    played = play(requests(4), with_robots("User-agent: *\nCrawl-delay: 50"), run_seconds=60)
    assert played.reasons() == {"Page": 1, "run_deadline": 3}  # robots.txt at 0 s, the first page at 50 s
    assert played.ended_at <= 60


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(status=503), "robots_unreachable"),
        (Said(status=500), "robots_unreachable"),
        (Said(status=429), "robots_unreachable"),
        (Said(fails=Failing.TIMEOUT, seconds=30), "robots_unreachable"),
        (Said(fails=Failing.RESET), "robots_unreachable"),
        (Said(fails=Failing.CONNECT), "connect"),
        (Said(fails=Failing.DNS), "dns"),
        (Said(fails=Failing.ADDRESS), "private_address"),
        (Said(fails=Failing.TLS), "tls"),
    ],
)
def test_no_page_is_asked_for_while_robots_cannot_be_had(said: Said, reason: str) -> None:
    played = play(requests(5), lambda url, times: said if url.endswith("/robots.txt") else fine(url, times))
    assert played.reasons() == {reason: 5}
    assert set(played.urls()) == {"http://site-0.test/robots.txt"}
    assert_polite(played)


def test_a_robots_answered_with_503_costs_one_request_and_no_time() -> None:
    played = play(requests(50), lambda url, times: Said(status=503) if "robots" in url else fine(url, times))
    assert played.reasons() == {"robots_unreachable": 50}
    assert len(played.urls()) == 1
    assert played.ended_at < 1


def test_what_robots_closes_does_not_wait_for_its_turn() -> None:
    played = play(requests(50), with_robots("User-agent: *\nDisallow: /\nAllow: /7\nCrawl-delay: 30"))
    assert played.reasons() == {"robots_disallow": 49, "Page": 1}
    assert played.ended_at < 40


def test_states_from_a_clock_that_was_wrong_do_no_harm() -> None:
    wrong = HostState(host="site-0.test", min_interval_seconds=1.0, finished_at=BEGIN + timedelta(days=900))
    played = play(requests(2), fine, hosts={"site-0.test": wrong})
    assert played.reasons() == {"Page": 2}
    assert played.starts("site-0.test")[0] == 1.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_missing_robots_allows_everything(status: int) -> None:
    played = play(requests(2), lambda url, times: Said(status=status) if "robots" in url else fine(url, times))
    assert played.reasons() == {"Page": 2}


def test_robots_is_followed_over_hosts() -> None:
    """http → https → www: the file that is found counts for the origin that was asked."""

    def network(url: str, times: int) -> Said:
        if url == "http://site-0.test/robots.txt":
            return Said(status=301, fields=(("Location", "https://www.site-0.test/robots.txt"),))
        if url == "https://www.site-0.test/robots.txt":
            return Said(body=b"User-agent: *\nDisallow: /1")
        return fine(url, times)

    played = play(requests(2), network)
    assert played.reasons() == {"Page": 1, "robots_disallow": 1}
    assert played.robots[0].final_url == "https://www.site-0.test/robots.txt"
    assert len(played.robots[0].exchanges) == 2


def test_robots_that_lead_to_each_other_block_nobody() -> None:
    def network(url: str, times: int) -> Said:
        if url.endswith("/robots.txt"):
            other = "site-1.test" if "site-0" in url else "site-0.test"
            return Said(status=302, fields=(("Location", f"http://{other}/robots.txt"),))
        return fine(url, times)

    played = play(requests(2, 2), network)
    assert played.reasons() == {"Page": 4}  # a chain that leads nowhere is "unavailable": RFC 9309, 2.3.1.2
    assert_polite(played)


def test_a_known_robots_is_not_asked_for_again_before_it_expires() -> None:
    first = play(requests(1), with_robots("User-agent: *\nDisallow: /1"))
    known = {entry.origin: entry for entry in first.robots}
    again = play(requests(2), fine, robots=known)
    assert again.reasons() == {"Page": 1, "robots_disallow": 1}
    assert "http://site-0.test/robots.txt" not in again.urls()
    stale = {origin: replace(entry, expires_at=BEGIN) for origin, entry in known.items()}
    assert "http://site-0.test/robots.txt" in play(requests(2), fine, robots=stale).urls()


def test_robots_may_be_ignored_by_declaration() -> None:
    played = play([Request(url="http://site-0.test/1", ignores_robots=True)], with_robots("User-agent: *\nDisallow: /"))
    assert played.reasons() == {"Page": 1}
    assert played.results[0].exchanges[0].robots == "ignored"


def test_redirects_queue_in_the_lane_they_lead_to() -> None:
    def network(url: str, times: int) -> Said:
        if url.startswith("http://site-0.test/") and not url.endswith("robots.txt"):
            return Said(status=301, fields=(("Location", url.replace("site-0", "site-1")),))
        return fine(url, times)

    played = play(requests(6, 6), network)
    assert played.reasons() == {"Page": 12}
    assert_polite(played)
    moved = [one for one in played.results if one.request.url.startswith("http://site-0.test")]
    assert all(
        one.outcome.redirects[-1].startswith("http://site-1.test") for one in moved if isinstance(one.outcome, Page)
    )


def test_the_robots_of_a_redirects_target_are_respected() -> None:
    def network(url: str, times: int) -> Said:
        if url == "http://site-0.test/0":
            return Said(status=302, fields=(("Location", "http://closed.test/x"),))
        if url == "http://closed.test/robots.txt":
            return Said(body=b"User-agent: *\nDisallow: /x")
        return fine(url, times)

    played = play(requests(1), network)
    assert played.reasons() == {"robots_disallow": 1}
    assert "http://closed.test/x" not in played.urls()
    assert played.results[0].outcome.url == "http://site-0.test/0"


def later(status: int, seconds: float, times: int) -> Network:
    def network(url: str, asked: int) -> Said:
        if url.endswith("/0") and asked < times:
            return Said(status=status, fields=(("Retry-After", str(seconds)),))
        return fine(url, asked)

    return network


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(status: int) -> None:
    played = play(requests(3, 3), later(status, 40, 1))
    assert played.reasons() == {"Page": 6}
    asked = sorted(played.log["site-0.test"])
    refused_at = next(end for _, end, url in asked if url.endswith("/0"))
    assert min(begin for begin, _, _ in asked if begin > refused_at) >= refused_at + 40


def test_retry_after_longer_than_allowed_ends_the_lane_and_says_for_how_long() -> None:
    played = play(requests(3), later(429, 3600, 99))
    assert played.reasons() == {"http_429": 3}
    assert len(played.log["site-0.test"]) == 2
    assert all(
        (one.outcome.retry_after_seconds or 0) > 3500 for one in played.results if isinstance(one.outcome, Failure)
    )
    assert played.ended_at < 5
    assert played.hosts["site-0.test"].silent_until is not None


def test_retries_are_counted_and_pauses_grow() -> None:
    broken = Said(status=500)
    played = play(requests(1), lambda url, times: fine(url, times) if "robots" in url else broken)
    assert played.reasons() == {"http_5xx": 1}
    starts = played.starts("site-0.test")
    assert len(starts) == 1 + 1 + POLICY.max_retries
    gaps = [later_ - earlier for earlier, later_ in zip(starts, starts[1:], strict=False)]
    assert gaps[1] < gaps[2]


def test_what_cannot_pass_is_not_tried_again() -> None:
    for said in (Said(status=404), Said(status=501), Said(fails=Failing.BOMB), Said(fails=Failing.ADDRESS)):
        played = play(requests(1), lambda url, times, said=said: fine(url, times) if "robots" in url else said)
        assert len(played.urls()) == 2


def test_a_dead_host_fails_fast_and_one_bad_page_does_not_kill_its_host() -> None:
    def network(url: str, times: int) -> Said:
        if "site-0" in url and not url.endswith("robots.txt"):
            return Said(fails=Failing.TIMEOUT, seconds=30)
        if url == "http://site-1.test/0":
            return Said(fails=Failing.RESET)
        return fine(url, times)

    played = play(requests(50, 10), network)
    assert len(played.log["site-0.test"]) == 1 + POLICY.patience
    assert played.reasons() == {"timeout": 50, "connection_reset": 1, "Page": 9}
    assert played.ended_at < 400


def test_a_host_remembered_as_resting_is_left_alone() -> None:
    resting = HostState(host="site-0.test", min_interval_seconds=1.0, silent_until=BEGIN + timedelta(hours=2))
    played = play(requests(2), fine, hosts={"site-0.test": resting})
    assert not played.urls()
    assert len(played.results) == 2


def test_the_run_ends_on_time_with_a_result_for_everything() -> None:
    played = play(requests(500, 500), lambda url, times: replace(fine(url, times), seconds=7), run_seconds=60)
    assert played.ended_at == 60
    assert len(played.results) == 1000
    assert set(played.reasons()) == {"Page", "run_deadline"}


def test_a_robots_cut_off_by_the_end_is_not_remembered() -> None:
    played = play(requests(2), lambda _url, _times: Said(fails=Failing.TIMEOUT, seconds=100), run_seconds=10)
    assert played.reasons() == {"run_deadline": 2}
    assert not played.robots


def test_unchanged_pages() -> None:
    request = Request(url="http://site-0.test/0", etag='"x"')
    played = play([request], lambda url, times: Said(status=304) if url.endswith("/0") else fine(url, times))
    assert isinstance(played.results[0].outcome, NotModified)


WORDS = st.sampled_from(["fine", "gone", "broken", "reset", "timeout", "busy", "away", "circle", "same"])


@given(
    st.lists(st.tuples(st.integers(0, 4), WORDS), max_size=30),
    st.lists(st.sampled_from(["none", "open", "closed", "slow", "broken", "away", "dead"]), min_size=5, max_size=5),
    st.integers(1, 6),
    st.integers(5, 300),
)
@settings(max_examples=150, deadline=None)
def test_promises_hold_on_any_web(
    asked: list[tuple[int, str]], tempers: list[str], workers: int, run_seconds: int
) -> None:
    def robots(host: int) -> Said:
        return {
            "none": Said(status=404),
            "open": Said(body=b""),
            "closed": Said(body=b"User-agent: *\nDisallow: /gone"),
            "slow": Said(body=b"User-agent: *\nCrawl-delay: 3", seconds=2),
            "broken": Said(status=500),
            "away": Said(status=302, fields=(("Location", f"http://site-{(host + 1) % 5}.test/robots.txt"),)),
            "dead": Said(fails=Failing.CONNECT),
        }[tempers[host]]

    def network(url: str, times: int) -> Said:
        host = int(http_chain.host_of(url)[5:-5])
        if url.endswith("/robots.txt"):
            return robots(host)
        word = url.split("/")[3]
        return {
            "fine": Said(seconds=0.3),
            "gone": Said(status=410),
            "broken": Said(status=502),
            "reset": Said(fails=Failing.RESET) if times < 1 else Said(),
            "timeout": Said(fails=Failing.TIMEOUT, seconds=20),
            "busy": Said(status=503, fields=(("Retry-After", "5"),)) if times < 2 else Said(),
            "away": Said(status=301, fields=(("Location", f"http://site-{(host + 1) % 5}.test/fine/1"),)),
            "circle": Said(status=301, fields=(("Location", f"http://site-{(host + 1) % 5}.test/circle/1"),)),
            "same": Said(status=307, fields=(("Location", "/fine/2"),)),
        }[word]

    wanted = [Request(url=f"http://site-{host}.test/{word}/{n}", tag=str(n)) for n, (host, word) in enumerate(asked)]
    played = play(wanted, network, run_seconds=run_seconds, workers=workers)
    assert sorted(one.request.tag for one in played.results) == sorted(one.tag for one in wanted)
    assert all(one.outcome.url == one.request.url for one in played.results)
    assert played.ended_at <= run_seconds
    assert_polite(played)
