"""Every article of the web as a link and a card: the item that fronts, feeds, sitemaps and related lists show."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from deployments.demo.edition import headline, plain, printed
from deployments.demo.outlets import Outlet, outlets
from deployments.demo.story import Edition, Story, stories

Bases = Mapping[str, str]
"""Outlet key → the beginning of its URLs, without a slash at the end."""

TEASER_WORDS = 16
TEASER_SIGNS = 48  # of a language that writes without spaces


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One edition with its address."""

    outlet: Outlet
    story: Story
    edition: Edition
    path: str
    url: str
    title: str
    blocks: tuple[str, ...]

    @property
    def found_path(self) -> str:
        """The path that feeds and listings name; another than `path` when a redirect lies between."""
        return f"/go/{self.story.slug}/" if self.edition.trick == "redirect" else self.path


def items(bases: Bases) -> tuple[Item, ...]:
    """All articles of all outlets, the latest first."""
    every = (_item(story, edition, bases) for story in stories().values() for edition in story.editions)
    return tuple(sorted(every, key=lambda item: (item.edition.at, item.path), reverse=True))


def of_outlet(every: Iterable[Item], key: str) -> tuple[Item, ...]:
    """The items of one outlet, in the order given."""
    return tuple(item for item in every if item.outlet.key == key)


def origin(story: Story, bases: Bases) -> str:
    """The URL where the story was printed first."""
    return _item(story, story.editions[0], bases).url


def teaser(item: Item) -> str:
    """The first words of the article, cut off in the manner of content systems."""
    first = plain(item.blocks[0])
    words = first.split()
    if len(words) <= 3:
        return first[:TEASER_SIGNS] + "…"
    return " ".join(words[:TEASER_WORDS]).rstrip(".,;:") + "…"


def number(slug: str) -> int:
    """A content system's number for the story: stable, of four digits."""
    return zlib.crc32(slug.encode()) % 9000 + 1000


def _item(story: Story, edition: Edition, bases: Bases) -> Item:
    outlet = outlets()[edition.outlet]
    path = outlet.path.substitute(
        slug=story.slug,
        number=number(story.slug),
        language=story.language,
        section_slug=quote(story.section.lower()),
        year=f"{edition.at:%Y}",
        month=f"{edition.at:%m}",
        day=f"{edition.at:%d}",
    )
    return Item(
        outlet=outlet,
        story=story,
        edition=edition,
        path=path,
        url=bases[outlet.key] + path,
        title=headline(story, edition),
        blocks=printed(story, edition),
    )
