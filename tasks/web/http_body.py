"""The body of a response: undone, bounded, and not too many large ones at a time.

One host can send 16 MiB that break no rule, and whoever owns one host can own a hundred, each with a lane of its own.
So a body that grows large needs one of a few places, for which it waits within its time. Bytes are gathered in one
buffer and not as a list of pieces, since a chunked body may come in pieces of one byte, each of which is an object of
34.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from http.client import HTTPException

from urllib3 import HTTPResponse

from tasks.web.decompress import PIECE_BYTES, Bounds, TooLargeError, decoded
from tasks.web.http_connection import Allowance, OutOfTimeError
from tasks.web.http_limits import Limits

LARGE_BYTES = 1 << 20
"""Two news pages of a hundred are larger, uncompressed."""
LARGE_AT_A_TIME = 8
"""Eight times 16 MiB, twice for a moment: 256 MiB."""

MANY_PIECES = 10_000
CRUMB_BYTES = 64
"""A piece costs about 10 µs, however small: a page of 2 MB in chunks of one byte would take a core for ten seconds."""


class Bodies:
    """Reads bodies for all threads of a client."""

    def __init__(self, large_at_a_time: int = LARGE_AT_A_TIME) -> None:
        """Begin with all places free."""
        self._places = threading.BoundedSemaphore(large_at_a_time)

    def read(
        self, raw: HTTPResponse, headers: Iterable[tuple[str, str]], limits: Limits, allowance: Allowance
    ) -> bytes:
        """The whole body, its codings undone. Raises the errors of `decompress` and `http_connection`."""
        coding = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        if limits.keeps_beginning:
            return self._gathered(_beginning(raw, coding, limits.max_body_bytes), allowance)
        announced = raw.length_remaining
        if announced is not None and announced > limits.max_wire_bytes:
            raise TooLargeError(f"{announced:,} bytes announced, {limits.max_wire_bytes:,} allowed")
        return self._gathered(decoded(_pieces(raw), coding, Bounds(max_bytes=limits.max_body_bytes)), allowance)

    def _gathered(self, pieces: Iterable[bytes], allowance: Allowance) -> bytes:
        body = bytearray()
        has_place = False
        try:
            for piece in pieces:
                body += piece
                if len(body) > LARGE_BYTES and not has_place:
                    has_place = self._places.acquire(timeout=allowance.left(threading.TIMEOUT_MAX))
                    if not has_place:
                        raise OutOfTimeError("too many large bodies at a time")
            return bytes(body)
        finally:
            if has_place:
                self._places.release()


def _beginning(raw: HTTPResponse, coding: str, size: int) -> Iterator[bytes]:
    """At least the first `size` bytes of a body; the connection of a longer one is given up."""
    for piece in decoded(_pieces(raw), coding, Bounds(max_bytes=size + PIECE_BYTES)):
        yield piece
        size -= len(piece)
        if size <= 0:
            raw.close()
            return


def _pieces(raw: HTTPResponse) -> Iterator[bytes]:
    count = size = 0
    # `read1` returns what one read of the socket brings; `read` would wait for a full piece, past any deadline.
    while piece := raw.read1(PIECE_BYTES, decode_content=False):
        count, size = count + 1, size + len(piece)
        if count > MANY_PIECES and size < count * CRUMB_BYTES:
            raise HTTPException("the body comes in crumbs")
        yield piece
