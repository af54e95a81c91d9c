"""The console script as a person calls it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb


def wirehouse(*arguments: str, api: str | None = None, timeout: float = 180) -> subprocess.CompletedProcess[str]:
    """Run `wirehouse` with these arguments and return what it said."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=timeout, env=environment(api))


def start(*arguments: str, api: str | None = None, log: Path = Path(os.devnull)) -> subprocess.Popen[bytes]:
    """Start `wirehouse` in a session of its own, so that it can be killed with its children."""
    with log.open("ab") as sink:
        return subprocess.Popen(
            command(*arguments),
            stdout=sink,
            stderr=sink,
            env=environment(api),
            start_new_session=True,
        )


def run_json(home: Path, *arguments: str, api: str, timeout: float = 180) -> dict[str, Any]:
    """Run `wirehouse run --json` and return its summary; the exit code is under `exit`."""
    said = wirehouse("run", "--json", "--home", str(home), *arguments, api=api, timeout=timeout)
    assert said.stdout, said.stderr
    return {**json.loads(said.stdout.splitlines()[-1]), "exit": said.returncode}


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return what the read copy answers."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{home / 'warehouse.read.duckdb'}' AS w (READ_ONLY)")
        con.execute("USE w")
        return con.execute(sql).fetchall()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flows.cli", *arguments]


def environment(api: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WIREHOUSE_HOME", "PREFECT_"))}
    return {**kept, **({"PREFECT_API_URL": api} if api else {})}


# Columns of `core` that only say when, or in which run, something was seen; they differ between two runs over one web.
WHEN = {
    "first_run_id",
    "run_id",
    "learned_at",
    "retired_at",
    "first_seen_at",
    "last_seen_at",
    "valid_from",
    "valid_to",
    "page_id",
}


def core_tables(home: Path, *, leave_out: set[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Return the sorted rows of every table of `core`, as readers see them."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{home / 'warehouse.read.duckdb'}' AS w (READ_ONLY)")
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'w' AND schema_name = 'core' ORDER BY 1"
        ).fetchall()
        return {name: _rows(con, name, leave_out) for (name,) in tables}


def comparable_tables(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the tables of `core` without what only says when, and with names in the place of running numbers.

    Rows of fingerprints stay that were there before the fingerprint grew common; which ones is a matter of batches.
    """
    found = core_tables(home, leave_out=WHEN)
    named = {
        "fingerprints": "SELECT f.hash, d.article_id FROM core.fingerprints f "
        "JOIN core.fingerprint_documents d USING (doc) ANTI JOIN core.common_fingerprints c USING (hash)",
        "fingerprint_documents": "SELECT * EXCLUDE (doc) FROM core.fingerprint_documents",
        "compared_pairs": "SELECT least(a.article_id, b.article_id), greatest(a.article_id, b.article_id), "
        "p.shared, p.needed, p.is_kin FROM core.compared_pairs p "
        "JOIN core.fingerprint_documents a ON a.doc = p.doc_a JOIN core.fingerprint_documents b ON b.doc = p.doc_b",
        "search_documents": "SELECT * EXCLUDE (doc, is_sorted) FROM core.search_documents",
        "search_postings": "SELECT p.term, d.article_id, p.uses FROM core.search_postings p "
        "JOIN core.search_documents d USING (doc)",
    }
    return found | {table: sorted(rows(home, sql), key=repr) for table, sql in named.items()}


def _rows(con: duckdb.DuckDBPyConnection, table: str, leave_out: set[str]) -> list[tuple[Any, ...]]:
    columns = [name for name, *_ in con.execute(f"DESCRIBE w.core.{table}").fetchall() if name not in leave_out]
    listed = ", ".join(f'"{name}"' for name in columns)
    return sorted(con.execute(f"SELECT {listed} FROM w.core.{table}").fetchall(), key=repr)
