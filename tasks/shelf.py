"""Storing responses: the archive file first, then its index rows and outcomes, in batches of one transaction each.

    page ──▶ raw/*.warc.gz (flushed) ──▶ raw.pages, raw.candidates, ops.outcomes, …

A kill between the two leaves records that no row names, which is harmless; it never leaves a row without its record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any

from tasks.frames import frame, outcomes_frame
from tasks.records import Outcome, Page, Run
from tasks.web import urls
from tasks.web.page_id import body_digest, page_id
from tasks.web.warc import Place, Writer
from warehouse.connection import writing
from warehouse.store import load

BATCH_ROWS = 2000
"""Index rows and outcomes of one load."""
BATCH_BYTES = 64 << 20
"""Bodies written between two loads: what a kill may cost is fetched again, so it must stay small."""
RAW = "raw"
"""Folder of the archive files, below the home folder."""


class Shelf:
    """Takes pages and rows one by one, and lands them in batches; to be closed."""

    def __init__(self, run: Run, verb: str, name: str) -> None:
        """`name` tells the archive file's origin; the run's id is put before it."""
        self._run = run
        self._verb = verb
        self._writer = Writer(run.home / RAW, f"{run.run_id}-{_slug(name)}", created_at=run.started_at)
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._outcomes: list[Outcome] = []
        self._bytes = 0

    def __enter__(self) -> Shelf:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: BaseException | TracebackType | None) -> None:
        """Land what is left, unless an error is on its way."""
        try:
            if kind is None:
                self.land()
        finally:
            self._writer.close()

    def archive(self, page: Page) -> Place:
        """Write a page into the archive and return its place; may be called from any thread."""
        return self._writer.write(page)

    def store(
        self, page: Page, *, source: str, purpose: str, place: Place | None = None, rights: str | None = None
    ) -> str:
        """Remember the index row of a page, archiving it unless its `place` is given, and return its id."""
        place = place or self.archive(page)
        name = page_id(page)
        self.add("raw.pages", {
            "page_id": name,
            "run_id": self._run.run_id,
            "source_name": source,
            "purpose": purpose,
            "url": page.url,
            "final_url": page.final_url,
            "host": urls.host(page.final_url),
            "site": urls.site(page.final_url),
            "status": page.status,
            "content_type": next((v for k, v in page.headers if k.lower() == "content-type"), None),
            "fetched_at": page.fetched_at,
            "body_digest": body_digest(page.body),
            "body_bytes": len(page.body),
            "warc_file": place.file,
            "warc_offset": place.offset,
            "warc_length": place.length,
            "redirects": list(page.redirects),
            "rights": rights,
        })  # fmt: skip
        self._bytes += len(page.body)
        return name

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Remember a row of a table for the next load."""
        self._rows[table].append(dict(row))

    def add_all(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Remember rows of a table for the next load."""
        for row in rows:
            self.add(table, row)

    def end(self, outcome: Outcome) -> None:
        """Remember what became of a URL."""
        self._outcomes.append(outcome)

    def land_if_full(self) -> None:
        """Land the batch when it is full; called where everything remembered belongs together."""
        if self._bytes >= BATCH_BYTES or len(self._rows.get("raw.pages", ())) + len(self._outcomes) >= BATCH_ROWS:
            self.land()

    def land(self) -> None:
        """Put everything remembered so far into the warehouse, in one transaction."""
        if not self._rows and not self._outcomes:
            return
        self._writer.flush()
        frames = {table: frame(rows) for table, rows in self._rows.items()}
        if self._outcomes:
            frames["ops.outcomes"] = outcomes_frame(self._run, self._outcomes)
        with writing(self._run.home, who=self._verb) as con:
            load(con, self._run.run_id, self._verb, frames)
        self._rows.clear()
        self._outcomes.clear()
        self._bytes = 0


def _slug(name: str) -> str:
    """Return a name as it may stand in a file name."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in kept.split("-") if part)[:40] or "source"
