"""The archive: what was written comes back the same, here and in other tools; broken files give what they can."""

from __future__ import annotations

import errno
import gzip
import io
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.records import Failing, Failure, Page
from tasks.web import warc, warc_erase, warc_record

warcio = pytest.importorskip("warcio")
from warcio.archiveiterator import ArchiveIterator  # noqa: E402
from warcio.checker import Checker  # noqa: E402
from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


def page(number: int = 0, body: bytes | None = None, **more: object) -> Page:
    fields: dict[str, object] = {
        "url": f"http://news.test/{number}",
        "final_url": f"http://news.test/{number}",
        "status": 200,
        "headers": (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", "7"),
            ("Content-Encoding", "gzip"),
        ),
        "body": f"<p>page {number}</p>".encode() * 50 if body is None else body,
        "fetched_at": NOW + timedelta(seconds=number),
    }
    return Page(**(fields | more))  # type: ignore[arg-type]


PAGES = [
    page(1),
    page(2, body=b""),
    page(3, status=404),
    page(4, status=599, headers=()),
    page(5, body=bytes(range(256)) * 100),
    page(6, body=b"WARC/1.1\r\n\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
    page(
        7,
        headers=(
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("ETag", 'W/"caf\u00e9"'),
            ("Transfer-Encoding", "chunked"),
        ),
    ),
    page(
        8,
        final_url="https://news.test/8?x=1",
        redirects=("http://news.test/8", "http://m.news.test/8", "https://news.test/8?x=1"),
    ),
    page(
        9, url="http://news.test/strange?q=\u00fc%20&x=[1]|2", final_url="http://news.test/strange?q=\u00fc%20&x=[1]|2"
    ),
]


def written(folder: Path, pages: list[Page] = PAGES, **more: int) -> tuple[list[warc.Place], Path]:
    with warc.Writer(folder, "run", created_at=NOW, **more) as writer:  # type: ignore[arg-type]
        places = [writer.write(each, "192.0.2.1") for each in pages]
    return places, folder / places[0].file


def test_each_page_is_read_back_from_its_place(tmp_path: Path) -> None:
    places, file = written(tmp_path)
    assert [warc.read(file, place.offset, place.length) for place in places] == PAGES


def test_a_file_is_read_back_as_a_whole(tmp_path: Path) -> None:
    _, file = written(tmp_path)
    assert list(warc.pages(file)) == PAGES


def test_warcio_finds_nothing_wrong(tmp_path: Path) -> None:
    _, file = written(tmp_path)
    checker = Checker(type("Options", (), {"inputs": [str(file)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def test_warcio_reads_the_same_bytes(tmp_path: Path) -> None:
    _, file = written(tmp_path)
    with file.open("rb") as opened:
        records = [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(opened)
            if record.rec_type == "response"
        ]
    assert records == [(each.final_url, each.body) for each in PAGES]


def test_fastwarc_reads_the_same_bytes(tmp_path: Path) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    _, file = written(tmp_path)
    with file.open("rb") as opened:
        responses = fastwarc.ArchiveIterator(opened, record_types=fastwarc.WarcRecordType.response)
        assert [record.reader.read() for record in responses] == [each.body for each in PAGES]


def test_the_same_page_gives_the_same_bytes() -> None:
    assert warc_record.from_page(PAGES[0]) == warc_record.from_page(PAGES[0])


def test_files_end_at_their_size_and_are_never_reused(tmp_path: Path) -> None:
    (tmp_path / "run-00000.warc.gz").write_bytes(b"of another run")
    noise = [page(number, body=os.urandom(2000)) for number in range(8)]
    places, _ = written(tmp_path, noise, max_file_bytes=8000)
    assert (tmp_path / "run-00000.warc.gz").read_bytes() == b"of another run"
    assert len({place.file for place in places}) > 2
    assert all((tmp_path / place.file).stat().st_size <= 8000 for place in places)
    assert [warc.read(tmp_path / place.file, place.offset, place.length) for place in places] == noise


def test_no_page_no_file(tmp_path: Path) -> None:
    with warc.Writer(tmp_path / "raw", "run", created_at=NOW):
        pass
    assert not (tmp_path / "raw").exists()


def test_a_killed_writer_leaves_whole_records_and_one_torn(tmp_path: Path) -> None:
    """The process is killed at a moment of its own choosing; what was flushed is there."""
    program = f"""
import os, signal
from datetime import datetime, UTC
from pathlib import Path
from tasks.records import Page
from tasks.web.warc import Writer
now = datetime(2026, 11, 24, tzinfo=UTC)
writer = Writer(Path({str(tmp_path)!r}), "killed", created_at=now)
for number in range(20):
    url = f"http://news.test/{{number}}"
    writer.write(Page(url=url, final_url=url, status=200, headers=(), body=os.urandom(5000), fetched_at=now))
writer.flush()
print("flushed", flush=True)
os.write(writer._file, b"\\x1f\\x8b\\x08 torn")
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=Path.cwd(), check=False)
    assert run.stdout == "flushed\n", run.stderr
    file = tmp_path / "killed-00000.warc.gz"
    *good, last = warc.pages(file)
    assert [one.url for one in good] == [f"http://news.test/{number}" for number in range(20)]
    assert isinstance(last, Failure)
    assert last.reason is Failing.UNREADABLE


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    """Files may not grow beyond 50 KB here: the write that does not fit fails, and what fits is still written."""
    program = f"""
import os, resource, signal
from datetime import datetime, UTC
from pathlib import Path
from tasks.records import Page
from tasks.web.warc import Writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
now = datetime(2026, 11, 24, tzinfo=UTC)
with Writer(Path({str(tmp_path)!r}), "full", created_at=now) as writer:
    for number, size in enumerate((20_000, 20_000, 20_000, 5_000)):
        url = f"http://news.test/{{number}}"
        page = Page(url=url, final_url=url, status=200, headers=(), body=os.urandom(size), fetched_at=now)
        try:
            writer.write(page)
        except OSError as error:
            print(number, error.errno)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=Path.cwd(), check=False)
    assert run.stdout == f"2 {errno.EFBIG}\n", run.stderr
    found = list(warc.pages(tmp_path / "full-00000.warc.gz"))
    assert [one.url for one in found] == [f"http://news.test/{number}" for number in (0, 1, 3)]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.77, 0.99])
def test_a_truncated_file_gives_its_good_records_and_one_failure(tmp_path: Path, share: float) -> None:
    places, file = written(tmp_path, [page(number, body=os.urandom(3000)) for number in range(10)])
    size = int(file.stat().st_size * share)
    os.truncate(file, size)
    *good, last = warc.pages(file)
    assert len(good) == sum(place.offset + place.length <= size for place in places)
    assert isinstance(last, Failure)
    assert last.reason is Failing.UNREADABLE
    assert f"byte {places[len(good)].offset if size > places[0].offset else 0}" in last.detail


def test_a_place_that_is_gone(tmp_path: Path) -> None:
    places, file = written(tmp_path)
    for offset, length in ((1, 10), (places[0].offset + 1, places[0].length), (10**9, 5), (0, 0), (0, 10**12)):
        gone = warc.read(file, offset, length)
        assert isinstance(gone, Failure)
        assert gone.reason is Failing.UNREADABLE
    assert isinstance(warc.read(tmp_path / "missing.warc.gz", 0, 10), Failure)


def test_erasure_drops_some_records_and_copies_the_others(tmp_path: Path) -> None:
    _, file = written(tmp_path)
    before = file.read_bytes()
    assert warc_erase.erase(file, lambda _offset, record: record) is None
    assert [one.name for one in tmp_path.iterdir()] == [file.name]

    def verdict(_offset: int, record: warc_record.Record) -> warc_record.Record | None:
        named = warc_record.urls(record)
        return None if named & {"http://m.news.test/8", PAGES[0].url} else record

    erased = warc_erase.erase(file, verdict)
    assert erased is not None
    kept = [each for each in PAGES if each not in (PAGES[0], PAGES[7])]
    assert list(warc.pages(erased.target)) == kept
    assert [warc.read(erased.target, one.offset, one.length) for one in erased.moved.values()][1:] == kept
    assert len(erased.dropped) == 2
    assert b"m.news.test" not in gzip.decompress(erased.target.read_bytes())
    checker = Checker(type("Options", (), {"inputs": [str(erased.target)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0
    assert file.read_bytes() == before


def test_erasure_leaves_out_what_it_cannot_look_into(tmp_path: Path) -> None:
    """A torn record, and a file compressed as a whole: either might hold what must go."""
    places, file = written(tmp_path)
    with file.open("ab") as torn:
        torn.write(b"\x1f\x8b\x08 torn")
    erased = warc_erase.erase(file, lambda _offset, record: record)
    assert erased is not None
    assert list(warc.pages(erased.target)) == PAGES
    assert erased.dropped == (places[-1].offset + places[-1].length,)
    file.write_bytes(gzip.compress(gzip.decompress(erased.target.read_bytes())))
    emptied = warc_erase.erase(file, lambda _offset, record: record)
    assert emptied is not None
    assert emptied.dropped == (0,)
    assert list(warc.pages(emptied.target)) == []


def foreign(folder: Path, *, is_compressed: bool = True) -> Path:
    """An archive by another tool, with every kind of record and the codings it came with."""
    file = folder / ("foreign.warc.gz" if is_compressed else "foreign.warc")
    html = b"<p>" + b"foreign " * 200
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(html[at : at + 99]), html[at : at + 99]) for at in range(0, len(html), 99))
    bodies = {
        "plain": (html, []),
        "gzip": (gzip.compress(html), [("Content-Encoding", "gzip")]),
        "chunked": (chunks + b"0\r\n\r\n", [("Transfer-Encoding", "chunked")]),
        "undone": (html, [("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")]),
        "missing": (b"<p>gone", []),
    }
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=is_compressed, warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record("foreign", {"software": "other"}))
        for name, (body, fields) in bodies.items():
            url = f"http://foreign.test/{name}"
            status = "404 Not Found" if name == "missing" else "200 OK"
            head = StatusAndHeaders(status, [("Content-Type", "text/html"), *fields], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            request = writer.create_warc_record(
                url,
                "request",
                http_headers=StatusAndHeaders("GET / HTTP/1.1", [("Host", "foreign.test")], is_http_request=True),
            )
            writer.write_request_response_pair(request, response)
            revisit = writer.create_revisit_record(
                url, digest="sha1:X", refers_to_uri=url, refers_to_date="2026-01-01T00:00:00Z"
            )
            writer.write_record(revisit)
        note = writer.create_warc_record(
            "http://foreign.test/note",
            "metadata",
            payload=io.BytesIO(b"a: b"),
            warc_content_type="application/warc-fields",
        )
        writer.write_record(note)
        writer.write_record(
            writer.create_warc_record(
                "http://foreign.test/file", "resource", payload=io.BytesIO(html), warc_content_type="text/html"
            )
        )
        writer.write_record(
            writer.create_warc_record(
                "dns:foreign.test", "response", payload=io.BytesIO(b"1"), warc_content_type="text/dns"
            )
        )
    return file


@pytest.mark.parametrize("is_compressed", [True, False])
@pytest.mark.parametrize("is_one_member", [True, False])
def test_archives_of_other_tools_are_read(tmp_path: Path, is_compressed: bool, is_one_member: bool) -> None:
    file = foreign(tmp_path, is_compressed=is_compressed)
    if is_one_member and is_compressed:
        file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())))
    found = list(warc.pages(file))
    assert all(isinstance(one, Page) for one in found), found
    assert [(one.url.rsplit("/", 1)[1], one.status) for one in found if isinstance(one, Page)] == [
        ("plain", 200),
        ("gzip", 200),
        ("chunked", 200),
        ("undone", 200),
        ("missing", 404),
        ("file", 200),
    ]
    assert all(one.body.startswith(b"<p>") for one in found if isinstance(one, Page))


def test_urls_in_angle_brackets_and_odd_dates(tmp_path: Path) -> None:
    block = b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>old"
    record = (
        b"WARC/0.18\r\nWARC-Type: response\r\nWARC-Target-URI: <http://old.test/>\r\n"
        b"WARC-Date: 2009-05-04T03:02:01.5Z\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    )
    (tmp_path / "old.warc").write_bytes(record)
    (found,) = warc.pages(tmp_path / "old.warc")
    assert isinstance(found, Page)
    assert (found.url, found.body) == ("http://old.test/", b"<p>old")
    assert found.fetched_at == datetime(2009, 5, 4, 3, 2, 1, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("is_compressed", [True, False])
def test_arc_files_are_read(tmp_path: Path, is_compressed: bool) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>arc"
    version = b"1 0 Maker\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [
        b"filedesc://x.arc 0.0.0.0 20050102030405 text/plain %d\n%s\n" % (len(version), version),
        b"http://arc.test/ 192.0.2.1 20050102030405 text/html %d\n%s\n" % (len(block), block),
        b"dns:arc.test 192.0.2.1 20050102030405 text/dns 3\nabc\n",
    ]
    file = tmp_path / "x.arc"
    file.write_bytes(b"".join(map(gzip.compress, parts) if is_compressed else parts))
    (found,) = warc.pages(file)
    assert isinstance(found, Page)
    assert (found.url, found.body, found.fetched_at) == (
        "http://arc.test/",
        b"<p>arc",
        datetime(2005, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_records_too_large_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.warc.gz"
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    bomb = StatusAndHeaders("200 OK", [("Content-Encoding", "gzip")], protocol="HTTP/1.1")
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for name, body, fields in (
            ("video", bytes(60 << 20), head),
            ("bomb", gzip.compress(bytes(60 << 20)), bomb),
            ("page", b"<p>fine", head),
        ):
            writer.write_record(
                writer.create_warc_record(
                    f"http://x.test/{name}", "response", payload=io.BytesIO(body), http_headers=fields
                )
            )
    video, blown, fine = warc.pages(file)
    assert isinstance(video, Failure)
    assert (video.url, video.reason) == ("http://x.test/video", Failing.TOO_LARGE)
    assert isinstance(blown, Failure)
    assert blown.reason is Failing.BOMB
    assert isinstance(fine, Page)


RUBBISH = [
    b"",
    b"\n\n\n",
    b"not an archive",
    b"<html><p>a page with the wrong name",
    b"\x1f\x8b\x08\x00",
    gzip.compress(b"not an archive"),
    b"WARC/1.0\r\n",
    b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
    b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"WARC/1.0\r\nContent-Length: \xc2\xb2\r\n\r\n",
    b"WARC/1.0\r\n" + b"x" * 3_000_000,
    b"WARC/1.0\r\n" + b"x: y\r\n" * 500_000,
    b"WARC/1.0\r\nx: y\r\n" + b" z\r\n" * 200_000 + b"\r\n",
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n",
]


@pytest.mark.parametrize("content", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_at_most_one_failure(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rubbish.warc.gz"
    file.write_bytes(content)
    found = list(warc.pages(file))
    assert len(found) == (1 if content.strip() else 0)
    assert all(isinstance(one, Failure) for one in found)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (found,) = warc.pages(tmp_path / "nothing.warc.gz")
    assert isinstance(found, Failure)
    assert found.reason is Failing.UNREADABLE


TEXTS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30).map(str.strip)
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC-", min_size=1, max_size=20)


@given(st.lists(st.tuples(NAMES, TEXTS), max_size=6), st.binary(max_size=3000), st.integers(100, 999))
@settings(max_examples=60)
def test_any_page_survives_the_archive(headers: list[tuple[str, str]], body: bytes, status: int) -> None:
    given_page = page(1, body=body, headers=tuple(headers), status=status)
    record = warc_record.from_page(given_page)
    assert warc_record.to_page(_record_of(record)) == given_page


@given(st.binary(max_size=300))
def test_any_block_is_a_page_or_a_failure(block: bytes) -> None:
    fields = {"warc-type": "response", "warc-target-uri": "http://x.test/"}
    for head in (
        b"",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br\r\n\r\n",
    ):
        found = warc_record.to_page(warc_record.Record(fields=fields, block=head + block))
        assert isinstance(found, Page | Failure)


def _record_of(member: bytes) -> warc_record.Record:
    unpacked = zlib.decompress(member, zlib.MAX_WBITS | 16)
    head, _, rest = unpacked.partition(b"\r\n\r\n")
    return warc_record.Record(fields=warc_record.parse_fields(head), block=rest[:-4])
