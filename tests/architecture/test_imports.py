"""The rules of the house that a machine can check: who may import whom, and who may speak to the world outside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERBS = ("discover", "fetch", "learn", "extract", "cluster", "publish")
NOUNS = ("records", "errors", "frames", "text", "web", "feeds", "page", "duplicates")
"""From left to right: each imports only what stands to its left."""
SOURCES = sorted(path for folder in ("flows", "tasks", "warehouse") for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return every module named in an import statement of the file, at any depth."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return named


def layer(path: Path) -> str:
    """Return `flows`, `verb`, `warehouse`, or the noun that the file belongs to."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] != "tasks":
        return parts[0]
    return "verb" if parts[1] in VERBS else parts[1]


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_outside_thing_has_one_address(path: Path) -> None:
    where, named = layer(path), roots(path)
    relative = str(path.relative_to(ROOT))
    if "prefect" in named:
        assert where in {"flows", "verb"}
    if "duckdb" in named:
        assert where == "warehouse"
    if "requests" in named:
        assert relative == "tasks/web/http.py"
    text = path.read_text("utf-8")
    if "os.environ" in text or "os.getenv" in text:
        assert relative == "flows/settings.py"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_points_back(path: Path) -> None:
    where, named = layer(path), imports(path)
    ours = {name for name in named if name.split(".")[0] in {"flows", "tasks", "warehouse", "deployments"}}
    if where == "warehouse":
        assert {name for name in ours if not name.startswith("warehouse")} == set()
    if where == "verb":
        assert {name for name in ours if name.startswith(("flows", "deployments"))} == set()
    if where in NOUNS:
        allowed = NOUNS[: NOUNS.index(where) + 1]
        for name in ours:
            parts = name.split(".")
            assert parts[0] == "tasks", f"a noun may not import {name}"
            assert len(parts) < 2 or parts[1] in allowed or parts == ["tasks"], f"{where} may not import {name}"


def test_no_secondary_index_is_ever_made() -> None:
    """On DuckDB 1.5, after a kill, look-ups through a secondary index silently return nothing."""
    for path in (ROOT / "warehouse").rglob("*.sql"):
        assert "CREATE INDEX" not in path.read_text("utf-8").upper(), path


def test_no_module_outgrows_a_reader() -> None:
    for path in SOURCES:
        assert len(path.read_text("utf-8").splitlines()) <= 600, path
