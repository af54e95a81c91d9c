"""Records out of archive files of any make: `.warc`, `.warc.gz`, `.arc`, `.arc.gz`.

The field's way is one gzip member per record, which lets a record be read alone; files compressed as a whole exist too,
and are read the same way, from the front. Nothing is believed: lengths are bounded, a record that is too large is
skipped in pieces and reported, and a file that breaks off gives all its whole records and then one error that names the
place.

Design note: why not a library. warcio reads every field but refuses files compressed as a whole and stops a run with an
exception in the middle of a file; fastwarc is the fastest but knows no ARC and brings a C++ runtime; neither bounds a
record. What is needed of the format are two hundred lines.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tasks.web.warc_record import GZIP_BITS, MAX_HEAD_BYTES, Record, parse_fields

READ_BYTES = 1 << 16
UNPACK_BYTES = 1 << 20
"""Uncompressed bytes asked for at a time; more than most records have."""
MAX_RECORD_BYTES = 24 << 20
"""A page's largest body (16 MiB) and its codings; larger records are videos and disk images."""
MAX_SKIP_BYTES = 8 << 30
"""A record that claims more is not skipped but taken as the end: its length is a lie, or a bomb."""
GZIP_MAGIC = b"\x1f\x8b"


class BrokenFileError(Exception):
    """An archive file ends early or cannot be understood; `offset` says where."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A record and where its member begins; `record` lacks its block where that is too large."""

    offset: int
    record: Record
    length: int
    """Of the record's block."""
    is_too_large: bool = False


class _Stream:
    """The uncompressed bytes of a file, with the file offset at which the present gzip member began."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting = b""
        """Bytes of the file not yet given to the decoder."""
        self._ready = bytearray()
        self._read_to = 0
        self.member_at = 0
        self._inner: zlib._Decompress | None = None
        self._waiting = self._more()
        self._is_gzip = self._waiting.startswith(GZIP_MAGIC)

    def _more(self) -> bytes:
        piece = self._file.read(READ_BYTES)
        self._read_to += len(piece)
        return piece

    def _fill(self) -> bool:
        """Make more bytes ready; false at the end of the file."""
        self._waiting = self._waiting or self._more()
        if not self._is_gzip:
            self._ready += self._waiting
            self._waiting, had = b"", bool(self._waiting)
            return had
        if not self._waiting:
            if self._inner is not None:
                raise BrokenFileError(self.member_at, "the file breaks off inside a record")
            return False
        if self._inner is None:
            self.member_at = self._read_to - len(self._waiting)
            self._inner = zlib.decompressobj(GZIP_BITS)
        try:
            self._ready += self._inner.decompress(self._waiting, UNPACK_BYTES)
        except zlib.error as error:
            raise BrokenFileError(self.member_at, f"not readable as gzip ({error})") from error
        self._waiting = self._inner.unconsumed_tail
        if self._inner.eof:
            self._waiting = self._inner.unused_data
            self._inner = None
        return True

    def offset(self) -> int:
        """Where in the file the record that begins here can be found."""
        return self.member_at if self._is_gzip else self._read_to - len(self._waiting) - len(self._ready)

    def has_more(self) -> bool:
        """Whether another byte follows."""
        while not self._ready:
            if not self._fill():
                return False
        return True

    def line(self) -> bytes:
        """The next line with its end; shorter than a line only at the end of the file."""
        start = 0
        while (end := self._ready.find(b"\n", start)) < 0:
            start = len(self._ready)
            if start > MAX_HEAD_BYTES:
                raise BrokenFileError(self.offset(), "a header line does not end")
            if not self._fill():
                end = start - 1
                break
        return self._take(end + 1)

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes."""
        while len(self._ready) < size:
            if not self._fill():
                raise BrokenFileError(self.offset(), "the file breaks off inside a record")
        return self._take(size)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes without keeping them."""
        while size > 0:
            if not self._ready and not self._fill():
                raise BrokenFileError(self.offset(), "the file breaks off inside a record")
            passed = min(size, len(self._ready))
            del self._ready[:passed]
            size -= passed

    def _take(self, size: int) -> bytes:
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken


def records(path: Path, max_record_bytes: int = MAX_RECORD_BYTES) -> Iterator[Found]:
    """The records of an archive file from the front. Raises `BrokenFileError` where the file breaks, `OSError` as
    `open`."""
    with path.open("rb") as file:
        stream = _Stream(file)
        while stream.has_more():
            first = stream.line()
            if not first.strip():
                continue
            offset = stream.offset()
            is_warc = first.startswith(b"WARC/")
            fields = parse_fields(_head(stream)) if is_warc else _arc_fields(first, offset)
            yield _with_block(stream, offset, fields, max_record_bytes)


def _head(stream: _Stream) -> bytes:
    lines: list[bytes] = []
    size = 0
    while (line := stream.line()).strip():
        lines.append(line)
        size += len(line)
        if size > MAX_HEAD_BYTES:
            raise BrokenFileError(stream.offset(), "a record's header does not end")
    if not line:
        raise BrokenFileError(stream.offset(), "the file breaks off inside a record's header")
    return b"".join(lines)


def _arc_fields(line: bytes, offset: int) -> dict[str, str]:
    """An ARC record's one header line, version 1 (five words) or 2 (ten): URL, address, date, type, …, length."""
    words = line.decode("utf-8", "replace").split()
    if len(words) not in (5, 10) or not words[-1].isdigit() or "://" not in words[0] and ":" not in words[0]:
        raise BrokenFileError(offset, "neither a WARC nor an ARC record")
    kind = "response" if words[0].startswith(("http:", "https:")) else "other"
    return {"warc-type": kind, "warc-target-uri": words[0], "warc-date": words[2], "content-length": words[-1]}


def _with_block(stream: _Stream, offset: int, fields: dict[str, str], max_record_bytes: int) -> Found:
    written = fields.get("content-length", "")
    if not (written.isascii() and written.isdigit()) or len(written) > 15 or int(written) > MAX_SKIP_BYTES:
        raise BrokenFileError(offset, f"a record's length is {written[:20]!r}")
    length = int(written)
    if length > max_record_bytes:
        stream.skip(length)
        return Found(offset=offset, record=Record(fields=fields, block=b""), length=length, is_too_large=True)
    return Found(offset=offset, record=Record(fields=fields, block=stream.exactly(length)), length=length)


def members(path: Path) -> Iterator[tuple[int, bytes, bytes]]:
    """The gzip members of a file: offset, compressed bytes, uncompressed bytes. Raises `BrokenFileError` at a torn
    one."""
    with path.open("rb") as file:
        offset, waiting = 0, file.read(READ_BYTES)
        while waiting:
            inner = zlib.decompressobj(GZIP_BITS)
            packed: list[bytes] = []
            unpacked: list[bytes] = []
            while not inner.eof:
                if not waiting:
                    raise BrokenFileError(offset, "the file breaks off inside a record")
                try:
                    unpacked.append(inner.decompress(waiting))
                except zlib.error as error:
                    raise BrokenFileError(offset, f"not readable as gzip ({error})") from error
                packed.append(waiting)
                waiting = file.read(READ_BYTES)
            rest = inner.unused_data
            whole = b"".join(packed)
            whole = whole[: len(whole) - len(rest)]
            yield offset, whole, b"".join(unpacked)
            offset += len(whole)
            waiting = rest + waiting
