"""What became of one source in one run, and the rows that say so."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tasks.records import Candidate, Failing, Run, Source
from tasks.web import polling
from tasks.web.urls import article_id, canonical

EMPTY = "empty_list"
MISSING_FILE = "missing_file"

# What a person can do about a source that failed, by reason; said after what happened. A reason that is not here needs
# no one: the next poll tries again.
REMEDIES = {
    EMPTY: "look at it with `wirehouse sources check`",
    MISSING_FILE: "correct the path of the source",
    Failing.UNREADABLE.value: "what came before is stored; get the file anew and run again",
    Failing.CONNECT.value: "nobody listens there: look at the address with `wirehouse sources check`",
    Failing.DNS.value: "there is no such host: correct the address of the source",
    Failing.ADDRESS.value: "an address of a private network: set `allow_private = true` if that is meant",
    Failing.TLS.value: "the certificate is not valid: look at the site in a browser",
    Failing.BAD_URL.value: "correct the address of the source",
    Failing.GONE.value: "the list is gone for good: correct the address or set `enabled = false`",
    Failing.CLIENT_ERROR.value: "correct the address, or see whether the site wants a key in `headers`",
    Failing.ROBOTS.value: "the site does not want this list to be read: choose another, or ask its owner",
    Failing.REDIRECT_LOOP.value: "look at the address in a browser",
    Failing.REDIRECTS.value: "look at the address in a browser",
    Failing.TOO_LARGE.value: "choose a smaller list of the site",
}

READ = "read"
UNCHANGED = "unchanged"
FAILED = "failed"


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
        """Return the tally of a source that could not be read to its end; the line names subject, moment and remedy."""
        subject = "" if self.source.location in detail else f"{self.source.location}: "
        remedy = f"; {REMEDIES[reason]}" if reason in REMEDIES else ""
        return replace(self, outcome=FAILED, reason=reason, detail=f"{subject}{detail}{remedy}")

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
