"""Links as feeds and pages write them, made whole."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_BLANK = re.compile("[\t\r\n\x00\ud800-\udfff]+")  # a lone surrogate comes from JSON's `\\ud800` and cannot be encoded


def resolve(base: str | None, href: str | None) -> str | None:
    """Return the absolute form of a link, or `None` for what is no link (empty, a fragment, broken)."""
    cleaned = _BLANK.sub("", href or "").strip()
    if not cleaned or cleaned.startswith("#"):
        return None
    try:
        joined = urljoin(base or "", cleaned)
        urlsplit(joined)
    except ValueError:
        return None
    return joined


def is_http(url: str) -> bool:
    """Return whether the URL is one that can be fetched."""
    return url[:8].lower().startswith(("http://", "https://"))


def host(url: str) -> str:
    """Return the URL's host in lower case without `www.`; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
