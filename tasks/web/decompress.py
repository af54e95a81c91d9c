"""Content codings undone piece by piece, so that a bomb stops after its first sparks.

A kilobyte of brotli can stand for a gigabyte. So no decoder here is ever asked for "the rest": each yields pieces of
bounded size, and whoever consumes them counts. Codings may be stacked (`Content-Encoding: gzip, br`): the codings are
undone from the last to the first (RFC 9110, 8.4), and every stage is counted, because a stack hides a bomb in its
middle.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import brotli
import zstandard

PIECE_BYTES = 1 << 16

SLICE_BYTES = 4096
"""Input given to a decoder at a time; small, so that the ratio of output to input is seen early and is true."""

ZSTD_SLICE_BYTES = 256
"""Input given to zstd at a time. Four bytes (a run-length block, RFC 8878, 3.1.1.2) make 128 KiB, so a slice makes 8
MiB at most; slices of 256 bytes cost 0.2 ms for an ordinary page of 30 KB compressed."""

ZSTD_WINDOW_BYTES = 8 << 20  # RFC 9659: larger windows must not be used for HTTP

MAX_CODINGS = 4
"""Nobody stacks more than two; a header with a thousand is an attack."""

FAIR_RATIO = 200
FAIR_BYTES = 4 << 20
"""Markup compresses 5 to 20 times, the emptiest tables about 150 times; DEFLATE itself ends at 1032. Above 200 times
*and* 4 MiB nothing is honest."""

# Tokens seen in the wild where a coding belongs; all mean "none" (the charset of the page, MIME's transfer encodings).
NO_CODING = frozenset({"", "identity", "none", "null", "utf-8", "utf8", "iso-8859-1", "windows-1252", "binary", "8bit"})


class DecodingError(Exception):
    """A body is not what its coding says."""


class TruncatedError(Exception):
    """A coded body ends before its end."""


class BombError(Exception):
    """A body grows beyond all honest proportion."""


class TooLargeError(Exception):
    """A body is larger than allowed."""


class Decoder(Protocol):
    """One coding. `push` yields decoded pieces; `is_complete` tells after the last push whether the end was reached."""

    def push(self, piece: bytes) -> Iterator[bytes]:
        """Yield what `piece` stands for, in pieces of bounded size."""
        ...

    def is_complete(self) -> bool:
        """Whether the coded body has reached its end."""
        ...


class _Zlib:
    """gzip (RFC 1952, also several members in a row) and deflate (RFC 1950, or bare RFC 1951 as many servers send)."""

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._inner = zlib.decompressobj(window_bits) if window_bits else None
        self._is_between = False
        """Whether a gzip member has just ended: what follows is another one, padding, or rubbish to be ignored."""

    def push(self, piece: bytes) -> Iterator[bytes]:
        if self._inner is None:
            # A zlib header's first 16 bits are a multiple of 31 and name method 8; a bare stream's almost never.
            is_wrapped = piece[:1] and piece[0] & 0x0F == 8 and (len(piece) < 2 or (piece[0] << 8 | piece[1]) % 31 == 0)
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS)
        while piece:
            if self._is_between and not self._starts_member(piece):
                return
            out = self._inner.decompress(piece, PIECE_BYTES)
            if out:
                yield out
            piece = self._inner.unconsumed_tail
            if self._inner.eof:
                piece = self._inner.unused_data
                self._is_between = True
            elif not piece and len(out) == PIECE_BYTES:
                yield from self._drain()

    def _drain(self) -> Iterator[bytes]:
        """Yield what the decoder still holds although it has taken all input."""
        assert self._inner is not None
        while out := self._inner.decompress(b"", PIECE_BYTES):
            yield out

    def _starts_member(self, piece: bytes) -> bool:
        """Whether another gzip member begins here; then a fresh decoder is put in place."""
        if self._window_bits != _GZIP_BITS or not piece.startswith((b"\x1f\x8b", b"\x1f")):
            return False
        self._inner = zlib.decompressobj(self._window_bits)
        self._is_between = False
        return True

    def is_complete(self) -> bool:
        return self._is_between or (self._inner is not None and self._inner.eof)


class _Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def push(self, piece: bytes) -> Iterator[bytes]:
        if self._inner.is_finished():
            return
        out = self._inner.process(piece, output_buffer_limit=PIECE_BYTES)
        while True:
            if out:
                yield out
            if self._inner.can_accept_more_data() or self._inner.is_finished():
                return
            out = self._inner.process(b"", output_buffer_limit=PIECE_BYTES)

    def is_complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstd:
    """zstd (RFC 8878, window as in RFC 9659)."""

    def __init__(self) -> None:
        self._factory = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
        self._inner = self._factory.decompressobj()

    def push(self, piece: bytes) -> Iterator[bytes]:
        for start in range(0, len(piece), ZSTD_SLICE_BYTES):
            yield from self._push_slice(piece[start : start + ZSTD_SLICE_BYTES])

    def _push_slice(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._inner.eof:  # several frames in a row are one body (RFC 8878, 3.1)
                self._inner = self._factory.decompressobj()
            out = self._inner.decompress(piece)
            if out:
                yield out
            piece = self._inner.unused_data if self._inner.eof else b""

    def is_complete(self) -> bool:
        return bool(self._inner.eof)


_GZIP_BITS = zlib.MAX_WBITS | 16
CODINGS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Zlib(_GZIP_BITS),
    "x-gzip": lambda: _Zlib(_GZIP_BITS),  # RFC 9110, 8.4.1.3
    "deflate": lambda: _Zlib(0),
    "br": _Brotli,
    "zstd": _Zstd,
}
ACCEPT_ENCODING = "gzip, deflate, br, zstd"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How much a body may grow."""

    max_bytes: int = 16 << 20
    """After decoding, at every stage of a stack."""
    max_ratio: int = FAIR_RATIO


def codings(header: str) -> list[str]:
    """The codings that a Content-Encoding header names, in the order in which they were applied, without the empty
    ones.

    Raises `DecodingError` on an unknown one or on too many.
    """
    named = [token.strip().lower() for token in header.split(",")]
    real = [token for token in named if token not in NO_CODING]
    unknown = [token for token in real if token not in CODINGS]
    if unknown:
        raise DecodingError(f"unknown coding {unknown[0][:40]!r}")
    if len(real) > MAX_CODINGS:
        raise DecodingError(f"{len(real)} codings on top of each other")
    return real


def decoded(pieces: Iterable[bytes], header: str, bounds: Bounds) -> Iterator[bytes]:
    """The bytes that `pieces` stand for when the codings of `header` are undone, in pieces, never more than allowed.

    Raises `DecodingError`, `TruncatedError`, `TooLargeError` or `BombError`.
    """
    source = _Counted(pieces)
    stream: Iterator[bytes] = iter(source)
    for coding in reversed(codings(header)):
        stream = _bounded(_undone(stream, CODINGS[coding](), source, coding), bounds, source)
    return _bounded(stream, bounds, source)


def decode(body: bytes, header: str, bounds: Bounds) -> bytes:
    """`body` with the codings of `header` undone; errors as in `decoded`."""
    return b"".join(decoded([body], header, bounds))


class _Counted:
    """Pieces, cut into slices that are counted as they pass."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.total = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            for start in range(0, len(piece), SLICE_BYTES):
                part = piece[start : start + SLICE_BYTES]
                self.total += len(part)
                yield part


def _undone(pieces: Iterator[bytes], decoder: Decoder, source: _Counted, coding: str) -> Iterator[bytes]:
    try:
        for piece in pieces:
            yield from decoder.push(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise DecodingError(f"not {coding}: {error}") from error
    if source.total and not decoder.is_complete():
        raise TruncatedError(f"{coding} body ends early")


def _bounded(pieces: Iterator[bytes], bounds: Bounds, source: _Counted) -> Iterator[bytes]:
    """`pieces` until they are too many; a body that is too large *and* out of proportion is called a bomb."""
    total = 0
    for piece in pieces:
        total += len(piece)
        ratio = total / max(source.total, 1)
        if ratio > bounds.max_ratio and total > min(FAIR_BYTES, bounds.max_bytes):
            raise BombError(f"{source.total:,} bytes became more than {total:,}")
        if total > bounds.max_bytes:
            raise TooLargeError(f"more than {bounds.max_bytes:,} bytes after decoding")
        yield piece
