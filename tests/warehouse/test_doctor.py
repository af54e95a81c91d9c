from __future__ import annotations

import json
from pathlib import Path

import pytest

from warehouse.connection import writing
from warehouse.doctor import Finding, examined
from warehouse.lock import locked
from warehouse.publish import publish


def look(home: Path, *, repair: bool = False) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examined(home, repair=repair)}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with writing(tmp_path):
        pass
    publish(tmp_path)
    return tmp_path


def test_a_sound_warehouse(home: Path) -> None:
    assert all(finding.is_sound for finding in examined(home))
    assert look(home)["read copy"].detail == "can be read; 0 articles; equal to the warehouse"


def test_nothing_yet(tmp_path: Path) -> None:
    assert look(tmp_path) == {
        "warehouse": Finding(subject="warehouse", is_sound=True, detail="none yet; `wirehouse run` makes one")
    }


def test_a_missing_copy_is_made_again(home: Path) -> None:
    (home / "warehouse.read.duckdb").unlink()
    assert not look(home)["read copy"].is_sound
    assert look(home, repair=True)["read copy"].is_sound


def test_a_missing_copy_is_not_made_from_a_quarantined_load(home: Path) -> None:
    (home / "warehouse.read.duckdb").unlink()
    with writing(home) as con:
        con.execute("INSERT INTO ops.loads VALUES ('l', 'r', 'extract', 'quarantined', 1, now())")
    found = look(home, repair=True)
    assert not found["quarantine"].is_sound
    assert not found["read copy"].is_sound


def test_leftovers_of_killed_processes(home: Path) -> None:
    (home / "warehouse.read.duckdb.4000000.tmp").write_bytes(b"half")
    (home / "spill-r-4000000-0").mkdir()
    found = look(home)["leftovers"]
    assert not found.is_sound
    assert found.detail == "a killed process left warehouse.read.duckdb.4000000.tmp, spill-r-4000000-0"
    assert look(home, repair=True)["leftovers"].is_sound
    assert look(home)["leftovers"].detail == "none"


def test_the_note_of_a_killed_writer(home: Path) -> None:
    note = {"pid": 4_000_000, "who": "ingest r1", "since": "2026-11-03T12:00:00Z"}
    (home / "warehouse.lock").write_text(json.dumps(note))
    assert "its last holder was killed: process 4000000 (ingest r1)" in look(home)["lock"].detail
    look(home, repair=True)
    assert look(home)["lock"].detail == "free"


def test_a_warehouse_in_use(home: Path) -> None:
    with locked(home, who="ingest r2"):
        found = look(home)
    assert "in use by process" in found["warehouse"].detail
    assert all(finding.is_sound for finding in found.values())


def test_a_corrupt_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").write_bytes(b"scribble" * 1000)
    found = look(home, repair=True)["warehouse"]
    assert not found.is_sound
    assert "not a readable DuckDB file" in found.detail
    assert found.remedy.startswith("set it aside and start from the copy")


def test_a_warehouse_of_a_newer_wirehouse(home: Path) -> None:
    with writing(home) as con:
        con.execute("INSERT INTO ops.migrations VALUES (999, '0999_future', 'x', now())")
    found = look(home)["warehouse"]
    assert not found.is_sound
    assert "upgrade Wirehouse" in found.detail


def test_a_lost_warehouse_with_a_copy(home: Path) -> None:
    (home / "warehouse.duckdb").unlink()
    found = look(home)["warehouse"]
    assert not found.is_sound
    assert found.remedy.startswith("cp ")


def test_a_corrupt_copy(home: Path) -> None:
    (home / "warehouse.read.duckdb").write_bytes(b"scribble" * 1000)
    assert not look(home)["read copy"].is_sound


@pytest.mark.parametrize(
    ("length", "detail"),
    [(None, "a.warc.gz is missing"), (10, "a.warc.gz has 10 bytes of 120"), (120, None)],
)
def test_the_archive_is_as_long_as_the_table_says(home: Path, length: int | None, detail: str | None) -> None:
    with writing(home) as con:
        con.execute("""
            INSERT INTO raw.pages BY NAME SELECT 'p' AS page_id, 'r' AS run_id, 's' AS source_name, 'page' AS purpose,
            'u' AS url, 'u' AS final_url, 'h' AS host, 'h' AS site, 200 AS status, now() AS fetched_at,
            'd' AS body_digest, 1 AS body_bytes, 'a.warc.gz' AS warc_file, 100 AS warc_offset, 20 AS warc_length
        """)
    (home / "raw").mkdir()
    if length is not None:
        (home / "raw" / "a.warc.gz").write_bytes(b"x" * length)
    found = look(home)["archive"]
    assert found.is_sound == (detail is None)
    assert detail is None or found.detail == detail
