"""The schema as words and as a picture, read from the database itself, so that it cannot go stale.

python -m warehouse.schema > docs/schema.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from warehouse.connection import scratch
from warehouse.store import keyed

LAYERS = {
    "raw": "What the world sent.",
    "core": "What we made of it.",
    "ops": "What happened.",
    "report": "Views for people. They hold no rows of their own.",
}

# Which table a column points to. There are no foreign keys in the database: warehouse/checks/ says what must hold.
REFERENCES = {
    "article_id": "core.articles",
    "article_id_a": "core.articles",
    "article_id_b": "core.articles",
    "page_id": "raw.pages",
    "run_id": "ops.runs",
    "first_run_id": "ops.runs",
    "source_name": "ops.source_state",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column, as the database describes it."""

    name: str
    type: str
    is_nullable: bool
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table or view, as the database describes it."""

    layer: str
    name: str
    is_view: bool
    meaning: str
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        """The name with its layer."""
        return f"{self.layer}.{self.name}"

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row; empty for views."""
        rule = keyed().get(self.full_name)
        return rule.key if rule else ()


def tables(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Return every table and view, in the order of the layers and of their creation."""
    found = con.execute(
        "SELECT schema_name, table_name, false, comment, table_oid FROM duckdb_tables() "
        "WHERE database_name = current_catalog() AND NOT internal UNION ALL "
        "SELECT schema_name, view_name, true, comment, view_oid FROM duckdb_views() "
        "WHERE database_name = current_catalog() AND NOT internal ORDER BY ALL"
    ).fetchall()
    order = list(LAYERS)
    known = [row for row in found if row[0] in order]
    return tuple(
        Table(layer=layer, name=name, is_view=is_view, meaning=said or "", columns=_columns(con, layer, name))
        for layer, name, is_view, said, _ in sorted(known, key=lambda row: (order.index(row[0]), row[4]))
    )


def markdown(con: duckdb.DuckDBPyConnection) -> str:
    """Return the whole schema as one Markdown page with an entity-relationship picture in Mermaid."""
    found = tables(con)
    lines = [
        "# The schema",
        "",
        "Made from the database by `python -m warehouse.schema`; a test keeps it current. The same words stand in the",
        "database as comments: `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'articles'`.",
        "",
        "Instants are `TIMESTAMPTZ` in UTC and end in `_at`. Null means “not known” unless the words say otherwise.",
        "",
        *picture(found),
    ]
    for layer, said in LAYERS.items():
        lines += ["", f"## `{layer}`", "", said]
        for table in found:
            if table.layer == layer:
                lines += ["", *_section(table)]
    return "\n".join(lines) + "\n"


def picture(found: Iterable[Table]) -> list[str]:
    """Return a Mermaid diagram of the tables, with the columns that name their rows and those that point elsewhere."""
    stored = [table for table in found if not table.is_view]
    lines = ["```mermaid", "erDiagram"]
    for table in stored:
        lines.append(f'    {_entity(table.full_name)}["{table.full_name}"] {{')
        lines += [f"        {_plain(c.type)} {c.name}{_marks(table, c)}" for c in table.columns if _is_shown(table, c)]
        lines.append("    }")
    lines += [
        f"    {_entity(target)} ||--o{{ {_entity(table.full_name)} : {column.name}"
        for table in stored
        for column in table.columns
        if (target := REFERENCES.get(column.name)) and target != table.full_name
    ]
    return [*lines, "```"]


def _columns(con: duckdb.DuckDBPyConnection, layer: str, name: str) -> tuple[Column, ...]:
    rows = con.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = current_catalog() AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [layer, name],
    ).fetchall()
    return tuple(
        Column(name=column, type=_short(kind), is_nullable=is_nullable, meaning=said or "")
        for column, kind, is_nullable, said in rows
    )


def _section(table: Table) -> list[str]:
    key = f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    head = "| column | type | meaning |\n|---|---|---|"
    return [f"### `{table.full_name}`", "", table.meaning + key, "", head, *(_row(c, table) for c in table.columns)]


def _row(column: Column, table: Table) -> str:
    required = "" if column.is_nullable or table.is_view else ", required"
    meaning = column.meaning.replace("|", "\\|")
    return f"| `{column.name}` | {column.type}{required} | {meaning} |"


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _plain(kind: str) -> str:
    """Mermaid takes letters, digits and brackets for a type."""
    return "STRUCT[]" if kind.startswith("STRUCT") else kind


def _marks(table: Table, column: Column) -> str:
    marks = [mark for mark, holds in (("PK", column.name in table.key), ("FK", column.name in REFERENCES)) if holds]
    if REFERENCES.get(column.name) == table.full_name:
        marks = ["PK"]
    return f" {', '.join(marks)}" if marks else ""


def _is_shown(table: Table, column: Column) -> bool:
    return column.name in table.key or column.name in REFERENCES


def _entity(name: str) -> str:
    return name.replace(".", "_")


if __name__ == "__main__":
    with scratch() as connection:
        sys.stdout.write(markdown(connection))
