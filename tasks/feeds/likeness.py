"""How much a link is like one to an article, by its text and its address alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LETTERS_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def headline(title: str) -> float:
    """Return how much a text is like a headline, by its length: from 0 at two words to 1 at six."""
    count = len(title.split())
    if _LETTERS_WITHOUT_SPACES.search(title):
        count = max(count, len(title) // 3)  # Chinese, Japanese, Korean and Thai: about three characters a word
    return min(max((count - 2) / 4, 0.0), 1.0)


_NOT_AN_ARTICLE = re.compile(
    r"/(?:tags?|topics?|themen?|categor(?:y|ies)|author|authors|autor|writer|section|sections|rubrik|search|suche|login|signin|"
    r"register|subscribe|abo|account|about|contact|kontakt|impressum|privacy|datenschutz|terms|cookies?|advertis\w+|jobs|"
    r"newsletters?|page/\d+|feed|rss|shop|help|faq|sitemap|archives?)(?:[/?#.]|$)",
    re.IGNORECASE,
)
"""Path parts of pages that are lists or service, by the defaults of WordPress, Drupal, Ghost and Joomla."""

_DATED = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[/-]|\d\d)", re.I
)
_NUMBERED = re.compile(r"\d{5,}|[-_/](?:a|art|article|story|id|news)?-?\d{4,}(?=[./?#-]|$)", re.IGNORECASE)
_NUMBER_IN_QUERY = re.compile(r"[?&](?:\w{0,20}id|p|a|art|article|news|story|nid)=\d{2,}", re.IGNORECASE)
_FILE = re.compile(r"\.(?:s?html?|php|aspx?|story|ece|cms|jsp)$", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[-_+]|%20")


_NOT_A_PAGE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|webp|svg|mp[34]|m4a|xml|rss|ics|epub)$", re.IGNORECASE
)


def is_list_or_service(url: str) -> bool:
    """Return whether the URL's path says that it is a list (a tag, an author), a service or a file, not an article."""
    path = urlsplit(url).path
    return _NOT_AN_ARTICLE.search(path) is not None or _NOT_A_PAGE.search(path) is not None


def address(url: str) -> float:
    """Return how much a URL is like an article's: a slug of words, a date, a number; 0 for lists and service pages."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.strip("/") and not parts.query:
        return 0.0
    if is_list_or_service(url):
        return 0.0
    words = len([word for word in _WORD_BREAK.split(path.rsplit("/", 1)[-1]) if len(word) > 1])
    score = {0: 0.0, 1: 0.0, 2: 0.2, 3: 0.6}.get(words, 1.0)
    if _DATED.search(path):
        score = max(score, 0.9)
    if _NUMBERED.search(path) or _NUMBER_IN_QUERY.search(f"?{parts.query}"):
        score = max(score, 0.8)
    return min(1.0, score + (0.2 if score and _FILE.search(path) else 0.0))


def shape(url: str) -> str:
    """Return a URL's form: words as `w`, slugs as `s`, numbers as `0`; articles of one site have few of them."""
    parts = urlsplit(url)
    segments = [_segment(segment) for segment in parts.path.strip("/").split("/")]
    return "/".join(segments) + ("?" if _NUMBER_IN_QUERY.search(f"?{parts.query}") else "")


def _segment(segment: str) -> str:
    stem = _FILE.sub("", segment)
    if stem.isdigit():
        return "0" * min(len(stem), 5)
    words = len(_WORD_BREAK.split(stem))
    kind = "s" if words >= 3 else "w"
    return kind + ("0" if re.search(r"\d{4,}", stem) else "") + ("." if stem != segment else "")
