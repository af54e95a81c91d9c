"""Links as feeds and pages write them, made whole.

`urls.resolve` answers for links that can be fetched. A list also holds others (`javascript:`, `mailto:`, links too long
to be genuine), and each must leave a trace: they come back as written, for `keep` to skip with a reason.
"""

from __future__ import annotations

import re

from tasks.web import urls

_BLANK = re.compile("[\t\r\n\x00\ud800-\udfff]+")  # a lone surrogate comes from JSON's `\ud800`; it cannot be encoded
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(base: str | None, href: str | None) -> str | None:
    """Return the absolute form of a link, or `None` for what is no link (empty, a fragment, broken)."""
    cleaned = _BLANK.sub("", href or "").strip()
    if not cleaned or cleaned.startswith("#"):
        return None
    resolved = urls.resolve(base or "", cleaned)
    if resolved is not None:
        return resolved
    return cleaned if _SCHEME.match(cleaned) and not _is_broken(cleaned) else None


def _is_broken(cleaned: str) -> bool:
    """Return whether it claims to be http and no parser can read it."""
    return cleaned[:5].lower().startswith(("http:", "https")) and len(cleaned) <= urls.MAX_LENGTH


def is_http(url: str) -> bool:
    """Return whether the URL is one that can be fetched, by its scheme."""
    return url[:8].lower().startswith(("http://", "https://"))


def host(url: str) -> str:
    """Return the URL's host without `www.`; empty when there is none."""
    return urls.host(url).removeprefix("www.")
