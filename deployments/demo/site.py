"""Everything an outlet's server can answer, as a table: target → answer. Built once, from values alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deployments.demo import finding
from deployments.demo.items import Bases, Item, items, of_outlet, origin
from deployments.demo.outlets import Outlet, outlets
from deployments.demo.pages import article, front, picture
from deployments.demo.traps import TRAP_OUTLET, TRAPS_AT, traps

PRINTED_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""The demo's today: no article is later, and pages that are no articles were last changed then."""

NEWS_SITEMAP_SINCE = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)
"""Google's news sitemaps hold the articles of the last two days."""

XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One response. `first` is given instead to the first who asks, once per server."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    changed_at: datetime | None = PRINTED_AT
    """`None`: the server offers no validators."""
    first: Answer | None = None


Site = Mapping[str, Answer]
Answers = Iterator[tuple[str, Answer]]


def sites(bases: Bases) -> Mapping[str, Site]:
    """Each outlet's answers by target (path and, where it matters, query)."""
    every = items(bases)
    return {key: dict(_site(outlet, of_outlet(every, key), bases)) for key, outlet in outlets().items()}


def _site(outlet: Outlet, own: Sequence[Item], bases: Bases) -> Answers:
    base = bases[outlet.key]
    yield "/robots.txt", Answer(body=finding.robots(outlet.key, base), content_type="text/plain")
    yield "/assets/style.css", Answer(body=outlet.style.encode(), content_type="text/css")
    yield from _fronts(outlet, own, base)
    yield from _finding(outlet, own, base)
    for item in own:
        yield from _article(item, own, bases)
        yield (
            f"/images/{item.story.slug}.svg",
            Answer(body=picture(item.story.slug).encode(), content_type="image/svg+xml"),
        )
    if outlet.key == TRAP_OUTLET:
        yield from _traps()


def _article(item: Item, own: Sequence[Item], bases: Bases) -> Answers:
    first = item.story.editions[0]
    html = article(item, own, source=origin(item.story, bases), source_name=outlets()[first.outlet].name)
    answer = _html(item.outlet, html, item.edition.at)
    match item.edition.trick:
        case "flaky":
            later = Answer(body=b"busy\n", status=503, content_type="text/plain", headers=(("Retry-After", "1"),))
            yield item.path, replace(answer, first=later)
        case "charset":
            yield item.path, replace(answer, body=html.encode("windows-1252", "xmlcharrefreplace"))
        case "redirect":
            yield item.path, answer
            yield from _chain(item)
        case _:
            yield item.path, answer


def _chain(item: Item) -> Answers:
    """Three redirects of three kinds, the last one relative."""
    slug = item.story.slug
    yield item.found_path, _redirect(301, f"/r/{slug}?from=feed")
    yield f"/r/{slug}?from=feed", _redirect(302, f"/out.php?to={slug}")
    yield f"/out.php?to={slug}", _redirect(307, f"..{item.path}")


def _redirect(status: int, target: str) -> Answer:
    return Answer(status=status, headers=(("Location", target),), changed_at=None)


def _fronts(outlet: Outlet, own: Sequence[Item], base: str) -> Answers:
    for path, heading in outlet.fronts.items():
        listed = _listed(outlet, path, own)
        size = outlet.page_size or len(listed)
        for start in range(0, len(listed), size):
            page = start // size + 1
            target = path if page == 1 else f"{path}?page={page}"
            pager = _pager(path, page, has_more=start + size < len(listed))
            html = front(outlet, heading, listed[start : start + size], url=base + target, pager=pager)
            yield target, _html(outlet, html, PRINTED_AT)


def _listed(outlet: Outlet, path: str, own: Sequence[Item]) -> Sequence[Item]:
    """What a front shows: the articles below its path, or all where there are too few to make a page."""
    word = path.strip("/").rpartition("/")[2]
    below = [item for item in own if word in (item.story.language, item.story.section.lower())]
    return below if len(below) > 1 else own


def _pager(path: str, page: int, *, has_more: bool) -> str:
    newer = (
        f'<A HREF="{path if page == 2 else f"{path}?page={page - 1}"}">&laquo; Newer stories</A> ' if page > 1 else ""
    )
    older = f'<A HREF="{path}?page={page + 1}" REL="next">Older stories &raquo;</A>' if has_more else ""
    return newer + older


def _finding(outlet: Outlet, own: Sequence[Item], base: str) -> Answers:
    """Feeds and sitemaps, where the outlet has them."""
    match outlet.key:
        case "harbour":
            feed = finding.rss(outlet.name, base, finding.entries(own, tracked=True))
            yield "/feed.xml", Answer(body=feed, content_type="application/rss+xml; charset=utf-8")
        case "kestrel":
            month, news = "/sitemaps/2026-11.xml.gz", "/sitemaps/news.xml"
            recent = [item for item in own if item.edition.at >= NEWS_SITEMAP_SINCE]
            index = finding.sitemap_index(base, [news, month])
            yield "/sitemap_index.xml.gz", Answer(body=index, content_type="application/gzip")
            yield news, Answer(body=finding.news_sitemap(recent), content_type=XML)
            yield month, Answer(body=finding.sitemap(own), content_type="application/gzip")
        case "continental":
            feed = finding.atom(outlet.name, base, finding.entries(own))
            yield "/atom.xml", Answer(body=feed, content_type="application/atom+xml; charset=utf-8")
        case "newsheap":
            named = [(base + trap.path, trap.title, TRAPS_AT, trap.title, "Top", ("admin",)) for trap in traps()]
            feed = finding.rss(outlet.name, base, [*finding.entries(own), *named])
            yield "/feed/", Answer(body=feed, content_type="text/html; charset=utf-8")  # as such servers do


def _traps() -> Answers:
    for trap in traps():
        if trap.html is not None or trap.status != 200:
            yield trap.path, Answer(body=(trap.html or "Not here.\n").encode(), status=trap.status, changed_at=None)


def _html(outlet: Outlet, html: str, changed_at: datetime) -> Answer:
    return Answer(
        body=html.encode(outlet.charset, "xmlcharrefreplace"),
        content_type=f"text/html; charset={outlet.declared_charset}",
        changed_at=None if outlet.key == TRAP_OUTLET else changed_at,
    )
