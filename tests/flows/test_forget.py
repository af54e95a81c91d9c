"""`wirehouse forget`: what is erased is nowhere, what remains is whole, and a kill in between is mended."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from fastwarc.warc import ArchiveIterator

import tasks.forgetting
from tasks.archived import ingest_archive
from tasks.feeds.worklist import Discovered
from tasks.forgetting import _sweep
from tasks.records import Candidate, Kind, Page, Run, Source
from tasks.refusals import refusals, without_refused
from tasks.shelf import Shelf
from tasks.web.warc import Writer, read
from tests.flows.homes import NOON, cleaned, page, rows_of, run_of, stored
from tests.flows.inside import wirehouse
from tests.flows.test_replay import BATHS, LATER, TRAIN
from warehouse.checks import examine, refuse
from warehouse.connection import reading, writing
from warehouse.traces import traces

BATHS_URL = "https://gazette.example/2026/baths"
COPY_URL = "https://post.example/baths"
TRAIN_URL = "https://gazette.example/2026/train"
SECRET = "Xanthippe Quillfeather told us about the tiles of the old baths and the long winters of the repair."
FEED = "https://gazette.example/feed"


def listed(run: Run, *urls: str) -> None:
    """A list of the outlet in the archive, and the log of a tool of ours that names an address."""
    items = "".join(f"<item><link>{url}</link></item>" for url in urls)
    with Shelf(run, "discover", "lists") as shelf:
        feed = Page(
            url=FEED, final_url=FEED, status=200, headers=(), body=f"<rss>{items}</rss>".encode(), fetched_at=NOON
        )
        shelf.store(feed, source="Gazette", purpose="source")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("forget") / "home"
    run = run_of(home)
    listed(run, BATHS_URL, TRAIN_URL)
    link = f'See also <a href="{BATHS_URL}">the baths</a>.'
    stored(
        run,
        (BATHS_URL, page("Harbour baths reopen", *BATHS, SECRET)),
        (COPY_URL, page("Baths reopen", *BATHS)),
        (TRAIN_URL, page("Train leaves rails", *TRAIN, link)),
        ("https://gazette.example/photos", f"<html><p>{SECRET[:22]}</p></html>"),
    )
    cleaned(run)
    second = run_of(home, "run-2", at=NOON + timedelta(days=1))
    stored(second, (BATHS_URL, page("Harbour baths reopen", *BATHS, SECRET, LATER)))
    cleaned(second)
    assert wirehouse("export", "--to", home / "exports" / "all", "--format", "jsonl", "--home", home).exit == 0
    assert wirehouse("report", "--home", home).exit == 0
    (home / "prefect-server.log").write_text(f"fetched {BATHS_URL} in 3 ms\n")
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    home = Path(copytree(made, tmp_path / "home"))
    registry = home / "exports.json"
    registry.write_text(registry.read_text().replace(str(made), str(home)))
    return home


def found(home: Path, *words: str) -> dict[str, list[str]]:
    """Files below the home folder that hold a word: as bytes, unpacked, or in a value of the databases."""
    holding: dict[str, list[str]] = {}
    for path in (path for path in home.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".gz":
            content += gzip.decompress(content)
        hits = [word for word in words if word.encode() in content]
        if hits:
            holding[path.name] = hits
    with reading(home) as con:
        columns = con.execute(COLUMNS).fetchall()
        for layer, table, column in columns:
            where = f'contains(CAST("{column}" AS VARCHAR), word)'
            sql = f"SELECT word FROM w.{layer}.{table}, (SELECT unnest(?) AS word) WHERE {where}"
            if hits := [word for (word,) in con.execute(sql, [list(words)]).fetchall()]:
                holding[f"{layer}.{table}.{column}"] = hits
    return holding


COLUMNS = (
    "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'w' "
    "AND schema_name IN ('raw', 'core', 'ops') AND data_type LIKE '%VARCHAR%' AND NOT internal"
)


def sound(home: Path) -> None:
    """Every stored page can be read from its place, the archives are valid, and every check holds."""
    for row in rows_of(home, "FROM raw.pages"):
        assert isinstance(read(home / "raw" / row["warc_file"], row["warc_offset"], row["warc_length"]), Page), row
    for path in (home / "raw").glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                assert record.verify_block_digest()
    assert not list((home / "raw").glob("*.unfinished"))
    with writing(home, who="test") as con:
        refuse(examine(con))


def test_an_erased_address_is_nowhere(home: Path) -> None:
    assert found(home, BATHS_URL)
    said = wirehouse("forget", BATHS_URL, "--home", home, "--json")
    assert said.exit == 0, said.err
    assert (said.json["articles"], said.json["found"], said.json["exports"]) == (1, [], 1)
    assert found(home, BATHS_URL, SECRET[23:60], LATER) == {}
    certificate = json.loads(Path(said.json["certificate"]).read_text())
    assert certificate["searched"]["found"] == 0
    assert certificate["searched"]["needles"] > 1
    sound(home)
    left = rows_of(
        home, "SELECT url, is_canonical FROM core.articles JOIN core.clusters USING (article_id) ORDER BY url"
    )
    assert left == [{"url": TRAIN_URL, "is_canonical": True}, {"url": COPY_URL, "is_canonical": True}]
    assert not (home / "erasure.json").exists()
    lines = (home / "exports" / "all" / "core.articles.jsonl").read_text().splitlines()
    assert len(lines) == 2


@pytest.mark.slow
def test_an_erased_outlet_is_nowhere(home: Path) -> None:
    said = wirehouse("forget", "--outlet", "gazette.example", "--home", home, "--json")
    assert said.exit == 0, said.err
    assert said.json["articles"] == 2
    assert found(home, BATHS_URL, TRAIN_URL, "gazette.example/photos", SECRET[23:60], TRAIN[0]) == {}
    assert [row["url"] for row in rows_of(home, "FROM core.articles")] == [COPY_URL]
    sound(home)


@pytest.mark.slow
def test_an_erased_text_is_nowhere_even_where_no_article_holds_it(home: Path) -> None:
    said = wirehouse("forget", "--matching", "xanthippe Quillfeather", "--home", home, "--json")
    assert said.exit == 0, said.err
    assert found(home, "Xanthippe Quillfeather") == {}
    assert {row["url"] for row in rows_of(home, "FROM core.articles")} == {COPY_URL, TRAIN_URL}
    assert rows_of(home, "FROM raw.pages WHERE url LIKE '%photos'") == []
    sound(home)


@pytest.mark.slow
def test_what_was_erased_is_refused(home: Path) -> None:
    assert wirehouse("forget", BATHS_URL, "--home", home).exit == 0
    assert wirehouse("forget", "--outlet", "post.example", "--home", home).exit == 0
    with writing(home, who="test") as con:
        refused = refusals(con)
    assert refused.covers(f"{BATHS_URL}?utm_source=x")
    assert refused.covers("https://www.post.example/anything")
    assert not refused.covers(TRAIN_URL)
    candidates = tuple(Candidate(url=url, source="Gazette", found_in=FEED) for url in (BATHS_URL, TRAIN_URL))
    named = Discovered(
        candidates=candidates, skipped=(), read=(), unread=(), unread_count=0, unreadable=(), problems=(), overflow=0
    )
    left, erased = without_refused(named, refused)
    assert ([one.url for one in left.candidates], erased) == ([TRAIN_URL], (BATHS_URL,))


@pytest.mark.slow
def test_an_archive_does_not_bring_it_back(home: Path, tmp_path: Path) -> None:
    assert wirehouse("forget", BATHS_URL, "--home", home).exit == 0
    archive = tmp_path / "archive"
    pages = {
        BATHS_URL: page("Harbour baths reopen", *BATHS, SECRET),
        "https://gazette.example/2026/new": page("New", *TRAIN),
    }
    headers = (("Content-Type", "text/html"),)
    with Writer(archive, "old", created_at=NOON) as writer:
        for url, text in pages.items():
            writer.write(Page(url=url, final_url=url, status=200, headers=headers, body=text.encode(), fetched_at=NOON))
    [file] = archive.glob("*.gz")
    run = run_of(home, "run-3", at=NOON + timedelta(days=2))
    stored(run)
    ingest_archive(run, Source(name="Old", kind=Kind.WARC, location=str(file)))
    cleaned(run)
    assert found(home, BATHS_URL, SECRET[23:60]) == {}
    assert rows_of(home, "SELECT reason FROM ops.outcomes WHERE run_id = 'run-3' AND outcome = 'skipped'") == [
        {"reason": "forgotten"}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["forget", "_point_to", "_stories", "renew", "certify"])
def test_a_killed_erasure_is_finished_by_the_next_one(home: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    class Killed(BaseException):
        """As if the process were gone."""

    def killed(*_arguments: object, **_more: object) -> None:
        raise Killed

    monkeypatch.setattr(tasks.forgetting, step, killed)
    with pytest.raises(Killed):
        tasks.forgetting.erase_all(home, tasks.forgetting.planned(home, tasks.forgetting.Kind.URL, BATHS_URL), now=NOON)
    monkeypatch.undo()
    other = "https://gazette.example/2026/train" if step != "certify" else BATHS_URL
    said = wirehouse("forget", other, "--home", home, "--json")
    assert said.exit == 0, said.err
    assert found(home, BATHS_URL, SECRET[23:60], LATER) == {}
    sound(home)


def test_a_database_that_lies_with_us_is_blotted_also_in_its_log(tmp_path: Path) -> None:
    """Prefect's server keeps its database in the home folder; when it is stopped, a log of it may remain."""
    path = tmp_path / "prefect.db"
    child = (
        "import os, sqlite3, sys\n"
        "con = sqlite3.connect(sys.argv[1]); con.execute('PRAGMA journal_mode = WAL')\n"
        "con.execute('CREATE TABLE log (message TEXT)')\n"
        f"con.execute('INSERT INTO log VALUES (?)', ('fetched {BATHS_URL}',)); con.commit(); os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", child, str(path)], check=True)
    assert traces(tmp_path, (BATHS_URL,))[0]
    _sweep(tmp_path, (BATHS_URL,))
    assert traces(tmp_path, (BATHS_URL,))[0] == ()


@pytest.mark.slow
def test_twice_is_as_once_and_a_look_erases_nothing(home: Path) -> None:
    dry = wirehouse("forget", BATHS_URL, "--dry-run", "--json", "--home", home)
    assert dry.json["articles"] == 1
    assert rows_of(home, "SELECT count(*) AS n FROM core.articles") == [{"n": 3}]
    first = wirehouse("forget", BATHS_URL, "--json", "--home", home).json
    again = wirehouse("forget", BATHS_URL, "--json", "--home", home)
    assert (first["articles"], again.exit, again.json["articles"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of"),
        ([BATHS_URL, "--outlet", "x.example"], "give one of"),
        (["baths"], "is no address"),
        (["--matching", "a"], "too short"),
    ],
)
def test_a_subject_must_be_clear(tmp_path: Path, arguments: list[str], message: str) -> None:
    said = wirehouse("forget", *arguments, "--home", tmp_path)
    assert (said.exit, message in said.err) == (2, True)


def test_nothing_to_forget(tmp_path: Path) -> None:
    assert "nothing to forget yet" in wirehouse("forget", BATHS_URL, "--home", tmp_path).err
