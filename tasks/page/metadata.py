"""What a page says about its article: opinions first, then agreement, each with its evidence.

    tree ──metadata_head──▶ Head ──json_ld.about──▶ nodes about this page
                              │
            titles · authors · page_dates · language      opinions of each kind
                              │
                          Metadata + evidence             the agreed values

JSON-LD is believed first, then `meta`, microdata, HTML, the address, and last the visible text near the title, which
is only read where the declarations are silent: that keeps the usual page under a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page import (
    authors,
    authors_bylines,
    json_ld,
    language,
    metadata_head,
    metadata_near,
    page_dates,
    page_dates_visible,
    titles,
)
from tasks.page.metadata_head import Head
from tasks.page.metadata_near import Line
from tasks.page.page_dates import DateOpinion
from tasks.records import Evidence

MAX_EVIDENCE = 300
SURE_BYLINE = 0.6
"""Confidence from which a visible byline outweighs a declared author that is the outlet itself, or a user's name."""
MAX_TAGS = 60
MAX_BODY = 200_000
"""Characters of JSON-LD's `articleBody` that are kept for comparison."""

AUTHOR_METAS = (
    "parsely-author", "sailthru.author", "cxenseparse:author", "mrf:authors", "article:author_name", "byl",
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "citation_author",
    "author.name", "vr:author", "lp.article:author", "twitter:data1",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What a page declares and shows about its article. A `None` means "not known"."""

    url: str | None = None
    """The page's own address, as given."""
    title: str | None = None
    titles: tuple[titles.Opinion, ...] = ()
    """Every version of the title, outlet names stripped."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_at_source: str | None = None
    """`json_ld`, `meta`, `microdata`, `time`, `url` or `text`, with `_day` appended when only the day is known."""
    is_day_only: bool = False
    published_offset_minutes: int | None = None
    """The outlet's own zone as minutes east of UTC, where the date was written with one."""
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    publisher: str | None = None
    license: str | None = None
    is_accessible_for_free: bool | None = None
    canonical_url: str | None = None
    og_url: str | None = None
    amp_url: str | None = None
    is_based_on_url: str | None = None
    source_organization: str | None = None
    """JSON-LD's `sourceOrganization` or `creditText`: where the piece came from, by its own account."""
    json_ld_article_body: str | None = None
    types: tuple[str, ...] = ()
    """Declared types of the objects about this page: `NewsArticle`, `LiveBlogPosting`, `VideoObject`, …"""
    og_type: str | None = None
    robots: tuple[str, ...] = ()
    """Contents of the robots meta elements, as they stand."""
    outlets: tuple[str, ...] = ()
    """Names that the page gives its outlet."""
    evidence: tuple[Evidence, ...] = ()


def read(tree: LexborHTMLParser, url: str | None, *, now: datetime | None = None) -> Metadata:
    """Return what the page says about its article; the tree is only read, and nothing raises."""
    moment = now or datetime.now(UTC)
    head = metadata_head.read(tree)
    h1s = tuple(text for text in map(titles.h1_text, head.h1s[:12]) if text)
    shown = (*h1s, *(head.meta(name) or "" for name in ("og:title", "twitter:title")), head.title or "")
    about = json_ld.about(head.nodes, url, shown)
    outlets = _outlets(head, about)
    names = titles.outlet_keys(outlets, url)
    versions = titles.opinions(head, about, names)
    title = titles.choose(versions, names)
    code, region = language.declared(head, about)
    code = code or language.agreed(None, " ".join((*shown, head.meta("description") or "")))
    around = _Around(tree, head.h1s, title[0].text if title else None)
    people, by = _authors(head, about, names, around)
    dates = _dates(head, about, url, around, code, region, moment)
    published, modified = _chosen_dates(dates, lambda: _shown_dates(head, around, code, region, moment))
    image, caption = _image(head, about, url)
    return Metadata(
        url=url,
        title=title[0].text if title else None,
        titles=versions,
        authors=people,
        published_at=published.moment.at if published else None,
        published_at_source=_source(published),
        is_day_only=published.moment.is_day_only if published else False,
        published_offset_minutes=published.moment.offset_minutes if published else None,
        modified_at=modified.moment.at if modified else None,
        language=code,
        section=_first(about, "articleSection") or head.meta("article:section", "parsely-section", "section"),
        tags=_tags(head, about),
        description=head.meta("og:description", "description", "twitter:description") or _first(about, "description"),
        image_url=image,
        image_caption=caption,
        publisher=_first(about, "publisher") or (outlets[0] if outlets else None),
        license=_first(about, "license") or _link(head, "license", url),
        is_accessible_for_free=_is_free(head, about),
        canonical_url=_link(head, "canonical", url),
        og_url=head.meta("og:url"),
        amp_url=_link(head, "amphtml", url),
        is_based_on_url=_based_on(about),
        source_organization=_first(about, "sourceOrganization") or _first(about, "creditText"),
        json_ld_article_body=_body(about),
        types=tuple(dict.fromkeys(name for node in about[:8] for name in json_ld.types(node))),
        og_type=head.meta("og:type"),
        robots=head.all("robots", "googlebot"),
        outlets=outlets,
        evidence=_evidence(title, by, published, modified),
    )


class _Around:
    """What stands around the title, read at most once and only when somebody asks."""

    __slots__ = ("_h1s", "_lines", "_title", "_tree")

    def __init__(self, tree: LexborHTMLParser, h1s: Sequence[LexborNode], title: str | None) -> None:
        self._tree = tree
        self._h1s = h1s
        self._title = title
        self._lines: tuple[Line, ...] | None = None

    def lines(self) -> tuple[Line, ...]:
        """The lines around the title."""
        if self._lines is None:
            self._lines = metadata_near.near(self._tree, _title_node(self._tree, self._h1s, self._title))
        return self._lines

    def story(self) -> LexborHTMLParser | LexborNode:
        """The `main` or `article` element that holds the title, else the whole page."""
        node = _title_node(self._tree, self._h1s, self._title)
        while node is not None and node.tag not in ("main", "article"):
            node = node.parent
        return node or self._tree


def _title_node(tree: LexborHTMLParser, h1s: Sequence[LexborNode], title: str | None) -> LexborNode | None:
    """The heading that shows the title, else the first one."""
    if title:
        node: LexborNode
        for node in (*h1s[:12], *(tree.css("h2,h3")[:40] if not h1s else ())):
            if titles.likeness(titles.h1_text(node) or "", title) > 0.6:
                return node
    return h1s[0] if h1s else None


def _outlets(head: Head, about: Sequence[json_ld.Node]) -> tuple[str, ...]:
    names = [head.meta("og:site_name"), _first(about, "publisher"), head.meta("application-name")]
    names += [
        json_ld.text(node.get("name"))
        for node in head.nodes
        if {"WebSite", "NewsMediaOrganization", "Organization"} & set(json_ld.types(node))
    ][:4]
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= 80))


def _authors(
    head: Head, about: Sequence[json_ld.Node], names: frozenset[str], around: _Around
) -> tuple[tuple[str, ...], Evidence | None]:
    """The first source that names people: JSON-LD, `meta`, what the reader sees; else the outlet or user named."""
    weak: tuple[tuple[str, ...], Evidence | None] = ((), None)
    for kind, raw, confidence in _declared_authors(head, about):
        people = authors.names(raw)
        others = tuple(name for name in people if not titles.is_outlet(name, names))
        if others and len(raw) == 1 and others[0] == people[0]:
            people = others  # "Ann Lee, The Daily Gull"
        if not people:
            continue
        note = _note("authors", "; ".join(people), kind, "; ".join(raw), confidence)
        if others and not all(map(authors.is_username, people)):
            return people, note
        weak = weak if weak[0] else (people, note)
    byline = authors_bylines.from_lines(around.lines()) or (
        None if weak[0] else authors_bylines.from_marks(around.story())
    )
    if byline is None or (weak[0] and (byline.confidence < SURE_BYLINE or authors.is_desk(byline.text))):
        return weak
    return byline.names, _note("authors", "; ".join(byline.names), "byline", byline.text, byline.confidence)


def _declared_authors(head: Head, about: Sequence[json_ld.Node]) -> Iterable[tuple[str, tuple[str, ...], float]]:
    for node in about[:4]:
        for key in ("author", "creator"):
            raw = json_ld.texts(node.get(key))
            if raw:
                yield "json_ld", raw, 0.9
    for name in AUTHOR_METAS:
        raw = head.metas.get(name, ())
        if raw and (name != "twitter:data1" or _labels_author(head)):
            yield "meta", raw, 0.8


def _labels_author(head: Head) -> bool:
    """Whether the first line of a Twitter card is the author; the label says so in the language of the page."""
    label = (head.meta("twitter:label1") or "").casefold()
    return authors.without_by(f"{label} x") == "x" or any(word in label for word in ("written", "écrit", "verfasst"))


def _dates(
    head: Head,
    about: Sequence[json_ld.Node],
    url: str | None,
    around: _Around,
    code: str | None,
    region: str | None,
    now: datetime,
) -> tuple[DateOpinion, ...]:
    """Declared dates; where they are silent, one visible place after the other until one speaks."""
    found = page_dates.opinions(head, about, url, (code, region), now)
    places: tuple[Callable[[], tuple[DateOpinion, ...]], ...] = (
        lambda: page_dates_visible.from_times(head.times, code, now),
        lambda: page_dates_visible.from_lines(around.lines(), code, region, now),
        lambda: page_dates_visible.from_marks(around.story(), code, region, now),
        lambda: page_dates_visible.from_state(head.scripts, now),
    )
    for place in places:
        if any(not opinion.is_modified and opinion.kind != "url" for opinion in found):
            break
        found = (*found, *place())
    return found


def _shown_dates(
    head: Head, around: _Around, code: str | None, region: str | None, now: datetime
) -> tuple[DateOpinion, ...]:
    return (
        *page_dates_visible.from_lines(around.lines(), code, region, now),
        *page_dates_visible.from_times(head.times, code, now)[:1],
    )


def _chosen_dates(
    dates: Sequence[DateOpinion], shown: Callable[[], tuple[DateOpinion, ...]]
) -> tuple[DateOpinion | None, DateOpinion | None]:
    published = page_dates.choose(dates)
    if published is None:
        published = page_dates.stand_in(dates)
        return published, page_dates.choose_modified(dates, published)
    if page_dates.is_build_time(published, dates):
        published = page_dates.earlier(published, shown())
    return published, page_dates.choose_modified(dates, published)


def _source(published: DateOpinion | None) -> str | None:
    if published is None:
        return None
    return f"{published.kind}_day" if published.moment.is_day_only else published.kind


def _first(about: Sequence[json_ld.Node], name: str) -> str | None:
    return next((text for text in (json_ld.text(node.get(name)) for node in about[:6] if name in node) if text), None)


def _tags(head: Head, about: Sequence[json_ld.Node]) -> tuple[str, ...]:
    found: list[str] = list(head.all("article:tag", "og:article:tag"))
    for node in about[:3]:
        for text in json_ld.texts(node.get("keywords")):
            found.extend(text.split(","))
    if not found:
        found = [
            tag
            for text in head.all("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
            for tag in text.split(",")
        ]
    tidy = (tag.strip() for tag in found)
    return tuple(dict.fromkeys(tag for tag in tidy if 1 < len(tag) <= 80))[:MAX_TAGS]


def _image(head: Head, about: Sequence[json_ld.Node], url: str | None) -> tuple[str | None, str | None]:
    image = head.meta("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
    caption = head.meta("og:image:alt", "twitter:image:alt")
    for node in about[:4]:
        value = node.get("image")
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            caption = json_ld.text(first.get("caption")) or caption
            first = first.get("url") or first.get("contentUrl") or first.get("@id")
        if image is None and isinstance(first, str):
            image = first
        if first:
            break
    return _absolute(image, url), caption


def _link(head: Head, rel: str, url: str | None) -> str | None:
    targets = head.links.get(rel)
    return _absolute(targets[0], url) if targets else None


def _absolute(target: str | None, url: str | None) -> str | None:
    if not target:
        return None
    if target.startswith(("https://", "http://")) and "///" not in target[:9]:
        return target
    try:
        full = urljoin(url, target) if url else target
    except ValueError:
        return None
    return full if full.startswith(("http://", "https://")) else None


def _is_free(head: Head, about: Sequence[json_ld.Node]) -> bool | None:
    for node in about[:4]:
        value = node.get("isAccessibleForFree")
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.rsplit("/", 1)[-1].casefold() in ("true", "false", "yes", "no"):
            return value.rsplit("/", 1)[-1].casefold() in ("true", "yes")
    tier = (head.meta("article:content_tier") or "").casefold()
    return {"free": True, "metered": False, "locked": False}.get(tier)


def _based_on(about: Sequence[json_ld.Node]) -> str | None:
    for node in about[:3]:
        value = node.get("isBasedOn") or node.get("isBasedOnUrl")
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            value = value.get("url") or value.get("@id")
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return None


def _body(about: Sequence[json_ld.Node]) -> str | None:
    bodies = (node.get("articleBody") for node in about[:4])
    return next((body[:MAX_BODY] for body in bodies if isinstance(body, str) and body.strip()), None)


def _note(field: str, value: str, kind: str, text: str, confidence: float) -> Evidence:
    return Evidence(field=field, value=value[:MAX_EVIDENCE], kind=kind, text=text[:MAX_EVIDENCE], confidence=confidence)


def _evidence(
    title: tuple[titles.Opinion, float] | None,
    by: Evidence | None,
    published: DateOpinion | None,
    modified: DateOpinion | None,
) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    if title:
        found.append(_note("title", title[0].text, title[0].kind, title[0].text, title[1]))
    if by:
        found.append(by)
    for field, opinion in (("published_at", published), ("modified_at", modified)):
        if opinion:
            value = opinion.moment.at.isoformat()
            found.append(_note(field, value, opinion.kind, opinion.text, opinion.confidence))
    return tuple(found)
