"""Looking at an outlet from outside: where are its lists, and which of them makes the best source?

address ──▶ home page and robots.txt ──▶ places to look ──▶ the first few are read ──▶ a proposal in TOML
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.errand import Errand
from tasks.feeds import autodiscovery, markup
from tasks.feeds.found import FEEDS, SITEMAPS, Format, Found, Place, PlaceKind
from tasks.feeds.recognise import parse
from tasks.records import Failure, Page
from tasks.web import robots
from tasks.web.http import SITEMAP_LIMITS
from tasks.web.http_chain import origin_of
from tasks.web.lanes import Request

MOST_LISTS = 8
"""Lists read for a proposal: those a page names come first, so the rest are guesses; at one second each, patience."""


def prospect(url: str, errand: Errand, *, allow_private: bool = False) -> str | Failure:
    """Return the TOML to paste for the outlet at `url`, or why its address could not be read."""
    first = _visited([url], errand, allow_private)[0]
    if isinstance(first, Failure):
        return first
    found = _parsed(first)
    if found.format in FEEDS | SITEMAPS:
        return _with_rights(autodiscovery.propose(url, found, [(_itself(url, found), found)]), allow_private)
    page = autodiscovery.page(markup.text(first.body, _content_type(first)), first.final_url)
    places = autodiscovery.places(page, first.final_url, _sitemaps(first.final_url, errand))[:MOST_LISTS]
    answers = _visited([place.url for place in places], errand, allow_private)
    looked = [(place, _parsed(answer)) for place, answer in zip(places, answers, strict=True) if _is_page(answer)]
    return _with_rights(autodiscovery.propose(first.final_url, page, looked), allow_private)


def _visited(urls: Sequence[str], errand: Errand, allow_private: bool) -> list[Page | Failure]:
    """Return what came of each URL, in order."""
    requests = [Request(url=url, allow_private=allow_private, limits=SITEMAP_LIMITS) for url in urls]
    came = {result.request.url: result.outcome for result in errand.visit(requests)}
    return [outcome for url in urls if isinstance(outcome := came[url], Page | Failure)]


def _is_page(answer: Page | Failure) -> bool:
    return isinstance(answer, Page)


def _parsed(page: Page | Failure) -> Found:
    if isinstance(page, Failure):
        return Found(format=Format.EMPTY)
    return parse(page.body, page.final_url, source="", content_type=_content_type(page))


def _content_type(page: Page) -> str:
    return next((value for name, value in page.headers if name.lower() == "content-type"), "")


def _itself(url: str, found: Found) -> Place:
    return Place(url=url, kind=PlaceKind.FEED if found.format in FEEDS else PlaceKind.SITEMAP, found_in=url)


def _sitemaps(url: str, errand: Errand) -> Sequence[str]:
    entry = errand.memory.robots.get(origin_of(url))
    return robots.parse(entry.body).sitemaps if entry else ()


def _with_rights(proposal: str, allow_private: bool) -> str:
    """Return the proposal, which ends in one `[[source]]` table, allowing what the look at it was allowed."""
    return f"{proposal.rstrip()}\nallow_private = true\n" if allow_private else proposal
