"""`kill -9` at any moment of loading, publishing, maintaining and erasing: what was acknowledged is there, once; what
was erased stays away; and the next writer goes on without a person.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from warehouse.checks import check
from warehouse.connection import reading, writing
from warehouse.forget import Kind, forget
from warehouse.publish import publish

ROWS = 100

WRITER = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    import polars as pl
    from warehouse.checks import check
    from warehouse.connection import writing
    from warehouse.forget import Kind, forget
    from warehouse.maintain import maintain
    from warehouse.publish import publish
    from warehouse.store import load

    home, first, rows = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    now = datetime(2026, 11, 3, tzinfo=UTC)

    def loaded(number):
        ids = [f"{number}-{row}" for row in range(rows)]
        urls = [f"https://www.ledger.example/{name}" for name in ids]
        empty = pl.lit([], pl.List(pl.String))
        base = pl.DataFrame({"page_id": ids, "url": urls}).with_columns(source_name=pl.lit("s"))
        pages = base.with_columns(
            run_id=pl.lit(str(number)), purpose=pl.lit("robots"), final_url="url", host=pl.lit("h"), site=pl.lit("s"),
            status=200, fetched_at=now, body_digest=pl.lit("d"), body_bytes=1, warc_file=pl.lit("raw/a.warc.gz"),
            warc_offset=0, warc_length=1,
        )
        articles = base.with_columns(
            article_id="page_id", canonical_url="url", outlet=pl.lit(str(number)), word_count=4, content_hash="page_id",
            text=pl.format("Some words of {}.", "page_id"), cleaner_version=pl.lit("1"), first_seen_at=now,
            first_run_id=pl.lit(str(number)), last_seen_at=now, authors=empty, tags=empty, block_kinds=empty,
        )
        members = pl.DataFrame({"article_id": ids, "cluster_id": ids, "is_canonical": True})
        frames = {"raw.pages": pages, "core.articles": articles, "core.clusters": members}
        with writing(home) as con:
            load(con, str(number), "extract", frames)
        print("loaded", number, flush=True)
        with writing(home) as con:
            check(con, str(number))

    for number in range(first, first + 1000):
        loaded(number)
        publish(home)
        if (number - first) % 3 == 1:
            maintain(home, force=True)
        if (number - first) % 3 == 2:
            forget(home, Kind.OUTLET, [str(number - 1)])
            print("erased", number - 1, flush=True)
""")


def killed_after(home: Path, first: int, *, steps: int, seconds: float) -> list[tuple[str, int]]:
    """Let a writer take some steps and work on for a moment, kill it, and return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), str(first), str(ROWS)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=os.getcwd(),
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(steps)]
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    acknowledged += process.stdout.readlines()
    process.wait()
    words = [line.split() for line in acknowledged if line.endswith("\n")]
    return [(what, int(number)) for what, number in words]


def kill_again_and_again(home: Path, times: int, seed: int) -> None:
    random_ = random.Random(seed)
    loaded: set[int] = set()
    erased: set[int] = set()
    for turn in range(times):
        for what, number in killed_after(
            home, turn * 1000, steps=random_.randrange(1, 6), seconds=random_.uniform(0, 0.5)
        ):
            (loaded if what == "loaded" else erased).add(number)
        with writing(home, wait_seconds=10) as con:
            there = dict(con.execute("SELECT outlet, count(*) FROM core.articles GROUP BY ALL").fetchall())
            noted = {int(run) for (run,) in con.execute("SELECT run_id FROM ops.loads").fetchall()}
            forgotten = con.execute("SELECT count(*) FROM ops.forgotten WHERE kind = 'outlet'").fetchall()[0][0]
            assert [result.name for result in check(con, "after") if result.is_failed] == []
        assert set(there.values()) <= {ROWS}
        assert loaded <= noted
        assert len(noted) - len(there) == forgotten
        assert not {str(number) for number in erased} & set(there)
        publish(home)
        with reading(home) as con:
            assert con.execute("SELECT count(*) FROM core.articles").fetchall() == [(ROWS * len(there),)]
            assert con.execute("SELECT count(*) FROM core.search_documents").fetchall() == [(ROWS * len(there),)]
    assert len(loaded) >= times
    for number in erased:
        assert forget(home, Kind.OUTLET, [str(number)]).row_count == 0
    assert sorted(path.name for path in home.iterdir()) == [
        "warehouse.duckdb",
        "warehouse.lock",
        "warehouse.read.duckdb",
    ]


def test_a_kill(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, times=1, seed=1)


@pytest.mark.slow
def test_a_dozen_kills(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, times=12, seed=2)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)], check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        said = [
            killed_after(tmp_path, turn * 1000, steps=1000, seconds=0) for turn in range(2)
        ]  # it dies of the full disk before that
        subprocess.run(["mount", "-o", "remount,size=100m", str(tmp_path)], check=True)
        with writing(tmp_path) as con:
            noted = {int(run) for (run,) in con.execute("SELECT run_id FROM ops.loads").fetchall()}
            assert [result.name for result in check(con, "after") if result.is_failed] == []
        assert {number for turn in said for what, number in turn if what == "loaded"} <= noted
        publish(tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=False)
