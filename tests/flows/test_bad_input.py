"""Bad input: each piece gets one line or one counted reason that names subject, moment and remedy; the rest goes on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.server import free_port
from tests.flows.archives import write_warc
from tests.flows.command import rows, run_json, wirehouse
from tests.flows.little_web import Said, article, feed, serve

MEGABYTE = b"<p>" + b"All work and no play makes a dull page. " * 26300 + b"</p>"
TITLES = ("Harbour wall to be raised by a metre", "Night ferry keeps its winter timetable")
PARAGRAPHS = (
    "The council voted on Thursday evening to raise the old harbour wall by a metre, after two winters in which the "
    "quay was under water more often than in the ten years before, and shopkeepers had asked for it again and again.",
    "Work is to begin in March and to end before the herring fleet comes back in September, said the harbour master, "
    "who expects the northern basin to be closed to sailing boats for eleven weeks while the stones are being set.",
    "The money comes from a fund that the region set up after the flood of three years ago; the town adds a fifth of "
    "the sum from its own purse, which the opposition called careless in a year of falling income from the market.",
)


def fat_page() -> Iterator[bytes]:
    """A page of 60 MB that is made while it is sent."""
    yield b"<html><head><title>A very long live blog</title></head><body><article>"
    for _ in range(60):
        yield MEGABYTE


def answers(base: str = "") -> dict[str, Said]:
    rest = tuple(f"{text} ({n})" for n, text in enumerate(PARAGRAPHS))
    return {
        "/feed.xml": Said(body=feed(base, "/wall", "/ferry", "/fat", "/picture"), content_type="application/rss+xml"),
        "/empty.xml": Said(body=feed(base), content_type="application/rss+xml"),
        "/wall": Said(body=article(TITLES[0], *PARAGRAPHS)),
        "/ferry": Said(body=article(TITLES[1], *reversed(rest))),
        "/fat": Said(body=tuple(fat_page())),
        "/picture": Said(body=b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(80_000)),
    }


def declared(base: str, folder: Path, nobody: int) -> str:
    """A file of nine declarations, two of them sound."""
    local = 'allow_private = true\nmin_interval_seconds = 0\nlanguage = "en"\n'
    return f"""
[[source]]
name = "Gazette"
kind = "feed"
url = "{base}/feed.xml"
{local}
[[source]]
name = "Herald"
kind = "feed"
url = "{base}/feed.xml"
exlude = ["/video/"]

[[source]]
name = "Courier"
kind = "newsfeed"
url = "{base}/feed.xml"

[[source]]
name = "Away"
kind = "feed"
url = "http://127.0.0.1:{nobody}/feed.xml"
{local}
[[source]]
name = "Hollow"
kind = "feed"
url = "{base}/empty.xml"
{local}
[[source]]
name = "Inside"
kind = "feed"
url = "http://127.0.0.1:{nobody}/private.xml"

[[source]]
name = "Torn archive"
kind = "warc"
path = "{folder}/torn.warc.gz"

[[source]]
name = "Fat archive"
kind = "warc"
path = "{folder}/fat.warc.gz"

[[source]]
name = "No archive"
kind = "warc"
path = "{folder}/none.warc.gz"
"""


@dataclass(frozen=True, kw_only=True)
class Ran:
    summary: dict[str, Any]
    told: str
    """What `wirehouse run` says to a person about the same sources afterwards."""
    told_exit: int
    home: Path


@pytest.fixture(scope="module")
def ran(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("bad")
    saved = {f"http://torn.example/{n}": article(f"{TITLES[0]}, part {n}", *PARAGRAPHS, f"Part {n}.") for n in range(9)}
    torn = write_warc(folder / "torn.warc.gz", saved)
    torn.write_bytes(torn.read_bytes()[:-200])
    fat = b"".join(fat_page())
    write_warc(folder / "fat.warc.gz", {"http://fat.example/blog": fat, "http://fat.example/lean": saved.popitem()[1]})
    known: dict[str, Said] = {}
    with serve(known) as base:
        known |= answers(base)
        (folder / "sources.toml").write_text(declared(base, folder, free_port()), "utf-8")
        arguments = ("--sources", str(folder / "sources.toml"))
        summary = run_json(folder / "home", *arguments, api=prefect_api)
        again = wirehouse("run", "--home", str(folder / "home"), *arguments, api=prefect_api)
        yield Ran(summary=summary, told=again.stdout + again.stderr, told_exit=again.returncode, home=folder / "home")


def line_about(source: str, lines: list[str]) -> str:
    [line] = [one for one in lines if one.startswith(f"{source}: ")]
    return line


@pytest.mark.prefect
@pytest.mark.slow
class TestOneRunOverBadInput:
    def test_the_run_is_partial(self, ran: Ran) -> None:
        assert ran.summary["state"] == "Partial"
        assert ran.summary["exit"] == 3
        assert ran.summary["headline"].endswith("7 sources failed")

    def test_the_rest_goes_on(self, ran: Ran) -> None:
        titles = {title for (title,) in rows(ran.home, "SELECT title FROM core.articles")}
        assert set(TITLES) <= titles
        torn = "SELECT count(*) FROM core.articles WHERE url LIKE 'http://torn.example/%'"
        assert rows(ran.home, torn) == [(8,)]
        assert rows(ran.home, "SELECT count(*) FROM core.articles WHERE url = 'http://fat.example/lean'") == [(1,)]

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("Herald", ["'exlude'", "did you mean 'exclude'"]),
            ("Courier", ["'newsfeed'", "feed, sitemap"]),
            ("Away", ["http://127.0.0.1", "nobody listens there", "wirehouse sources check"]),
            ("Hollow", ["/empty.xml names no article", "wirehouse sources check"]),
            ("Inside", ["127.0.0.1", "private", "allow_private"]),
            ("Torn archive", ["torn.warc.gz", "broken at byte", "what came before is stored"]),
            ("No archive", ["none.warc.gz", "correct the path"]),
        ],
    )
    def test_a_failed_source_has_one_line(self, ran: Ran, source: str, words: list[str]) -> None:
        line = line_about(source, ran.summary["source_failures"])
        assert "\n" not in line
        for word in words:
            assert word in line

    def test_pages_are_counted_by_their_reason(self, ran: Ran) -> None:
        assert ran.summary["failures"] == {"too_large": 2}
        assert ran.summary["rejects"] == {"not_html": 1}
        details = dict(rows(ran.home, "SELECT url, detail FROM ops.outcomes WHERE outcome IN ('failure', 'reject')"))
        assert len(details) == 3
        assert all(details.values())

    def test_nobody_sees_a_traceback(self, ran: Ran) -> None:
        assert "Traceback" not in ran.told
        assert ran.told_exit == 3
        assert max(map(len, ran.told.splitlines())) < 400
        for source in ("Herald", "Courier", "Away", "Hollow", "Torn archive", "No archive"):
            assert f"{source}: " in ran.told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[source]]\nname = "Herald"\nkind = "feed"\nurl = "https://herald.example/rss"\nexlude = []\n', "'exclude'"),
        ('[[source]]\nname = "Courier"\nkind = "newsfeed"\nurl = "https://courier.example/rss"\n', "'newsfeed'"),
        ('[[source]\nname = "Herald"\n', "not valid TOML"),
        ("", "no source is enabled"),
    ],
)
def test_nothing_valid_to_run_is_a_wrong_configuration(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    said = wirehouse("run", "--home", str(tmp_path / "home"), "--sources", str(tmp_path / "sources.toml"))
    assert said.returncode == 4
    assert said.stderr.count("\n") == 1
    assert words in said.stderr
    assert "sources.toml" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_missing_source_file_is_named(tmp_path: Path) -> None:
    said = wirehouse("run", "--home", str(tmp_path), "--sources", str(tmp_path / "none.toml"))
    assert said.returncode == 4
    assert "there is no source file" in said.stderr
