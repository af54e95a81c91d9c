"""What an outlet made of a story: the edits of an edition, applied as a chain of small functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from deployments.demo.story import Edition, Story, stories

Numbered = tuple[tuple[int, str], ...]
"""Blocks with their number in the story; what the outlet wrote itself has the number 0."""


def printed(story: Story, edition: Edition) -> tuple[str, ...]:
    """The blocks of the edition's text, `## ` and `- ` still in front of headings and list items."""
    start: Numbered = tuple(enumerate(story.blocks, 1))
    return tuple(text for _, text in reduce(lambda text, step: step(text, edition), STEPS, start))


def headline(story: Story, edition: Edition) -> str:
    """The edition's own title, or the story's."""
    return edition.title or story.title


def plain(block: str) -> str:
    """The block's words as a reader sees them."""
    return block.removeprefix("## ").removeprefix("- ")


def _keep(text: Numbered, edition: Edition) -> Numbered:
    return text[: edition.keep]


def _drop(text: Numbered, edition: Edition) -> Numbered:
    return tuple((number, block) for number, block in text if number not in edition.drop)


def _lead(text: Numbered, edition: Edition) -> Numbered:
    return ((0, edition.lead), *text[1:]) if edition.lead else text


def _replace(text: Numbered, edition: Edition) -> Numbered:
    return tuple((number, _reworded(block, edition.replace.items())) for number, block in text)


def _reworded(block: str, pairs: Iterable[tuple[str, str]]) -> str:
    return reduce(lambda words, pair: words.replace(*pair), pairs, block)


def _insert(text: Numbered, edition: Edition) -> Numbered:
    own = {insertion.after: insertion.text for insertion in edition.insert}
    return tuple(each for number, block in text for each in _followed((number, block), own.get(number)))


def _followed(block: tuple[int, str], own: str | None) -> Numbered:
    return (block, (0, own)) if own else (block,)


def _merge(text: Numbered, edition: Edition) -> Numbered:
    if edition.merge is None:
        return text
    other = stories()[edition.merge].blocks
    return (*text, *((0, other[number - 1]) for number in edition.merge_paragraphs))


STEPS: tuple[Callable[[Numbered, Edition], Numbered], ...] = (_keep, _drop, _replace, _insert, _lead, _merge)
"""`_insert` counts the story's own paragraphs, so it comes before `_lead` renumbers the first one."""
