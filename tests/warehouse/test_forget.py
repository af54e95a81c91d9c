"""A little warehouse with a story of three outlets; what is erased is nowhere, the rest is as it was."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from warehouse.checks import check
from warehouse.connection import reading, writing
from warehouse.errors import MissingWarehouseError
from warehouse.forget import Kind, certify, forget, is_refused, owed, preview, refused, relocate
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.search import search
from warehouse.store import columns_of, land
from warehouse.traces import Trace, traces

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SECRET = "Xanthippe Quillfeather"
URL = "https://www.ledger.example/dam"
FILLINGS: dict[str, Any] = {
    "VARCHAR": "x",
    "VARCHAR[]": [],
    "TIMESTAMP WITH TIME ZONE": NOON,
    "INTEGER": 1,
    "BIGINT": 1,
    "DOUBLE": 0.5,
    "BOOLEAN": False,
    "JSON": "{}",
}


def put(con: duckdb.DuckDBPyConnection, table: str, *given: dict[str, Any]) -> None:
    required = {column.name: FILLINGS[column.type] for column in columns_of(con, table) if not column.is_nullable}
    land(con, table, pl.DataFrame([required | row for row in given], infer_schema_length=None))


def put_article(con: duckdb.DuckDBPyConnection, name: str, outlet: str, url: str, text: str, **more: Any) -> None:
    page = f"page of {name}"
    named = {"article_id": name, "page_id": page, "text": text, "content_hash": name}
    put(con, "raw.candidates", {"source_name": "feed", "url": url, "article_id": name, "title": text})
    put(con, "raw.fetches", {"fetch_id": f"fetch {name}", "url": url, "host": outlet})
    put(
        con,
        "raw.pages",
        {"page_id": page, "url": url, "final_url": url, "purpose": "page", "warc_file": "raw/a.warc.gz"},
    )
    put(con, "core.articles", {"outlet": outlet, "url": url, "canonical_url": url, "title": name} | named | more)
    put(con, "core.article_versions", named)
    put(con, "core.blocks_removed", {"article_id": name, "page_id": page, "text": f"Also by {name}"})
    put(con, "core.extractions", {"page_id": page, "article_id": name})
    put(con, "core.evidence", {"article_id": name, "value": url, "text": text[:20]})
    put(con, "ops.outcomes", {"url": url, "article_id": name, "page_id": page, "outcome": "article_new"})
    put(con, "ops.url_state", {"url": url})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    with writing(home) as con:
        put_article(con, "dam", "Ledger", URL, f"{SECRET} said the dam is safe.")
        put_article(con, "copy", "Valley News", "https://valley.example/1", "The dam is safe.", is_based_on_url=URL)
        put_article(con, "other", "Valley News", "https://news.valley.example/2", "Ferries run late.")
        put(con, "core.clusters", {"article_id": "dam", "cluster_id": "s", "is_canonical": True})
        put(con, "core.clusters", {"article_id": "copy", "cluster_id": "s"})
        put(con, "core.clusters", {"article_id": "other", "cluster_id": "o", "is_canonical": True})
        put(con, "core.duplicate_pairs", {"article_id_a": "copy", "article_id_b": "dam"})
        put(con, "ops.checks", {"name": "c", "sample": f'[{{"url":"{URL}"}}]'})
        for doc, name in ((1, "dam"), (2, "copy")):
            con.execute(
                "INSERT INTO core.fingerprint_documents VALUES (?, ?, 1, 1, 9, 9, 'Ledger', NULL, false)", [doc, name]
            )
        con.execute("INSERT INTO core.fingerprints VALUES (7, 1), (8, 2)")
    publish(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def counts(home: Path) -> dict[str, int]:
    with reading(home) as con:
        tables = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'core')"
        ).fetchall()
        return {table: con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for (table,) in tables}


def test_before(home: Path) -> None:
    found, files = traces(home, (SECRET,))
    assert {trace.path for trace in found} == {"warehouse.duckdb", "warehouse.read.duckdb"}
    assert "core.articles.text" in {trace.place for trace in found}
    assert files == 3


def test_an_erased_address_is_nowhere(home: Path) -> None:
    forgotten = forget(home, Kind.URL, [URL], now=NOON)
    assert forgotten.article_ids == ("dam",)
    assert forgotten.urls == (URL,)
    assert forgotten.records.select("page_id", "warc_file").rows() == [("page of dam", "raw/a.warc.gz")]
    assert forgotten.loose == ("copy",)
    assert traces(home, (SECRET, URL))[0] == ()
    assert search(home, "Quillfeather").is_empty()
    with writing(home) as con:
        assert refused(con) == {"dam"}
        assert is_refused(con, Kind.URL, URL)
        assert not is_refused(con, Kind.URL, "https://www.ledger.example/other")
        assert con.execute("SELECT is_based_on_url FROM core.articles WHERE article_id = 'copy'").fetchall() == [
            (None,)
        ]
        assert [each.name for each in check(con, "r") if each.is_failed] == []


def test_the_others_are_as_they_were(home: Path) -> None:
    before = counts(home)
    forget(home, Kind.URL, [URL], now=NOON)
    after = counts(home)
    one_less = {"raw.candidates", "raw.fetches", "raw.pages", "core.articles", "core.article_versions"}
    one_less |= {"core.blocks_removed", "core.extractions", "core.evidence", "core.search_documents"}
    for table in one_less:
        assert after[table] == before[table] - 1, table
    assert search(home, "ferries")["article_id"].to_list() == ["other"]


def test_the_rest_of_its_story_is_clustered_anew(home: Path) -> None:
    forget(home, Kind.URL, [URL], now=NOON)
    with reading(home) as con:
        assert con.execute("SELECT article_id FROM core.clusters").fetchall() == [("other",)]
        assert con.execute("SELECT article_id FROM core.fingerprint_documents").fetchall() == []
        assert con.execute("SELECT * FROM core.fingerprints").fetchall() == []
        assert con.execute("SELECT * FROM core.duplicate_pairs").fetchall() == []


@pytest.mark.parametrize(
    ("kind", "subject", "erased"),
    [
        (Kind.URL, URL, {"dam"}),
        (Kind.URL, "https://www.ledger.example/", set()),
        (Kind.OUTLET, "Valley News", {"copy", "other"}),
        (Kind.OUTLET, "valley.example", {"copy", "other"}),
        (Kind.OUTLET, "news.valley.example", {"other"}),
        (Kind.OUTLET, "alley.example", set()),
        (Kind.TEXT, "xanthippe quillfeather", {"dam"}),
        (Kind.TEXT, "the dam is safe", {"dam", "copy"}),
        (Kind.TEXT, "also by other", {"other"}),
        (Kind.TEXT, "nowhere", set()),
    ],
)
def test_what_a_subject_reaches(home: Path, kind: Kind, subject: str, erased: set[str]) -> None:
    with reading(home) as con:
        assert set(preview(con, kind, [subject])["article_id"]) == erased


def test_by_text_the_text_is_nowhere(home: Path) -> None:
    forget(home, Kind.TEXT, [SECRET], now=NOON)
    assert traces(home, (SECRET,))[0] == ()


def test_a_certificate_is_kept_when_nothing_is_found(home: Path) -> None:
    forgotten = forget(home, Kind.URL, [URL], now=NOON)
    with writing(home) as con:
        assert owed(con) == 1
    proof = certify(home, forgotten, [SECRET, URL], now=NOON)
    assert proof.is_clean
    assert proof.files == 3
    with writing(home) as con:
        assert owed(con) == 0
        assert con.execute("SELECT certificate FROM ops.forgotten WHERE kind = 'url'").fetchall() == [
            ('{"checked_at": "2026-11-03T12:00:00+00:00", "needles": 2, "files": 3, "found": 0}',)
        ]


def test_no_certificate_while_an_archive_still_holds_it(home: Path) -> None:
    (home / "raw").mkdir()
    with gzip.open(home / "raw" / "a.warc.gz", "wb") as file:
        file.write(f"WARC/1.1 … {SECRET} …".encode())
    forgotten = forget(home, Kind.URL, [URL], now=NOON)
    proof = certify(home, forgotten, [SECRET], now=NOON)
    assert proof.found == (Trace(path="raw/a.warc.gz", place="unpacked", needle=SECRET),)
    with writing(home) as con:
        assert owed(con) == 1


def test_an_unproven_erasure_has_the_file_copied_again(home: Path) -> None:
    forgotten = forget(home, Kind.URL, [URL], now=NOON)
    assert maintain(home, now=NOON).is_compacted
    certify(home, forgotten, [SECRET], now=NOON)
    assert not maintain(home, now=NOON).is_compacted


def test_with_a_quarantined_load_only_the_erased_rows_leave_the_copy(home: Path) -> None:
    with writing(home) as con:
        put(con, "ops.loads", {"load_id": "l", "status": "quarantined"})
        put_article(con, "unchecked", "Ledger", "https://www.ledger.example/new", "Not checked yet.")
    forget(home, Kind.URL, [URL], now=NOON)
    assert traces(home, (SECRET, URL))[0] == ()
    with reading(home) as con:
        assert con.execute("SELECT article_id FROM core.articles ORDER BY ALL").fetchall() == [("copy",), ("other",)]
    assert not list(home.glob("*.tmp*"))


def test_forgetting_twice_changes_nothing_more(home: Path) -> None:
    forget(home, Kind.URL, [URL], now=NOON)
    again = forget(home, Kind.URL, [URL], now=NOON)
    assert again.article_ids == ()
    assert again.row_count == 0
    with writing(home) as con:
        assert refused(con) == {"dam"}


def test_records_that_moved(home: Path) -> None:
    moved = {"page_id": ["page of other"], "warc_file": ["raw/b.warc.gz"], "warc_offset": [5], "warc_length": [6]}
    with writing(home) as con:
        assert relocate(con, pl.DataFrame(moved)) == 1
        assert con.execute(
            "SELECT warc_file, warc_offset, warc_length FROM raw.pages WHERE page_id = 'page of other'"
        ).fetchall() == [("raw/b.warc.gz", 5, 6)]


def test_nothing_to_forget(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouseError):
        forget(tmp_path, Kind.URL, [URL])


@pytest.mark.parametrize("cut", [0, 1, 5, 19])
def test_a_needle_across_two_chunks_is_found(tmp_path: Path, cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.traces.CHUNK_BYTES", 20)
    (tmp_path / "export.csv").write_bytes(b"-" * (40 - cut) + SECRET.encode() + b"-" * 50)
    assert traces(tmp_path, (SECRET, "nowhere"))[0] == (Trace(path="export.csv", place="bytes", needle=SECRET),)
