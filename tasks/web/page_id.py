"""The name of a stored response: when it came, and a digest of what it was. The same on every machine."""

from __future__ import annotations

import hashlib

from tasks.records import Page


def page_id(page: Page) -> str:
    """Return the id of a page: its instant to the second, and 80 bits over address and body."""
    digest = hashlib.sha256(page.url.encode("utf-8", "surrogatepass") + b"\n" + page.body).hexdigest()[:20]
    return f"{page.fetched_at:%Y%m%dT%H%M%S}-{digest}"


def body_digest(body: bytes) -> str:
    """Return the digest by which two bodies are known to be the same."""
    return hashlib.sha256(body).hexdigest()[:32]
