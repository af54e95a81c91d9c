"""Everything on a page that is not the article, read from `furniture.toml`."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from deployments.demo.items import Item

TEASERS_PER_TAIL = 6  # as on the page that started it all
COMMENTS_PER_PAGE = 3


@cache
def furniture() -> Mapping[str, Any]:
    """The tables `teaser`, `comment`, `people` and `labels`."""
    return tomllib.loads((Path(__file__).parent / "furniture.toml").read_text(encoding="utf-8"))


def people(item: Item) -> tuple[str, ...]:
    """Those in the byline who are persons: not desks, agencies, or `admin`."""
    return tuple(name for name in item.edition.authors if name in furniture()["people"])


def labels(language: str) -> Mapping[str, str]:
    """The outlet's own words in the page's language, ready for templates as `label_…`."""
    return {f"label_{name}": escape(text) for name, text in furniture()["labels"][language].items()}


def bio(item: Item) -> str:
    """What the outlet says about its reporter, or about itself."""
    known = [furniture()["people"][name] for name in people(item)]
    return escape(" ".join(known) or f"{item.outlet.name}: {item.outlet.tagline}.")


def comments(item: Item) -> str:
    """Some readers' comments, others on every page."""
    return "\n".join(
        f'<div class="comment"><b>{escape(each["name"])}</b>: {escape(each["text"])}</div>'
        for each in _some(item, furniture()["comment"], COMMENTS_PER_PAGE)
    )


def tail(item: Item, *, source: str, source_name: str) -> tuple[str, str]:
    """The dirty tail of a copied page: what stands inside the article's container, and what stands after it."""
    if item.edition.tail is None:
        return "", ""
    pattern = item.outlet.tails[item.edition.tail]
    entries = (
        pattern.entry.substitute(
            title=escape(each["title"]), teaser=escape(each["text"]), url=f"/{_slug(each['title'])}/"
        )
        for each in _some(item, furniture()["teaser"], TEASERS_PER_TAIL)
    )
    lead = pattern.lead.substitute(source=escape(source), source_name=escape(source_name))
    html = lead + "\n" + "\n".join(entries) + pattern.close
    return (html, "") if pattern.where == "inside" else ("", html)


def _some(item: Item, among: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    start = zlib.crc32(item.path.encode()) % len(among)
    return (among[start:] + among[:start])[:count]


def _slug(title: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in title.lower()).split()[:6])
