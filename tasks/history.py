"""What a source named long ago: its sitemaps read back to a day, the links of a span kept.

The place to look is the source itself when it is a sitemap, else what its site's robots.txt names. Every sitemap that
may hold something of the span is read, known or not; a link without any date is kept, since only its page can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tasks.feeds.worklist import Limits, Worklist
from tasks.finding import Finding, Remembered
from tasks.records import Candidate, Kind, Source
from tasks.source_runs import SourceRun
from tasks.web.http_chain import origin_of
from tasks.web.polling import PollState

LIMITS = Limits(places=5_000, candidates=1_000_000)
"""Ten years of daily sitemaps, and more links than one backfill will fetch."""

_DAY = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?([01]\d)[/_-]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """From when to when; both ends may be open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Return whether an instant lies in the span; one that is not known may."""
        if moment is None:
            return True
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


def begin(source: Source, past: Past) -> Finding:
    """Return the discovery of a source's history, before its first request."""
    place = source.location if source.kind is Kind.SITEMAP else f"{origin_of(source.location)}/robots.txt"
    looked = replace(source, kind=Kind.SITEMAP, location=place)
    work = Worklist(looked, since=past.since, limits=LIMITS)
    before = Remembered(poll=PollState(source=source.name))
    return Finding(source=looked, before=before, work=work, tally=SourceRun(source=source))


def of_span(candidates: Iterable[Candidate], past: Past) -> list[Candidate]:
    """Return the links of the span, by the date of publication, else that in the address, else that of change."""
    return [one for one in candidates if past.holds(when(one))]


def when(candidate: Candidate) -> datetime | None:
    """Return the best date that is known of a link without its page."""
    return candidate.published_at or in_address(candidate.url) or candidate.modified_at


def in_address(url: str) -> datetime | None:
    """Return the day that an address names, as `/2026/11/03/` or `/2026-11-03-`."""
    found = _DAY.search(url)
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None
    except ValueError:
        return None
