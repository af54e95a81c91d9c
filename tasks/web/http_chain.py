"""From a request over its redirects to its end, decided without touching the network.

    start(url) ──▶ Chain ──answer──▶ settle ──▶ Page | NotModified | Failure
                     ▲                 │
                     └──── Chain ◀─────┘  another hop

Who carries out a hop decides *when* it may go (see `lanes`): a redirect is a request like any other, also to its host.

Design note on cookies. Nothing is kept between two requests for pages: a crawler with a memory is shown other pages
than a reader. Within one chain cookies are kept, because of the cookie wall: a site answers the first request with
`Set-Cookie` and a redirect to the very same URL, for ever, unless the cookie comes back. So a chain is a loop only when
the same URL is asked for again *with the same cookies*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urldefrag, urlsplit

from tasks.records import Failing, Failure, Page
from tasks.web import retry_after, urls
from tasks.web.http_failures import failure, from_status

MAX_REDIRECTS = 10
"""The longest honest chain (shortener, http to https, www, consent, canonical path) has five or six hops; Google
follows ten."""
MAX_COOKIES = 50
MAX_COOKIE_BYTES = 4_096
"""Both: the least a browser has to support (RFC 6265, 6.1), so no honest wall needs more."""

REDIRECTING = frozenset({301, 302, 303, 307, 308})
# Fetch standard, "port blocking": ports of other protocols, which a request could be made to speak (mail, IRC,
# printers).
BLOCKED_PORTS = frozenset(
    {
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526),
        *(530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659),
        *(4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)
COOKIE_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # token of RFC 9110, 5.6.2


@dataclass(frozen=True, kw_only=True, slots=True)
class NotModified:
    """The server says that what we have stored is still current."""

    url: str
    final_url: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One response, received whole, its body decoded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """The first value of a header field, as received."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cookie:
    """A cookie of this chain. `host` is where it goes: exactly there, or, with `is_wide`, to its subdomains too."""

    host: str
    name: str
    value: str
    is_wide: bool = False

    def goes_to(self, host: str) -> bool:
        """Whether the cookie belongs into a request to `host`."""
        return host == self.host or (self.is_wide and host.endswith("." + self.host))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """A request on its way: the URL it began with, the one to ask for now, and what it met."""

    url: str
    target: str
    trail: tuple[str, ...] = ()
    """The URLs already asked for, in order."""
    cookies: tuple[Cookie, ...] = ()
    asked: frozenset[tuple[str, tuple[Cookie, ...]]] = frozenset()
    is_conditional: bool = False
    """Whether validators are sent, so that 304 is an answer."""

    @property
    def redirects(self) -> tuple[str, ...]:
        """Every URL from the first to the present one; empty without a redirect."""
        return (*self.trail, self.target) if self.trail else ()

    def cookie_header(self) -> str | None:
        """The Cookie field for the present target."""
        host = host_of(self.target)
        pairs = [f"{cookie.name}={cookie.value}" for cookie in self.cookies if cookie.goes_to(host)]
        return "; ".join(pairs) or None


def host_of(url: str) -> str:
    """The host name of a URL, as in `urls.host`."""
    return urls.host(url)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL: the scope of a robots.txt (RFC 9309, 2.3); empty for what is no URL."""
    root = urls.resolve(url, "/")
    return root.rstrip("/") if root else ""


def start(url: str, *, is_conditional: bool = False) -> Chain | Failure:
    """The chain that begins with `url`, or why it cannot be asked for."""
    target = _target(url, url)
    if target is None:
        return failure(url, Failing.BAD_URL, _wrong_with(url))
    return Chain(url=url, target=target, is_conditional=is_conditional)


def settle(chain: Chain, answer: Answer) -> Page | NotModified | Failure | Chain:
    """What an answer means for its chain: an end, or the chain with another target."""
    if answer.status in REDIRECTING:
        return _followed(chain, answer)
    if answer.status == 304 and chain.is_conditional:
        return _not_modified(chain, answer)
    if 200 <= answer.status < 300 and answer.status != 206:  # a part was not asked for
        return page(chain, answer)
    wait = retry_after.seconds(answer.header("retry-after"), answer.fetched_at)
    return from_status(chain.url, answer.status, wait)


def page(chain: Chain, answer: Answer) -> Page:
    """The answer as a page, whatever its status."""
    return Page(
        url=chain.url,
        final_url=chain.target,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=answer.fetched_at,
        redirects=chain.redirects,
    )


def _not_modified(chain: Chain, answer: Answer) -> NotModified:
    return NotModified(
        url=chain.url,
        final_url=chain.target,
        fetched_at=answer.fetched_at,
        etag=answer.header("etag"),
        last_modified=answer.header("last-modified"),
        redirects=chain.redirects,
    )


def _followed(chain: Chain, answer: Answer) -> Chain | Failure:
    location = answer.header("location")
    if not location:
        return failure(
            chain.url, Failing.BAD_REDIRECT, f"status {answer.status} without a target", status=answer.status
        )
    target = resolved(chain.target, location)
    if target is None:
        said = f"redirected to {location[:100]!r}: {_wrong_with(location)}"
        return failure(chain.url, Failing.BAD_REDIRECT, said, status=answer.status)
    cookies = _with_set(chain.cookies, host_of(chain.target), answer.headers)
    asked = chain.asked | {(chain.target, chain.cookies)}
    if (target, cookies) in asked:
        return failure(chain.url, Failing.REDIRECT_LOOP, f"redirected back to {target[:150]}", status=answer.status)
    if len(chain.trail) >= MAX_REDIRECTS:
        return failure(chain.url, Failing.REDIRECTS, f"more than {MAX_REDIRECTS} redirects", status=answer.status)
    return replace(chain, target=target, trail=(*chain.trail, chain.target), cookies=cookies, asked=asked)


def resolved(base: str, location: str) -> str | None:
    """The http(s) URL that a Location field means, without its fragment; `None` for anything else."""
    # `http.client` reads fields as Latin-1; the field's bytes are UTF-8 wherever they are not ASCII (seen on Cyrillic
    # and Arabic news sites; browsers read them so).
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return _target(base, location)


def _target(base: str, href: str) -> str | None:
    """The absolute URL of `href`, without its fragment, if it can be asked for."""
    url = urls.resolve(base, href)
    if url is None or urlsplit(url).port in BLOCKED_PORTS:
        return None
    return urldefrag(url).url


def _wrong_with(url: str) -> str:
    """Why a URL cannot be asked for, in words."""
    if len(url) > urls.MAX_LENGTH:
        return f"longer than {urls.MAX_LENGTH:,} characters"
    resolved_url = urls.resolve(url, url)
    if resolved_url is not None:
        return f"port {urlsplit(resolved_url).port} is not for HTTP"
    scheme = url.strip().partition(":")[0].lower()
    return "not a URL with a host" if scheme in ("http", "https") else "not http or https"


def _with_set(cookies: tuple[Cookie, ...], host: str, headers: Iterable[tuple[str, str]]) -> tuple[Cookie, ...]:
    """`cookies` with those that an answer of `host` sets; a cookie set again replaces the older one."""
    jar = {(cookie.host, cookie.name): cookie for cookie in cookies}
    for name, value in headers:
        if name.lower() == "set-cookie" and (cookie := _read_cookie(value, host)) and len(jar) < MAX_COOKIES:
            jar[cookie.host, cookie.name] = cookie
    return tuple(jar.values())


def _read_cookie(line: str, host: str) -> Cookie | None:
    """A Set-Cookie field, read as far as a chain of seconds needs it: name, value, domain."""
    pair, *attributes = line.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    is_sendable = equals and COOKIE_NAME.fullmatch(name) and value.isprintable() and len(pair) <= MAX_COOKIE_BYTES
    if not is_sendable:
        return None
    domain = _domain(attributes)
    if domain and domain != host and host.endswith("." + domain) and "." in domain:
        return Cookie(host=domain, name=name, value=value, is_wide=True)
    return Cookie(host=host, name=name, value=value, is_wide=domain == host)


def _domain(attributes: Sequence[str]) -> str:
    for attribute in attributes:
        key, _, value = attribute.partition("=")
        if key.strip().lower() == "domain":
            return value.strip().lstrip(".").lower()
    return ""
