"""Which URL an article goes by: the page's own, or one that the page declares.

    page URL, rel=canonical, og:url, JSON-LD ──preferred──▶ Preferred(url, why, refused)

Design note. A declared URL is taken only if it can be the same article, because a wrong one is worse than none: when a
template declares the home page on every page, all articles of a site become one. Seen often enough to have a name each
(`Lie`): home pages, section fronts, error pages, staging hosts, unfilled placeholders, the canonical of another
article left in a cache, a URL that drops the query that chose the article. A declaration that points to another site
is no lie, but says where a *copy* comes from: it is refused here, so that the copy stays an article of its own, and
listed, so that metadata can use it as evidence of the origin.

Variants resolve to the main URL only when it is declared. A page that came through an AMP cache has the publisher's
URL, which is written in the cache's. A main page that declares its AMP or mobile variant has it the wrong way round.

What makes two URLs "another article": both carry an id (five digits or more, not a date) and share none, or both carry
a headline (three words or more in one segment) and share less than a fifth of the words and no id. Either alone is
weak, and a page's short link shares nothing with its headline URL: without contrary evidence the declaration holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from tasks.web.urls import canonical, is_http, resolve, site


class Why(StrEnum):
    """Where the article's URL was read."""

    REL_CANONICAL = "rel_canonical"
    OG_URL = "og_url"
    JSON_LD = "json_ld"
    AMP_CACHE = "amp_cache"
    PAGE = "page"


class Lie(StrEnum):
    """Why a declared URL is not this article's."""

    NOT_HTTP = "not_http"
    PLACEHOLDER = "placeholder"
    OTHER_SITE = "other_site"
    INTERNAL_HOST = "internal_host"
    HOME_PAGE = "home_page"
    ERROR_PAGE = "error_page"
    SECTION_FRONT = "section_front"
    VARIANT = "variant_of_main_page"
    LOST_QUERY = "drops_the_query_that_chooses"
    OTHER_ARTICLE = "other_article"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferred:
    """The URL that an article goes by, in its canonical spelling."""

    url: str
    why: Why
    refused: tuple[tuple[Why, str, Lie], ...] = ()
    """Declarations that were not believed: where, the absolute URL as far as there is one, and the reason."""


_HOME = re.compile(r"(?:/(?:index|home|default|main)(?:\.\w{2,5})?|/[a-z]{2}(?:[-_][a-z]{2})?)?/?", re.IGNORECASE)
"""`/`, `/index.html`, `/home`, `/en`, `/en-gb/`."""
_ERROR = re.compile(
    r"/(?:40[34]|50\d|error\w*|not-?found|page-?not-?found|log-?in|sign-?in|sso|auth|consent|captcha)(?:\.\w{2,5})?/?",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\[\[|<%|\$\{|/(?:undefined|null|none|nan)/?$|//(?:www\.)?(?:example\.(?:com|org|net)|domain\.com)\b",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"(?:amp(?:\.html?)?|print|printable|full|all|single|comments?|gallery|photos?|video|share|embed|mobile|m|page|"
    r"index\.\w{2,5}|\d{1,3}|p\d{1,3}|page-\d{1,3})",
    re.IGNORECASE,
)
"""Last segments that show the same article in another way, or a further part of it."""
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|do|cfm|pl)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp(?:/|$)|\.amp(?:\.html?)?$|/amp\.html?$", re.IGNORECASE)
_AMP_QUERY = re.compile(
    r"(?:^|&)(?:amp(?:=(?:1|true|yes|))?|(?:output(?:type)?|view)=amp(?:-type)?)(?:&|$)", re.IGNORECASE
)
_CACHES = (
    # developers.google.com/amp/cache/overview: a letter for the kind of content, `s` for https, then the publisher's
    # URL without its scheme; the viewer of Google's result pages has `amp` instead of the letter.
    (re.compile(r"(?:[a-z0-9-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)"), re.compile(r"/[a-z](?:/s)?/(?=[^/]+\.)")),
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), re.compile(r"/amp(?:/s)?/(?=[^/]+\.)")),
)
_ID = re.compile(r"\d{5,}")
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?:\d{4}|\d{6})?")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MIN_WORDS = 3
"""Words of a segment that make it a headline; names of sections rarely have more than two."""
_MIN_SHARED = 0.2
"""Share of common words below which two headlines are not one that was edited."""


def preferred(
    page_url: str | None,
    *,
    rel_canonical: str | None = None,
    og_url: str | None = None,
    json_ld_url: str | None = None,
) -> Preferred:
    """Return the URL that the article at `page_url` (after redirects) goes by; declared URLs may be relative.

    Without a page's URL the declared ones are only judged by themselves, and the answer may be empty.
    """
    origin = amp_origin(page_url or "")
    page = canonical(origin or page_url or "")
    refused: list[tuple[Why, str, Lie]] = []
    declared = ((Why.REL_CANONICAL, rel_canonical), (Why.OG_URL, og_url), (Why.JSON_LD, json_ld_url))
    for why, text in declared:
        if not text or not text.strip():
            continue
        url = canonical(resolve(page, text) or text)
        found = lie(page, url)
        if found is None:
            return Preferred(url=url, why=why, refused=tuple(refused))
        refused.append((why, url, found))
    return Preferred(url=page, why=Why.AMP_CACHE if origin else Why.PAGE, refused=tuple(refused))


def lie(page: str, declared: str) -> Lie | None:
    """Return why the URL `declared` cannot be that of the article at `page`, or `None` if it can."""
    page, declared = canonical(page), canonical(declared)
    if _PLACEHOLDER.search(unquote(declared)):
        return Lie.PLACEHOLDER
    if not is_http(declared):
        return Lie.NOT_HTTP
    if declared == page:
        return None
    if is_http(page) and site(declared) != site(page):
        return Lie.OTHER_SITE
    here, there = urlsplit(page if is_http(page) else ""), urlsplit(declared)
    return next((name for name, is_so in _LIES if is_so(here, there)), None)


def amp_origin(url: str) -> str | None:
    """Return the publisher's URL that the URL of an AMP cache or viewer holds, or `None` for any other URL."""
    spelled = canonical(url)
    if not is_http(spelled):
        return None
    parts = urlsplit(spelled)
    for hosts, prefixes in _CACHES:
        prefix = prefixes.match(parts.path)
        if prefix is not None and hosts.fullmatch(parts.hostname or ""):
            scheme = "https" if prefix[0].endswith("/s/") else "http"
            query = f"?{parts.query}" if parts.query else ""
            found = canonical(f"{scheme}://{parts.path[prefix.end() :]}{query}")
            return found if is_http(found) else None
    return None


def is_amp(url: str) -> bool:
    """Return whether a URL looks like the AMP variant of an article."""
    parts = urlsplit(canonical(url) if is_http(url) else "")
    return "amp" in _labels(parts) or bool(_AMP_PATH.search(parts.path) or _AMP_QUERY.search(parts.query))


def is_mobile(url: str) -> bool:
    """Return whether a URL is on the mobile host of its site."""
    labels = _labels(urlsplit(canonical(url) if is_http(url) else ""))
    return bool(labels) and labels[0] in _words("mobile_label")


@cache
def _words(kind: str) -> frozenset[str]:
    table = Path(__file__).with_name("declared.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next(frozenset(words.split()) for name, words, _ in rows if name == kind)


def _labels(parts: SplitResult) -> list[str]:
    """Return the labels of the host in front of its site."""
    name, domain = parts.hostname or "", site(parts.geturl())
    return name.removesuffix(domain).strip(".").split(".") if name != domain else []


def _is_internal(here: SplitResult, there: SplitResult) -> bool:
    internal = _words("internal_label")
    return not internal.isdisjoint(_labels(there)) and internal.isdisjoint(_labels(here))


def _is_home(here: SplitResult, there: SplitResult) -> bool:
    return _is_front(there) and not _is_front(here)


def _is_front(parts: SplitResult) -> bool:
    return bool(parts.hostname) and not parts.query and bool(_HOME.fullmatch(parts.path))


def _is_error(here: SplitResult, there: SplitResult) -> bool:
    return bool(_ERROR.fullmatch(there.path)) and not _same_path(here, there)


def _is_variant(here: SplitResult, there: SplitResult) -> bool:
    page, declared = here.geturl(), there.geturl()
    if not page or is_amp(page):
        return False
    return is_amp(declared) or (is_mobile(declared) and not is_mobile(page))


def _is_section(here: SplitResult, there: SplitResult) -> bool:
    """Return whether the declared path is a folder above the page's (beyond a mere view of it), or any other front."""
    page, declared = _segments(here), _segments(there)
    if there.query or not page or _names_article(declared):
        return False
    while len(page) > len(declared) and _VIEW.fullmatch(page[-1]):
        page.pop()
    if len(declared) < len(page) and page[: len(declared)] == declared:
        return True
    return (
        _names_article(page) and _is_plain(declared) and not _headline(here) & set(_WORD.findall(declared[-1].lower()))
    )


def _is_plain(segments: list[str]) -> bool:
    """Return whether a path looks like a section's: at most two segments, words only, the last one or two words."""
    return 0 < len(segments) <= 2 and not any(char.isdigit() for char in "".join(segments))


def _loses_query(here: SplitResult, there: SplitResult) -> bool:
    if not _same_path(here, there):
        return False
    kept = set(there.query.split("&"))
    return any(piece not in kept and _chooses(piece, here.path) for piece in here.query.split("&"))


def _chooses(piece: str, path: str) -> bool:
    """Return whether a piece of a query chooses the article: by its name, or as a number given to a script."""
    name, _, value = piece.partition("=")
    if name.lower() in _words("identity_key"):
        return True
    return bool(_SCRIPT.search(path)) and value.isdigit() and name.lower() not in _words("view_key")


def _is_other_article(here: SplitResult, there: SplitResult) -> bool:
    ids, other_ids = set(_ids(here)), set(_ids(there))
    if ids & other_ids:
        return False
    words, other_words = _headline(here), _headline(there)
    if words and other_words:
        return len(words & other_words) < _MIN_SHARED * len(words | other_words)
    return bool(ids and other_ids)


_LIES = (
    (Lie.INTERNAL_HOST, _is_internal),
    (Lie.HOME_PAGE, _is_home),
    (Lie.ERROR_PAGE, _is_error),
    (Lie.VARIANT, _is_variant),
    (Lie.LOST_QUERY, _loses_query),
    (Lie.SECTION_FRONT, _is_section),
    (Lie.OTHER_ARTICLE, _is_other_article),
)


def _same_path(here: SplitResult, there: SplitResult) -> bool:
    return here.path.rstrip("/") == there.path.rstrip("/")


def _segments(parts: SplitResult) -> list[str]:
    return [segment for segment in parts.path.split("/") if segment]


def _ids(parts: SplitResult) -> Iterator[str]:
    text = f"{parts.path}?{parts.query}"
    yield from (digits for digits in _ID.findall(text) if not _DATE.fullmatch(digits))


def _headline(parts: SplitResult) -> frozenset[str]:
    """Return the words of the segment that holds most of them; empty when none holds enough."""
    words = [frozenset(_WORD.findall(unquote(segment).lower())) for segment in _segments(parts)]
    longest = max(words, key=len, default=frozenset())
    return longest if len(longest) >= _MIN_WORDS else frozenset()


def _names_article(segments: list[str]) -> bool:
    """Return whether the last segment could name an article: by an id, or by a headline."""
    last = unquote(segments[-1]) if segments else ""
    return bool(_ID.search(last)) or len(_WORD.findall(last)) >= _MIN_WORDS
