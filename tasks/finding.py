"""One source's discovery while it runs: its worklist, what came back, and what that means for the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tasks.feeds.worklist import Discovered, Worklist
from tasks.records import Candidate, Ending, Failure, Kind, Outcome, Page, Skip, Source
from tasks.source_runs import EMPTY, MISSING_FILE, UNCHANGED, SourceRun
from tasks.visits import request_for
from tasks.web import polling
from tasks.web.http import SITEMAP_LIMITS
from tasks.web.lanes import Request, Result

PROBE_EVERY = 10
"""Every tenth poll is unconditional, against servers whose validators never change though the list does."""
LOOK_BACK = timedelta(days=2)
"""Lists that changed up to this long before the last good poll are read again: clocks differ, and dates come late."""
LISTED = frozenset({Kind.LISTING, Kind.HOME})
"""Kinds whose page is compared with itself at the last visit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """What is known of one source before it is polled."""

    poll: polling.PollState
    known: frozenset[str] = frozenset()
    """URLs that it named before."""
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    previous: bytes | None = None
    """Body of its listing page at the last visit."""


@dataclass(kw_only=True, slots=True)
class Finding:
    """The discovery of one source. `take` answers the request that `next_request` gave."""

    source: Source
    before: Remembered
    work: Worklist
    tally: SourceRun
    pages: list[Page] = field(default_factory=list)
    """Lists that came, to be archived."""
    first: Result | None = None
    """What became of the source's own location."""

    def next_request(self) -> Request | None:
        """Return the request for the next list, or `None` when discovery is done."""
        while (place := self.work.next()) is not None:
            if "://" in place.url:
                return self._request(place.url)
            self._read_file(Path(place.url))
        return None

    def take(self, result: Result) -> None:
        """Learn from what came back."""
        if self.first is None:
            self.first = result
            self._judge(result)
        page = result.outcome if isinstance(result.outcome, Page) else None
        if page is None:
            self.work.feed(None)
            return
        self.pages.append(page)
        self.work.feed(page.body, page.final_url, _content_type(page))

    def _request(self, url: str) -> Request:
        is_location = url == self.source.location
        is_conditional = is_location and self.before.attempts % PROBE_EVERY != PROBE_EVERY - 1
        return request_for(
            self.source,
            url,
            etag=self.before.etag if is_conditional else None,
            last_modified=self.before.last_modified if is_conditional else None,
            limits=SITEMAP_LIMITS,
        )

    def _judge(self, result: Result) -> None:
        if isinstance(result.outcome, Failure):
            self.tally = self.tally.failed(result.outcome.reason.value, result.outcome.detail)
        elif not isinstance(result.outcome, Page):
            self.tally = replace(self.tally, outcome=UNCHANGED)

    def _read_file(self, path: Path) -> None:
        try:
            self.work.feed(path.read_bytes())
        except OSError as error:
            self.work.feed(None)
            self.tally = self.tally.failed(MISSING_FILE, f"{path}: {error.strerror}")


def begin(source: Source, before: Remembered) -> Finding:
    """Return the discovery of a source, before its first request."""
    since = before.poll.succeeded_at - LOOK_BACK if before.poll.succeeded_at else None
    work = Worklist(source, since=since, is_known=before.known.__contains__, previous=before.previous)
    return Finding(source=source, before=before, work=work, tally=SourceRun(source=source))


def requests_of(findings: Iterable[Finding]) -> list[Request]:
    """Return the next request of every discovery that is not done."""
    return [request for finding in findings if (request := finding.next_request()) is not None]


def finished(finding: Finding) -> tuple[Discovered, SourceRun]:
    """Return what was found, and the source's tally."""
    found = finding.work.result()
    new = [candidate for candidate in found.candidates if candidate.url not in finding.before.known]
    tally = replace(
        finding.tally, candidates=len(found.candidates), candidates_new=len(new), skipped=len(found.skipped)
    )
    if tally.outcome == "read" and not found.candidates and not found.skipped:
        tally = tally.failed(EMPTY, _why_empty(finding.source, found))
    elif tally.outcome == "read" and found.unreadable:
        tally = replace(tally, detail=f"{len(found.unreadable)} of its lists could not be read: {found.unreadable[0]}")
    return found, tally


def poll_result(finding: Finding, found: Discovered, tally: SourceRun) -> polling.PollResult:
    """Return what this poll teaches about the source's rhythm."""
    outcome = finding.first.outcome if finding.first else None
    new = [candidate for candidate in found.candidates if candidate.url not in finding.before.known]
    return polling.PollResult(
        new=len(new),
        entries=len(found.candidates),
        published_at=[candidate.published_at for candidate in new if candidate.published_at],
        weight=outcome.weight if isinstance(outcome, Failure) else None,
        wait_seconds=outcome.retry_after_seconds if isinstance(outcome, Failure) else None,
    )


def outcomes(found: Discovered, source: Source, tried: Mapping[str, str]) -> Iterator[Outcome]:
    """Yield what became of the URLs that need no request; `tried` holds the last outcome of those asked before."""
    for skip in found.skipped:
        yield Outcome(url=skip.url, source_name=source.name, outcome=Ending.SKIPPED, reason=skip.reason.value)
    for candidate in found.candidates:
        if (last := tried.get(candidate.url)) is not None:
            yield _already(candidate, source, last)


def _already(candidate: Candidate, source: Source, last: str) -> Outcome:
    is_stored = last == "ok"
    return Outcome(
        url=candidate.url,
        source_name=source.name,
        outcome=Ending.SKIPPED,
        reason=(Skip.KNOWN if is_stored else Skip.TRIED).value,
        detail=None if is_stored else last,
    )


def _why_empty(source: Source, found: Discovered) -> str:
    said = f" ({found.problems[0]})" if found.problems else ""
    return f"{source.location} names no article{said}"


def _content_type(page: Page) -> str:
    return next((value for name, value in page.headers if name.lower() == "content-type"), "")
