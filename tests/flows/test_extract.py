"""`wirehouse extract` on what other programs saved: broken records are counted lines, and the others go on."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cli import lines
from flows.cli.pages import Unread, from_line
from tests.flows.archives import write_warc
from tests.flows.inside import Said, wirehouse
from tests.flows.little_web import article

PARAGRAPHS = (
    "The lighthouse on the northern mole gets its lamp back in May, the harbour office said, some years after "
    "a storm took the lantern room and the keeper's boat with it and left the entrance dark for a whole winter.",
    "A glazier from the next valley ground the panes by hand, because nobody had made curved ones of that size since "
    "the works at the river closed, and he needed nine attempts before the first of them did not crack in the frame.",
    "The skippers had asked for a brighter light than the old one; they get the old one, for the coast's rules say "
    "that a lamp seen for thirty years must not be mistaken for another one by those who come home in the fog.",
)
PAGE = article("Lighthouse gets its lamp back", *PARAGRAPHS).decode()
GOOD = {"id": "good", "url": "https://mole.example/lamp", "html": PAGE}


def extract(path: Path, *options: object) -> tuple[Said, list[dict[str, Any]]]:
    said = wirehouse("extract", path, *options)
    return said, [json.loads(line) for line in said.out.splitlines()]


def saved(path: Path, *written: dict[str, Any] | bytes) -> Path:
    path.write_bytes(b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in written))
    return path


@pytest.mark.parametrize(
    ("bad", "id_", "detail"),
    [
        (b"not json", "line 3", "line 3: not JSON (Expecting value at character 1)"),
        (b'{"id": "x", "html": "<p>cut off', "line 3", "line 3: not JSON (Invalid control character at character 32)"),
        (b"\xff\xfe\x00{", "line 3", "line 3: not JSON ("),
        (b"[" * 100_000, "line 3", "line 3: not JSON ("),
        (b"7", "line 3", "line 3: not an object with id, url and html"),
        ({"url": None, "html": PAGE}, "line 3", "line 3: has no 'id'"),
        ({"id": None, "html": PAGE}, "line 3", "line 3: id is null, not text"),
        ({"id": "x"}, "x", "line 3: has no 'html'"),
        ({"id": "x", "html": 7}, "x", "line 3: html is a number, not text"),
        ({"id": "x", "html": [PAGE]}, "x", "line 3: html is an array, not text"),
        ({"id": "x", "html": True}, "x", "line 3: html is a boolean, not text"),
        ({"id": "x", "html_b64": {}}, "x", "line 3: html_b64 is an object, not text"),
        ({"id": "x", "html_b64": "%%%"}, "x", "line 3: html_b64 is not base64 ("),
        ({"id": "x", "url": 7, "html": PAGE}, "x", "line 3: url is a number, not text"),
        ({"id": "x", "url": ["https://mole.example"], "html": PAGE}, "x", "line 3: url is an array, not text"),
    ],
)
def test_a_bad_line_is_counted_and_the_rest_goes_on(
    tmp_path: Path, bad: dict[str, Any] | bytes, id_: str, detail: str
) -> None:
    path = saved(tmp_path / "pages.jsonl", GOOD, b"", bad, {**GOOD, "id": "after"})
    said, [first, refused, last] = extract(path)
    assert said.exit == 3
    assert (first["id"], last["id"]) == ("good", "after")
    assert first["text"] == last["text"] == "\n\n".join(PARAGRAPHS)
    assert (refused["id"], refused["reject"]) == (id_, "unparsable")
    assert refused["detail"].startswith(detail)
    assert said.err.count("\n") == 1
    assert f"{path}: 1 of 3 records unread; {detail}" in said.err


@pytest.mark.parametrize("name", ["html", "html_b64"])
@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_a_page_without_text_is_empty_and_no_fault(tmp_path: Path, name: str, nothing: str | None) -> None:
    said, [empty, other] = extract(saved(tmp_path / "pages.jsonl", {"id": "a", name: nothing}, GOOD))
    assert said.exit == 0
    assert said.err == ""
    assert (empty["id"], empty["url"], empty["reject"]) == ("a", None, "empty")
    assert other["title"] == "Lighthouse gets its lamp back"


@pytest.mark.parametrize(
    ("declared", "canonical_url"),
    [
        ("", None),
        ('<link rel="canonical" href="https://mole.example/lamp?utm_source=x">', "https://mole.example/lamp"),
        ('<link rel="canonical" href="/lamp">', None),
        ('<link rel="canonical" href="http://[broken">', None),
        ('<link rel="canonical"><meta property="og:url" content="https://mole.example/og/lamp">',
         "https://mole.example/og/lamp"),
        ('<base href="//"><meta property="og:url" content="javascript:void(0)">', None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "url": 7}</script>', None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", [{}, {"url": None}, {"url": ""}, {"url": "no address"}])
def test_a_page_needs_no_address(
    tmp_path: Path, declared: str, canonical_url: str | None, address: dict[str, Any]
) -> None:
    html = PAGE.replace("</head>", f"{declared}</head>")
    said, [line] = extract(saved(tmp_path / "pages.jsonl", {"id": "a", "html": html} | address))
    assert said.exit == 0
    assert line["text"] == "\n\n".join(PARAGRAPHS)
    assert line["canonical_url"] == (canonical_url or address.get("url") or None)


def test_base64_may_be_broken_into_lines(tmp_path: Path) -> None:
    packed = base64.encodebytes(PAGE.encode()).decode()
    said, [line] = extract(saved(tmp_path / "pages.jsonl", {"id": 7, "url": None, "html_b64": packed}))
    assert said.exit == 0
    assert (line["id"], line["text"]) == ("7", "\n\n".join(PARAGRAPHS))


def test_when_no_record_can_be_read_the_command_has_failed(tmp_path: Path) -> None:
    said, [line] = extract(saved(tmp_path / "pages.jsonl", b"{}"))
    assert said.exit == 1
    assert line["detail"] == "line 1: has no 'id'"


def test_half_a_character_is_written_as_a_whole_one(tmp_path: Path) -> None:
    path = saved(tmp_path / "pages.jsonl", b'{"id": "\\ud800", "url": "https://mole.example/\\udfff", "html": "x"}')
    said, _ = extract(path, "--output", tmp_path / "out.jsonl")
    assert said.exit == 0, said.err
    line = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert (line["id"], line["url"]) == ("?", "https://mole.example/?")


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_BYTES", 2 * len(json.dumps(GOOD)))
    fat = {"id": "fat", "html": "x" * 9 * len(json.dumps(GOOD))}
    said, [first, refused, last] = extract(saved(tmp_path / "pages.jsonl", GOOD, fat, GOOD))
    assert said.exit == 3
    assert (first["id"], refused["id"], last["id"]) == ("good", "line 2", "good")


class TestBrokenFiles:
    """A file that breaks off gives what came before, and one line that says where."""

    @pytest.fixture
    def archive(self, tmp_path: Path) -> bytes:
        pages = {f"https://mole.example/{n}": PAGE.replace("lamp", f"lamp {n}").encode() for n in range(4)}
        return write_warc(tmp_path / "whole.warc.gz", pages).read_bytes()

    @pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
    def test_a_torn_archive_is_partial(self, tmp_path: Path, archive: bytes, jobs: int) -> None:
        (tmp_path / "torn.warc.gz").write_bytes(archive[:-60])
        said, [*whole, torn] = extract(tmp_path / "torn.warc.gz", "--jobs", jobs)
        assert said.exit == 3
        assert [line["url"] for line in whole] == [f"https://mole.example/{n}" for n in range(3)]
        assert (torn["id"], torn["url"], torn["reject"]) == ("torn.warc.gz#3", None, "unreadable_file")
        assert "archive broken at byte" in torn["detail"]
        assert "1 of 4 records unread; archive broken at byte" in said.err

    @pytest.mark.parametrize(
        "content", [b"no archive at all\n", b"\x1f\x8b" + b"\x07" * 90, b"WARC/1.0\r\n", b"\x00" * 9]
    )
    @pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz", "pages.arc"])
    def test_garbage_has_failed(self, tmp_path: Path, content: bytes, name: str) -> None:
        (tmp_path / name).write_bytes(content)
        said, [line] = extract(tmp_path / name)
        assert said.exit == 1
        assert line["reject"] == "unreadable_file"
        assert said.err.count("\n") == 1

    def test_a_record_that_is_no_page_has_a_line(self, tmp_path: Path, archive: bytes) -> None:
        bad = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://mole.example/odd\r\n"
            b"Content-Length: 9\r\n\r\nnot HTTP!\r\n\r\n"
        )
        (tmp_path / "odd.warc.gz").write_bytes(gzip.compress(bad) + archive)
        said, [odd, *rest] = extract(tmp_path / "odd.warc.gz")
        assert said.exit == 3
        assert (odd["url"], odd["reject"]) == ("https://mole.example/odd", "http_protocol")
        assert len(rest) == 4

    def test_lines_in_a_torn_gzip(self, tmp_path: Path) -> None:
        packed = gzip.compress(b"".join(json.dumps(GOOD).encode() + b"\n" for _ in range(400)), compresslevel=0)
        (tmp_path / "pages.jsonl.gz").write_bytes(packed[: len(packed) // 2])
        said, [*whole, torn] = extract(tmp_path / "pages.jsonl.gz")
        assert said.exit == 3
        assert 150 < len(whole) < 250
        assert (torn["id"], torn["reject"]) == (f"line {len(whole) + 1}", "unreadable_file")

    @pytest.mark.parametrize(
        "content",
        [b"not gzip", gzip.compress(b"{}")[:12], b"\x1f\x8b\x08" + b"\0" * 7 + b"\xff" * 40],
        ids=["text", "cut off", "no deflate stream"],
    )
    def test_no_gzip_at_all_has_failed(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "pages.jsonl.gz").write_bytes(content)
        said, [line] = extract(tmp_path / "pages.jsonl.gz")
        assert said.exit == 1
        assert line["reject"] == "unreadable_file"


class TestOutput:
    def test_the_input_is_not_written_over(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "pages.jsonl", GOOD)
        before = path.read_bytes()
        said, _ = extract(path, "--output", path)
        assert said.exit == 2
        assert "is the input itself" in said.err
        assert path.read_bytes() == before

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "pages.jsonl", GOOD)
        said, _ = extract(path, "--output", tmp_path / "none" / "out.jsonl")
        assert said.exit == 2
        assert "out.jsonl cannot be written" in said.err


@given(st.binary() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_line_is_a_page_or_says_why_not(line: bytes | str) -> None:
    page = from_line(line.encode() if isinstance(line, str) else line, "line 1")
    assert not isinstance(page, Unread) or page.detail.startswith("line 1: ")


@given(st.dictionaries(st.sampled_from(["id", "url", "html", "html_b64"]), st.none() | st.integers() | st.text()))
def test_any_object_is_a_page_or_says_why_not(fields: dict[str, Any]) -> None:
    page = from_line(json.dumps(fields).encode(), "line 1")
    assert isinstance(page.html, bytes)
    assert isinstance(page.url, str | None)
    assert isinstance(page, Unread) or isinstance(fields["id"], str | int)
