"""Serves the little news web on loopback: one small server per outlet, each on an address and a port of its own.

Different addresses matter, since a fetcher keeps one lane per host. Linux answers on all of 127.0.0.0/8; where only
127.0.0.1 exists (macOS), the outlets differ by port alone. The ports are fixed, because an article's id is a hash of
its URL: with other ports a second run would find nothing but new articles.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from deployments.demo.outlets import Outlet, outlets
from deployments.demo.site import Answer, Site, sites
from tasks.errors import ConfigurationError
from tasks.feeds import declarations
from tasks.records import Source

HOST = "127.0.0.1"
FIRST_PORT = 18801
PORT_STEP = 10
PORT_TRIES = 3  # 18801–18805, 18811–18815, 18821–18825
GZIP_FROM_BYTES = 500  # below that the header costs more than is saved

SOURCES = Path(__file__).parent / "sources.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One request that an outlet answered."""

    outlet: str
    method: str
    target: str
    status: int
    agent: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoWeb:
    """The web while it is served."""

    bases: Mapping[str, str]
    """Outlet key → the beginning of its URLs."""
    sources_toml: str
    """The declarations of its sources, as they would stand in the user's own file."""
    log: list[Hit] = field(default_factory=list)
    """Every request answered so far, in order."""
    note: str | None = None
    """Said when the usual ports were taken: article ids then differ from those of other runs."""

    @property
    def port(self) -> int:
        """The lowest port it is served from: it tells two demo webs apart."""
        return min(int(base.rsplit(":", 1)[1]) for base in self.bases.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """The same declarations, read."""
        return declarations.read(self.sources_toml, SOURCES.name)


@contextmanager
def serve(*, host: str = HOST, first_port: int = FIRST_PORT) -> Iterator[DemoWeb]:
    """The five outlets, answering until the block ends. `first_port=0` takes any free ports (for tests)."""
    with ExitStack() as stack:
        servers, note = _listening(host, first_port)
        for server in servers.values():
            stack.callback(server.server_close)
        bases = {key: "http://{}:{}".format(*server.server_address[:2]) for key, server in servers.items()}
        web = DemoWeb(bases=bases, sources_toml=sources_toml(bases), note=note)
        for key, site in sites(bases).items():
            servers[key].open(site, web.log)
            stack.callback(servers[key].shutdown)
        yield web


def sources_toml(bases: Mapping[str, str]) -> str:
    """The declarations of `sources.toml`, moved to the addresses given."""
    text = SOURCES.read_text(encoding="utf-8")
    for key, outlet in outlets().items():
        text = text.replace(_usual_base(outlet), bases[key])
    return text


class _Server(ThreadingHTTPServer):
    """One outlet's server: it listens from the start and answers once it is opened."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, key: str, address: tuple[str, int]) -> None:
        super().__init__(address, _Answering)
        self.key = key
        self.site: Site = {}
        self.log: list[Hit] = []
        self._asked: set[str] = set()
        self._lock = threading.Lock()

    def open(self, site: Site, log: list[Hit]) -> None:
        """Begins to answer from the site."""
        self.site, self.log = site, log
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, target: str) -> Answer | None:
        """What the site says to the target; tracking parameters make no difference."""
        found = next((each for each in _spellings(target) if each in self.site), None)
        if found is None:
            return None
        with self._lock:
            is_first = found not in self._asked
            self._asked.add(found)
        answer = self.site[found]
        return answer.first if answer.first and is_first else answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "wirehouse-demo"
    sys_version = ""
    timeout = 30  # seconds for which an idle connection is kept
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:  # noqa: N802  (the standard library's name)
        answer = self.server.answer(self.path) or Answer(body=b"Not found\n", status=404, changed_at=None)
        validators = _validators(answer)
        if answer.status == 200 and _is_unchanged(validators, self.headers):
            answer = Answer(status=304)
        self._send(answer, validators)

    do_HEAD = do_GET  # noqa: N815

    def _send(self, answer: Answer, validators: Mapping[str, str]) -> None:
        body, headers = answer.body, [*answer.headers, *validators.items()]
        if "gzip" in self.headers.get("Accept-Encoding", "") and _is_worth_packing(answer):
            body = gzip.compress(body, compresslevel=5, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        self.send_response(answer.status)
        if answer.status != 304:
            headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(body)))]
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        agent = self.headers.get("User-Agent")
        self.server.log.append(
            Hit(outlet=self.server.key, method=self.command, target=self.path, status=int(code), agent=agent)
        )

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the standard library's name)
        """Silence: what was asked is in the log."""


def _listening(host: str, first_port: int) -> tuple[dict[str, _Server], str | None]:
    """A bound server per outlet. When a usual port is taken, the next block of ports is tried."""
    if not first_port:
        return _bound(host, 0), None
    busy: OSError | None = None
    for step in range(PORT_TRIES):
        port = first_port + step * PORT_STEP
        try:
            servers = _bound(host, port)
        except OSError as error:
            busy = error
            continue
        return servers, _moved(first_port, port) if step else None
    message = f"the demo cannot listen on {host}: ports {first_port} to {port + len(outlets()) - 1} are taken"
    raise ConfigurationError(f"{message}; end what uses them (another demo?) and try again") from busy


def _moved(usual: int, port: int) -> str:
    return (
        f"The demo's usual ports from {usual} on are taken; it is served from {port} on, "
        "where the articles of an earlier run come again as new ones."
    )


def _bound(host: str, first_port: int) -> dict[str, _Server]:
    bound: dict[str, _Server] = {}
    try:
        for key, outlet in outlets().items():
            port = first_port + outlet.order - 1 if first_port else 0
            bound[key] = _bind(key, _addresses(host, outlet), port)
    except OSError:
        for server in bound.values():
            server.server_close()
        raise
    return bound


def _bind(key: str, addresses: Sequence[str], port: int) -> _Server:
    """A server on the first address that this machine has. That its port is taken is the caller's to see."""
    for address in addresses[:-1]:
        try:
            return _Server(key, (address, port))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
    return _Server(key, (addresses[-1], port))


def _addresses(host: str, outlet: Outlet) -> Sequence[str]:
    return (_own_address(outlet), host) if host == HOST and outlet.order > 1 else (host,)


def _own_address(outlet: Outlet) -> str:
    return f"127.0.0.{outlet.order}"


def _usual_base(outlet: Outlet) -> str:
    return f"http://{_own_address(outlet)}:{FIRST_PORT + outlet.order - 1}"


def _spellings(target: str) -> Iterator[str]:
    parts = urlsplit(target)
    wanted = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")]
    yield f"{parts.path}?{urlencode(wanted)}" if wanted else parts.path


def _validators(answer: Answer) -> Mapping[str, str]:
    if answer.changed_at is None or answer.status != 200:
        return {}
    digest = hashlib.sha256(answer.body).hexdigest()[:16]
    changed = format_datetime(answer.changed_at.astimezone(UTC), usegmt=True)
    return {"ETag": f'"{digest}"', "Last-Modified": changed}


def _is_unchanged(validators: Mapping[str, str], asked: Any) -> bool:
    """RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since."""
    if not validators:
        return False
    if "If-None-Match" in asked:
        return validators["ETag"] in (tag.strip().removeprefix("W/") for tag in asked["If-None-Match"].split(","))
    since = _instant(asked.get("If-Modified-Since"))
    return since is not None and parsedate_to_datetime(validators["Last-Modified"]) <= since


def _instant(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None


def _is_worth_packing(answer: Answer) -> bool:
    return len(answer.body) >= GZIP_FROM_BYTES and "gzip" not in answer.content_type
