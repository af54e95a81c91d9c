"""Eight readers ask the read copy twenty times a second while rows are loaded: no error, and never half a load.

`python -m tests.flows.test_readers --seconds 60` lets them ask for a minute, while one run follows another;
`--loads 100` through so many loads and publications, one right after the other, and says how stale a copy ever was.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.warehouse import articles, landed, sentences
from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import run_json, start
from warehouse.publish import publish

READERS = 8
ASKS_PER_SECOND = 20
LOAD_ARTICLES = 200
LOADS_IN_THE_SUITE = 10
PARTS = 12
"""Archives that come one after another, so that the copy is swapped again and again."""

# A reader as an analyst writes one: DuckDB alone, no code of ours. It connects anew once a second, which is how newer
# rows are seen; opening costs ten times as much as asking, and eight readers would need four cores for it otherwise.
READER = textwrap.dedent("""
    import json, os, sys, time
    import duckdb

    path, stop, per_second = sys.argv[1], sys.argv[2], int(sys.argv[3])
    asks = errors = torn = backwards = 0
    seen, slowest, copies, said, con = 0, 0.0, set(), "", None
    while not os.path.exists(stop):
        began = time.time()
        try:
            if con is None:
                con = duckdb.connect(path, read_only=True)
                con.execute("SET threads = 1")
                copies.add(os.stat(path).st_ino)
            articles, current, decided, placed = con.execute(
                "SELECT (SELECT count(*) FROM core.articles), "
                "(SELECT count(DISTINCT article_id) FROM core.article_versions WHERE valid_to IS NULL), "
                "(SELECT count(DISTINCT article_id) FROM core.extractions WHERE article_id IS NOT NULL), "
                "(SELECT count(*) FROM core.clusters)"
            ).fetchall()[0]
            asks += 1
            torn += not articles == current == decided == placed
            backwards += articles < seen
            seen = articles
            if asks % per_second == 0:
                con.close()
                con = None
        except Exception as error:
            errors += 1
            said = repr(error)
        took = time.time() - began
        slowest = max(slowest, took)
        time.sleep(max(0.0, 1 / per_second - took))
    print(json.dumps({"asks": asks, "errors": errors, "torn": torn, "backwards": backwards, "seen": seen,
                      "copies": len(copies), "slowest_ms": round(slowest * 1000), "said": said}))
""")


@dataclass(frozen=True, kw_only=True)
class Read:
    """What all readers together saw."""

    asks: int
    errors: int
    torn: int
    backwards: int
    seen: int
    copies: int
    slowest_ms: int
    said: str


def read_while_loading(folder: Path, api: str, *, seconds: float) -> Read:
    """Let the readers ask for so long, while runs load one archive after another."""
    home = folder / "home"
    pages = list(demo_pages().items())
    sources = folder / "sources.toml"
    declared = ""
    for part in range(PARTS):
        write_warc(folder / f"{part}.warc.gz", dict(pages[part::PARTS]))
    for part in range(PARTS):
        declared += f'[[source]]\nname = "Archive {part}"\nkind = "warc"\npath = "{part}.warc.gz"\n'
        if part == 0:  # the readers need something to open
            sources.write_text(declared, "utf-8")
            run_json(home, "--sources", str(sources), api=api)
    until = time.time() + seconds
    writer: subprocess.Popen[bytes] | None = None
    parts = iter(range(2, PARTS + 1))
    sections = declared.split("[[source]]")[1:]
    with reading_processes(home) as read:
        while time.time() < until:
            if writer is None or writer.poll() is not None:
                now = next(parts, PARTS)
                sources.write_text("".join(f"[[source]]{one}" for one in sections[:now]), "utf-8")
                writer = start("run", "--json", "--home", str(home), "--sources", str(sources), api=api)
            try:
                writer.wait(timeout=max(0.1, until - time.time()))
            except subprocess.TimeoutExpired:
                break
    if writer is not None:
        writer.wait(timeout=180)
    return together(read)


@contextmanager
def reading_processes(home: Path) -> Iterator[list[dict[str, int]]]:
    """Let the readers ask while the body runs; the list is filled with what each saw when it is over."""
    stop = home / "stop"
    command = [sys.executable, "-c", READER, str(home / "warehouse.read.duckdb"), str(stop), str(ASKS_PER_SECOND)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    read: list[dict[str, int]] = []
    try:
        yield read
    finally:
        stop.touch()
        read.extend(json.loads(reader.communicate(timeout=60)[0]) for reader in readers)
        stop.unlink()


@dataclass(frozen=True, kw_only=True)
class Copied:
    """How long the loads of a test took to become readable, from commit to swap, and what copying took of it."""

    loads: int
    articles: int
    bytes: int
    stale_ms_median: int
    stale_ms_worst: int
    copy_ms_median: int
    copy_ms_worst: int


def read_through_loads(home: Path, *, count: int) -> tuple[Read, Copied]:
    """Let the readers ask through so many loads, each published as soon as it is committed."""
    seed = random.Random(3)
    pool = sentences(seed)
    frames = (articles(pool, seed, number * LOAD_ARTICLES, LOAD_ARTICLES, f"r{number}") for number in range(count + 1))
    stale: list[float] = []
    copies: list[float] = []
    landed(home, "r0", next(frames))
    published = publish(home)
    with reading_processes(home) as read:
        for number, frame in enumerate(frames, start=1):
            landed(home, f"r{number}", frame)
            committed = time.perf_counter()
            published = publish(home)
            stale.append(1000 * (time.perf_counter() - committed))
            copies.append(published.copy_ms)
    return together(read), Copied(
        loads=count,
        articles=(count + 1) * LOAD_ARTICLES,
        bytes=published.bytes,
        stale_ms_median=round(median(stale)),
        stale_ms_worst=round(max(stale)),
        copy_ms_median=round(median(copies)),
        copy_ms_worst=round(max(copies)),
    )


def together(told: list[dict[str, int]]) -> Read:
    """Return the sums, the highest count seen, and the longest wait."""
    sums = {name: sum(one[name] for one in told) for name in ("asks", "errors", "torn", "backwards")}
    most = {name: max(one[name] for one in told) for name in ("seen", "copies", "slowest_ms")}
    return Read(**sums, **most, said=next((str(one["said"]) for one in told if one["said"]), ""))


@pytest.mark.prefect
@pytest.mark.slow
def test_readers_never_see_half_a_load(prefect_api: str, tmp_path: Path) -> None:
    read = read_while_loading(tmp_path, prefect_api, seconds=12)
    assert (read.errors, read.torn, read.backwards) == (0, 0, 0), read
    assert read.asks > READERS * 12
    assert read.seen > 0


@pytest.mark.slow
def test_readers_never_see_half_of_one_load_of_many(tmp_path: Path) -> None:
    read, copied = read_through_loads(tmp_path, count=LOADS_IN_THE_SUITE)
    assert (read.errors, read.torn, read.backwards) == (0, 0, 0), read
    assert LOAD_ARTICLES <= read.seen <= copied.articles


def main() -> int:
    """Let the readers ask for so many seconds, or through so many loads, and print what they saw."""
    from flows.server import free_port, started_server
    from flows.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--loads", type=int, help="load and publish this often, instead of runs")
    asked = parser.parse_args()
    if asked.loads:
        with tempfile.TemporaryDirectory() as name:
            read, copied = read_through_loads(Path(name), count=asked.loads)
        print(read, copied, sep="\n")
        return bool(read.errors or read.torn or read.backwards)
    with (
        tempfile.TemporaryDirectory() as name,
        started_server(Settings(home=Path(name) / "server"), free_port()) as api,
    ):
        read = read_while_loading(Path(name), api, seconds=asked.seconds)
    print(read)
    return bool(read.errors or read.torn or read.backwards)


if __name__ == "__main__":
    sys.exit(main())
