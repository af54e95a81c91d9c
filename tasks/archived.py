"""Sources that lie on this machine: WARC files and folders of saved pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import polars as pl

from tasks.declared import declared_rights
from tasks.records import Candidate, Ending, Failing, Failure, Kind, Outcome, Page, Run, Skip, Source
from tasks.refusals import Refusals, refusals, refused_outcome
from tasks.shelf import Shelf
from tasks.source_runs import FAILED, MISSING_FILE, SourceRun, candidate_row, source_row, state_row
from tasks.web import polling
from tasks.web.page_id import page_id
from tasks.web.warc import pages
from warehouse.connection import writing
from warehouse.queries import ask

LARGEST_PAGE_BYTES = 16 << 20
"""As for pages from the network: three times the largest live blogs."""
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
BATCH_PAGES = 200
"""Pages asked about at once: are they stored already?"""


def ingest_archive(run: Run, source: Source) -> SourceRun:
    """Store every page of an archive or folder that is not stored yet, with one outcome for each address."""
    tally = SourceRun(source=source)
    with Shelf(run, "fetch", source.name) as shelf:
        for batch in _batches(stored_pages(source)):
            known, refused = _known(run, batch)
            for page in batch:
                if refused.covers(page.url, *([page.final_url] if isinstance(page, Page) else ())):
                    shelf.end(refused_outcome(page.url, source))
                    continue
                tally = _stored(page, source, run, shelf, tally, known)
                shelf.land_if_full()
        shelf.add("ops.source_runs", source_row(run, tally))
        shelf.add("ops.source_state", state_row(source, _polled(run, source, tally), next_poll_at=None))
    return tally


def _polled(run: Run, source: Source, tally: SourceRun) -> polling.PollState:
    """Return an archive's state: it has no rhythm, but it can be there or not, and have had something new or not."""
    is_read = tally.outcome != FAILED
    return polling.PollState(
        source=source.name,
        polled_at=run.started_at,
        succeeded_at=run.started_at if is_read else None,
        new_at=run.started_at if tally.candidates_new else None,
        failure_units=0.0 if is_read else 1.0,
    )


def stored_pages(source: Source) -> Iterator[Page | Failure]:
    """Yield every page of an archive or folder; a failure whose URL is the location means the source itself."""
    return pages(Path(source.location)) if source.kind is Kind.WARC else _saved(Path(source.location), source.name)


def _stored(
    page: Page | Failure, source: Source, run: Run, shelf: Shelf, tally: SourceRun, known: frozenset[str]
) -> SourceRun:
    if isinstance(page, Failure):
        if page.url == source.location:
            is_there = Path(source.location).exists()
            return tally.failed(page.reason.value if is_there else MISSING_FILE, page.detail)
        shelf.end(_outcome(page.url, source, Ending.FAILURE, page.reason.value, page.detail))
        return tally.named(is_new=True)
    name = page_id(page)
    if name in known:
        shelf.end(_outcome(page.url, source, Ending.SKIPPED, Skip.KNOWN.value, None))
        return tally.named(is_new=False)
    candidate = Candidate(url=page.url, source=source.name, found_in=source.location)
    shelf.add("raw.candidates", candidate_row(candidate, run.started_at))
    shelf.store(page, source=source.name, purpose="page", rights=declared_rights(page))
    return tally.named(is_new=True)


def _outcome(url: str, source: Source, ending: Ending, reason: str, detail: str | None) -> Outcome:
    return Outcome(url=url, source_name=source.name, outcome=ending, reason=reason, detail=detail)


def _batches(found: Iterable[Page | Failure]) -> Iterator[list[Page | Failure]]:
    source = iter(found)
    while batch := list(islice(source, BATCH_PAGES)):
        yield batch


def _known(run: Run, batch: list[Page | Failure]) -> tuple[frozenset[str], Refusals]:
    """Return the ids of those pages that are stored already, and what must not come back."""
    ids = pl.DataFrame(
        {"page_id": [page_id(page) for page in batch if isinstance(page, Page)]}, schema={"page_id": pl.String}
    )
    with writing(run.home, who="fetch") as con:
        return frozenset(ask(con, "pages_known", ids=ids)["page_id"]), refusals(con)


def _saved(folder: Path, name: str) -> Iterator[Page | Failure]:
    """Yield the saved pages of a folder in the order of their names, each with an address of the source's own: two
    folders may hold an `index.html` each.
    """
    if not folder.is_dir():
        yield Failure(url=str(folder), reason=Failing.UNREADABLE, detail=f"there is no folder {folder}")
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PAGE_SUFFIXES and path.is_file():
            yield _saved_page(path, f"file:///{quote(name)}/{quote(path.relative_to(folder).as_posix())}")


def _saved_page(path: Path, url: str) -> Page | Failure:
    try:
        facts = path.stat()
        if facts.st_size > LARGEST_PAGE_BYTES:
            return Failure(url=url, reason=Failing.TOO_LARGE, detail=f"a saved page of {facts.st_size:,} bytes")
        body = path.read_bytes()
    except OSError as error:
        return Failure(url=url, reason=Failing.UNREADABLE, detail=f"saved page: {error.strerror}")
    saved_at = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    headers = (("Content-Type", "text/html"),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=saved_at)
