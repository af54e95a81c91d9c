"""One HTTP exchange, bounded in everything: the only place that knows `requests`.

`Client.exchange` carries out a single hop and returns what came, or why nothing came, together with a line for the
ledger; it never raises for what the network does. `Client.get` strings hops together for callers without a scheduler.

Of `requests` the adapter and the prepared request are used, not the session: a session keeps cookies, reads proxies and
`.netrc` from the environment, follows redirects by itself and decodes without limits, each of which is wrong here.
Connections are kept open per host in two sets of pools, one whose sockets may reach private addresses and one whose
sockets may not, so that a connection opened for a trusted source never serves another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

import certifi
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from tasks.records import Failing, Failure, Page
from tasks.web import address, decompress, http_connection
from tasks.web.crawl_clock import Clock
from tasks.web.decompress import ACCEPT_ENCODING
from tasks.web.http_body import Bodies
from tasks.web.http_chain import Answer, Chain, NotModified, origin_of, settle, start
from tasks.web.http_failures import failure, from_error
from tasks.web.http_limits import PAGE_LIMITS, ROBOTS_LIMITS, SITEMAP_LIMITS, Limits

__all__ = ["AGENT", "PAGE_LIMITS", "ROBOTS_LIMITS", "SITEMAP_LIMITS", "Client", "Exchange", "Fetched", "Limits"]

AGENT = "Wirehouse/0.1"  # whoever runs it adds where to complain: `Wirehouse/0.1 (+https://…)`
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"  # what browsers of all makes send

# Malformed header fields of others are facts for the ledger, not warnings for a person.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One request as it happened: a line of the ledger by which politeness is audited."""

    url: str
    started_at: datetime
    elapsed_ms: int
    status: int | None = None
    first_byte_ms: int | None = None
    bytes_on_wire: int = 0
    """Received, header fields included, as they came (inside TLS, before decoding)."""
    bytes_body: int = 0
    """Of the body, after decoding."""
    location: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    remote_address: str | None = None
    is_conditional: bool = False
    robots: str | None = None
    """Why the request was allowed: `allow`, `no_robots`, `is_robots`, `ignored`; `None`: not asked."""
    outcome: str = "ok"
    """`ok` for an answer received whole, else the reason of the failure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What became of a URL, and all exchanges it took, in order."""

    outcome: Page | NotModified | Failure
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ask:
    """One hop to carry out."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    limits: Limits


class _Adapter(HTTPAdapter):
    """`requests`' adapter on pools of bounded sockets; certificates are verified by the pools' own context."""

    def __init__(self, pools: Any) -> None:
        self._pools = pools
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_args: Any, **_more: Any) -> None:
        """Put our pools where the adapter expects its own."""
        self.poolmanager = self._pools

    def cert_verify(self, *_args: Any) -> None:
        """Leave it to the context, which has read the certificates once and not for every connection."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return the bare response: no cookie jar, no guessed charset."""
        response = requests.Response()
        response.raw = resp
        response.request = req
        return response


class Client:
    """Fetches, from as many threads as there are; to be closed. Limits hold for each exchange."""

    def __init__(
        self,
        *,
        agent: str = AGENT,
        limits: Limits = PAGE_LIMITS,
        resolver: address.Resolver = address.resolve,
        may_reach: Callable[[str], bool] = address.is_public,
        ca_file: str | None = None,
        hosts: int = 256,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Make a client without a connection yet.

        `may_reach` judges the address of every connection, unless a request allows private ones. `hosts`: for how many
        hosts connections are kept open; beyond, the least recently used are closed.
        """
        self.agent = agent
        self.limits = limits
        self._clock = clock or Clock().now
        self._bodies = Bodies()
        context = http_connection.tls_context(ca_file or certifi.where())
        self._adapters = {
            allow: _Adapter(http_connection.pools(may_reach=judge, resolver=resolver, context=context, hosts=hosts))
            for allow, judge in ((False, may_reach), (True, lambda _address: True))
        }

    def close(self) -> None:
        """Close all kept connections."""
        for adapter in self._adapters.values():
            adapter.close()

    def __enter__(self) -> Client:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close all kept connections."""
        self.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        allow_private: bool = False,
        limits: Limits | None = None,
        may_ask: Callable[[str], Failure | None] = lambda _url: None,
    ) -> Fetched:
        """Fetch `url` over its redirects, without waiting between them; `may_ask` is asked before every hop.

        Validators are sent as they were received. `headers` go to the first URL's origin only.
        """
        exchanges: list[Exchange] = []
        chain = start(url, is_conditional=etag is not None or last_modified is not None)
        while isinstance(chain, Chain):
            refused = may_ask(chain.target)
            if refused is not None:
                return Fetched(outcome=replace(refused, url=url), exchanges=tuple(exchanges))
            sent = request_headers(chain, headers or {}, etag=etag, last_modified=last_modified)
            got, exchange = self.exchange(chain.target, headers=sent, allow_private=allow_private, limits=limits)
            exchanges.append(exchange)
            if isinstance(got, Failure):
                return Fetched(outcome=replace(got, url=url), exchanges=tuple(exchanges))
            settled = settle(chain, got)
            if not isinstance(settled, Chain):
                return Fetched(outcome=settled, exchanges=tuple(exchanges))
            chain = settled
        return Fetched(outcome=chain)

    def exchange(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        allow_private: bool = False,
        limits: Limits | None = None,
        most_seconds: float | None = None,
    ) -> tuple[Answer | Failure, Exchange]:
        """Carry out one GET within its limits, and within `most_seconds` if that is shorter."""
        ask = _Ask(
            url=url,
            headers=headers or {},
            allow_private=allow_private,
            limits=_shorter(limits or self.limits, most_seconds),
        )
        begun = time.monotonic()
        started_at = self._clock()
        allowance = _allowance(ask.limits, begun)
        http_connection.serve(allowance)
        try:
            prepared = _prepared(ask, self.agent)
            got: Answer | Failure = (
                prepared if isinstance(prepared, Failure) else self._answer(ask, prepared, allowance, started_at, begun)
            )
        except (HTTPError, requests.RequestException, OSError, *_OWN_ERRORS) as error:
            got = from_error(url, error)
        finally:
            http_connection.serve(None)
        return got, _ledger_line(ask, got, allowance, started_at, begun)

    def _answer(
        self,
        ask: _Ask,
        prepared: requests.PreparedRequest,
        allowance: http_connection.Allowance,
        started_at: datetime,
        begun: float,
    ) -> Answer:
        response = self._adapters[ask.allow_private].send(
            prepared, stream=True, timeout=(ask.limits.connect_seconds, ask.limits.read_seconds)
        )
        raw: HTTPResponse = response.raw
        allowance.is_head = False
        try:
            headers = _fields(raw)
            body = self._bodies.read(raw, headers, ask.limits, allowance)
        except BaseException:
            raw.close()
            raise
        raw.release_conn()
        elapsed = timedelta(seconds=time.monotonic() - begun)
        return Answer(status=raw.status, headers=headers, body=body, fetched_at=started_at + elapsed)


# What code of ours or of the standard library raises on the way, beside the errors of `requests` and `urllib3`.
_OWN_ERRORS = (
    address.AddressRefusedError,
    http_connection.OutOfTimeError,
    http_connection.HeadTooLargeError,
    http_connection.WireLimitError,
    decompress.BombError,
    decompress.DecodingError,
    decompress.TooLargeError,
    decompress.TruncatedError,
    HTTPException,
    ValueError,  # what cannot be read, in many forms: names, numbers
)


def request_headers(
    chain: Chain, own: Mapping[str, str], *, etag: str | None, last_modified: str | None
) -> dict[str, str]:
    """The header fields for a chain's present hop: a source's own ones (which may hold secrets) for its own origin
    only."""
    sent = dict(own) if origin_of(chain.target) == origin_of(chain.url) else {}
    if etag is not None:
        sent["If-None-Match"] = etag
    if last_modified is not None:
        sent["If-Modified-Since"] = last_modified
    cookies = chain.cookie_header()
    if cookies is not None:
        sent["Cookie"] = cookies
    return sent


def _prepared(ask: _Ask, agent: str) -> requests.PreparedRequest | Failure:
    prepared = requests.PreparedRequest()
    own = {"User-Agent": agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING, "Connection": "keep-alive"}
    try:
        prepared.prepare_method("GET")
        prepared.prepare_url(ask.url, None)
        prepared.prepare_headers(own | dict(ask.headers))
    except (requests.RequestException, ValueError) as error:
        return failure(ask.url, Failing.BAD_URL, str(error))
    return prepared


def _allowance(limits: Limits, begun: float) -> http_connection.Allowance:
    return http_connection.Allowance(
        until=begun + limits.total_seconds,
        connect_seconds=limits.connect_seconds,
        read_seconds=limits.read_seconds,
        max_head_bytes=limits.max_head_bytes,
        max_wire_bytes=limits.max_wire_bytes + limits.max_head_bytes,
    )


def _shorter(limits: Limits, most_seconds: float | None) -> Limits:
    if most_seconds is None or most_seconds >= limits.total_seconds:
        return limits
    return replace(limits, total_seconds=most_seconds)


def _fields(raw: HTTPResponse) -> tuple[tuple[str, str], ...]:
    """Header fields in the order and spelling in which they came; folded lines are joined (RFC 9112, 5.2)."""
    original = raw._original_response
    pairs = original.msg.items() if original is not None else raw.headers.items()
    return tuple((name, " ".join(value.split("\r\n ")) if "\n" in value else value) for name, value in pairs)


def _ledger_line(
    ask: _Ask, got: Answer | Failure, allowance: http_connection.Allowance, started_at: datetime, begun: float
) -> Exchange:
    answered = got if isinstance(got, Answer) else None
    first = allowance.first_byte_at
    return Exchange(
        url=ask.url,
        started_at=started_at,
        elapsed_ms=round((time.monotonic() - begun) * 1000),
        status=got.status,
        first_byte_ms=None if first is None else round((first - begun) * 1000),
        bytes_on_wire=allowance.received,
        bytes_body=len(answered.body) if answered else 0,
        location=answered.header("location") if answered else None,
        etag=answered.header("etag") if answered else None,
        last_modified=answered.header("last-modified") if answered else None,
        remote_address=allowance.remote_address,
        is_conditional=any(name in ask.headers for name in ("If-None-Match", "If-Modified-Since")),
        outcome="ok" if answered else got.reason.value if isinstance(got, Failure) else "ok",
    )
