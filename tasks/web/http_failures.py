"""What went wrong with a request, as a `Failure`: exceptions and statuses sorted by tables.

Libraries wrap an error two or three times before they raise it, differently in each release; the innermost kinds are
stable. So the whole chain of causes is laid out, and the first row of the table that knows any of them decides.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator

import urllib3.exceptions

from tasks.records import Failing, Failure, Weight
from tasks.web.address import AddressRefusedError
from tasks.web.decompress import BombError, DecodingError, TooLargeError, TruncatedError
from tasks.web.http_connection import HeadTooLargeError, OutOfTimeError, WireLimitError

# Weight of a failure against its host. TEMPORARY: expected to pass by itself; SOFT: says something about one URL only;
# HARD: says something about the host.
WEIGHTS = {
    Failing.TIMEOUT: Weight.TEMPORARY,
    Failing.RESET: Weight.TEMPORARY,
    Failing.TRUNCATED: Weight.TEMPORARY,
    Failing.RATE_LIMITED: Weight.TEMPORARY,
    Failing.SERVER_ERROR: Weight.TEMPORARY,
    Failing.ROBOTS_UNREACHABLE: Weight.TEMPORARY,
    Failing.DEADLINE: Weight.TEMPORARY,
    Failing.ROBOTS: Weight.SOFT,
    Failing.CLIENT_ERROR: Weight.SOFT,
    Failing.GONE: Weight.SOFT,
    Failing.TOO_LARGE: Weight.SOFT,
    Failing.BOMB: Weight.SOFT,
    Failing.ENCODING: Weight.SOFT,
    Failing.BAD_URL: Weight.SOFT,
    Failing.BAD_REDIRECT: Weight.SOFT,
    Failing.REDIRECTS: Weight.SOFT,
    Failing.REDIRECT_LOOP: Weight.SOFT,
    Failing.HEADERS: Weight.SOFT,
    Failing.PROTOCOL: Weight.SOFT,
}

# Kind of error → reason and what it means in words; `{}` is the error's own message. The first row that fits any error
# of the chain decides, so rows go from the particular to the general.
KINDS: tuple[tuple[type[BaseException], Failing, str], ...] = (
    (AddressRefusedError, Failing.ADDRESS, "{}"),
    (OutOfTimeError, Failing.TIMEOUT, "the answer did not end in time"),
    (HeadTooLargeError, Failing.HEADERS, "{}"),
    (WireLimitError, Failing.TOO_LARGE, "{}"),
    (BombError, Failing.BOMB, "{}"),
    (TooLargeError, Failing.TOO_LARGE, "{}"),
    (TruncatedError, Failing.TRUNCATED, "{}"),
    (DecodingError, Failing.ENCODING, "{}"),
    (ssl.SSLCertVerificationError, Failing.TLS, "certificate refused: {}"),
    (ssl.SSLEOFError, Failing.RESET, "the server broke off the encrypted connection"),
    (ssl.SSLZeroReturnError, Failing.RESET, "the server broke off the encrypted connection"),
    (TimeoutError, Failing.TIMEOUT, "no sign of the server within the time for one step"),
    (ssl.SSLError, Failing.TLS, "no encrypted connection: {}"),
    (socket.gaierror, Failing.DNS, "host name not found: {}"),
    (ConnectionRefusedError, Failing.CONNECT, "connection refused"),
    (http.client.RemoteDisconnected, Failing.RESET, "the server closed the connection without an answer"),
    (ConnectionError, Failing.RESET, "the server broke off the connection"),
    (http.client.IncompleteRead, Failing.TRUNCATED, "the body ends before its announced end"),
    (urllib3.exceptions.IncompleteRead, Failing.TRUNCATED, "the body ends before its announced end"),
    (urllib3.exceptions.InvalidChunkLength, Failing.TRUNCATED, "the body's chunks do not fit together"),
    (http.client.LineTooLong, Failing.HEADERS, "a header field is too long"),
    (http.client.BadStatusLine, Failing.PROTOCOL, "the answer does not begin like HTTP"),
    (http.client.InvalidURL, Failing.BAD_URL, "{}"),
    (UnicodeError, Failing.BAD_URL, "host name cannot be encoded: {}"),
    (http.client.HTTPException, Failing.PROTOCOL, "{}"),
    (urllib3.exceptions.LocationValueError, Failing.BAD_URL, "{}"),
    (ValueError, Failing.PROTOCOL, "the answer cannot be read: {}"),
)

UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM})
TOO_MANY_HEADERS = "got more than"  # how `http.client` begins the message of an otherwise nameless HTTPException
MAX_DETAIL_CHARS = 200


def failure(
    url: str,
    reason: Failing,
    detail: str,
    *,
    status: int | None = None,
    retry_after_seconds: float | None = None,
) -> Failure:
    """A `Failure` with the weight that belongs to its reason and a one-line message."""
    return Failure(
        url=url,
        reason=reason,
        detail=" ".join(detail.split())[:MAX_DETAIL_CHARS],
        weight=WEIGHTS.get(reason, Weight.HARD),
        status=status,
        retry_after_seconds=retry_after_seconds,
    )


def from_error(url: str, error: BaseException) -> Failure:
    """The `Failure` that an exception of the network stands for."""
    chain = list(causes(error))
    for kind, reason, words in KINDS:
        for cause in chain:
            if isinstance(cause, kind):
                return failure(url, _refined(reason, cause), words.format(_message(cause)))
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno in UNREACHABLE:
            return failure(url, Failing.CONNECT, f"no way to the host: {_message(cause)}")
    return failure(url, Failing.PROTOCOL, f"{type(chain[-1]).__name__}: {_message(chain[-1])}")


def causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and all errors it was raised from, wraps or carries as an argument, each once."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        carried = [*one.args, getattr(one, "reason", None)]
        waiting += [one.__cause__, one.__context__, *(each for each in carried if isinstance(each, BaseException))]


def from_status(url: str, status: int, retry_after_seconds: float | None) -> Failure:
    """The `Failure` that an answer with a status of 400 or more, or of no known class, stands for."""
    return failure(
        url, _reason_of(status), f"HTTP status {status}", status=status, retry_after_seconds=retry_after_seconds
    )


def _reason_of(status: int) -> Failing:
    if status == 429:
        return Failing.RATE_LIMITED
    if status == 410:
        return Failing.GONE
    if 400 <= status < 500:
        return Failing.CLIENT_ERROR
    if 500 <= status < 600:
        return Failing.SERVER_ERROR
    return Failing.PROTOCOL


def _refined(reason: Failing, cause: BaseException) -> Failing:
    if reason is Failing.PROTOCOL and _message(cause).startswith(TOO_MANY_HEADERS):
        return Failing.HEADERS
    return reason


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
