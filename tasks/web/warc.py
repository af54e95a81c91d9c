"""The archive of everything that came: WARC 1.1 files, one gzip member per record (see `warc_record` for the form).

    Writer.write(page) ──▶ Place(file, offset, length) ──▶ read(path, offset, length) ──▶ the same Page
    pages(path): any archive, also of other tools;  `warc_erase`: what has to go from a file

Safe against being killed: a file is only ever appended to, by one writer, and every writer begins a file of its own. So
a kill leaves at most one torn record, at the end of one file that nobody will append to; all readers here give the
records before it. `flush` returns when everything written is on the disk: call it before the index that names the
places is committed. Then every place in the index can be read, and what is in a file beyond the index was never
acknowledged.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tasks.records import Failing, Failure, Page
from tasks.web import decompress, warc_file, warc_record
from tasks.web.http_failures import failure

MAX_FILE_BYTES = 1 << 30
"""The field's custom: large enough to be few, small enough to be copied and rewritten."""
MAX_MEMBER_BYTES = warc_file.MAX_RECORD_BYTES + warc_record.MAX_HEAD_BYTES
SUFFIX = ".warc.gz"
SOFTWARE = "Wirehouse"
UNFINISHED = ".unfinished"
"""End of the name of a file that is being rewritten; one that is left behind by a kill can be deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a record is: the file's name inside its folder, the first byte of its gzip member, and the member's
    length."""

    file: str
    offset: int
    length: int


class Writer:
    """Appends pages to new files `{name}-00000.warc.gz`, … of a folder; may be shared by threads, and has to be
    closed."""

    def __init__(self, folder: Path, name: str, *, created_at: datetime, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        """No file is made before the first page comes. `name` should tell the run."""
        self._folder = folder
        self._name = name
        self._created_at = created_at
        self._max_file_bytes = max_file_bytes
        self._lock = threading.Lock()
        self._file: int | None = None
        self._file_name = ""
        self._offset = 0
        self._serial = 0

    def write(self, page: Page, remote_address: str | None = None) -> Place:
        """Append a page. The work of compressing is done outside the lock, on the caller's thread."""
        packed = warc_record.from_page(page, remote_address)
        with self._lock:
            if self._file is None or self._offset + len(packed) > self._max_file_bytes:
                self._begin_file()
            return self._append(packed)

    def flush(self) -> None:
        """Return when everything written so far is on the disk."""
        with self._lock:
            if self._file is not None:
                os.fsync(self._file)

    def close(self) -> None:
        """Flush, and end the file."""
        with self._lock:
            self._end_file()

    def __enter__(self) -> Writer:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Flush, and end the file."""
        self.close()

    def _begin_file(self) -> None:
        self._end_file()
        self._folder.mkdir(parents=True, exist_ok=True)
        while self._file is None:
            self._file_name = f"{self._name}-{self._serial:05}{SUFFIX}"
            self._serial += 1
            try:  # never a file that exists: it may end in a torn record
                self._file = os.open(
                    self._folder / self._file_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644
                )
            except FileExistsError:
                continue
        self._offset = 0
        _sync_folder(self._folder)
        self._append(warc_record.info(self._file_name, SOFTWARE, self._created_at))

    def _append(self, packed: bytes) -> Place:
        assert self._file is not None
        place = Place(file=self._file_name, offset=self._offset, length=len(packed))
        rest = memoryview(packed)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:  # a full disk: the half record goes, so that the file stays sound
            os.ftruncate(self._file, self._offset)
            raise
        self._offset += len(packed)
        return place

    def _end_file(self) -> None:
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
            self._file = None


def read(path: Path, offset: int, length: int) -> Page | Failure:
    """The page of the record at a place, as it was written; a failure when it is not there any more."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            packed = file.read(min(length, MAX_MEMBER_BYTES))
    except OSError as error:
        return failure(str(path), Failing.UNREADABLE, f"archive file: {error.strerror}")
    bounds = decompress.Bounds(max_bytes=MAX_MEMBER_BYTES, max_ratio=1100)  # DEFLATE's own limit: all of it is ours
    try:
        record = parsed(decompress.decode(packed, "gzip", bounds)) if len(packed) == length else None
    except (decompress.DecodingError, decompress.TruncatedError, decompress.TooLargeError, decompress.BombError):
        record = None
    page = warc_record.to_page(record) if record is not None else None
    return page or failure(str(path), Failing.UNREADABLE, f"no page is stored at byte {offset}")


def pages(path: Path) -> Iterator[Page | Failure]:
    """All pages of any WARC or ARC file; a failure for each record that is none, and a last one where the file
    breaks."""
    try:
        for found in warc_file.records(path):
            if found.is_too_large:
                yield failure(
                    found.record.url or str(path), Failing.TOO_LARGE, f"an archived record of {found.length:,} bytes"
                )
                continue
            page = warc_record.to_page(found.record)
            if page is not None:
                yield page
    except warc_file.BrokenFileError as error:
        yield failure(str(path), Failing.UNREADABLE, f"archive broken at byte {error.offset}: {error}")
    except OSError as error:
        yield failure(str(path), Failing.UNREADABLE, f"archive file: {error.strerror}")


def parsed(unpacked: bytes) -> warc_record.Record | None:
    """The one record of an unpacked gzip member; `None` when it is not exactly one."""
    head, found, rest = unpacked.partition(b"\r\n\r\n")
    if not found or not head.startswith(b"WARC/"):
        return None
    fields = warc_record.parse_fields(head)
    written = fields.get("content-length", "")
    if not written.isdigit() or len(rest) != int(written) + 4 or not rest.endswith(b"\r\n\r\n"):
        return None
    return warc_record.Record(fields=fields, block=rest[:-4])


def _sync_folder(folder: Path) -> None:
    """Make the folder's list of names durable, not only the file's content."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
