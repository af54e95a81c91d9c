"""Cleaning stored pages again: which belong together, what they leave now, and how that differs from what is stored.

    pages of a span ──and all that share an address or an article with them──▶ cleaned in the order in which they were
    landed ──folded from nothing──▶ articles, versions, … ──compared──▶ gained, lost, changed

An article is made anew from all its pages, so that it does not matter which of them lie in the span or in which batch
they are. They are taken in the order in which their runs landed them: an archive that was read late did not overwrite
what was there, and does not now. Hence the same cleaner gives the same rows, and an empty difference.

A page whose record cannot be read says nothing, and least of all that its article is gone: the articles that it
belongs to are left as they are, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from tasks.cleaning import Cleaned, clean, land_in_order
from tasks.page.difference import Difference, Effect, difference
from tasks.page.landing import Landing, Row
from tasks.records import Ending, Failing, Outcome
from tasks.refusals import refusals
from warehouse.queries import ask

BATCH_PAGES = 500
"""As for cleaning the first time: half a minute of work, and some 200 MB while it lands."""
CLEANED_AGAIN = "cleaned_again"
UNREADABLE = "unreadable_record"
Connect = Callable[[], AbstractContextManager[Any]]
"""Opens the warehouse: the writers' for a replay, the read copy for a look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Which stored pages are meant: of one source or all, fetched from `since` on and before `until`."""

    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Redone:
    """What a batch of pages leaves now, and what was stored of its articles."""

    landings: tuple[Landing, ...]
    """In order; those of pages that could be read."""
    before: Mapping[str, Row]
    """Stored articles, by id, of all pages in `landings`."""
    former: Mapping[str, str]
    """The article that a page was taken for until now, by page."""
    left_alone: tuple[Cleaned, ...] = ()
    """Pages that say nothing because a record cannot be read."""

    @cached_property
    def after(self) -> dict[str, Row]:
        """The articles as they are now, by id."""
        return {row["article_id"]: row for one in self.landings for row in one.rows.get("core.articles", ())}

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """Articles that no page supports any more."""
        return tuple(sorted(self.before.keys() - self.after.keys()))

    @property
    def urls(self) -> frozenset[str]:
        """Every address that was dealt with."""
        return frozenset({one.outcome.url for one in self.landings} | {one.page.url for one in self.left_alone})

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """How the articles differ from what is stored."""
        reasons = dict(self._reasons())
        found = (
            difference(self.before.get(name), self.after.get(name), reasons.get(name))
            for name in sorted(self.before.keys() | self.after.keys())
        )
        return tuple(one for one in found if one is not None)

    def outcomes(self) -> list[Outcome]:
        """Return what became of each address; a reject that had been an article names it."""
        effects = {one.article_id: one for one in self.differences}
        return [
            *(_left_alone(one, self.former) for one in self.left_alone),
            *(_outcome(one.outcome, effects, self.former) for one in self.landings),
        ]

    def _reasons(self) -> Iterator[tuple[str, str]]:
        for one in self.landings:
            former = self.former.get(one.outcome.page_id or "")
            if former and one.outcome.outcome is Ending.REJECT and one.outcome.reason:
                yield former, one.outcome.reason


@dataclass(kw_only=True, slots=True)
class Compared:
    """A whole span, cleaned again and compared."""

    pages: int = 0
    articles: int = 0
    unreadable: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, redone: Redone) -> None:
        """Take a batch in."""
        self.pages += len(redone.landings) + len(redone.left_alone)
        self.articles += len(redone.before)
        self.unreadable += len(redone.left_alone)
        self.differences += redone.differences

    def count(self, effect: Effect) -> int:
        """Return how many articles had this happen to them."""
        return sum(one.effect is effect for one in self.differences)

    @property
    def percent(self) -> float:
        """Share of the stored articles whose body changed or that were lost, in percent."""
        return 100 * (self.count(Effect.BODY) + self.count(Effect.LOST)) / max(1, self.articles)


def compared(home: Path, connect: Connect, span: Span, *, jobs: int) -> Iterator[Compared]:
    """Yield the comparison at the beginning and after each batch, always the same object; nothing is written."""
    total = Compared()
    yield total
    with connect() as con:
        seeds = seeds_of(con, span)
    done: set[str] = set()
    for names in batches(seeds, done):
        redone = redo(home, connect, names, jobs=jobs, run_id="")
        done |= redone.urls
        total.add(redone)
        yield total


def seeds_of(con: Any, span: Span, run_id: str | None = None) -> pl.DataFrame:
    """Return page_id and url of the pages of a span, without the addresses that run `run_id` has dealt with already."""
    return ask(con, "replay_seeds", source=span.source, since=span.since, until=span.until, run_id=run_id)


def batches(seeds: pl.DataFrame, done: set[str]) -> Iterator[list[str]]:
    """Yield the pages in batches, leaving out those whose address is in `done`, which the caller fills on the way."""
    for part in seeds.iter_slices(BATCH_PAGES):
        if names := [name for name, url in part.iter_rows() if url not in done]:
            yield names


def redo(home: Path, connect: Connect, names: list[str], *, jobs: int, run_id: str) -> Redone:
    """Clean pages again, with all that belong to them, and return what they leave."""
    pages = pl.DataFrame({"page_id": names}, schema={"page_id": pl.String})
    ids = pl.DataFrame(schema={"article_id": pl.String})
    cleaned: dict[str, Cleaned] = {}
    due = None
    while True:
        with connect() as con:
            found, refused = ask(con, "pages_together", seeds=pages, ids=ids), refusals(con)
        fresh = found.filter(~pl.col("page_id").is_in(list(cleaned)))
        if fresh.is_empty():
            break
        due = fresh if due is None else pl.concat([due, fresh], how="vertical_relaxed")
        cleaned |= {one.page.page_id: one for one in clean(home, fresh, jobs=jobs, refused=refused)}
        pages = pl.DataFrame({"page_id": list(cleaned)}, schema={"page_id": pl.String})
        shown = sorted({one.article_id for one in cleaned.values() if one.article_id})
        ids = pl.DataFrame({"article_id": shown}, schema={"article_id": pl.String})
    if due is None:  # the pages were erased in the meantime
        return Redone(landings=(), before={}, former={})
    ordered = due.sort("landed_at", "fetched_at", "page_id")
    former = {page: article for page, article in ordered.select("page_id", "article_id").iter_rows() if article}
    kept, alone = _set_apart([cleaned[name] for name in ordered["page_id"]], former)
    scope = {former[one.page.page_id] for one in kept if one.page.page_id in former}
    scope |= {one.article_id for one in kept if one.article_id}
    with connect() as con:
        wanted = pl.DataFrame({"article_id": sorted(scope)}, schema={"article_id": pl.String})
        before = {row["article_id"]: row for row in ask(con, "articles_compared", ids=wanted).to_dicts()}
    landings = tuple(land_in_order(kept, {}, run_id=run_id))
    return Redone(landings=landings, before=before, former=former, left_alone=tuple(alone))


def _set_apart(ordered: list[Cleaned], former: Mapping[str, str]) -> tuple[list[Cleaned], list[Cleaned]]:
    """Return the pages to go by, and those to be left alone: unreadable ones, and all of their articles."""
    spoiled = {former.get(one.page.page_id) for one in ordered if not one.is_read} - {None}

    def is_alone(one: Cleaned) -> bool:
        return not one.is_read or former.get(one.page.page_id) in spoiled or one.article_id in spoiled

    return [one for one in ordered if not is_alone(one)], [one for one in ordered if is_alone(one)]


ENDINGS = {
    None: Ending.UNCHANGED,
    Effect.FIELDS: Ending.UNCHANGED,
    Effect.BODY: Ending.CHANGED,
    Effect.GAINED: Ending.NEW,
}


def _outcome(said: Outcome, effects: Mapping[str, Difference], former: Mapping[str, str]) -> Outcome:
    was = former.get(said.page_id or "")
    if said.article_id is None:
        return replace(said, article_id=was)
    effect = effects.get(said.article_id)
    detail = None if effect is None else ", ".join(effect.fields) or None
    ending = ENDINGS[effect.effect if effect else None]
    return replace(said, outcome=ending, reason=CLEANED_AGAIN, detail=detail)


def _left_alone(one: Cleaned, former: Mapping[str, str]) -> Outcome:
    was = former.get(one.page.page_id)
    return Outcome(
        url=one.page.url,
        source_name=one.page.source_name,
        outcome=Ending.UNCHANGED if was else Ending.FAILURE,
        reason=UNREADABLE if was else Failing.UNREADABLE.value,
        page_id=one.page.page_id,
        article_id=was,
    )
