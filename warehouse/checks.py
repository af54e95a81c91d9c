"""What must hold of the rows, and what someone should be told about.

Each check is a file of `checks/` whose rows are the faults; its head says how bad that is:

    -- severity: fail       nothing is published until it is mended or released
    -- severity: warn       someone is told
    -- what: Every article has words.

The keys that `keys.toml` declares are checked to be unique without a file of their own. A load that does not pass is
quarantined: its rows stay in the writers' database, readers keep the copy before it, and a person may look at the rows
(`faults`) and let them pass (`release`), up to the number seen; one more, and the check fails again.
"""

# ruff: noqa: S608 - the statements come from our own files
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from warehouse.errors import CheckFailedError, QueryError, WarehouseError, refused
from warehouse.store import keyed, land
from warehouse.transaction import transaction

FOLDER = Path(__file__).parent / "checks"
SAMPLE_ROWS = 5
"""Enough to recognise a fault by; all of them can be had with `faults`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A statement whose rows are faults."""

    name: str
    severity: str
    what: str
    sql: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """What a check found. `released` is the number of faults that a person has let pass."""

    name: str
    severity: str
    what: str
    failing: int
    sample: str | None = None
    released: int = 0

    @property
    def is_failed(self) -> bool:
        """Whether it stops the publication."""
        return self.severity == "fail" and self.failing > self.released


@cache
def checks(folder: Path = FOLDER) -> tuple[Check, ...]:
    """Return all checks, those of the keys first."""
    return (
        *(_of_key(table, rule.key) for table, rule in keyed().items()),
        *(_of_file(path.stem, path.read_text()) for path in sorted(folder.glob("*.sql"))),
    )


def check(con: duckdb.DuckDBPyConnection, run_id: str, *, now: datetime | None = None) -> tuple[CheckResult, ...]:
    """Run all checks, store what they found, and mark the loads `passed` or `quarantined`."""
    results = examine(con)
    rows = [
        {
            "run_id": run_id,
            "name": result.name,
            "severity": result.severity,
            "failing": result.failing,
            "sample": result.sample,
            "checked_at": now or datetime.now(UTC),
        }
        for result in results
    ]
    status = "quarantined" if any(result.is_failed for result in results) else "passed"
    with transaction(con):
        land(con, "ops.checks", pl.DataFrame(rows, schema_overrides={"sample": pl.String}))
        _mark_loads(con, status)
    return results


def examine(con: duckdb.DuckDBPyConnection) -> tuple[CheckResult, ...]:
    """Return what every check finds now; nothing is stored."""
    released = dict(con.execute("SELECT name, failing FROM ops.releases").fetchall())
    return tuple(_run(con, each, released.get(each.name, 0)) for each in checks())


def refuse(results: Iterable[CheckResult]) -> None:
    """Raise `CheckFailedError` when a check of severity `fail` found more rows than were let pass."""
    failed = [result for result in results if result.is_failed]
    if failed:
        told = "; ".join(f"{result.name}: {result.failing} rows" for result in failed)
        raise CheckFailedError(
            f"checks: not published, readers keep the copy before it ({told}); "
            "see `wirehouse checks`, mend or release them"
        )


def faults(con: duckdb.DuckDBPyConnection, name: str, *, most: int = 1000) -> pl.DataFrame:
    """Return the rows that a check finds now."""
    return pl.DataFrame(con.sql(f"SELECT * FROM ({_named(name).sql}) LIMIT {int(most)}").pl())


def release(con: duckdb.DuckDBPyConnection, name: str, reason: str, *, now: datetime | None = None) -> CheckResult:
    """Let the faults that a check finds now pass, and free the quarantined loads when none is left."""
    found = _run(con, _named(name), 0)
    at = now or datetime.now(UTC)
    row = {"name": name, "failing": found.failing, "reason": reason, "released_at": at}
    with transaction(con):
        land(con, "ops.releases", pl.DataFrame([row]))
        released = dict(con.execute("SELECT name, failing FROM ops.releases").fetchall())
        still = [each for each in checks() if _run(con, each, released.get(each.name, 0)).is_failed]
        if not still:
            _mark_loads(con, "released")
    return _run(con, _named(name), found.failing)


def _mark_loads(con: duckdb.DuckDBPyConnection, status: str) -> None:
    """Move the loads that no check has passed yet."""
    con.execute("UPDATE ops.loads SET status = ? WHERE status IN ('loaded', 'quarantined')", [status]).fetchall()


def _named(name: str) -> Check:
    for each in checks():
        if each.name == name:
            return each
    raise QueryError(f"{name}: there is no such check (reading the checks); `wirehouse checks` lists them")


def _run(con: duckdb.DuckDBPyConnection, each: Check, released: int) -> CheckResult:
    """Count the rows and keep a few of them."""
    few = f"SELECT to_json(list(few)) FROM (FROM found LIMIT {SAMPLE_ROWS}) AS few"
    sql = f"WITH found AS MATERIALIZED ({each.sql}) SELECT count(*), ({few}) FROM found"
    try:
        failing, sample = con.execute(sql).fetchall()[0]
    except duckdb.Error as error:
        raise refused(error, f"checks/{each.name}.sql", "checking") from error
    return CheckResult(
        name=each.name,
        severity=each.severity,
        what=each.what,
        failing=failing,
        sample=sample if failing else None,
        released=released,
    )


def _of_key(table: str, key: tuple[str, ...]) -> Check:
    names = ", ".join(f'"{name}"' for name in key)
    return Check(
        name=f"{table}_key",
        severity="fail",
        what=f"No two rows of {table} have the same {', '.join(key)}.",
        sql=f"SELECT {names}, count(*) AS rows FROM {table} GROUP BY {names} HAVING count(*) > 1",
    )


def _of_file(name: str, sql: str) -> Check:
    said = dict(re.findall(r"^-- (severity|what): (.+)$", sql, re.MULTILINE))
    if said.get("severity") not in ("fail", "warn") or "what" not in said:
        raise WarehouseError(f"checks/{name}.sql: its head must say `-- severity: fail|warn` and `-- what: …`")
    return Check(name=name, severity=said["severity"], what=said["what"], sql=sql.strip().removesuffix(";"))
