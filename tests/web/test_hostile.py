"""A crawl over a web at its worst. The web's own log is the judge.

Time runs `SPEED` times faster than real: a pause of a second is 1 / SPEED seconds long. The limits of one exchange are
real.
"""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.records import Failing, Failure, Page
from tasks.web import warc
from tasks.web.crawl import Clock, Memory, crawl
from tasks.web.http import Client, Exchange, Limits
from tasks.web.http_chain import host_of
from tasks.web.lanes import Policy, Request, Result
from tests.web.hostile.routes import ROUTES, zeros
from tests.web.hostile.server import Temper, Web

SPEED = 10.0
INTERVAL_SECONDS = 1.0
LIMITS = Limits(
    connect_seconds=0.7,
    read_seconds=0.7,
    total_seconds=1.4,
    max_head_bytes=64 << 10,
    max_wire_bytes=1 << 20,
    max_body_bytes=4 << 20,
)
AGENT = "Wirehouse/0.1 (+https://example.org/wirehouse)"

# What a host says of robots; hosts take turns.
TEMPERS = (
    Temper(),
    Temper(robots="open", latency_seconds=0.05),
    Temper(robots="User-agent: *\nDisallow: /closed/\n"),
    Temper(robots="User-agent: wirehouse\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /\n"),
    Temper(robots="closed"),
    Temper(latency_seconds=0.02),
    Temper(robots="503"),
    Temper(robots="away"),
    Temper(robots="loop"),
    Temper(robots="reset"),
    Temper(latency_seconds=0.1),
    Temper(robots="stall"),
    Temper(robots="429"),
    Temper(robots="open"),
)
CLOSED = {"closed", "503", "reset", "stall", "429"}

# What is asked of a host, besides honest pages; hosts take turns in these, three each, so that no host is only bad.
TROUBLE = (
    *("/status/404", "/status/410", "/status/500", "/later/429/4/seconds/1", "/later/503/4/seconds/1"),
    *("/later/429/6/date/1", "/later/503/3600/seconds/9", "/flaky/1/a", "/flaky/9/b", "/drip", "/drip-head"),
    *("/stall", "/stall/body", "/reset", "/reset/body", "/hang-up", "/short", "/endless", "/announced/99999999"),
    *("/chunked/whole", "/chunked/cut", "/chunked/broken", "/cut/gzip", "/cut/br", "/cut/zstd", "/miscoded/gzip"),
    *("/bomb/gzip", "/bomb/twice", "/bomb/br", "/bomb/zstd", "/xml-bomb/1", "/coded/gzip", "/coded/br", "/coded/zstd"),
    *("/coded/gzip/br", "/loop/0", "/maze/0", "/nowhere", "/wall/1", "/sealed/1", "/cached/1", "/liar/1", "/frozen/1"),
    *("/unasked", "/charset/1", "/soft-404/1", "/huge/fields", "/huge/bytes", "/huge/line", "/continued", "/other"),
    *("/odd/spelling", "/odd/length", "/calendar/1", "/closed/1", "/redirect/302/http://127.0.0.1:{spy}/"),
    *("/redirect/302/http://0x7f.1:{spy}/", "/redirect/307/http://inside.test:{spy}/"),
    *("/redirect/301/http://0:{spy}/", "/redirect/302/http://169.254.169.254/latest/", "/redirect/307/{next}"),
    *("/redirect/308/{next}", "/redirect/301//page/moved"),
)


@dataclass(kw_only=True)
class Crawled:
    """A crawl that is over, with what its judges need."""

    web: Web
    requests: list[Request]
    results: list[Result] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    given_seconds: float
    seconds: float = 0.0
    peak_growth_mb: float = 0.0
    spied: int = 0
    """Connections to the address that must not be reached."""
    robots_lines: list[Exchange] = field(default_factory=list)


def asked_of(web: Web, pages: int, spy: int) -> Iterator[Request]:
    """What is asked of each host: honest pages, and between them three troubles, each host its own."""
    for round_ in range(pages):
        for host in range(web.hosts):
            yield Request(url=web.url(host, f"/page/{round_}"), tag=f"{host} page {round_}")
            if round_ < 3:
                path = TROUBLE[(host * 3 + round_) % len(TROUBLE)]
                path = path.replace("{spy}", str(spy)).replace("{next}", web.url((host + 1) % web.hosts, "/page/next"))
                yield Request(url=web.url(host, path), tag=f"{host} trouble {round_} {path}")


def crawled(hosts: int, pages: int, run_seconds: float, folder: Path) -> Crawled:
    """Crawl a web of `hosts` hosts; `run_seconds` of real time are given."""
    for kind in ("gzip", "twice", "br", "zstd"):
        zeros(kind)
    web = Web(hosts=hosts, routes=ROUTES, tempers={number: TEMPERS[number % len(TEMPERS)] for number in range(hosts)})
    with web, socket.create_server(("127.0.0.1", 0)) as spy:
        seen: list[object] = []
        threading.Thread(target=_count_connections, args=(spy, seen), daemon=True).start()
        done = Crawled(given_seconds=run_seconds, web=web, requests=list(asked_of(web, pages, spy.getsockname()[1])))
        clock = Clock(SPEED)
        web.now = lambda: clock.now().timestamp()
        names = {"inside.test": ["127.0.0.1"]}
        client = Client(
            limits=LIMITS,
            resolver=lambda name, port: names.get(name) or web.resolver(name, port),
            may_reach=web.may_reach,
            clock=clock.now,
        )
        before = peak_mb()
        begun = time.monotonic()
        with client, warc.Writer(folder, "hostile", created_at=clock.now()) as archive:

            def store(page: Page, exchange: Exchange) -> warc.Place:
                return archive.write(page, exchange.remote_address)

            for result in crawl(
                iter(done.requests),
                Policy(agent=AGENT, interval_seconds=INTERVAL_SECONDS, robots_limits=LIMITS),
                client=client,
                ends_at=clock.now() + timedelta(seconds=run_seconds * SPEED),
                clock=clock,
                memory=done.memory,
                store=store,
                on_robots=lambda entry: done.robots_lines.extend(entry.exchanges),
            ):
                done.results.append(result)
        done.seconds = time.monotonic() - begun
        done.peak_growth_mb = peak_mb() - before
        done.spied = len(seen)
    return done


def _count_connections(spy: socket.socket, seen: list[object]) -> None:
    while True:
        try:
            connection, peer = spy.accept()
        except OSError:
            return
        seen.append(peer)
        connection.close()


def peak_mb() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(hosts=28, pages=8, run_seconds=4.5, folder=tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(hosts=200, pages=25, run_seconds=50.0, folder=tmp_path_factory.mktemp("raw"))


SIZES = [pytest.param("quick", id="quick"), pytest.param("large", id="large", marks=pytest.mark.slow)]


@pytest.fixture
def done(request: pytest.FixtureRequest) -> Crawled:
    crawl_: Crawled = request.getfixturevalue(request.param)
    return crawl_


@pytest.mark.parametrize("done", SIZES, indirect=True)
class TestJudgement:
    def test_every_url_has_one_outcome(self, done: Crawled) -> None:
        assert sorted(one.request.tag for one in done.results) == sorted(one.tag for one in done.requests)
        assert all(one.outcome.url == one.request.url for one in done.results)

    def test_no_host_is_asked_too_soon(self, done: Crawled) -> None:
        gaps = done.web.gaps()
        too_soon = {host: gap for host, gap in gaps.items() if gap < INTERVAL_SECONDS / SPEED}
        assert not too_soon
        assert len(gaps) > done.web.hosts / 2
        assert sum(line.is_late for line in done.web.log) < len(done.web.log) / 20

    def test_the_ledger_says_the_same_as_the_log(self, done: Crawled) -> None:
        """Every request that a host saw is a line of the ledger, and the other way round."""
        seen = Counter(line.host for line in done.web.log)
        lines = [*(line for one in done.results for line in one.exchanges), *done.robots_lines]
        noted = Counter(host_of(line.url) for line in lines if (line.remote_address or "").startswith("127.1."))
        assert noted == seen

    def test_crawl_delay_is_kept(self, done: Crawled) -> None:
        hosts = {f"site-{n}.test" for n in range(done.web.hosts) if "Crawl-delay" in TEMPERS[n % len(TEMPERS)].robots}
        times: dict[str, list[float]] = defaultdict(list)
        for line in done.web.log:
            if line.host in hosts and not line.is_late:
                times[line.host].append(line.at)
        for host, at in times.items():  # from robots.txt to the first page, too
            gaps = [later - earlier for earlier, later in zip(at, at[1:], strict=False)]
            assert min(gaps, default=9.0) >= 3.0 / SPEED, host

    def test_closed_hosts_are_asked_for_robots_only(self, done: Crawled) -> None:
        closed = {f"site-{n}.test" for n in range(done.web.hosts) if TEMPERS[n % len(TEMPERS)].robots in CLOSED}
        assert closed
        assert {line.path for line in done.web.log if line.host in closed} <= {"/robots.txt"}

    def test_closed_paths_are_not_asked_for(self, done: Crawled) -> None:
        barred = {f"site-{n}.test" for n in range(done.web.hosts) if "/closed/" in TEMPERS[n % len(TEMPERS)].robots}
        asked = {line.path for line in done.web.log if line.host in barred}
        assert not any(path.startswith("/closed/") for path in asked)

    def test_retry_after_is_kept(self, done: Crawled) -> None:
        for host in {line.host for line in done.web.log}:
            lines = [line for line in done.web.log if line.host == host and not line.is_late]
            for line, following in zip(lines, lines[1:], strict=False):
                words = line.path.split("/")
                is_first = sum(one.path == line.path for one in lines if one.at <= line.at) == 1
                if words[1] == "later" and is_first:
                    least = float(words[3]) - (1.0 if words[4] == "date" else 0.0)  # a date has whole seconds
                    assert following.at - line.at >= least / SPEED, line

    def test_nothing_private_is_reached(self, done: Crawled) -> None:
        assert done.spied == 0
        tempted = [one for one in done.results if "127.0.0.1" in one.request.url or "169.254" in one.request.url]
        reasons = {one.outcome.reason for one in tempted if isinstance(one.outcome, Failure)}
        assert len(tempted) == sum(isinstance(one.outcome, Failure) for one in tempted)
        assert reasons <= {
            Failing.ADDRESS,
            Failing.BAD_REDIRECT,
            Failing.ROBOTS,
            Failing.ROBOTS_UNREACHABLE,
            Failing.DEADLINE,
            Failing.SERVER_ERROR,
            Failing.RATE_LIMITED,
            Failing.TIMEOUT,
            Failing.RESET,
        }

    def test_the_run_ends_on_time(self, done: Crawled) -> None:
        assert done.seconds <= done.given_seconds + 2.5  # the time of grace, and half a second for a busy machine

    def test_memory_stays_flat(self, done: Crawled) -> None:
        """Whatever was asked for: far below one bomb, and below what the results' own pages take."""
        assert done.peak_growth_mb < 150

    def test_honest_pages_are_stored_and_come_back(self, done: Crawled, tmp_path: Path) -> None:
        pages = [one for one in done.results if isinstance(one.outcome, Page)]
        assert len(pages) > len(done.results) / 3
        assert all(isinstance(one.stored, warc.Place) for one in pages)

    def test_most_troubles_end_as_they_should(self, done: Crawled) -> None:
        """Where the host lets itself be asked, each trouble has its own reason (others: its host was given up)."""
        expected = {
            "bomb": {"decompression_bomb"},
            "cut": {"truncated_transfer"},
            "short": {"truncated_transfer"},
            "miscoded": {"bad_content_encoding"},
            "loop": {"redirect_loop"},
            "sealed": {"too_many_redirects"},
            "maze": {"too_many_redirects"},
            "nowhere": {"bad_redirect"},
            "huge": {"headers_too_large"},
            "continued": {"headers_too_large"},
            "drip": {"timeout"},
            "stall": {"timeout"},
            "reset": {"connection_reset"},
            "announced": {"too_large"},
            "wall": {"page"},
            "coded": {"page"},
            "charset": {"page"},
            "soft-404": {"page"},
            "calendar": {"page"},
        }
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for one in done.results:
            word = one.request.url.split("/")[3]
            reason = one.outcome.reason.value if isinstance(one.outcome, Failure) else "page"
            if one.exchanges and word in expected and reason not in ("run_deadline", "robots_disallow"):
                found[word][reason] += 1
        assert len(found) > 8
        for word, reasons in found.items():
            assert set(reasons) <= expected[word] | {"timeout"}, word


def test_a_crawl_may_be_left_early(tmp_path: Path) -> None:
    with Web(hosts=2, routes=ROUTES) as web, Client(resolver=web.resolver, may_reach=web.may_reach) as client:
        clock = Clock(SPEED)
        requests = [Request(url=web.url(host, f"/page/{number}")) for number in range(50) for host in range(2)]
        results = crawl(
            requests,
            Policy(agent=AGENT),
            client=client,
            ends_at=clock.now() + timedelta(seconds=600),
            clock=clock,
        )
        first = next(results)
        results.close()
        assert isinstance(first.outcome, Page)
        assert len(web.log) < 10


def test_a_store_that_fails_ends_the_crawl() -> None:
    def full(_page: Page, _exchange: Exchange) -> None:
        raise OSError(28, "No space left on device")

    with Web(hosts=1, routes=ROUTES) as web, Client(resolver=web.resolver, may_reach=web.may_reach) as client:
        clock = Clock(SPEED)
        results = crawl(
            [Request(url=web.url(0, "/page/1"))],
            Policy(agent=AGENT),
            client=client,
            ends_at=clock.now() + timedelta(seconds=60),
            clock=clock,
            store=full,
        )
        with pytest.raises(OSError, match="No space left"):
            next(results)


def test_a_run_whose_time_is_over_asks_for_nothing() -> None:
    with Web(hosts=1, routes=ROUTES) as web, Client(resolver=web.resolver, may_reach=web.may_reach) as client:
        clock = Clock()
        requests = [Request(url=web.url(0, f"/page/{number}")) for number in range(3)]
        results = list(crawl(requests, Policy(agent=AGENT), client=client, ends_at=clock.now(), clock=clock))
        assert [one.outcome.reason for one in results if isinstance(one.outcome, Failure)] == [Failing.DEADLINE] * 3
        assert not web.log


def test_a_resolver_that_never_answers_does_not_hold_the_run() -> None:
    released = threading.Event()

    with Web(hosts=1, routes=ROUTES) as web:

        def stuck(name: str, port: int) -> list[str]:
            if name == "stuck.test":
                released.wait()
            return web.resolver(name, port)

        with Client(resolver=stuck, may_reach=web.may_reach) as client:
            clock = Clock(SPEED)
            urls = ["http://stuck.test/1", "http://stuck.test/2", web.url(0, "/page/1")]
            begun = time.monotonic()
            results = list(
                crawl(
                    [Request(url=url) for url in urls],
                    Policy(agent=AGENT),
                    client=client,
                    ends_at=clock.now() + timedelta(seconds=5),
                    clock=clock,
                    grace_seconds=0.1,
                )
            )
            assert time.monotonic() - begun < 3
        released.set()
    outcomes = {one.request.url: one.outcome for one in results}
    assert len(results) == 3
    assert isinstance(outcomes[urls[2]], Page)
    assert all(getattr(outcomes[url], "reason", None) is Failing.DEADLINE for url in urls[:2])


def test_memory_of_one_crawl_serves_the_next() -> None:
    with Web(hosts=1, routes=ROUTES, tempers={0: Temper(robots="open")}) as web:
        memory, clock = Memory(), Clock(SPEED)
        with Client(resolver=web.resolver, may_reach=web.may_reach) as client:
            for number in range(2):
                list(
                    crawl(
                        [Request(url=web.url(0, f"/page/{number}"))],
                        Policy(agent=AGENT),
                        client=client,
                        ends_at=clock.now() + timedelta(seconds=60),
                        clock=clock,
                        memory=memory,
                    )
                )
        assert [line.path for line in web.log] == ["/robots.txt", "/page/0", "/page/1"]
        assert min(web.gaps().values()) >= 1.0 / SPEED
