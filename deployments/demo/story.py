"""The stories of the demo as written down in `stories/*.toml`, and how each outlet printed them.

An `Edition` is one outlet's version of a story. Its edits are declared beside the story, so that what a page's article
consists of, and whose copy it is, is known without reading the page (see `truth`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

STORIES = Path(__file__).parent / "stories"
LISTS = ("authors", "drop", "merge_paragraphs")  # of an edition


@dataclass(frozen=True, kw_only=True, slots=True)
class Insertion:
    """A paragraph of the outlet's own, put in after the story's paragraph number `after` (counted from 1)."""

    after: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One outlet's version of a story. Paragraph numbers count the story's blocks from 1, before any edit."""

    outlet: str
    at: datetime
    authors: tuple[str, ...] = ()
    title: str | None = None
    note: str = "original"
    lead: str | None = None
    """Replaces the first paragraph."""
    keep: int | None = None
    """Number of blocks kept from the beginning."""
    drop: tuple[int, ...] = ()
    insert: tuple[Insertion, ...] = ()
    replace: Mapping[str, str] = field(default_factory=dict)
    """House style: words as the outlet writes them."""
    merge: str | None = None
    """Slug of a second story, of which `merge_paragraphs` follow."""
    merge_paragraphs: tuple[int, ...] = ()
    tail: str | None = None
    """Which dirty tail follows the text (see `outlets/newsheap/tails.toml`)."""
    trick: str | None = None
    """How the page misbehaves on the wire: `flaky`, `redirect`, `charset`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One report, and where it was printed. `editions` are in order of time: the first one is the origin."""

    slug: str
    title: str
    language: str
    section: str
    tags: tuple[str, ...]
    description: str
    blocks: tuple[str, ...]
    """`## ` begins a heading, `- ` a list item; everything else is a paragraph."""
    editions: tuple[Edition, ...]
    wire: str | None = None


@cache
def stories() -> Mapping[str, Story]:
    """Every story by its slug, in alphabetical order."""
    read = (_story(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(STORIES.glob("*.toml")))
    return {story.slug: story for story in read}


def _story(table: dict[str, Any]) -> Story:
    editions = sorted((_edition(each) for each in table.pop("edition")), key=lambda edition: edition.at)
    return Story(blocks=blocks(table.pop("body")), tags=tuple(table.pop("tags")), editions=tuple(editions), **table)


def _edition(table: dict[str, Any]) -> Edition:
    lists: dict[str, Any] = {name: tuple(table.pop(name)) for name in LISTS if name in table}
    insert = tuple(Insertion(**each) for each in table.pop("insert", ()))
    return Edition(insert=insert, **lists, **table)


def blocks(body: str) -> tuple[str, ...]:
    """The blocks of a body: divided by blank lines, list items each on their own line."""
    parts = (part.strip() for part in body.strip().split("\n\n"))
    return tuple(line for part in parts for line in (part.split("\n") if part.startswith("- ") else [part]))
