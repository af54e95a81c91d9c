"""Small warehouses for the commands: rows in, a published home out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from tests.warehouse.conftest import filled
from warehouse.connection import writing
from warehouse.publish import publish
from warehouse.store import load

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def landed(home: Path, **tables: list[dict[str, Any]]) -> Path:
    """Land rows, `core_articles=[…]` meaning `core.articles`, fill in the rest, publish, and return the home."""
    with writing(home, who="test") as con:
        frames = {
            name.replace("_", ".", 1): filled(con, name.replace("_", ".", 1), *rows) for name, rows in tables.items()
        }
        load(con, "run-1", "test", frames)
        con.execute("UPDATE ops.loads SET status = 'passed'").fetchall()
    publish(home)
    return home


def article(name: str, text: str, **more: Any) -> dict[str, Any]:
    """A row of `core.articles` whose address is made of its name."""
    url = f"https://gazette.example/{name}"
    row = {"article_id": name, "url": url, "canonical_url": url, "title": name.title(), "text": text}
    return {**row, "outlet": "gazette.example", "published_at": NOON, "word_count": len(text.split()), **more}


def versions(name: str, *texts: str, **more: Any) -> list[dict[str, Any]]:
    """Rows of `core.article_versions`: one wording after the other, an hour apart."""
    times = [NOON + timedelta(hours=n) for n in range(len(texts))]
    ends = [*times[1:], None]
    return [
        {
            "article_id": name,
            "version": n,
            "text": text,
            "title": name.title(),
            "valid_from": begin,
            "valid_to": end,
            **more,
        }
        for n, (text, begin, end) in enumerate(zip(texts, times, ends, strict=True), start=1)
    ]


def rows_of(home: Path, sql: str) -> list[dict[str, Any]]:
    """What the writers' database answers."""
    with writing(home, who="test") as con:
        return pl.DataFrame(con.sql(sql).pl()).to_dicts()
