"""How many pages a second are fetched and stored, politely, beside Scrapy on the same crawl in the same run.

    python -m tests.benchmarks.fetching [--pages N] [--scrapy PYTHON]

A server in a process of its own answers for 100 hosts (127.2.0.1 to 127.2.0.100) with a latency of 50 ms: an article
page of about 170 KB, gzip-coded as most news sites send it, and a robots.txt. Each host is asked by one request at a
time, with a pause of `INTERVAL_SECONDS` from the end of one to the start of the next: a tenth of the pause we keep in
the world, so that 100 hosts do here what 1,000 hosts do there. The upper bound is 100 hosts / (pause + latency) = 667
pages a second.

Scrapy gets the same pause as DOWNLOAD_DELAY (which it counts from start to start, so its bound is higher), one request
per domain at a time, robots.txt obeyed, and the same archive writer in its callback. `--scrapy` names a Python that has
it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tasks.records import Failure, Page
from tasks.web import warc_record
from tasks.web.crawl import Clock, crawl
from tasks.web.http import Client, Exchange
from tasks.web.lanes import Policy, Request
from tasks.web.warc import Place, Writer

HOSTS = 100
LATENCY_SECONDS = 0.05
INTERVAL_SECONDS = 0.1
PAGE_BYTES = 170_000
VARIANTS = 20
WORDS = ("council", "minister", "police", "court", "market", "shares", "river", "storm", "team", "season", "report")


def article(seed: int) -> bytes:
    """A page like a news site's: a third text, the rest markup and scripts; compresses about five times."""
    dice = random.Random(seed)
    parts = ["<!doctype html><html><head><title>Story</title></head><body>"]
    size = 0
    while size < PAGE_BYTES:
        text = " ".join(dice.choice(WORDS) + str(dice.randrange(50)) for _ in range(40))
        part = (
            f'<div class="block block--{dice.randrange(99)}" data-id="{dice.getrandbits(64):x}"><p>{text}</p>'
            f'<a href="/story/{dice.randrange(10**6)}?ref=block" class="link teaser__link">{text[:60]}</a>'
            f'<script>window.__q.push({{"slot":{dice.randrange(999)},"size":[300,250],"key":"{dice.getrandbits(48):x}"}})</script></div>'
        )
        parts.append(part)
        size += len(part)
    return "\n".join([*parts, "</body></html>"]).encode()


class Server(asyncio.Protocol):
    """The smallest HTTP server that keeps connections, answers late, and notes when each host was asked."""

    answers: list[bytes]
    times: defaultdict[str, list[float]] = defaultdict(list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.host = transport.get_extra_info("sockname")[0]
        self.buffer = b""

    def data_received(self, received: bytes) -> None:
        self.buffer += received
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.times[self.host].append(time.monotonic())
            if head.startswith(b"GET /robots.txt"):
                body = b"User-agent: *\nDisallow: /private/\n"
                answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (
                    len(body),
                    body,
                )
            else:
                answer = self.answers[hash(head.split(b" ", 2)[1]) % VARIANTS]
            asyncio.get_running_loop().call_later(LATENCY_SECONDS, self.transport.write, answer)


def serve(pipe: Connection) -> None:
    """The server's process: says its port, and at the end the shortest gap of each host and how much it answered."""

    async def main() -> None:
        bodies = [gzip.compress(article(seed), 6) for seed in range(VARIANTS)]
        Server.answers = [
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            for body in bodies
        ]
        loop = asyncio.get_running_loop()
        first = await loop.create_server(Server, "127.2.0.1", 0)
        port = first.sockets[0].getsockname()[1]
        for number in range(2, HOSTS + 1):
            await loop.create_server(Server, f"127.2.0.{number}", port)
        pipe.send(port)
        while await loop.run_in_executor(None, pipe.recv) == "report":
            gaps = [
                min(later - earlier for earlier, later in zip(at, at[1:], strict=False))
                for at in Server.times.values()
                if len(at) > 1
            ]
            pipe.send({"shortest_gap_ms": round(min(gaps) * 1000, 1), "requests": sum(map(len, Server.times.values()))})
            Server.times.clear()

    asyncio.run(main())


def ours(port: int, pages: int, folder: Path, workers: int) -> dict[str, float]:
    """Fetch and store with Wirehouse."""
    requests = [
        Request(url=f"http://127.2.0.{number % HOSTS + 1}:{port}/story/{number}", allow_private=True)
        for number in range(pages)
    ]
    clock = Clock()
    begun, cpu = time.monotonic(), time.process_time()
    got = stored = 0
    with Client(clock=clock.now) as client, Writer(folder, "bench", created_at=clock.now()) as archive:

        def store(page: Page, exchange: Exchange) -> Place:
            return archive.write(page, exchange.remote_address)

        for result in crawl(
            requests,
            Policy(agent=client.agent, interval_seconds=INTERVAL_SECONDS),
            client=client,
            ends_at=clock.now() + timedelta(seconds=600),
            clock=clock,
            store=store,
            workers=workers,
        ):
            assert not isinstance(result.outcome, Failure), result.outcome
            got += 1
            stored += result.stored.length
    seconds = time.monotonic() - begun
    return {
        "is_with_isal": warc_record.isal_zlib is not None,
        "pages": got,
        "seconds": round(seconds, 2),
        "pages_per_second": round(got / seconds, 1),
        "cpu_ms_per_page": round((time.process_time() - cpu) / got * 1000, 2),
        "stored_mb": round(stored / 1e6, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def scrapys(python: str, port: int, pages: int, folder: Path) -> dict[str, float]:
    """Fetch and store with Scrapy, in a process of its own; its start is not counted."""
    root = Path(__file__).resolve().parents[2]
    script = Path(__file__).with_name("scrapy_crawl.py")
    path = os.pathsep.join([str(root), *(entry for entry in sys.path if entry.endswith("site-packages"))])
    run = subprocess.run(
        [python, str(script), str(port), str(pages), str(folder), str(HOSTS), str(INTERVAL_SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )
    if run.returncode:
        raise SystemExit(f"Scrapy failed: {run.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return answer


def best(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The fastest round: other work on the machine only ever slows one down."""
    fastest = max(rounds, key=lambda one: float(one["pages_per_second"]))
    return fastest | {"cpu_ms_per_page": min(one["cpu_ms_per_page"] for one in rounds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many, in turns, is reported")
    parser.add_argument("--workers", type=int, default=48)
    parser.add_argument("--scrapy", metavar="PYTHON", help="a Python that can import Scrapy")
    asked = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    rounds: dict[str, list[dict[str, Any]]] = {"scrapy": [], "wirehouse": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(asked.rounds):
            if asked.scrapy:
                rounds["scrapy"].append(scrapys(asked.scrapy, port, asked.pages, Path(folder)))
                here.send("report")
                rounds["scrapy"][-1] |= here.recv()
            rounds["wirehouse"].append(ours(port, asked.pages, Path(folder), asked.workers))
            here.send("report")
            rounds["wirehouse"][-1] |= here.recv()
    report: dict[str, Any] = {name: best(those) for name, those in rounds.items() if those}
    if asked.scrapy:
        report["ratio"] = round(report["wirehouse"]["pages_per_second"] / report["scrapy"]["pages_per_second"], 2)
        report["cpu_ratio"] = round(report["scrapy"]["cpu_ms_per_page"] / report["wirehouse"]["cpu_ms_per_page"], 2)
    here.send("end")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
