"""Many hosts in one asyncio loop, each on a loopback address of its own, all on one port.

Host `site-17.test` listens on 127.1.0.17; `Web.resolver` knows the way. What a URL does is said by its path, in a small
language of one word and its arguments (see `routes`). What a host is like (its robots.txt, its latency) is said by its
`Temper`. The log has one line for each request, written when its header fields are complete and before the answer goes
out: so if a client waits for an answer and then for the interval, no two lines of a host can be closer than that.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

MAX_HOSTS = 250


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One line of the log."""

    at: float
    """Monotonic seconds."""
    host: str
    path: str
    headers: Mapping[str, str]
    is_late: bool = False
    """Whether the client had given up before the request was read: on a busy machine this server reads late, and then
    the moment says nothing about the client."""


@dataclass(frozen=True, kw_only=True)
class Temper:
    """What a host is like."""

    latency_seconds: float = 0.0
    robots: str = "none"
    """`none` (404), `open`, `closed`, `503`, `429`, `reset`, `stall`, `away` (redirects), or the file's text."""


Answer = Callable[["Visit"], Awaitable[None]]


@dataclass(kw_only=True)
class Visit:
    """A request being answered."""

    web: Web
    asked: Asked
    writer: asyncio.StreamWriter
    count: int
    """How often this path was asked for before."""
    keep: bool = True

    def args(self) -> list[str]:
        return self.asked.path.strip("/").split("/")[1:]

    async def send(self, status: int, body: bytes = b"", *fields: str, length: int | None = None) -> None:
        head = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
        if not any(one.lower().startswith("content-type") for one in fields):
            head.append("Content-Type: text/html; charset=utf-8")
        await self.raw("\r\n".join([*head, *fields, "", ""]).encode("latin-1") + body)

    async def raw(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection so that the peer gets an error, not an end."""
        sock = self.writer.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.writer.transport.abort()
        self.keep = False


@dataclass(kw_only=True)
class Web:
    """The servers of `hosts` hosts; use as a context."""

    hosts: int
    routes: Mapping[str, Answer]
    tempers: Mapping[int, Temper] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    now: Callable[[], float] = time.time
    """Seconds of the epoch, for dates in header fields."""
    _counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _stop: asyncio.Event | None = None

    def url(self, host: int, path: str) -> str:
        return f"http://site-{host}.test:{self.port}{path}"

    def resolver(self, name: str, _port: int) -> list[str]:
        if name.startswith("site-") and name.endswith(".test"):
            return [address_of(int(name[5:-5]))]
        if name[:1].isdigit() or ":" in name:
            return [answer[4][0] for answer in socket.getaddrinfo(name, 0, type=socket.SOCK_STREAM)]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    @staticmethod
    def may_reach(address: str) -> bool:
        """For the tests, the hosts of this web are the public internet, and nothing else is."""
        return address.startswith("127.1.0.")

    def __enter__(self) -> Web:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the hostile web did not come up")
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        listening = [_listener(address_of(0), 0)]
        self.port = listening[0].getsockname()[1]
        listening += [_listener(address_of(number), self.port) for number in range(1, self.hosts)]
        servers = [await asyncio.start_server(self._connected, sock=one, limit=1 << 18) for one in listening]
        ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        number = int(address.rsplit(".", 1)[1])
        try:
            while await self._one(number, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _one(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:]) if name}
        asked = Asked(
            at=time.monotonic(),
            host=f"site-{number}.test",
            path=path,
            headers=headers,
            is_late=_is_closed_by_peer(writer),
        )
        self.log.append(asked)
        count = self._counts[asked.host, path]
        self._counts[asked.host, path] += 1
        visit = Visit(web=self, asked=asked, writer=writer, count=count)
        temper = self.tempers.get(number, Temper())
        if temper.latency_seconds:
            await asyncio.sleep(temper.latency_seconds)
        word = "robots" if path == "/robots.txt" else path.strip("/").split("/")[0].split("?")[0]
        await self.routes.get(word, self.routes["missing"])(visit)
        return visit.keep

    def gaps(self) -> dict[str, float]:
        """For each host that was asked more than once, the shortest time in seconds between two requests."""
        times: dict[str, list[float]] = defaultdict(list)
        for asked in self.log:
            if asked.is_late:
                continue
            times[asked.host].append(asked.at)
        return {
            host: min(later - earlier for earlier, later in zip(at, at[1:], strict=False))
            for host, at in times.items()
            if len(at) > 1
        }


def _is_closed_by_peer(writer: asyncio.StreamWriter) -> bool:
    sock = writer.get_extra_info("socket")
    try:
        with socket.socket(fileno=os.dup(sock.fileno())) as same:
            return same.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def address_of(number: int) -> str:
    return f"127.1.0.{number}"


def _listener(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.listen(128)
    made.setblocking(False)
    return made
