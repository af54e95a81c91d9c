"""The HTML of an outlet's pages: values in, text out. What the markup looks like is in `outlets/<key>/`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from string import Template

from deployments.demo.edition import plain
from deployments.demo.furniture import bio, comments, labels, people, tail
from deployments.demo.items import Item, number, teaser
from deployments.demo.outlets import Outlet

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RIGHT_TO_LEFT = frozenset({"ar"})
RELATED = 4
MOST_READ = 5


def article(item: Item, siblings: Sequence[Item], *, source: str, source_name: str) -> str:
    """The article's page. `siblings` are the outlet's articles; `source` is where a copied story came from."""
    related = _related(item, siblings)
    inside, outside = tail(item, source=source, source_name=source_name)
    return item.outlet.templates["article"].substitute(
        _facts(item),
        **_dates(item.edition.at),
        **labels(item.story.language),
        json_ld=_json_ld(item),
        nav=_nav(item.outlet),
        body=_body(item, related),
        related=_cards(related[:RELATED], "related" if "related" in item.outlet.templates else "item"),
        most_read=_most_read(siblings),
        tags=" ".join(f'<a href="/tag/{_word(tag)}/">{escape(tag)}</a>' for tag in item.story.tags),
        bio=bio(item),
        comments=comments(item),
        comment_count=3,
        tail_inside=inside,
        tail_outside=outside,
    )


def front(outlet: Outlet, heading: str, listed: Sequence[Item], *, url: str, pager: str = "") -> str:
    """A page that lists articles."""
    return outlet.templates["front"].substitute(
        heading=escape(heading),
        url=escape(url),
        nav=_nav(outlet),
        items=_cards(listed, "item"),
        most_read=_most_read(listed),
        pager=pager,
    )


def picture(slug: str) -> str:
    """A small invented landscape: the article's photograph."""
    seed = zlib.crc32(slug.encode())
    hue, sun, hill = seed % 360, 200 + seed // 7 % 800, 330 + seed // 13 % 120
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" height="630">'
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl({hue} 45% 62%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + 40) % 360} 60% 88%)"/></linearGradient></defs>'
        '<rect width="1200" height="630" fill="url(#s)"/>'
        f'<circle cx="{sun}" cy="190" r="70" fill="hsl(45 90% 85%)"/>'
        f'<path d="M0 {hill}Q300 {hill - 150} 620 {hill}T1200 {hill - 60}V630H0Z" fill="hsl({hue} 30% 42%)"/>'
        f'<path d="M0 {hill + 120}Q420 {hill} 760 {hill + 110}T1200 {hill + 60}V630H0Z" fill="hsl({hue} 35% 26%)"/>'
        "</svg>"
    )


def _facts(item: Item) -> Mapping[str, str]:
    byline = " and ".join(item.edition.authors)
    language = item.story.language
    facts = {
        "title": item.title,
        "description": item.story.description,
        "url": item.url,
        "image": f"/images/{item.story.slug}.svg",
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "section": item.story.section,
        "section_slug": item.story.section.lower(),
        "byline": byline,
        "by_visible": f" by {byline}" if byline else "",
        "caption": f"{labels(language)['label_caption']}: {item.outlet.name}",
    }
    return {name: escape(text) for name, text in facts.items()}


def _dates(at: datetime) -> Mapping[str, str]:
    day = f"{at.day} {MONTHS[at.month - 1]} {at.year}"
    half = "am" if at.hour < 12 else "pm"
    return {
        "published_iso": at.isoformat(),
        "published_utc": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "published_long": f"{day}, {at:%H:%M}",
        "published_numeric": f"{at:%d.%m.%Y, %H:%M}",
        "published_visible": f"{WEEKDAYS[at.weekday()]} {day}, {(at.hour - 1) % 12 + 1}.{at:%M} {half}",
        "published_day": f"{MONTHS[at.month - 1]} {at.day}, {at.year}",
    }


def _body(item: Item, related: Sequence[Item]) -> str:
    dirty = item.outlet.tails.get(item.edition.tail or "")
    patterns = item.outlet.patterns[dirty.blocks if dirty else "blocks"]
    links = {
        "first_url": escape(related[0].url),
        "first_title": escape(related[0].title),
        "second_url": escape(related[1].url),
        "second_title": escape(related[1].title),
        **labels(item.story.language),
    }
    furniture = {insert.after: insert.html.substitute(links) for insert in item.outlet.inserts}
    shown = [
        html + "\n" + furniture.get(last, "") if last < len(item.blocks) else html
        for last, html in _marked_up(item.blocks, patterns)
    ]
    return "\n".join(shown)


def _marked_up(blocks: Sequence[str], patterns: Mapping[str, Template]) -> list[tuple[int, str]]:
    """Each block's HTML with its number from 1; list items that follow each other are one list with its last number."""
    numbered = enumerate(blocks, 1)
    out: list[tuple[int, str]] = []
    for is_list, group in groupby(numbered, key=lambda pair: pair[1].startswith("- ")):
        run = list(group)
        if is_list:
            entries = "\n".join(patterns["item"].substitute(text=escape(plain(text))) for _, text in run)
            out.append((run[-1][0], patterns["items"].substitute(items=entries)))
            continue
        out.extend((n, _one(n, text, patterns)) for n, text in run)
    return out


def _one(n: int, block: str, patterns: Mapping[str, Template]) -> str:
    kind = "heading" if block.startswith("## ") else "paragraph"
    return patterns[kind].substitute(
        text=escape(plain(block), quote=False), n=number(block) if kind == "heading" else n
    )


def _related(item: Item, siblings: Sequence[Item]) -> list[Item]:
    """The outlet's other articles, those in the same language first, beginning after the item itself."""
    at = siblings.index(item)
    others = [*siblings[at + 1 :], *siblings[:at]]
    return sorted(others, key=lambda other: other.story.language != item.story.language)


def _cards(listed: Sequence[Item], template: str) -> str:
    return "\n".join(
        item.outlet.templates[template]
        .substitute(_facts(item), **_dates(item.edition.at), teaser=escape(teaser(item)))
        .rstrip()
        for item in listed
    )


def _most_read(listed: Sequence[Item]) -> str:
    chosen = sorted(listed, key=lambda item: number(item.story.slug))[:MOST_READ]
    return "\n".join(f'<li><a href="{escape(item.url)}">{escape(item.title)}</a></li>' for item in chosen)


def _nav(outlet: Outlet) -> str:
    return "".join(f'<a href="/{name.lower()}/">{escape(name)}</a>' for name in outlet.sections)


def _word(tag: str) -> str:
    return escape("-".join(tag.lower().split()))


def _json_ld(item: Item) -> str:
    made = {"harbour": _full_json_ld, "kestrel": _graph_json_ld}.get(item.outlet.key)
    return json.dumps(made(item), ensure_ascii=False).replace("<", "\\u003c") if made else ""


def _full_json_ld(item: Item) -> object:
    base = item.url.removesuffix(item.path)
    persons = [{"@type": "Person", "name": name} for name in people(item)]
    desks = [{"@type": "Organization", "name": name} for name in item.edition.authors if name not in people(item)]
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.title,
        "description": item.story.description,
        "datePublished": item.edition.at.isoformat(),
        "dateModified": item.edition.at.isoformat(),
        "author": persons + desks,
        "publisher": {"@type": "NewsMediaOrganization", "name": item.outlet.name, "url": base},
        "image": [f"{base}/images/{item.story.slug}.svg"],
        "articleSection": item.story.section,
        "keywords": list(item.story.tags),
        "inLanguage": item.story.language,
        "isAccessibleForFree": True,
        "mainEntityOfPage": {"@type": "WebPage", "@id": item.url},
    }


def _graph_json_ld(item: Item) -> object:
    """What plug-ins write who know the page, but not its author."""
    base = item.url.removesuffix(item.path)
    return {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "@id": f"{base}/#site", "name": item.outlet.name, "url": base},
            {
                "@type": "NewsArticle",
                "headline": item.title,
                "datePublished": item.edition.at.astimezone(UTC).isoformat(),
                "isPartOf": {"@id": f"{base}/#site"},
            },
        ],
    }
