"""Listing pages: the article links of a front page, by the source's selector or by what repeats.

**Learned.** Observed on front pages: a template prints the same structure for each article, with another URL and
another headline; menus, footers and tag clouds repeat too, but their texts are one or two words and their URLs end in a
word, not in a slug, a date or a number. So links are grouped by structural signature, and a group is judged as a whole
by the shares of its links that read like headlines, whose URLs look like articles, that are headings, and that have a
date in their card. One odd headline ("War") does not lose its group, and one long menu entry does not save its.

A single lead story has a template of its own: it is taken when its URL has the shape of those in the chosen groups.
"Most read" and sponsored lists point to old or paid articles: they count only when nothing else was found.

Between two visits the news changes and the furniture does not: with the previous visit's body, groups with new links
rise and groups without fall.

Known to fail: pages that build their list by script; fronts of one-word headlines with URLs such as `/12345`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import SelectolaxError

from tasks.feeds import links, markup
from tasks.feeds.anchors import Link, anchors, title_of
from tasks.feeds.found import Format, Found, Place, PlaceKind
from tasks.feeds.likeness import address, headline, is_list_or_service, shape
from tasks.feeds.tree import text_of, tree
from tasks.records import Candidate, Source
from tasks.web import urls

MOST_CHOSEN = 1_000
"""Links taken from one page. Archives of a month list about 600."""

ENOUGH = 0.5
"""Quality from which a group is taken. On the pages of the tests, menus reach 0.3 and article lists begin at 0.6."""

FEWEST = 3
"""Links that make a repeated block. Two may be chance."""


def listing(html: str, url: str, source: Source, *, previous: str | None = None) -> Found:
    """Return the article links of a page: those its source's selector names, or else the learned ones."""
    if source.link_selector:
        return selected(html, url, source.link_selector, source.name)
    return learned(html, url, source.name, previous=previous)


# -- selected -----------------------------------------------------------------------------------------------------


def selected(html: str, url: str, selector: str, source: str = "") -> Found:
    """Return the links that a CSS selector (or an XPath, beginning with `/` or `(`) names, with their hints."""
    around = {urls.canonical(link.url): link for link in anchors(html, url)}
    try:
        named = _by_xpath(html, selector) if selector.lstrip()[:1] in ("/", "(") else _by_css(html, selector)
    except ValueError as error:
        return Found(format=Format.HTML, problems=(f"link_selector {selector!r}: {error}",))
    chosen: dict[str, Link] = {}
    for href, title in named[:MOST_CHOSEN]:
        link = urls.resolve(url, href.strip())
        known = around.get(urls.canonical(link)) if link else None
        if link is not None and urls.canonical(link) not in chosen:
            chosen[urls.canonical(link)] = _chosen(link, markup.words(title), known, len(chosen))
    found = _found(chosen.values(), url, source, tuple(_next_pages(html, url)))
    if not chosen:
        return Found(format=Format.HTML, problems=(f"link_selector {selector!r} names no link",))
    return found


def _chosen(url: str, title: str | None, known: Link | None, position: int) -> Link:
    best = known.title if known is not None and len(known.title) > len(title or "") else title
    return Link(
        url=url,
        title=best or "",
        is_text=True,
        signature=(),
        is_heading=False,
        is_navigation=False,
        is_side=False,
        position=position,
        published_at=known.published_at if known else None,
        section=known.section if known else None,
    )


def _by_css(html: str, selector: str) -> list[tuple[str, str]]:
    try:
        nodes = tree(html).css(selector)
    except SelectolaxError as error:
        raise ValueError("it is not a CSS selector") from error
    found: list[tuple[str, str]] = []
    for node in nodes[:MOST_CHOSEN]:
        holders = [node] if node.attributes.get("href") else node.css("a[href]")[:FEWEST]
        found += [(holder.attributes.get("href") or "", title_of(holder)[0] or text_of(node)) for holder in holders]
    return found


def _by_xpath(html: str, selector: str) -> list[tuple[str, str]]:
    from tasks.feeds.xpath import xpath  # lxml takes 50 ms to import, and few sources need it

    return xpath(html, selector)


# -- learned ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Links that one piece of template printed, and how much they are like articles, from 0 to 1."""

    links: tuple[Link, ...]
    quality: float
    is_side: bool


def learned(html: str, url: str, source: str = "", *, previous: str | None = None) -> Found:
    """Return the links of the blocks that repeat like articles, in the page's order."""
    site = urls.site(url)
    every = [link for link in anchors(html, url) if urls.site(link.url) == site]
    before = frozenset(urls.canonical(link.url) for link in anchors(previous, url)) if previous else None
    groups = grouped(every, before)
    good = [group for group in groups if group.quality >= ENOUGH and len(group.links) >= FEWEST]
    main = [group for group in good if not group.is_side] or good
    chosen = {link.url: link for group in main for link in group.links if is_plausible(link)}
    shapes = {shape(link.url) for link in chosen.values()}
    lone = (link for group in groups if len(group.links) < FEWEST and not group.is_side for link in group.links)
    for link in lone:
        if headline(link.title) >= ENOUGH and shape(link.url) in shapes:
            chosen.setdefault(link.url, link)
    following = list(_next_pages(html, url))
    return _found(sorted(chosen.values(), key=lambda link: link.position)[:MOST_CHOSEN], url, source, following)


def grouped(every: Sequence[Link], before: frozenset[str] | None = None) -> list[Group]:
    """Return the links grouped by signature, best group first; `before` are the canonical links of the last visit."""
    by_signature: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in every:
        if not link.is_navigation and (headline(link.title) or address(link.url)):
            by_signature[link.signature].append(link)
    if before is not None and all(urls.canonical(link.url) in before for link in every):
        before = None  # nothing new anywhere: that tells no group from another
    groups = [
        Group(links=tuple(members), quality=_quality(members, before), is_side=_share(members, "is_side") > 0.5)
        for members in by_signature.values()
    ]
    return sorted(groups, key=lambda group: (group.is_side, -group.quality))


_HEADLINE_WEIGHT, _ADDRESS_WEIGHT, _HEADING_WEIGHT, _TIME_WEIGHT = 0.45, 0.35, 0.1, 0.2
"""Text and address decide; headings and times are often missing, so they only help (menus have no times)."""

_CHANGE = 0.3
"""How far a group rises or falls for what changed since the last visit: a doubtful 0.2 is enough with news, and a clear
0.8 stays enough without."""


def _quality(members: Sequence[Link], before: frozenset[str] | None) -> float:
    count = len(members)
    quality = (
        _HEADLINE_WEIGHT * sum(headline(link.title) for link in members) / count
        + _ADDRESS_WEIGHT * sum(address(link.url) for link in members) / count
        + _HEADING_WEIGHT * _share(members, "is_heading")
        + _TIME_WEIGHT * sum(link.published_at is not None for link in members) / count
    )
    if before is None:
        return quality
    has_news = any(urls.canonical(link.url) not in before for link in members)
    return quality + (_CHANGE if has_news else -_CHANGE)


def _share(members: Sequence[Link], flag: str) -> float:
    return sum(bool(getattr(link, flag)) for link in members) / len(members)


def is_plausible(link: Link) -> bool:
    """Return whether a link of a chosen group may stay: no list or service page among the articles."""
    return not is_list_or_service(link.url) and bool(link.title or address(link.url) >= 0.6)


# -- the result ---------------------------------------------------------------------------------------------------


def _next_pages(html: str, url: str) -> Iterable[Place]:
    for node in tree(html).css("link[rel~=next i],a[rel~=next i]")[:1]:  # old markup shouts: REL="next", rel="NEXT"
        href = urls.resolve(url, node.attributes.get("href") or "")
        if href and urls.site(href) == urls.site(url) and href != url:
            yield Place(url=href, kind=PlaceKind.PAGE, found_in=url)


def _found(chosen: Iterable[Link], url: str, source: str, places: Sequence[Place] = ()) -> Found:
    candidates = tuple(
        Candidate(
            url=link.url,
            source=source,
            found_in=url,
            title=link.title or None,
            published_at=link.published_at,
            section=link.section,
        )
        for link in chosen
        if links.is_http(link.url)
    )
    return Found(format=Format.HTML, candidates=candidates, places=tuple(places), entry_count=len(candidates))
