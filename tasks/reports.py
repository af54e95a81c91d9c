"""The HTML report, written from the read copy: what a person opens in a browser. Needs no Prefect."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from tasks.report.render import TABLES, render
from warehouse.connection import reading
from warehouse.queries import ask


def write_report(home: Path, out: Path | None = None) -> Path:
    """Write the HTML report of what readers see, whole or not at all, and return its path."""
    path = out or home / "reports" / "latest.html"
    with reading(home) as con:
        tables = {
            name: ask(con, f"report_{name}", **({"run_id": None} if name == "summary" else {})) for name in TABLES
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(render(tables, datetime.now(UTC)), "utf-8")
    temporary.replace(path)
    return path
