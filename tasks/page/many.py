"""Cleaning many pages on several processes: same results as one after another, in the same order, in bounded memory.

A page may be hostile enough to kill the parser's process. Then the batch it was in is cleaned again page by page in
fresh processes, and only the page that kills its process is rejected.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from tasks.page.article import extract
from tasks.records import Article, Reject, Rejecting, Template

BATCH_BYTES = 2_000_000
"""One batch for a worker: a dozen average pages (170 KB), so that handing over costs under 1 % of the work."""
BATCH_PAGES = 32
"""Most pages of a batch, for archives of tiny pages."""
AHEAD = 2
"""Batches waiting per worker: enough to never starve, few enough to hold little memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawPage:
    """A page to clean: its own name, its address and the bytes as they came."""

    id: str
    url: str | None
    html: bytes
    template: Template | None = None


Row = TypeVar("Row")
Finish = Callable[[RawPage, Article | Reject], Row]
"""What is made of a cleaned page, in the worker; a module-level function, because it travels there."""


def clean_many(pages: Iterable[RawPage], *, jobs: int, finish: Finish[Row]) -> Iterator[Row]:
    """Yield `finish(page, its article or reject)` for every page in order, computed by `jobs` processes.

    With `jobs` of 1 everything happens in this process.
    """
    if jobs <= 1:
        yield from (_cleaned(page, finish) for page in pages)
        return
    yield from _on_processes(_batches(pages), jobs, finish)


def _cleaned(page: RawPage, finish: Finish[Row]) -> Row:
    try:
        result = extract(page.html, page.url, page.template)
    except Exception as error:  # noqa: BLE001 - a page that the cleaner stumbles over must not stop all runs after it
        result = Reject(url=page.url, reason=Rejecting.BROKEN, detail=f"the cleaner failed: {error!r}"[:300])
    return finish(page, result)


def _batches(pages: Iterable[RawPage]) -> Iterator[list[RawPage]]:
    batch: list[RawPage] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page.html)
        if size >= BATCH_BYTES or len(batch) >= BATCH_PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _on_processes(batches: Iterator[list[RawPage]], jobs: int, finish: Finish[Row]) -> Iterator[Row]:
    # Not fork: the caller has threads (Prefect, Polars), and a forked child would inherit their locks.
    context = get_context("forkserver")
    pool = ProcessPoolExecutor(jobs, mp_context=context)
    waiting: deque[tuple[list[RawPage], Future[list[Row]]]] = deque()
    try:
        for batch in islice(batches, jobs * AHEAD):
            waiting.append((batch, pool.submit(_finish_batch, batch, finish)))
        while waiting:
            batch, future = waiting.popleft()
            try:
                rows = future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                rows = _one_by_one(batch, finish)
                pool = ProcessPoolExecutor(jobs, mp_context=context)
                waiting = deque((later, pool.submit(_finish_batch, later, finish)) for later, _ in waiting)
            yield from rows
            for following in islice(batches, 1):
                waiting.append((following, pool.submit(_finish_batch, following, finish)))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _finish_batch(batch: list[RawPage], finish: Finish[Row]) -> list[Row]:
    return [_cleaned(page, finish) for page in batch]


def _one_by_one(batch: list[RawPage], finish: Finish[Row]) -> list[Row]:
    rows: list[Row] = []
    for page in batch:
        with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as alone:
            try:
                rows.append(alone.submit(_cleaned, page, finish).result())
            except BrokenProcessPool:
                rows.append(finish(page, _deadly(page)))
    return rows


def _deadly(page: RawPage) -> Reject:
    return Reject(url=page.url, reason=Rejecting.BROKEN, detail="the parser's process died on this page")
