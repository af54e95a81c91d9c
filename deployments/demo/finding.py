"""Where an outlet's articles are named: RSS, Atom, sitemaps and robots.txt. Values in, bytes out."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from deployments.demo.items import Item, teaser

ROBOTS = {
    "harbour": "User-agent: *\nDisallow: /search\nDisallow: /newsletter/\n",
    "kestrel": "User-agent: *\nDisallow: /login/\nAllow: /\n\nSitemap: {base}/sitemap_index.xml.gz\n",
    "valley": "# written by hand, please be gentle\nUser-agent: *\nCrawl-delay: 0.1\nDisallow: /cgi-bin/\n",
    "continental": "User-agent: *\nDisallow: /search\nDisallow: /*?print=\n",
    "newsheap": "User-agent: *\nDisallow: /members/\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
}

Entry = tuple[str, str, datetime, str, str, tuple[str, ...]]
"""URL, title, instant, description, section, authors."""


def entries(listed: Iterable[Item], *, tracked: bool = False) -> list[Entry]:
    """The items as feed entries; `tracked` adds the tracking parameters that marketing asks for."""
    return [_entry(item, "?utm_source=feed&utm_medium=rss" if tracked else "") for item in listed]


def rss(name: str, base: str, listed: Sequence[Entry]) -> bytes:
    """An RSS 2.0 feed."""
    shown = "\n".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link>"
        f'<guid isPermaLink="false">{escape(_guid(url))}</guid><pubDate>{format_datetime(at)}</pubDate>'
        f"<category>{escape(section)}</category>{_creators(authors)}"
        f"<description>{escape(escape(description, quote=False))}</description></item>"
        for url, title, at, description, section, authors in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(name)}</title><link>{base}/</link><description>{escape(name)}</description>"
        f"<ttl>15</ttl>\n{shown}\n</channel></rss>\n"
    ).encode()


def atom(name: str, base: str, listed: Sequence[Entry]) -> bytes:
    """An Atom feed."""
    shown = "\n".join(
        f'<entry><id>{escape(url)}</id><title type="text">{escape(title)}</title>'
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/>'
        f"<published>{at.isoformat()}</published><updated>{at.isoformat()}</updated>"
        f'<summary type="text">{escape(description)}</summary><category term="{escape(section)}"/></entry>'
        for url, title, at, description, section, _ in listed
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<id>{base}/</id><title>{escape(name)}</title><link rel="self" href="{base}/atom.xml"/>'
        f"<updated>{listed[0][2].isoformat()}</updated>\n{shown}\n</feed>\n"
    ).encode()


def sitemap_index(base: str, paths: Sequence[str]) -> bytes:
    """A sitemap index, compressed."""
    shown = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)
    return _gz(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{shown}</sitemapindex>')


def sitemap(listed: Sequence[Item]) -> bytes:
    """A plain sitemap, compressed."""
    shown = "".join(
        f"<url><loc>{escape(item.url)}</loc><lastmod>{item.edition.at.isoformat()}</lastmod></url>" for item in listed
    )
    return _gz(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{shown}</urlset>')


def news_sitemap(listed: Sequence[Item]) -> bytes:
    """A Google News sitemap."""
    shown = "".join(
        f"<url><loc>{escape(item.url)}</loc><news:news><news:publication><news:name>{escape(item.outlet.name)}"
        f"</news:name><news:language>{item.story.language}</news:language></news:publication>"
        f"<news:publication_date>{item.edition.at.astimezone(UTC).isoformat()}</news:publication_date>"
        f"<news:title>{escape(item.title)}</news:title></news:news></url>\n"
        for item in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{shown}</urlset>\n'
    ).encode()


def robots(key: str, base: str) -> bytes:
    """The outlet's robots.txt."""
    return ROBOTS[key].format(base=base).encode()


def _entry(item: Item, query: str) -> Entry:
    url = item.url.removesuffix(item.path) + item.found_path + query
    return url, item.title, item.edition.at, teaser(item), item.story.section, item.edition.authors


def _guid(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def _creators(authors: Iterable[str]) -> str:
    return "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in authors)


def _gz(xml: str) -> bytes:
    return gzip.compress(f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode(), mtime=0)
