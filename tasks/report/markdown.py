"""The run's report in Markdown: what the Prefect UI shows on the run's page.

Prefect strips inline SVG from Markdown but shows images from data URIs, so the chart comes as one (seen in 3.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tasks.report.charts import chart_svg, data_uri
from tasks.report.words import number, plain

SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]()<>#+-!|~$&:@"})
"""Characters that mean something in Markdown, in its tables, or as HTML; `:` and `@` make bare addresses into links."""

FACTS = (
    ("sources", "Sources"),
    ("candidates", "URLs"),
    ("fetched", "Pages fetched"),
    ("articles_new", "New articles"),
    ("articles_changed", "Changed articles"),
    ("copies", "Copies found"),
    ("seconds", "Seconds"),
    ("peak_memory_mb", "Peak memory (MB)"),
)
SOURCE_COLUMNS = ("source", "outcome", "named", "new", "articles", "rejects", "failures")
REASON_COLUMNS = ("outcome", "reason", "n", "example")
FURTHER = 'Ask further: `wirehouse report`, `wirehouse status`, `wirehouse sql "SELECT * FROM report.stories LIMIT 10"`'
ROWS_SHOWN = 50  # an artifact is read on a screen; the table artifacts hold the rest


def run_report(run: Mapping[str, Any], sources: pl.DataFrame, reasons: pl.DataFrame, coverage: pl.DataFrame) -> str:
    """Headline, numbers, chart, sources and refusals of one run; `run` is its row of `ops.runs`."""
    facts = [(label, f"{number(run[key]):,.0f}") for key, label in FACTS if run.get(key) is not None]
    parts = (
        f"# {_safe(run.get('headline')) or 'Ingest'}",
        _table(tuple(label for label, _ in facts), [tuple(value for _, value in facts)]),
        _chart(coverage, run.get("ended_at")),
        _framed("Sources", sources, SOURCE_COLUMNS),
        _framed("Not taken in, and why", reasons, REASON_COLUMNS),
        FURTHER,
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _chart(coverage: pl.DataFrame, ended_at: object) -> str:
    svg = chart_svg(coverage, until=ended_at.date() + timedelta(days=1) if isinstance(ended_at, datetime) else None)
    return f"![Articles per day and outlet]({data_uri(svg)})" if svg else ""


def _framed(title: str, frame: pl.DataFrame, columns: tuple[str, ...]) -> str:
    shown = [name for name in columns if name in frame.columns]
    if frame.is_empty() or not shown:
        return ""
    rows = [tuple(_safe(value) for value in row) for row in frame.select(shown).head(ROWS_SHOWN).iter_rows()]
    more = frame.height - len(rows)
    note = f"\n\n{more:,} more in the table artifacts." if more > 0 else ""
    return f"## {title}\n\n{_table(tuple(name.capitalize() for name in shown), rows)}{note}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not head:
        return ""
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _safe(value: object) -> str:
    return plain(value).translate(SPECIAL)
