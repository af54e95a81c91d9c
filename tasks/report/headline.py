"""A run in one sentence, and the name of the state it ends in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RunState(StrEnum):
    """How a run ended; the name is the badge in the Prefect UI."""

    COMPLETED = "Completed"
    NOTHING_NEW = "Nothing new"
    PARTIAL = "Partial"
    FAILED = "Failed"
    GATE = "Quality gate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What a run did, in numbers."""

    sources: int
    sources_failed: int
    candidates: int
    fetched: int
    articles_new: int
    articles_changed: int
    rejects: int
    failures: int
    copies: int


def run_state(counts: Counts, *, failing: tuple[str, ...] = ()) -> RunState:
    """Return the state of a run; `failing` names the checks that stopped the publication."""
    if failing:
        return RunState.GATE
    landed = counts.fetched or counts.articles_new or counts.articles_changed
    if counts.sources and counts.sources_failed == counts.sources and not landed:
        return RunState.FAILED
    if counts.sources_failed:
        return RunState.PARTIAL
    return RunState.COMPLETED if landed else RunState.NOTHING_NEW


def headline(counts: Counts, state: RunState, *, failing: tuple[str, ...] = (), flow: str = "ingest") -> str:
    """Return the run in one sentence for a person."""
    if state is RunState.GATE:
        return f"Not published: {_plural(len(failing), 'check')} failed ({', '.join(failing)})"
    if flow == "replay":
        return _of_replay(counts)
    if state is RunState.NOTHING_NEW and not counts.sources:
        return "Nothing new: no source was due"
    if state is RunState.NOTHING_NEW:
        return f"Nothing new from {_plural(counts.sources, 'source')}"
    parts = [f"{_plural(counts.articles_new, 'new article')} from {_plural(counts.sources, 'source')}"]
    if counts.articles_changed:
        parts.append(f"{counts.articles_changed} changed")
    if counts.copies:
        parts.append(f"{counts.copies} copies found")
    if counts.rejects:
        parts.append(f"{counts.rejects} rejected")
    if counts.failures:
        parts.append(f"{counts.failures} not fetched")
    if counts.sources_failed:
        parts.append(f"{_plural(counts.sources_failed, 'source')} failed")
    return ", ".join(parts)


def announced(state: str, said: str) -> str:
    """Return the state's name and the headline as one line, without saying the same thing twice."""
    return said if said.startswith(state) else f"{state}: {said}"


def _of_replay(counts: Counts) -> str:
    told = f"{_plural(counts.candidates, 'address')} cleaned again"
    if not counts.articles_new and not counts.articles_changed:
        return f"{told}, no article gained or changed"
    return f"{told}, {_plural(counts.articles_new, 'article')} gained and {counts.articles_changed} changed"


def _plural(n: int, noun: str) -> str:
    if n == 1:
        return f"{n} {noun}"
    return f"{n} {noun}es" if noun.endswith("s") else f"{n} {noun}s"
