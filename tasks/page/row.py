"""One JSON line per page, as `wirehouse extract` writes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tasks.page.page_dates import as_written
from tasks.records import Article, Reject

_FIELDS = (
    "title", "authors", "published_at", "modified_at", "language", "section", "tags", "description", "image_url",
    "publisher", "dateline", "wire_agency", "canonical_url", "word_count", "text",
)  # fmt: skip
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def row(id: str, result: Article | Reject) -> dict[str, Any]:  # noqa: A002 — the column's name
    """The page's line: the article's fields with its removed blocks, or the reason it was refused."""
    if isinstance(result, Reject):
        return {"id": id, "url": result.url, "reject": str(result.reason), "detail": result.detail}
    line: dict[str, Any] = {"id": id, "url": result.url}
    line |= {name: _plain(getattr(result, name)) for name in _FIELDS}
    line["published_at"] = _published(result)
    line["removed"] = [{"reason": str(r.reason), "text": r.text} for r in result.removed]
    return line


def _published(article: Article) -> str | None:
    """The date in the outlet's own zone: an evening in California is another day in UTC."""
    if article.published_at is None:
        return None
    return as_written(article.published_at, article.published_offset_minutes)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def as_bytes(html: str) -> bytes:
    """Decoded HTML as bytes that say what they are: the mark overrules a `<meta charset>` of the original encoding."""
    return _BYTE_ORDER_MARK + html.encode("utf-8", "replace")
