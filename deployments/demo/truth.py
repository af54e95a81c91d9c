"""What a perfect run over the little news web would find, known from the stories and their declared edits alone.

Where an outlet says less than the truth holds, a run may say less too: the Valley Gazette prints its time without a
zone, and gives no byline to most of its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deployments.demo.edition import plain
from deployments.demo.furniture import people
from deployments.demo.items import Bases, Item, items, origin
from deployments.demo.outlets import outlets
from deployments.demo.traps import TRAP_OUTLET, traps


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """One article of the web."""

    url: str
    found_as: str
    """The URL that feeds and listings name, before redirects and without tracking parameters."""
    outlet: str
    story: str
    title: str
    authors: tuple[str, ...]
    """Persons only."""
    published_at: datetime
    language: str
    blocks: tuple[str, ...]
    """The body's paragraphs, headings and list items in order: these and nothing else."""
    copy_of: str | None
    """URL of the story's first edition; `None` on that one itself."""
    wire: str | None
    """The agency that the text names in its dateline, where it still does."""
    note: str
    """The edition's edits in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A URL named by a feed from which no article can come. `stage` is `fetch` or `extract`."""

    url: str
    stage: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """Every URL that the web's feeds, sitemaps and listings name is in exactly one of the two."""

    articles: tuple[Expected, ...]
    refused: tuple[Refused, ...]


def truth(bases: Bases) -> Truth:
    """The truth about a web served at these addresses."""
    base = bases[TRAP_OUTLET]
    refused = (Refused(url=base + trap.path, stage=trap.stage, reason=trap.reason) for trap in traps())
    return Truth(articles=tuple(_expected(bases)), refused=tuple(refused))


def _expected(bases: Bases) -> Iterator[Expected]:
    for item in items(bases):
        first = origin(item.story, bases)
        yield Expected(
            url=item.url,
            found_as=bases[item.outlet.key] + item.found_path,
            outlet=outlets()[item.outlet.key].name,
            story=item.story.slug,
            title=item.title,
            authors=people(item),
            published_at=item.edition.at,
            language=item.story.language,
            blocks=tuple(plain(block) for block in item.blocks),
            copy_of=None if item.url == first else first,
            wire=_wire(item),
            note=item.edition.note,
        )


def _wire(item: Item) -> str | None:
    agency = item.story.wire
    return agency if agency and f"({agency})" in item.blocks[0] else None
