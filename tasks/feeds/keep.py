"""Which of the found links become candidates, and why the others do not.

A rule decides, in this order: a link that cannot be fetched, one too long to be an article's, an advertisement, one on
another outlet's site, one that the source's own rules exclude, one found twice (which is silent: it is the same page).

**Which site is the source's?** A feed may live elsewhere than its outlet (`feeds.example.net`, FeedBurner), so the
address of the list is only one opinion. The others are the outlet that the source names, the feed's own `link`, and the
site of most of its entries: more than half are believed, since sold slots are a small minority in their feed. An
aggregator, whose links point to everybody's sites, has no majority; it needs `allow_other_hosts`, and until then its
links are counted as `other_site`. A sitemap may list its own site only (sitemaps.org), so its entries have no vote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from tasks.feeds import links
from tasks.feeds.found import Skipped
from tasks.feeds.rules import rule
from tasks.records import Candidate, Kind, Skip, Source
from tasks.web import urls

LONGEST_URL = urls.MAX_LENGTH
"""Characters."""

AD_HOSTS = frozenset(
    {
        "doubleclick.net",
        "googleadservices.com",
        "googlesyndication.com",
        "adservice.google.com",
        "2mdn.net",
        "da.feedsportal.com",
        "pheedo.com",
        "pheedcontent.com",
        "adnxs.com",
        "adsrvr.org",
        "adform.net",
        "advertising.com",
        "amazon-adsystem.com",
        "criteo.com",
        "outbrain.com",
        "taboola.com",
        "revcontent.com",
        "mgid.com",
        "zergnet.com",
        "plista.com",
        "ligatus.com",
        "smartadserver.com",
        "teads.tv",
        "zedo.com",
        "awin1.com",
        "shareasale.com",
        "anrdoezrs.net",
        "dpbolvw.net",
        "jdoqocy.com",
        "kqzyfj.com",
        "tkqlhce.com",
        "linksynergy.com",
        "go.redirectingat.com",
        "go.skimresources.com",
        "viglink.com",
    }
)
"""Hosts that serve, sell or count advertisements: IAB Tech Lab's sellers, the affiliate networks' own documentation
(CJ, Rakuten, Awin, ShareASale, Skimlinks), and the feed advertising services of 2005–2014, whose links still stand in
old feeds (Pheedo; Mediafed's `da.feedsportal.com`, whose sister hosts carried articles)."""

AD_PATTERN = re.compile(
    r"[?&]utm_(?:medium|source|campaign)=[^&#]*(?:sponsor|advertorial|paid[-_]?content|native[-_]?ad)"
    r"|/(?:sponsored|sponsored-content|advertorials?|paid-content|partner-content|paidpost|anzeige|publirreportaje)(?:[/?#]|$)"
    r"|^https?://(?:ads?|adserver|adclick|sponsored)\d?\.",
    re.IGNORECASE,
)
"""Words in a URL by which publishers label what they were paid for (FTC and ASA rules ask for such labels; these forms
of them were seen in paths and campaign parameters in several languages)."""

SOCIAL_SITES = frozenset(
    {
        "facebook.com",
        "twitter.com",
        "x.com",
        "instagram.com",
        "linkedin.com",
        "pinterest.com",
        "reddit.com",
        "whatsapp.com",
        "t.me",
        "youtube.com",
        "tiktok.com",
        "threads.net",
        "bsky.app",
        "wa.me",
        "youtu.be",
        "telegram.me",
        "vk.com",
    }
)
"""Sites that no outlet's own articles are on; they have no vote on which site is the source's."""

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_HOME_PATHS = frozenset({"", "/"})

_FEED_SERVICES = frozenset(
    {
        "feeds.feedburner.com",
        "feeds2.feedburner.com",
        "feedproxy.google.com",
        "feeds.feedblitz.com",
        "feedpress.me",
        "rss.app",
    }
)
"""Services that carry the feeds of many outlets: their address says nothing about whose it is."""


def keep(
    candidates: Sequence[Candidate], source: Source, link: str | None = None
) -> tuple[tuple[Candidate, ...], tuple[Skipped, ...]]:
    """Return the candidates to fetch, in order, and the others with their reasons; `link` is what the feed links to."""
    own_sites = sites(candidates, source, link)
    kept: dict[str, Candidate] = {}
    skipped: list[Skipped] = []
    for candidate in candidates:
        reason = why_not(candidate.url, source, own_sites)
        if reason is not None:
            skipped.append(Skipped(url=candidate.url[:LONGEST_URL], reason=reason))
            continue
        key = urls.canonical(candidate.url)
        kept[key] = _fuller(kept[key], candidate) if key in kept else candidate
    return tuple(kept.values()), tuple(skipped)


def why_not(url: str, source: Source, own_sites: frozenset[str]) -> Skip | None:
    """Return why a link is not a candidate of the source; `None` when it is one."""
    if not links.is_http(url) or not links.host(url):
        return Skip.NOT_HTTP
    if len(url) > LONGEST_URL:
        return Skip.TOO_LONG
    if is_advertisement(url):
        return Skip.ADVERTISEMENT
    if own_sites and urls.site(url) not in own_sites:
        return Skip.OTHER_SITE
    if source.include and not any(rule(pattern).search(url) for pattern in source.include):
        return Skip.EXCLUDED
    if any(rule(pattern).search(url) for pattern in source.exclude):
        return Skip.EXCLUDED
    return None


def is_advertisement(url: str) -> bool:
    """Return whether the URL is an advertising service's, or labelled as paid for."""
    host = links.host(url)
    parents = (host.split(".", skip)[-1] for skip in range(host.count(".")))
    return any(parent in AD_HOSTS for parent in parents) or AD_PATTERN.search(url) is not None


def sites(candidates: Iterable[Candidate], source: Source, link: str | None = None) -> frozenset[str]:
    """Return the sites whose links are the source's own; an empty set means every site."""
    if source.allow_other_hosts or source.kind in (Kind.URLS, Kind.WARC, Kind.FOLDER):
        return frozenset()
    outlet = f"https://{source.outlet}" if source.outlet and _HOST.fullmatch(source.outlet) else ""
    named = (url for url in (source.location, outlet, link or "") if links.is_http(url))
    own = {urls.site(url) for url in named if links.host(url) not in _FEED_SERVICES} - SOCIAL_SITES
    votes = Counter(urls.site(candidate.url) for candidate in candidates if _votes(candidate.url))
    if source.kind is Kind.FEED and votes:
        site, count = votes.most_common(1)[0]
        if count * 2 > votes.total():
            own.add(site)
    return frozenset(own) or frozenset({urls.site(source.location)})


def _votes(url: str) -> bool:
    if not links.is_http(url) or len(url) > LONGEST_URL or is_advertisement(url) or urls.site(url) in SOCIAL_SITES:
        return False
    return urlsplit(url).path not in _HOME_PATHS


def _fuller(first: Candidate, second: Candidate) -> Candidate:
    """Return the one of two finds of a page that says more, the first when they say as much."""

    def said(candidate: Candidate) -> int:
        return sum(value is not None for value in (candidate.title, candidate.published_at, candidate.modified_at))

    return second if said(second) > said(first) else first
