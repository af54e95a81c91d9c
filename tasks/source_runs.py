"""What became of one source in one run, and the rows that say so."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tasks.records import Candidate, Run, Source
from tasks.web import polling
from tasks.web.urls import article_id, canonical

READ = "read"
UNCHANGED = "unchanged"
FAILED = "failed"
RESTING = "resting"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRun:
    """One source's tally: each method returns the next one."""

    source: Source
    outcome: str = READ
    reason: str | None = None
    detail: str | None = None
    candidates: int = 0
    candidates_new: int = 0
    skipped: int = 0

    def failed(self, reason: str, detail: str) -> SourceRun:
        """Return the tally of a source that could not be read to its end."""
        return replace(self, outcome=FAILED, reason=reason, detail=detail)

    def named(self, *, is_new: bool) -> SourceRun:
        """Return the tally after one more candidate."""
        return replace(self, candidates=self.candidates + 1, candidates_new=self.candidates_new + is_new)


def source_row(run: Run, tally: SourceRun) -> dict[str, Any]:
    """Return a source's tally as a row of `ops.source_runs`."""
    names = ("outcome", "reason", "detail", "candidates", "candidates_new", "skipped")
    counted = {name: getattr(tally, name) for name in names}
    return {"run_id": run.run_id, "source_name": tally.source.name, "at": datetime.now(UTC), **counted}


def wrong_declaration_row(run: Run, name: str, message: str) -> dict[str, Any]:
    """Return the row of `ops.source_runs` of a source whose declaration was refused."""
    counted = {"candidates": 0, "candidates_new": 0, "skipped": 0}
    said = {"outcome": FAILED, "reason": "wrong_declaration", "detail": message}
    return {"run_id": run.run_id, "source_name": name, "at": datetime.now(UTC), **said, **counted}


def state_row(source: Source, state: polling.PollState, *, next_poll_at: datetime | None) -> dict[str, Any]:
    """Return what is remembered of a source as a row of `ops.source_state`."""
    return {
        "source_name": source.name,
        "location": source.location,
        "kind": source.kind.value,
        "outlet": source.outlet,
        "polled_at": state.polled_at,
        "next_poll_at": next_poll_at,
        "last_success_at": state.succeeded_at,
        "last_new_at": state.new_at,
        "failure_units": state.failure_units,
        "rhythm": json.dumps(polling.to_row(state)),
    }


def candidate_row(candidate: Candidate, now: datetime) -> dict[str, Any]:
    """Return a candidate as a row of `raw.candidates`, first seen `now`."""
    address = canonical(candidate.url)
    return {
        "source_name": candidate.source,
        "url": candidate.url,
        "canonical_url": address,
        "article_id": article_id(address),
        "found_in": candidate.found_in,
        "title": candidate.title,
        "published_at": candidate.published_at,
        "modified_at": candidate.modified_at,
        "section": candidate.section,
        "language": candidate.language,
        "first_seen_at": now,
        "last_seen_at": now,
    }
