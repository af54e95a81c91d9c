"""Sockets that know when to stop.

The timeouts of an HTTP library bound one read; a server that sends one byte every nine seconds is within a ten-second
timeout for ever, and one that never ends its headers is never read as a whole. Here every read of a socket, of headers,
bodies, chunk sizes and trailers alike, first asks the allowance of the request it serves: is there time left, have too
many bytes come? The allowance is bound to the thread that carries out the request (one request at a time), because
nothing between that thread and the socket would pass it on.

Sockets are made by `address.connect`, which judges the address that is really connected to; this is the only way out.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from typing import IO, Any, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from tasks.web import address

MAX_LINE_BYTES = 65_536  # of one header field: the standard library's own limit
FIELD_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2


class OutOfTimeError(Exception):
    """A request has used up the time it may take as a whole."""


class HeadTooLargeError(Exception):
    """A response's header fields do not end."""


class WireLimitError(Exception):
    """A response is longer than allowed, as it comes over the wire."""


@dataclass(kw_only=True, slots=True)
class Allowance:
    """What one request may use, and what it has used so far. Times are of the monotonic clock."""

    until: float
    """When the request must be over."""
    connect_seconds: float
    read_seconds: float
    max_head_bytes: int
    max_wire_bytes: int
    received: int = 0
    first_byte_at: float | None = None
    is_head: bool = True
    """Whether header fields are still being read."""
    remote_address: str | None = None

    def left(self, most: float) -> float:
        """Seconds that the next step may take, `most` at the most; raises `OutOfTimeError` when there are none."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise OutOfTimeError("out of time")
        return min(seconds, most)

    def count(self, received: int) -> None:
        """Note that bytes have come; raises when they are too many."""
        if self.first_byte_at is None and received:
            self.first_byte_at = time.monotonic()
        self.received += received
        if self.is_head and self.received > self.max_head_bytes:
            raise HeadTooLargeError(f"header fields of more than {self.max_head_bytes:,} bytes")
        if self.received > self.max_wire_bytes:
            raise WireLimitError(f"more than {self.max_wire_bytes:,} bytes on the wire")


class _Serving(threading.local):
    """Per thread: no `__slots__` here, since slots are shared by all threads."""

    allowance: Allowance | None = None


_serving = _Serving()


def serve(allowance: Allowance | None) -> None:
    """From now on, sockets used by this thread ask `allowance`."""
    _serving.allowance = allowance


def _receive(read: Callable[..., int], sock: socket.socket, *args: Any) -> int:
    allowance = _serving.allowance
    if allowance is None:
        return read(*args)
    sock.settimeout(allowance.left(allowance.read_seconds))
    if allowance.remote_address is None:  # a kept connection
        allowance.remote_address = _peer(sock)
    try:
        received = read(*args)
    except TimeoutError:
        allowance.left(0)  # raises, if it was the request's time as a whole that ran out
        raise
    allowance.count(received)
    return received


def _peer(sock: socket.socket) -> str | None:
    """The address a socket is connected to; `None` when the connection is gone already."""
    try:
        return str(sock.getpeername()[0])
    except OSError:
        return None


class BoundedSocket(socket.socket):
    """A plain socket whose reads ask the allowance."""

    def recv_into(self, *args: Any) -> int:
        """Read as `socket.recv_into` does, within the allowance."""
        return _receive(super().recv_into, self, *args)


class BoundedTLSSocket(ssl.SSLSocket):
    """A TLS socket whose reads ask the allowance."""

    def recv_into(self, *args: Any) -> int:
        """Read as `SSLSocket.recv_into` does, within the allowance."""
        return _receive(super().recv_into, self, *args)


class _Head:
    """The lines of a response's head, mended.

    The standard library stops at the first header field it cannot read and takes all others for the body; with them it
    loses Content-Length, and waits for an end that never comes. Browsers pass over such a line (an HTML comment, a PHP
    warning, a field name with a blank before its colon: all seen on news sites), and so do we.
    """

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self._is_status = True

    def readline(self, limit: int = -1) -> bytes:
        """The next line that can be read."""
        while True:
            line = self._lines.readline(limit)
            if self._is_status or not line.strip():
                self._is_status = not self._is_status  # a blank line ends this head; another may follow an interim one
                return line
            name, colon, value = line.partition(b":")
            if line[:1] in b" \t" or len(line) > MAX_LINE_BYTES:
                return line
            if colon and FIELD_NAME.fullmatch(name.rstrip()):
                return name.rstrip() + b":" + value

    def close(self) -> None:
        """Close what is read."""
        self._lines.close()


class TolerantResponse(http.client.HTTPResponse):
    """A response that gets over unreadable header fields and interim answers (RFC 9110, 15.2)."""

    def begin(self) -> None:
        """Read the head."""
        lines = self.fp
        self.fp = cast("BufferedReader", _Head(lines))
        try:
            super().begin()
        finally:
            if isinstance(self.fp, _Head):
                self.fp = lines

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        while 101 < status < 200:  # Processing, Early Hints; 100 is the library's own business
            while self.fp.readline(MAX_LINE_BYTES).strip():
                pass
            version, status, reason = super()._read_status()  # type: ignore[misc]
        if status == 101:  # nobody asked for another protocol
            raise http.client.BadStatusLine(f"{version} 101")
        return version, status, reason


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Settings for TLS: certificates and names are verified, version 1.2 or newer (RFC 9325, 3.1.1)."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = BoundedTLSSocket
    return context


def pools(
    *, may_reach: Callable[[str], bool], resolver: address.Resolver, context: ssl.SSLContext, hosts: int
) -> urllib3.PoolManager:
    """Connection pools for at most `hosts` hosts; every connection is made by `address.connect`."""

    def open_socket(host: str, port: int) -> socket.socket:
        allowance = _serving.allowance
        assert allowance is not None, "connections are made only while a request is served"
        connected = address.connect(
            host,
            port,
            may_reach=may_reach,
            resolver=resolver,
            timeout_seconds=allowance.left(allowance.connect_seconds),
            make_socket=lambda family: BoundedSocket(family, socket.SOCK_STREAM),
        )
        allowance.remote_address = _peer(connected)
        # For TLS: the handshake follows, on this socket's timeout.
        connected.settimeout(allowance.left(allowance.connect_seconds))
        return connected

    class PlainConnection(HTTPConnection):
        """HTTP over a judged address."""

        response_class = TolerantResponse

        def _new_conn(self) -> socket.socket:
            return open_socket(self._dns_host, self.port)

    class TLSConnection(HTTPSConnection):
        """HTTPS over a judged address."""

        response_class = TolerantResponse

        def _new_conn(self) -> socket.socket:
            return open_socket(self._dns_host, self.port)

    class PlainPool(urllib3.HTTPConnectionPool):
        """Keeps `PlainConnection`s."""

        ConnectionCls = PlainConnection

    class TLSPool(urllib3.HTTPSConnectionPool):
        """Keeps `TLSConnection`s."""

        ConnectionCls = TLSConnection

    manager = urllib3.PoolManager(num_pools=hosts, maxsize=2, block=False, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": TLSPool}
    return manager
