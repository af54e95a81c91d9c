"""Commands called in ways that nobody means: each answers in one clear line with the documented exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.homes import article, landed, versions
from tests.flows.inside import wirehouse

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000000) b"
TEXT = "The ferry keeps its timetable until the end of April."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of one article, a file, a broken database and broken subscription lists."""
    made = tmp_path_factory.mktemp("odd")
    landed(made / "home", core_articles=[article("ferry", TEXT)], core_article_versions=versions("ferry", TEXT))
    (made / "file").write_text("x")
    (made / "empty").mkdir()
    (made / "broken").mkdir()
    for name in ("warehouse.duckdb", "warehouse.read.duckdb"):
        (made / "broken" / name).write_bytes(b"no database " * 1000)
    (made / "garbage.opml").write_bytes(b"\x00\xff\xfe garbage")
    (made / "cut.opml").write_bytes(b"<opml><body><outline xmlUrl='https://gazette.example/f'")
    (made / "empty.opml").write_bytes(b"")
    return made


def said_in_one_line(folder: Path, call: str, code: int, words: str) -> None:
    said = wirehouse(*(part.replace("~", " ").format(at=folder) for part in call.split(" ")))
    assert said.exit == code, said.err or said.out
    line = said.err.strip().splitlines()[-1]
    assert words.format(at=folder) in line
    assert said.out == ""
    if line.startswith("wirehouse: "):
        assert said.err.strip().count("\n") == 0
        assert line.count("wirehouse: ") == 1
    else:  # an option's value, which Typer refuses
        assert code == 2
        assert said.err.startswith("Usage: ")


NEEDING_A_WAREHOUSE = (
    "status", "sql SELECT~1", "search ferry", "diff ferry", "explain a b", "report", "export --to {at}/out",
    "checks", "checks list", "checks show x", "checks release x --reason y", "maintain",
    "forget https://gazette.example/ferry", "forget --outlet gazette.example --dry-run", "replay", "replay --diff",
)  # fmt: skip


@pytest.mark.parametrize("call", NEEDING_A_WAREHOUSE)
def test_without_a_warehouse(folder: Path, call: str) -> None:
    said_in_one_line(folder, f"{call} --home {{at}}/none", 1, "{at}/none")
    assert not (folder / "none").exists()
    assert not (folder / "out").exists()


@pytest.mark.parametrize("call", ["status", "report", "maintain"])
def test_a_home_that_is_still_empty(folder: Path, call: str) -> None:
    said_in_one_line(folder, f"{call} --home {{at}}/empty", 1, "{at}/empty")
    assert list((folder / "empty").iterdir()) == []


@pytest.mark.parametrize("call", ["status", "report", "docs", "checks", "sources list", "run", "serve", "doctor"])
def test_a_home_that_is_a_file(folder: Path, call: str) -> None:
    said_in_one_line(folder, f"{call} --home {{at}}/file", 4, "home folder {at}/file: is a file; choose a folder")


@pytest.mark.parametrize("call", ["status", "checks list", "maintain", "forget https://gazette.example/ferry"])
def test_a_broken_database(folder: Path, call: str) -> None:
    said_in_one_line(folder, f"{call} --home {{at}}/broken", 1, "not a readable DuckDB file")


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        ("search ferry --limit 0", 2, "--limit"),
        ("search ferry --since nonsense", 2, "--since: 'nonsense' is no day; write 2026-11-03"),
        ("search ferry --since 99999999999d", 2, "is no day"),
        ("search ~", 2, "no word given"),
        ("search !!!", 2, "no word given"),
        ("sql SELECT~1;~SELECT~2", 2, "2 statements given, one expected"),
        ("sql ~", 2, "0 statements given, one expected"),
        ("sql DELETE~FROM~core.articles", 2, "DELETE is not allowed on the read copy"),
        ("sql COPY~core.articles~TO~'x.csv'", 2, "COPY is not allowed"),
        ("sql ATTACH~'x.duckdb'", 2, "ATTACH is not allowed"),
        ("sql SET~threads~=~1", 2, "SET is not allowed"),
        ("sql FROM~read_csv('/etc/hosts')", 2, "file system operations are disabled"),
        (f"sql {ENDLESS.replace(' ', '~')} --seconds 0.2", 2, "stopped at the time limit"),
        ("sql SELECT~1 --limit 0", 2, "--limit"),
        ("sql SELECT~1 --seconds 0", 2, "--seconds"),
        ("sql SELECT~1 --seconds inf", 2, "--seconds"),
        ("sql SELECT~1 --out {at}/file/x.txt", 2, "{at}/file/x.txt: cannot be written"),
        ("sql SELECT~1 --out {at}/empty", 2, "{at}/empty: cannot be written"),
        ("sql SELECT~1 --out {at}/file/x.parquet --format parquet", 2, "x.parquet: cannot be written"),
        ("diff nothing", 2, "there is no article nothing"),
        ("diff http://[x", 2, "there is no article http://[x"),
        ("explain ferry nothing", 2, "there is no article nothing"),
        ("report --out {at}/file/x.html", 2, "{at}/file/x.html: cannot be written"),
        ("report --out {at}/empty", 2, "{at}/empty: cannot be written"),
        ("docs --out {at}/file/x.md", 2, "{at}/file/x.md: cannot be written"),
        ("checks show none", 2, "none: there is no such check"),
        ("checks show articles_have_text --limit 0", 2, "--limit"),
        ("checks release none --reason x", 2, "none: there is no such check"),
        ("checks release articles_have_text --reason x", 2, "no row is at fault"),
        ("checks release articles_have_text --reason ~", 2, "--reason is empty"),
        ("checks release articles_have_text", 2, "--reason"),
        ("export --to {at}/file", 2, "{at}/file cannot be written"),
        ("export --to {at}/file/x", 2, "{at}/file/x cannot be written"),
        ("export --to {at}/home", 2, "{at}/home holds something that is no export of ours"),
        ("replay --gate 101", 2, "--gate"),
        ("replay --diff --since 7d --until 2020-01-01", 2, "'2020-01-01' is not later than --since '7d'"),
        ("backfill --source x --since 2026-02-01 --until 2026-02-01", 2, "is not later than --since"),
        ("backfill --source nobody --since 7d", 4, "there is no source 'nobody'"),
        ("backfill --warc {at}/none.warc", 2, "there is no file {at}/none.warc"),
        ("sources check nobody", 4, "there is no source 'nobody'"),
        ("sources check all --seconds 1e300", 2, "--seconds"),
        ("sources list --sources {at}/file", 4, "{at}/file: not valid TOML"),
        ("sources list --sources {at}/empty", 4, "{at}/empty: cannot be read"),
        ("sources import {at}/none.opml", 2, "{at}/none.opml: cannot be read"),
        ("sources import {at}/empty", 2, "{at}/empty: cannot be read"),
        ("sources import {at}/garbage.opml", 2, "no feed in it"),
        ("sources import {at}/cut.opml", 2, "no feed in it"),
        ("sources import {at}/empty.opml", 2, "no feed in it"),
        ("sources export --out {at}/file/x.opml", 2, "{at}/file/x.opml: cannot be written"),
        ("sources discover not~an~address", 2, "write the address as a browser shows it"),
        ("sources discover ftp://gazette.example", 2, "not http or https"),
        ("forget ferry", 2, "'ferry' is no address"),
        ("forget --matching abc", 2, "too short"),
        ("run --source nobody", 4, "there is no source 'nobody'"),
        ("run --sources {at}/none.toml", 4, "there is no source file {at}/none.toml"),
        ("serve --port 99999999", 4, "setting prefect_port: 99999999 is not between 1 and 65535"),
        ("serve --every 1", 2, "--every"),
    ],
)
def test_one_line_and_the_documented_exit_code(folder: Path, call: str, code: int, words: str) -> None:
    said_in_one_line(folder, f"{call} --home {{at}}/home", code, words)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("search ferry --outlet nobody.example", "no article of nobody.example holds all of: ferry"),
        ("search ferry --since 0d", "no article holds all of: ferry"),
        ("diff ferry", "one wording, first seen 2026-11-03 12:00 UTC; nothing was changed since"),
        ("explain ferry ferry", "Ferry"),
        ("forget --outlet nobody.example --dry-run", "0 articles and 0 addresses would be erased"),
        ("replay --diff --source nobody", "nothing would change"),
        ("sql SELECT~1~AS~a,~2~AS~a", "a_2"),
        ("sql SELECT~1 --out /dev/null", "1 rows in /dev/null"),
    ],
)
def test_nothing_to_show_is_no_error(folder: Path, call: str, words: str) -> None:
    said = wirehouse(*(part.replace("~", " ") for part in call.split(" ")), "--home", folder / "home")
    assert said.exit == 0, said.err
    assert words in said.out
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    "name", ["workers = 0", "jobs = 0", "run_seconds = 0", "prefect_port = 0", "workers = 9999999"]
)
def test_a_setting_beyond_its_bounds_is_a_wrong_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.toml").write_text(name)
    said = wirehouse("status", "--home", tmp_path)
    assert said.exit == 4
    assert f"setting {name.split()[0]}: " in said.err
