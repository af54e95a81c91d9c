"""`kill -9` of every command that writes, at any moment: the same command again ends where an undisturbed one ends.

    a home folder as the command finds it ──command──▶ killed, once or twice ──the same command──▶ as if never killed

What was acknowledged before a kill, a row that its file holds, is there once in the end; outcomes add up; every check
of severity `fail` holds; the file opens; and no person was needed.

`python -m tests.flows.test_kill --kills 200` does two hundred, each in a home folder of its own, a line for each.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deployments.demo.server import serve
from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import command, comparable_tables, environment
from tests.flows.killing import Starting, killed_after, undisturbed
from warehouse.checks import examine
from warehouse.connection import writing
from warehouse.errors import WarehouseError
from warehouse.places import Places

KILLS_IN_THE_SUITE = 12
SECOND_KILL = 0.3
"""Share of turns in which what continues the killed command is killed, too."""
ERASED = "valley.example"
"""An outlet of the archive whose articles are copies and originals of others'."""
PUBLISHING = "import sys; from pathlib import Path; from warehouse.publish import publish; publish(Path(sys.argv[1]))"

# What a client was told is stored: rows by key, in layers that a kill could tear apart.
ACKNOWLEDGED = {
    "raw.pages": "page_id",
    "core.articles": "article_id",
    "core.article_versions": "article_id, version",
    "ops.outcomes": "run_id, url",
    "ops.loads": "load_id",
}
Keys = Mapping[str, Counter[tuple[Any, ...]]]
Tables = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that writes. `first` is the share of its work that is spent on imports, where a kill tells nothing."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda home: None
    is_first: bool = False
    first: float = 0.4


def spoil(home: Path) -> None:
    """Change what an older cleaner might have made, so that a replay has something to mend."""
    with writing(home, who="test") as con:
        spoilt = "SET text = text || ' spoilt', content_hash = 'spoilt' || content_hash WHERE hash(article_id) % 2 = 0"
        con.execute(f"UPDATE core.articles {spoilt}").fetchall()
        con.execute("UPDATE core.article_versions AS v SET content_hash = a.content_hash FROM core.articles AS a "
                    "WHERE a.article_id = v.article_id AND v.valid_to IS NULL").fetchall()  # fmt: skip


def unpublish(home: Path) -> None:
    """Take the read copy away, and half of the search index, so that a publication has something to do."""
    with writing(home, who="test") as con:
        con.execute("DELETE FROM core.search_documents WHERE doc % 2 = 0").fetchall()
    Places(home).read.unlink()


COMMANDS = (
    Command(name="run", arguments=("run", "--json"), is_first=True, first=0.2),
    Command(name="publish", arguments=(), prepare=unpublish),
    Command(name="replay", arguments=("replay", "--json", "--gate", "100"), prepare=spoil),
    Command(name="forget", arguments=("forget", "--outlet", ERASED, "--json", "--yes")),
    Command(name="maintain", arguments=("maintain", "--force", "--json")),
)


@dataclass(frozen=True, kw_only=True)
class Calm:
    """A command that nobody disturbed: where it began, how much work it was, what it found and left."""

    home: Path
    seconds: float
    tables: Tables
    before: Keys
    after: Keys

    def gone(self, table: str) -> Counter[tuple[Any, ...]]:
        """Rows that the command is meant to take away."""
        return self.before[table] - self.after[table]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What came of one turn."""

    name: str
    moments: tuple[float, ...]
    was_alive: bool
    landed: str
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        moments = ", ".join(f"{moment:.0%}" for moment in self.moments)
        how = "killed" if self.was_alive else "had ended"
        became = "; ".join(self.faults) or "as if never killed"
        return f"{self.name:<9} at {moments:<9} {how:<9} {self.landed:<32} {became}"


def starting(one: Command, home: Path, sources: Path, api: str) -> Starting:
    """Return what starts a command on a home folder."""
    where = ("--home", str(home), *(("--sources", str(sources)) if one.is_first else ()))
    words = command(*one.arguments, *where) if one.arguments else [sys.executable, "-c", PUBLISHING, str(home)]
    return lambda: subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(api), start_new_session=True
    )


def write_sources(folder: Path, demo: str) -> Path:
    """Declare the demo web, and an archive of its pages under other addresses."""
    write_warc(folder / "pages.warc.gz", demo_pages())
    path = folder / "sources.toml"
    path.write_text(f'{demo}\n[[source]]\nname = "Archive"\nkind = "warc"\npath = "pages.warc.gz"\n', "utf-8")
    return path


def calm(one: Command, folder: Path, full: Path | None, sources: Path, api: str) -> Calm:
    """Do a command undisturbed, on a home folder as every turn of it will find one."""
    begin, end = folder / f"{one.name}-begin", folder / f"{one.name}-end"
    if full is not None:
        shutil.copytree(full, begin)
        one.prepare(begin)
        shutil.copytree(begin, end)
    seconds = undisturbed(starting(one, end, sources, api))
    return Calm(home=begin, seconds=seconds, tables=comparable_tables(end), before=stored(begin), after=stored(end))


def stored(home: Path) -> Keys:
    """Return the keys of what a home folder's writers' file and its log hold, looked at in a copy; empty if none."""
    places = Places(home)
    if not places.writer.exists():
        return {table: Counter() for table in ACKNOWLEDGED}
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as con:
        for path in (places.writer, places.wal):
            if path.exists():
                shutil.copy(path, name)
        con.execute(f"ATTACH '{Path(name) / places.writer.name}' AS w")
        con.execute("USE w")
        return {
            table: Counter(con.execute(f"SELECT {key} FROM {table}").fetchall()) for table, key in ACKNOWLEDGED.items()
        }


def turn(one: Command, begun: Calm, home: Path, sources: Path, api: str, random_: random.Random) -> Told:
    """Kill a command once or twice, call it again, and tell how its end differs from that of an undisturbed one."""
    if begun.home.exists():
        shutil.copytree(begun.home, home)
    start = starting(one, home, sources, api)
    moments = [random_.uniform(one.first, 1) for _ in range(1 + (random_.random() < SECOND_KILL))]
    faults: list[str] = []
    was_alive = False
    acknowledged: list[Keys] = []
    for moment in moments:
        was_alive |= killed_after(start, moment * begun.seconds)
        try:
            acknowledged.append(stored(home))
        except duckdb.Error as error:
            faults.append(f"the file does not open: {error}")
    ended = start().wait()
    if ended:
        faults.append(f"the next one ended with {ended}")
    faults += differences(home, begun, acknowledged)
    loads = {name for keys in acknowledged for (name,) in keys["ops.loads"] - begun.before["ops.loads"]}
    said = Counter(name.split("/")[1] for name in loads)
    landed = ", ".join(f"{n} {verb}" for verb, n in said.most_common(3)) or "no load"
    return Told(name=one.name, moments=tuple(moments), was_alive=was_alive, landed=landed, faults=faults)


def differences(home: Path, begun: Calm, acknowledged: list[Keys]) -> list[str]:
    """Return in words what is not as it must be."""
    try:
        left = stored(home)
        found = comparable_tables(home)
        with writing(home, who="test") as con:
            failed = [result.name for result in examine(con) if result.is_failed]
    except (WarehouseError, duckdb.Error) as error:
        return [f"cannot be read: {error}"]
    lost = {
        table: len(keys.keys() - left[table].keys() - begun.gone(table).keys())
        for known in acknowledged
        for table, keys in known.items()
    }
    twice = [table for table, keys in left.items() if any(n > 1 for n in keys.values())]
    return [
        *(f"{n} acknowledged rows of {table} are lost" for table, n in lost.items() if n),
        *(f"rows of {table} are there twice" for table in twice),
        *(f"check {name} fails" for name in failed),
        *(f"{name} differs" for name, rows in begun.tables.items() if found[name] != rows),
    ]


def kills(
    folder: Path, sources: Path, api: str, *, times: int, seed: int, commands: tuple[Command, ...] = COMMANDS
) -> Iterator[Told]:
    """Yield what came of each turn; every command gets as many of them as every other."""
    random_ = random.Random(seed)
    full: Path | None = None
    begun: dict[str, Calm] = {}
    for one in COMMANDS:
        if one.is_first or one in commands:
            begun[one.name] = calm(one, folder, full, sources, api)
        if one.is_first:
            full = folder / f"{one.name}-end"
    for number in range(times):
        home = folder / f"turn-{number}"
        one = commands[number % len(commands)]
        told = turn(one, begun[one.name], home, sources, api, random_)
        yield told
        if not told.faults:
            shutil.rmtree(home)


@pytest.mark.prefect
@pytest.mark.slow
def test_a_killed_command_is_continued_by_the_next_one(prefect_api: str, tmp_path: Path) -> None:
    with serve(first_port=0) as web:
        sources = write_sources(tmp_path, web.sources_toml)
        told = list(kills(tmp_path, sources, prefect_api, times=KILLS_IN_THE_SUITE, seed=5))
    assert [str(one) for one in told if one.faults] == []
    assert sum(one.was_alive for one in told) > KILLS_IN_THE_SUITE / 2


def test_an_erasure_takes_rows_away() -> None:
    """The outlet that the turns erase is in the archive that they read."""
    assert any(f"//{ERASED}/" in url for url in demo_pages())


def main() -> int:
    """Kill as often as asked for, and print what came of each turn."""
    from flows.server import free_port, started_server
    from flows.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--command", action="append", choices=[one.name for one in COMMANDS], help="only these")
    parser.add_argument("--keep", type=Path, help="a folder for the homes of turns that went wrong")
    asked = parser.parse_args()
    chosen = tuple(one for one in COMMANDS if not asked.command or one.name in asked.command)
    wrong = alive = 0
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        web = stack.enter_context(serve(first_port=0))
        api = stack.enter_context(started_server(Settings(home=folder / "server"), free_port()))
        sources = write_sources(folder, web.sources_toml)
        turns = kills(folder, sources, api, times=asked.kills, seed=asked.seed, commands=chosen)
        for number, told in enumerate(turns, start=1):
            wrong += bool(told.faults)
            alive += told.was_alive
            print(f"{number:>3}  {told}", flush=True)
    print(f"{asked.kills} turns, {alive} of them met a living command, {wrong} went wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
