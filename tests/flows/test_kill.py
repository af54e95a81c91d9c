"""`kill -9` of a whole run at any moment: a plain rerun ends where an undisturbed run ends.

`python -m tests.flows.test_kill --kills 20` does twenty, each in a home folder of its own, and prints a line for each.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from deployments.demo.server import serve
from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import comparable_tables, rows, run_json, start

KILLS_IN_THE_SUITE = 4


def write_sources(folder: Path, demo: str) -> Path:
    """Declare the demo web, and an archive of its pages under other addresses."""
    write_warc(folder / "pages.warc.gz", demo_pages())
    path = folder / "sources.toml"
    path.write_text(f'{demo}\n[[source]]\nname = "Archive"\nkind = "warc"\npath = "pages.warc.gz"\n', "utf-8")
    return path


def work_seconds(session: int) -> float:
    """Return the CPU time that a session's processes have used: how far a run is, however busy the machine."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
        except OSError:
            continue  # it ended meanwhile
        if fields and int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))  # user and system, its own and of children that ended
    return ticks / os.sysconf("SC_CLK_TCK")


def killed_after(home: Path, sources: Path, seconds: float, api: str) -> bool:
    """Start a run, kill it and all its children after so much work, and tell whether it was still alive."""
    process = start("run", "--json", "--home", str(home), "--sources", str(sources), api=api)
    while work_seconds(process.pid) < seconds:
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def undisturbed(home: Path, sources: Path, api: str) -> float:
    """Do a whole run, and return how much work it was, counted as `killed_after` counts it."""
    process = start("run", "--json", "--home", str(home), "--sources", str(sources), api=api)
    work = 0.0
    while process.poll() is None:
        work = max(work, work_seconds(process.pid))
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
    assert process.returncode == 0
    return work


def last_verb(home: Path) -> str:
    """Return what the killed run had landed last, as the read copy of the rerun tells it."""
    loads = rows(home, "SELECT run_id, verb FROM ops.loads ORDER BY loaded_at, load_id")
    killed = [verb for run_id, verb in loads if run_id == loads[0][0]]
    return f"{killed[-1]} ({len(killed)} loads)"


Told = tuple[float, bool, str, list[str]]
"""The moment of a kill, whether it met a living run, what was landed by then, and which tables differ in the end."""


def kills(folder: Path, sources: Path, api: str, *, times: int, seed: int, first: float = 0.2) -> Iterator[Told]:
    """Yield what came of each kill, each at a random moment of its own part of a run.

    The first fifth is spent on importing Prefect, which nobody needs to be told is safe.
    """
    length = undisturbed(folder / "calm", sources, api)
    wanted = comparable_tables(folder / "calm")
    random_ = random.Random(seed)
    for turn in range(times):
        home = folder / f"killed-{turn}"
        moment = (first + (1 - first) * (turn + random_.random()) / times) * length
        was_alive = killed_after(home, sources, moment, api)
        rerun = run_json(home, "--sources", str(sources), api=api)
        assert rerun["exit"] == 0, rerun
        found = comparable_tables(home)
        yield moment / length, was_alive, last_verb(home), [name for name in wanted if found[name] != wanted[name]]


@pytest.mark.prefect
@pytest.mark.slow
def test_a_killed_run_is_continued_by_the_next_one(prefect_api: str, tmp_path: Path) -> None:
    with serve(first_port=0) as web:
        sources = write_sources(tmp_path, web.sources_toml)
        told = list(kills(tmp_path, sources, prefect_api, times=KILLS_IN_THE_SUITE, seed=5))
    assert [tables for *_, tables in told] == [[]] * KILLS_IN_THE_SUITE, told
    assert any(was_alive for _, was_alive, *_ in told)


def main() -> int:
    """Kill so many runs as asked for, and print what came of each."""
    from flows.server import free_port, started_server
    from flows.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=float, default=0.2, help="share of a run's work after which kills begin")
    asked = parser.parse_args()
    differing = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        web = stack.enter_context(serve(first_port=0))
        api = stack.enter_context(started_server(Settings(home=folder / "server"), free_port()))
        sources = write_sources(folder, web.sources_toml)
        for number, (moment, was_alive, landed, tables) in enumerate(
            kills(folder, sources, api, times=asked.kills, seed=asked.seed, first=asked.first), start=1
        ):
            differing += bool(tables)
            how = "killed" if was_alive else "had ended"
            print(f"{number:>3}  at {moment:4.0%}  {how:<9}  {landed:<22}  {', '.join(tables) or 'equal'}", flush=True)
    print(f"{asked.kills} kills, {differing} with other tables")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
