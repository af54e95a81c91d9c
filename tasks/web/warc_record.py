r"""One page as one WARC 1.1 record, and back (ISO 28500:2017; https://iipc.github.io/warc-specifications/).

What is stored. The body is kept *decoded*, since a `Page` is what came after transfer and content coding were undone;
the header fields are kept as received. A reader who believed `Content-Encoding: gzip` above a plain body would fail, so
the three fields that no longer describe the stored bytes are renamed with `X-Crawler-` before them, as Common Crawl's
crawler does, and a true `Content-Length` is put last. Reading undoes exactly that: the page that comes back is equal to
the page that went in. Facts of ours that WARC has no field for are named fields of the record (the standard asks
readers to skip those they do not know):

    Wirehouse-Requested-URI     the URL as first requested; also the sign that a record is ours
    Wirehouse-Redirects         every URL of the redirect chain, separated by spaces
    WARC-IP-Address             the address connected to, where known

Both digests are SHA-1 in base 32, the form that every tool of the field checks. They guard against accidents, not
against attackers. The record's id is derived from its content, so that writing the same page twice writes the same
bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tasks.records import Failing, Failure, Page
from tasks.web import decompress
from tasks.web.http_failures import failure

isal_zlib: Any = import_module("isal.isal_zlib") if find_spec("isal") else None
"""Intel's compressor, where it is installed (an extra: `pip install wirehouse[fast]`)."""

GZIP_LEVEL = 4
"""Of zlib. On news pages: level 1 208 MB/s and a quarter of the size, level 4 137 MB/s and a fifth, level 6 76 MB/s and
5 % less again. 300 pages of 170 KB a second at level 4 take 0.37 of one core."""
ISAL_LEVEL = 2
"""Of Intel's library: 900 MB/s, and files 10 % larger than zlib's level 4."""
GZIP_BITS = zlib.MAX_WBITS | 16

MAX_BODY_BYTES = 16 << 20
"""A page's largest body; as in `http.Limits`."""
MAX_HEAD_BYTES = 1 << 20
"""WARC and HTTP header fields of one record; 256 KiB are accepted from the network, archives may hold more."""

OURS = "Wirehouse-Requested-URI"
CHAIN = "Wirehouse-Redirects"
RENAMED = "X-Crawler-"
NOT_OF_STORED_BYTES = frozenset({"content-encoding", "transfer-encoding", "content-length"})

STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
WARC_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z?")
ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record of an archive file: named fields in lower case, and its block."""

    fields: dict[str, str]
    block: bytes

    @property
    def url(self) -> str:
        """The URL the record is about; older tools wrote it in angle brackets (WARC 1.0 did)."""
        return self.fields.get("warc-target-uri", "").strip("<> \t")


def member(fields: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """A record as a gzip member of its own."""
    head = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields)
    packer = _packer()
    begin = packer.compress(f"WARC/1.1\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode("utf-8", "replace"))
    return b"".join((begin, packer.compress(block), packer.compress(b"\r\n\r\n"), packer.flush()))


def from_page(page: Page, remote_address: str | None = None) -> bytes:
    """A page as a gzip member that holds one response record."""
    block = _http_head(page) + page.body
    block_digest = hashlib.sha1(block, usedforsecurity=False)
    date = page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    named = f"{page.url} {date} {block_digest.hexdigest()}".encode("utf-8", "replace")
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", _record_id(named)),
        ("WARC-Date", date),
        ("WARC-Target-URI", page.final_url),
        ("WARC-Payload-Digest", digest(page.body)),
        ("WARC-Block-Digest", _written(block_digest.digest())),
        ("Content-Type", "application/http; msgtype=response"),
        (OURS, page.url),
    ]
    if remote_address:
        fields.append(("WARC-IP-Address", remote_address))
    if page.redirects:
        fields.append((CHAIN, " ".join(page.redirects)))
    return member(fields, block)


def info(file_name: str, software: str, created_at: datetime) -> bytes:
    """The record that says what a file is, as a gzip member."""
    date = created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    block = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id(f"{file_name} {date}".encode())),
        ("WARC-Date", date),
        ("WARC-Filename", file_name),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", "application/warc-fields"),
    ]
    return member(fields, block)


def digest(content: bytes) -> str:
    """SHA-1 in base 32, with its name before it."""
    return _written(hashlib.sha1(content, usedforsecurity=False).digest())


def to_page(record: Record, max_body_bytes: int = MAX_BODY_BYTES) -> Page | Failure | None:
    """The page that a record holds; `None` for a record of another kind (requests, metadata, revisits, DNS answers)."""
    kind = record.fields.get("warc-type", "response").lower()
    if OURS.lower() not in record.fields and not record.url.lower().startswith(("http://", "https://")):
        return None  # another tool's DNS answers and notes; our own saved pages have file addresses
    if kind == "resource":
        return _resource(record)
    if kind != "response":
        return None
    return _response(record, max_body_bytes)


def urls(record: Record) -> set[str]:
    """Every URL under which a record's page may be known."""
    named = {record.url, record.fields.get(OURS.lower(), ""), *record.fields.get(CHAIN.lower(), "").split(" ")}
    return named - {""}


def parse_fields(head: bytes) -> dict[str, str]:
    """The named fields of a WARC record, names in lower case, continued lines joined."""
    fields: dict[str, str] = {}
    for name, value in _field_lines(head.decode("utf-8", "replace")):
        fields.setdefault(name.lower(), value)
    return fields


def instant(written: str) -> datetime | None:
    """A WARC-Date (any precision) or an ARC date (14 digits); `None` if it is neither."""
    found = WARC_DATE.match(written) or ARC_DATE.match(written)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(number) for number in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, int((found[7] or "0")[:6].ljust(6, "0")), tzinfo=UTC)
    except ValueError:
        return None


def _packer() -> Any:
    """A compressor that makes one gzip member."""
    if isal_zlib is not None:
        return isal_zlib.compressobj(ISAL_LEVEL, isal_zlib.DEFLATED, GZIP_BITS)
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_BITS)


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _record_id(named: bytes) -> str:
    return f"<urn:uuid:{uuid.UUID(bytes=hashlib.sha256(named).digest()[:16], version=4)}>"


def _written(sha1: bytes) -> str:
    return "sha1:" + base64.b32encode(sha1).decode("ascii")


def _http_head(page: Page) -> bytes:
    lines = [f"HTTP/1.1 {page.status} {_phrase(page.status)}"]
    for name, value in page.headers:
        stored = RENAMED + name if name.lower() in NOT_OF_STORED_BYTES else name
        lines.append(f"{stored}: {_one_line(value)}")
    lines.append(f"Content-Length: {len(page.body)}\r\n\r\n")
    text = "\r\n".join(lines)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _resource(record: Record) -> Page:
    content_type = record.fields.get("content-type", "application/octet-stream")
    return Page(
        url=record.url,
        final_url=record.url,
        status=200,
        headers=(("Content-Type", content_type),),
        body=record.block,
        fetched_at=_date_of(record),
    )


def _response(record: Record, max_body_bytes: int) -> Page | Failure:
    found = END_OF_HEAD.search(record.block, 0, MAX_HEAD_BYTES)
    status = STATUS_LINE.match(record.block)
    if status is None or found is None:
        return failure(record.url, Failing.PROTOCOL, "the archived answer does not begin like HTTP")
    headers = _field_lines(record.block[: found.start()].decode("latin-1"), skip=1)
    body = record.block[found.end() :]
    if OURS.lower() in record.fields:
        return _own(record, int(status[1]), headers, body)
    try:
        body = _uncoded(body, headers, max_body_bytes)
    except (decompress.BombError, decompress.TooLargeError) as error:
        reason = Failing.BOMB if isinstance(error, decompress.BombError) else Failing.TOO_LARGE
        return failure(record.url, reason, str(error))
    except decompress.TruncatedError as error:
        return failure(record.url, Failing.TRUNCATED, str(error))
    except decompress.DecodingError as error:
        return failure(record.url, Failing.ENCODING, str(error))
    return Page(
        url=record.url,
        final_url=record.url,
        status=int(status[1]),
        headers=tuple(headers),
        body=body,
        fetched_at=_date_of(record),
    )


def _own(record: Record, status: int, headers: list[tuple[str, str]], body: bytes) -> Page:
    chain = record.fields.get(CHAIN.lower(), "")
    return Page(
        url=record.fields[OURS.lower()],
        final_url=record.url,
        status=status,
        headers=tuple(
            (name.removeprefix(RENAMED) if _is_renamed(name) else name, value) for name, value in headers[:-1]
        ),
        body=body,
        fetched_at=_date_of(record),
        redirects=tuple(chain.split(" ")) if chain else (),
    )


def _is_renamed(name: str) -> bool:
    return name.startswith(RENAMED) and name.removeprefix(RENAMED).lower() in NOT_OF_STORED_BYTES


def _date_of(record: Record) -> datetime:
    """When the record was made; the beginning of the web's time for a record that does not say."""
    return instant(record.fields.get("warc-date", "")) or datetime(1990, 1, 1, tzinfo=UTC)


def _field_lines(head: str, skip: int = 0) -> list[tuple[str, str]]:
    """Names and values of header fields; lines that go on with the one before are joined to it."""
    fields: list[tuple[str, list[str]]] = []
    for line in head.split("\n")[skip:]:
        if line[:1] in (" ", "\t") and fields:
            fields[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            fields.append((name.strip(), [value.strip(" \t\r")]))
    return [(name, " ".join(parts)) for name, parts in fields]


def _uncoded(body: bytes, headers: list[tuple[str, str]], max_body_bytes: int) -> bytes:
    """The body of a foreign record without its codings. Many tools undo a coding and leave its header field in place,
    so a body that is plainly not coded is taken as it is."""
    values = {name.lower(): value for name, value in headers}
    if "chunked" in values.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    coding = values.get("content-encoding", "")
    if not coding or _is_plain(body):
        return body
    return decompress.decode(body, coding, decompress.Bounds(max_bytes=max_body_bytes))


def _is_plain(body: bytes) -> bool:
    start = body[:256].lstrip()
    return not start or start.startswith((b"<", b"{", b"[", b"\xef\xbb\xbf<"))


def _unchunked(body: bytes) -> bytes:
    """The content of chunks (RFC 9112, 7.1); what is not made of chunks from its first line on is returned as it is."""
    pieces: list[bytes] = []
    at = 0
    while found := CHUNK_SIZE.match(body, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
        if at > len(body):
            raise decompress.TruncatedError("the body's last chunks are missing")
    if not pieces:
        return body
    raise decompress.TruncatedError("the body's chunks do not fit together")
