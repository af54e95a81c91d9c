"""`kill -9` at any moment: what was acknowledged is there, once, and the next writer goes on without a person."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from warehouse.connection import reading, writing
from warehouse.publish import publish

WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    import polars as pl
    from warehouse.connection import writing
    from warehouse.publish import publish
    from warehouse.store import load

    home, first = Path(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + 1000):
        ids = [f"{number}-{row}" for row in range(200)]
        members = pl.DataFrame({"article_id": ids, "cluster_id": [str(number)] * 200, "is_canonical": [True] * 200})
        pairs = pl.DataFrame({"article_id_a": ids, "article_id_b": "x", "relation": "near", "similarity": 1.0,
                              "containment": 1.0, "run_id": str(number)})
        with writing(home) as con:
            load(con, str(number), "cluster", {"core.clusters": members, "core.duplicate_pairs": pairs})
        print(number, flush=True)
        publish(home)
""")


def killed_after(home: Path, first: int, seconds: float) -> list[int]:
    """Let a writer work for a while, kill it, and return the loads that it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), str(first)], stdout=subprocess.PIPE, text=True, cwd=os.getcwd()
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline()]  # the start of the interpreter is not what is tested
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    acknowledged += process.stdout.readlines()
    process.wait()
    return [int(line) for line in acknowledged if line.endswith("\n")]


def kill_again_and_again(home: Path, times: int, seed: int) -> None:
    random_ = random.Random(seed)
    acknowledged: set[int] = set()
    for turn in range(times):
        acknowledged.update(killed_after(home, turn * 1000, random_.uniform(0, 0.3)))
        with writing(home, wait_seconds=10) as con:
            members = dict(con.execute("SELECT cluster_id, count(*) FROM core.clusters GROUP BY ALL").fetchall())
            pairs = dict(con.execute("SELECT run_id, count(*) FROM core.duplicate_pairs GROUP BY ALL").fetchall())
            noted = {run for (run,) in con.execute("SELECT run_id FROM ops.loads").fetchall()}
        assert set(members.values()) == {200}
        assert members == pairs
        assert noted == set(members)
        assert {str(number) for number in acknowledged} <= noted
        publish(home)
        with reading(home) as con:
            assert con.execute("SELECT count(*) FROM core.clusters").fetchall() == [(200 * len(noted),)]
    assert len(acknowledged) >= times
    assert sorted(path.name for path in home.iterdir()) == [
        "warehouse.duckdb",
        "warehouse.lock",
        "warehouse.read.duckdb",
    ]


def test_a_few_kills(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, times=2, seed=1)


@pytest.mark.slow
def test_a_dozen_kills(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path, times=12, seed=2)
