"""Gzip inside a body (`sitemap.xml.gz`), opened within limits."""

from __future__ import annotations

import zlib

MOST_BYTES = 50 * 1024 * 1024
"""sitemaps.org: a sitemap is at most 50 MB uncompressed."""

_MAGIC = b"\x1f\x8b"
_LAYERS = 2
"""A server that compresses a .gz file for transfer a second time is met now and then; a third layer is a trap."""


def unpack(body: bytes, limit: int = MOST_BYTES) -> tuple[bytes, tuple[str, ...]]:
    """Return the body without its gzip layers, at most `limit` bytes of it, and what was wrong."""
    problems: tuple[str, ...] = ()
    for _ in range(_LAYERS):
        if not body.startswith(_MAGIC):
            break
        body, problem = _gunzip(body, limit)
        problems += problem
    if len(body) > limit:
        return body[:limit], (*problems, f"larger than {limit} bytes: the rest was not read")
    return body, problems


def _gunzip(body: bytes, limit: int) -> tuple[bytes, tuple[str, ...]]:
    parts: list[bytes] = []
    room = limit + 1
    while body.startswith(_MAGIC) and room > 0:  # a file may have several members (RFC 1952, section 2.2)
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(body, room)
        except zlib.error as error:
            return b"".join(parts), (f"broken gzip: {error}",)
        parts.append(part)
        room -= len(part)
        if not stream.eof:
            cut = room <= 0
            return b"".join(parts), () if cut else ("gzip ends early",)
        body = stream.unused_data
    return b"".join(parts), ()
