"""Builds the dirty page in every markup: a true story, then the tail an aggregator appends. All texts are our own."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A true body and the words of a tail in one language."""

    language: str
    title: str
    body: tuple[str, ...]
    source: str
    prompt: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One page: what it is called, its markup, and what must come out."""

    name: str
    page: bytes
    body: tuple[str, ...]
    tail: tuple[str, ...]


MARKUPS = ("plain", "headings", "linked_headings", "anonymous", "named", "after")


def cases(stories: tuple[Story, ...]) -> list[Case]:
    """Every story in every markup, inside and outside `<article>`, with and without links."""
    return [_case(*choice) for choice in product(stories, MARKUPS, ("article", "div"), (True, False))]


def _case(story: Story, markup: str, container: str, has_links: bool) -> Case:
    body = "\n".join(f"<p>{html.escape(text)}</p>" for text in story.body)
    tail = _TAILS[markup](story, has_links)
    inner = f"{body}\n{tail}" if markup != "after" else body
    behind = tail if markup == "after" else ""
    page = (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8"><title>{html.escape(story.title)}'
        f"</title></head><body><div><a href='/'>A</a> <a href='/b'>B</a> <a href='/c'>C</a></div>"
        f"<div><{container}><h1>{html.escape(story.title)}</h1>\n{inner}</{container}>{behind}</div>"
        f"<div><p>© 2024</p></div></body></html>"
    )
    lines = (story.source, story.prompt, *(text for pair in story.pairs for text in pair))
    name = f"{story.language}-{markup}-{container}-{'links' if has_links else 'bare'}"
    return Case(name=name, page=page.encode(), body=story.body, tail=lines)


def _link(text: str, has_links: bool) -> str:
    words = html.escape(text)
    return f'<a href="/{len(text)}/other-story">{words}</a>' if has_links else words


def _plain(story: Story, has_links: bool) -> str:
    lines = [f"<p>{_link(story.source, has_links)}</p>", f"<p>{html.escape(story.prompt)}</p>"]
    for headline, teaser in story.pairs:
        lines += [f"<p>{_link(headline, has_links)}</p>", f"<p>{html.escape(teaser)}</p>"]
    return "\n".join(lines)


def _headings(story: Story, has_links: bool) -> str:
    lines = [f"<p>{_link(story.source, has_links)}</p>", f"<h3>{html.escape(story.prompt)}</h3>"]
    for headline, teaser in story.pairs:
        lines += [f"<h3>{html.escape(headline)}</h3>", f"<p>{_link(teaser, has_links)}</p>"]
    return "\n".join(lines)


def _linked_headings(story: Story, has_links: bool) -> str:
    lines = [f"<p>{_link(story.source, has_links)}</p>", f"<h2>{html.escape(story.prompt)}</h2>"]
    for headline, teaser in story.pairs:
        lines += [f"<h3>{_link(headline, has_links)}</h3>", f"<p>{html.escape(teaser)}</p>"]
    return "\n".join(lines)


def _anonymous(story: Story, has_links: bool) -> str:
    lines = [f"<div>{_link(story.source, has_links)}</div>", f"<div>{html.escape(story.prompt)}</div>"]
    for headline, teaser in story.pairs:
        lines.append(f"<div><div>{_link(headline, has_links)}</div><div>{html.escape(teaser)}</div></div>")
    return "\n".join(lines)


def _named(story: Story, has_links: bool) -> str:
    items = "".join(
        f'<div class="post"><h4>{_link(headline, has_links)}</h4><p>{html.escape(teaser)}</p></div>'
        for headline, teaser in story.pairs
    )
    return (
        f"<p>{_link(story.source, has_links)}</p>"
        f'<div class="related-posts"><h3>{html.escape(story.prompt)}</h3>{items}</div>'
    )


def _after(story: Story, has_links: bool) -> str:
    return f"<div>{_linked_headings(story, has_links)}</div>"


_TAILS = {
    "plain": _plain,
    "headings": _headings,
    "linked_headings": _linked_headings,
    "anonymous": _anonymous,
    "named": _named,
    "after": _after,
}
