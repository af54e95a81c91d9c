"""Small warehouses for the commands: rows in, a published home out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from prefect.logging import disable_run_logger

from tasks.records import Candidate, Page, Run
from tasks.shelf import Shelf
from tasks.source_runs import candidate_row
from tests.warehouse.conftest import filled
from warehouse.checks import check, refuse
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
            "text": text if end else None,
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


def run_of(home: Path, run_id: str = "run-1", *, at: datetime = NOON, flow: str = "ingest") -> Run:
    """A run on a home folder that talks to nobody."""
    return Run(
        run_id=run_id,
        home=home,
        started_at=at,
        deadline_at=at + timedelta(hours=1),
        user_agent="test",
        workers=1,
        min_interval_seconds=0.0,
        max_pages=100,
        jobs=1,
        only_due=False,
        flow=flow,
    )


def stored(run: Run, *pages: tuple[str, str], source: str = "Gazette") -> None:
    """Store pages (address, HTML) as a run's fetch would, a minute apart, with the run's row and candidates."""
    row = {"run_id": run.run_id, "flow": run.flow, "started_at": run.started_at, "state": "Completed"}
    ended = {**row, "ended_at": run.started_at + timedelta(minutes=30), "articles_new": 0, "articles_changed": 0}
    with writing(run.home, who="test") as con:
        load(con, run.run_id, "begin", {"ops.runs": filled(con, "ops.runs", ended)})
    with Shelf(run, "fetch", "web") as shelf:
        for n, (url, html) in enumerate(pages):
            at = run.started_at + timedelta(minutes=n)
            candidate = Candidate(url=url, source=source, found_in="https://gazette.example/feed")
            shelf.add("raw.candidates", candidate_row(candidate, at))
            page = Page(
                url=url,
                final_url=url,
                status=200,
                headers=(("Content-Type", "text/html; charset=utf-8"),),
                body=html.encode(),
                fetched_at=at,
            )
            shelf.store(page, source=source, purpose="page")


def cleaned(run: Run) -> None:
    """Extract and cluster everything that is due, and publish, as the verbs do it, without a Prefect server."""
    from tasks.cluster import articles_due, cluster_batch
    from tasks.extract import extract_batch, pages_due

    with disable_run_logger():
        while (due := pages_due(run)).height:
            extract_batch.fn(run, due)
        while articles_due(run):
            cluster_batch.fn(run)
    passed(run.home)


def passed(home: Path) -> None:
    """Let readers see what has been landed; every check of severity `fail` must hold."""
    with writing(home, who="test") as con:
        con.execute(
            "UPDATE ops.runs SET articles_new = (SELECT count(*) FROM ops.outcomes o WHERE o.run_id = runs.run_id "
            "AND outcome = 'article_new'), articles_changed = (SELECT count(*) FROM ops.outcomes o "
            "WHERE o.run_id = runs.run_id AND outcome = 'article_changed')"
        ).fetchall()
        refuse(check(con, "test"))
    publish(home)


def page(title: str, *paragraphs: str) -> str:
    """An honest page of an article."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-11-02T09:30:00Z"></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    )
