"""What a page declares about its use, read when it is stored: in its head, its header fields, its site's robots.txt."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from tasks.page.rights import as_json, rights
from tasks.records import Page

HEAD_BYTES = 64 << 10
"""Declarations stand in the head, before the scripts of most pages: 0.1 ms to parse, a whole page takes 3."""


def declared_rights(page: Page, robots: bytes = b"") -> str | None:
    """Return what the page and its response declare, as `raw.pages.rights` holds it; `None` when nothing is said."""
    head = page.body[:HEAD_BYTES]
    end = head.lower().find(b"</head")
    parsed = LexborHTMLParser((head if end < 0 else head[:end]).decode("utf-8", "replace"))
    return as_json(rights(parsed, page.headers, robots=robots))
