"""What becomes of one cleaned page: which rows it leaves, decided from values alone.

    (stored page, article or reject, what is stored of that article) ──▶ Landing

An article is one canonical URL. Its first page makes it; a later page with the same words changes nothing; one with
other words makes a version, unless the difference is cosmetic. A page older than what is stored (an archive read
late) never overwrites it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tasks.page.editions import changes
from tasks.records import Article, Block, BlockKind, Ending, Outcome, Reject
from tasks.web.urls import article_id, canonical, site

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPage:
    """The index row of a stored response, as far as landing needs it."""

    page_id: str
    url: str
    final_url: str
    source_name: str
    outlet: str | None
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What is stored of an article: its latest wording."""

    article_id: str
    title: str | None
    text: str
    content_hash: str
    last_seen_at: datetime
    version: int
    page_id: str
    first_run_id: str
    first_seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """The rows that one page leaves, by table, and its outcome."""

    outcome: Outcome
    stored: Stored | None
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def landing(
    page: StoredPage,
    result: Article | Reject,
    stored: Stored | None,
    *,
    run_id: str,
    cleaner_version: str,
    template_version: str | None,
) -> Landing:
    """Return the rows and the outcome of one page; `stored` is what is known of its article so far."""
    made_by = {"cleaner_version": cleaner_version, "template_version": template_version}
    if isinstance(result, Reject):
        return _rejected(page, result, made_by)
    identity = identify(page, result)
    extraction = {"page_id": page.page_id, "article_id": identity, **made_by}
    outcome, is_written, version = _decided(page, result, stored)
    rows: dict[str, tuple[Row, ...]] = {"core.extractions": (extraction,)}
    if is_written:
        stored = _latest(page, result, identity, version, run_id, stored)
        article = {**_article_row(page, result, identity), **made_by, **_seen(stored)}
        rows["core.articles"] = (article,)
        rows["core.blocks_removed"] = tuple(_removed_rows(page, result, identity, made_by))
        rows["core.evidence"] = tuple(_evidence_rows(result, identity))
    if outcome[0] in {Ending.NEW, Ending.CHANGED} and stored is not None:
        rows["core.article_versions"] = ({**_version_row(stored), "changes": outcome[2], **_only_cleaner(made_by)},)
    ending, reason, kinds = outcome
    said = Outcome(
        url=page.url,
        source_name=page.source_name,
        outcome=ending,
        reason=reason,
        detail=", ".join(kinds) or None,
        page_id=page.page_id,
        article_id=identity,
    )
    return Landing(outcome=said, stored=stored, rows=rows)


def identify(page: StoredPage, article: Article) -> str:
    """Return the id of the article that a page shows."""
    return article_id(article.canonical_url or canonical(page.final_url))


def content_hash(text: str) -> str:
    """Return a digest of the words of a text; spacing does not count."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _rejected(page: StoredPage, reject: Reject, made_by: Row) -> Landing:
    extraction = {"page_id": page.page_id, "reject": reject.reason.value, "detail": reject.detail, **made_by}
    outcome = Outcome(
        url=page.url,
        source_name=page.source_name,
        outcome=Ending.REJECT,
        reason=reject.reason.value,
        detail=reject.detail,
        page_id=page.page_id,
    )
    return Landing(outcome=outcome, stored=None, rows={"core.extractions": (extraction,)})


Decision = tuple[tuple[Ending, str | None, list[str]], bool, int]
"""((ending, reason, kinds of change), whether the article's row is written, its version from now on)."""


def _decided(page: StoredPage, article: Article, stored: Stored | None) -> Decision:
    if stored is None:
        return (Ending.NEW, None, []), True, 1
    if page.fetched_at < stored.last_seen_at:
        return (Ending.UNCHANGED, "older_page", []), False, stored.version
    if stored.content_hash == content_hash(article.text) and stored.title == article.title:
        reason = "same_words" if stored.page_id != page.page_id else None
        return (Ending.UNCHANGED, reason, []), stored.page_id == page.page_id, stored.version
    change = changes(stored.title, stored.text, article.title, article.text)
    if change.is_cosmetic:
        return (Ending.UNCHANGED, "cosmetic", []), False, stored.version
    return (Ending.CHANGED, None, [kind.value for kind in change.kinds]), True, stored.version + 1


def _latest(
    page: StoredPage, article: Article, identity: str, version: int, run_id: str, before: Stored | None
) -> Stored:
    return Stored(
        article_id=identity,
        title=article.title,
        text=article.text,
        content_hash=content_hash(article.text),
        last_seen_at=page.fetched_at,
        version=version,
        page_id=page.page_id,
        first_run_id=before.first_run_id if before else run_id,
        first_seen_at=before.first_seen_at if before else page.fetched_at,
    )


def _article_row(page: StoredPage, article: Article, identity: str) -> Row:
    url = article.canonical_url or canonical(page.final_url)
    copied = (
        "title", "authors", "published_at", "published_at_source", "modified_at", "language", "section", "tags",
        "description", "image_url", "publisher", "dateline", "wire_agency", "is_based_on_url",
        "is_accessible_for_free", "license", "text", "word_count",
    )  # fmt: skip
    values = {name: getattr(article, name) for name in copied}
    values |= {"authors": list(article.authors), "tags": list(article.tags)}
    return {
        "article_id": identity,
        "url": page.url,
        "canonical_url": url,
        "outlet": page.outlet or site(url),
        "source_name": page.source_name,
        "block_kinds": [_kind(block) for block in article.blocks],
        "page_id": page.page_id,
        **values,
    }


def _kind(block: Block) -> str:
    return f"{block.kind.value}:{block.level}" if block.kind in {BlockKind.HEADING, BlockKind.LIST_ITEM} else block.kind.value


def _seen(stored: Stored) -> Row:
    return {
        "content_hash": stored.content_hash,
        "first_run_id": stored.first_run_id,
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
    }


def _version_row(stored: Stored) -> Row:
    return {
        "article_id": stored.article_id,
        "version": stored.version,
        "valid_from": stored.last_seen_at,
        "title": stored.title,
        "text": stored.text,
        "content_hash": stored.content_hash,
        "page_id": stored.page_id,
    }


def _only_cleaner(made_by: Row) -> Row:
    return {"cleaner_version": made_by["cleaner_version"]}


def _removed_rows(page: StoredPage, article: Article, identity: str, made_by: Row) -> Iterator[Row]:
    for removed in article.removed:
        yield {
            "article_id": identity,
            "page_id": page.page_id,
            "position": removed.position,
            "text": removed.text,
            "reason": removed.reason.value,
            "score": removed.score,
            **made_by,
        }


def _evidence_rows(article: Article, identity: str) -> Iterator[Row]:
    for piece in article.evidence:
        yield {
            "article_id": identity,
            "field": piece.field,
            "value": piece.value,
            "kind": piece.kind,
            "text": piece.text,
            "confidence": piece.confidence,
        }
