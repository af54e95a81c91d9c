"""A file that is wrong, damaged, newer, in use or not ours to write: a command says so in one line, with a way out."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.flows.command import command, environment
from tests.flows.homes import article, landed, versions
from tests.flows.inside import wirehouse
from warehouse.lock import locked

DAM = "The dam above the town is safe, engineers said on Monday after a week of measuring."
ADDRESS = "https://gazette.example/dam"
FILES = ("warehouse.duckdb", "warehouse.read.duckdb")

READING = (
    ("sql", "FROM report.articles"),
    ("search", "dam"),
    ("status",),
    ("report",),
    ("docs",),
    ("diff", "dam"),
    ("explain", "dam", "weir"),
    ("replay", "--diff"),
    ("export", "--to", "out"),
)
WRITING = (("checks",), ("maintain",), ("forget", ADDRESS, "--yes"), ("replay",))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return landed(
        tmp_path_factory.mktemp("sound"),
        core_articles=[article("dam", DAM), article("weir", DAM)],
        core_article_versions=[*versions("dam", DAM), *versions("weir", DAM)],
    )


@pytest.fixture
def home(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(sound, tmp_path / "home"))


def wrong(path: Path) -> None:
    path.write_bytes(b"a letter to the editor\n" * 3000)


def foreign(path: Path) -> None:
    path.unlink()
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE mine (a INTEGER)")


def spoilt(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4096)
    path.write_bytes(content)


def newer(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("INSERT INTO ops.migrations VALUES (99, 'of tomorrow', 'x', now())")


TROUBLES: dict[Callable[[Path], None], str] = {
    wrong: "not a readable DuckDB file",
    spoilt: "not a readable DuckDB file",
    foreign: "not one of Wirehouse",
    newer: "its schema is at migration 99",
}


@pytest.mark.parametrize("arguments", [*READING, *WRITING], ids=" ".join)
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_file_that_cannot_be_used_is_one_line(
    home: Path, trouble: Callable[[Path], None], arguments: tuple[str, ...]
) -> None:
    for name in FILES:
        trouble(home / name)
    said = wirehouse(*arguments, "--home", home)
    assert (said.exit, said.err.count("\n")) == (1, 0), said
    assert TROUBLES[trouble] in said.err
    assert "; " in said.err or "Restore it" in said.err or "Choose another --home" in said.err, "no remedy is named"


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_the_doctor_finds_it(home: Path, trouble: Callable[[Path], None]) -> None:
    for name in FILES:
        trouble(home / name)
    said = wirehouse("doctor", "--home", home, "--json")
    bad = {one["subject"]: one for one in said.json if not one["is_sound"]}
    assert said.exit == 1
    assert {"warehouse", "read copy"} <= set(bad)
    assert TROUBLES[trouble] in bad["warehouse"]["detail"]
    assert bad["warehouse"]["remedy"]


def test_the_doctor_finds_lost_blocks_in_a_file_that_opens(home: Path) -> None:
    for name in FILES:
        content = (home / name).read_bytes()
        (home / name).write_bytes(content[: len(content) // 2])
    assert wirehouse("sql", "SELECT 1", "--home", home).exit == 0
    bad = {one["subject"] for one in wirehouse("doctor", "--home", home, "--json").json if not one["is_sound"]}
    assert {"warehouse", "read copy"} <= bad
    said = wirehouse("checks", "--home", home)
    assert (said.exit, "the database file is damaged" in said.err) == (1, True)


@pytest.mark.parametrize("arguments", [("maintain",), ("forget", ADDRESS, "--yes")], ids=" ".join)
def test_who_is_at_work_is_named(home: Path, arguments: tuple[str, ...]) -> None:
    with locked(home, who="ingest run-1", name="run.lock"):
        said = wirehouse(*arguments, "--home", home)
    assert (said.exit, "ingest run-1" in said.err) == (1, True)


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_somebody_else_has_the_writers_file_open(home: Path, arguments: tuple[str, ...]) -> None:
    holding = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", holding, str(home / FILES[0])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        said = wirehouse(*arguments, "--home", home)
        other.communicate()
    assert (said.exit, said.err.count("\n")) == (1, 0)
    assert "another program has the writer's file open" in said.err


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM core.articles", "nothing"),
        ("FROM core.nothing", "nothing"),
        ("SELECT 1; SELECT 2", "2 statements given"),
        ("DELETE FROM core.articles", "DELETE is not allowed"),
        ("FROM '/etc/passwd'", "does not exist"),
        ("SELECT CAST('x' AS INTEGER)", "convert"),
    ],
)
def test_bad_sql_is_a_usage_error(home: Path, sql: str, words: str) -> None:
    said = wirehouse("sql", sql, "--home", home)
    assert (said.exit, said.err.count("\n")) == (2, 0), said
    assert words in said.err


# The suite may run as root, who may write everywhere: there it gives up that power, and the folder is somebody else's.
NOT_MINE = textwrap.dedent("""
    import os, shutil, subprocess, sys
    home, words = sys.argv[1], sys.argv[2:]
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "65534", home], check=True)
        words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *words]
    os.execvp(words[0], words)
""")


def without_rights(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that may read the home folder and not write there."""
    home.chmod(0o555)
    words = [sys.executable, "-c", NOT_MINE, str(home), *command(*arguments, "--home", str(home))]
    said = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment(None), cwd=Path.cwd())
    home.chmod(0o755)
    return said


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")
class TestAFolderThatMayNotBeWritten:
    @pytest.mark.parametrize("arguments", [("sql", "FROM report.articles"), ("search", "dam"), ("diff", "dam")])
    def test_readers_do_not_mind(self, sound: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        home = Path(shutil.copytree(sound, tmp_path / "home"))
        said = without_rights(home, *arguments)
        assert said.returncode == 0, said.stderr

    @pytest.mark.parametrize("arguments", [*WRITING, ("report",), ("export", "--to", "/nowhere"), ("run", "--demo")])
    def test_writers_are_told(self, sound: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        home = Path(shutil.copytree(sound, tmp_path / "home"))
        said = without_rights(home, *arguments)
        assert said.returncode in {1, 2}
        assert "another" in said.stderr, "no remedy is named"
        assert said.stderr.count("\n") == 1

    def test_the_doctor_says_who_can_go_on(self, sound: Path, tmp_path: Path) -> None:
        said = without_rights(Path(shutil.copytree(sound, tmp_path / "home")), "doctor")
        assert said.returncode == 1
        assert "readers can go on, writers cannot" in said.stdout
        assert "read copy          can be read" in said.stdout
