"""What becomes of one cleaned page: which rows it leaves, decided from values alone.

    (stored page, article or reject, what is stored of that article) ──▶ Landing

An article is one canonical URL. Its first page makes it; a later page with the same words changes nothing; one with
other words makes a version, unless the difference is cosmetic. A page older than what is stored (an archive read
late) never overwrites it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
    page_id: str
    first_run_id: str
    first_seen_at: datetime
    version: int
    valid_from: datetime
    changes: tuple[str, ...]
    """What set this wording apart from the one before it; empty for the first."""
    cleaner_version: str


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
    decision = _decided(page, result, stored)
    said = Outcome(
        url=page.url,
        source_name=page.source_name,
        outcome=decision.ending,
        reason=decision.reason,
        detail=", ".join(decision.changes) or None,
        page_id=page.page_id,
        article_id=identity,
    )
    rows: dict[str, tuple[Row, ...]] = {
        "core.extractions": (
            {"page_id": page.page_id, "article_id": identity, "reject": None, "detail": None, **made_by},
        )
    }
    if not decision.is_written:
        return Landing(outcome=said, stored=stored, rows=rows)
    latest = _latest(page, result, identity, decision, stored, run_id=run_id, cleaner_version=cleaner_version)
    rows["core.articles"] = ({**_article_row(page, result, identity), **made_by, **_seen(latest)},)
    rows["core.article_versions"] = tuple(_version_rows(latest, stored))
    rows["core.blocks_removed"] = tuple(_removed_rows(page, result, identity, made_by))
    rows["core.evidence"] = tuple(_evidence_rows(result, identity))
    rows["core.live_entries"] = tuple(_entry_rows(page, result, identity))
    return Landing(outcome=said, stored=latest, rows=rows)


def identify(page: StoredPage, article: Article) -> str:
    """Return the id of the article that a page shows."""
    return article_id(article.canonical_url or canonical(page.final_url))


def content_hash(text: str) -> str:
    """Return a digest of the words of a text; spacing does not count."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _rejected(page: StoredPage, reject: Reject, made_by: Row) -> Landing:
    extraction = {
        "page_id": page.page_id,
        "article_id": None,
        "reject": reject.reason.value,
        "detail": reject.detail,
        **made_by,
    }
    outcome = Outcome(
        url=page.url,
        source_name=page.source_name,
        outcome=Ending.REJECT,
        reason=reject.reason.value,
        detail=reject.detail,
        page_id=page.page_id,
    )
    return Landing(outcome=outcome, stored=None, rows={"core.extractions": (extraction,)})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Decision:
    ending: Ending
    is_written: bool
    reason: str | None = None
    changes: tuple[str, ...] = ()


def _decided(page: StoredPage, article: Article, stored: Stored | None) -> _Decision:
    if stored is None:
        return _Decision(ending=Ending.NEW, is_written=True)
    if stored.page_id == page.page_id:
        return _Decision(ending=Ending.UNCHANGED, is_written=True, reason="cleaned_again")
    if page.fetched_at < stored.last_seen_at:
        return _Decision(ending=Ending.UNCHANGED, is_written=False, reason="older_page")
    if stored.content_hash == content_hash(article.text) and stored.title == article.title:
        return _Decision(ending=Ending.UNCHANGED, is_written=False, reason="same_words")
    change = changes(stored.title, stored.text, article.title, article.text)
    if change.is_cosmetic:
        return _Decision(ending=Ending.UNCHANGED, is_written=False, reason="cosmetic_change")
    kinds = tuple(kind.value for kind in change.kinds)
    return _Decision(ending=Ending.CHANGED, is_written=True, changes=kinds)


def _latest(
    page: StoredPage,
    article: Article,
    identity: str,
    decision: _Decision,
    before: Stored | None,
    *,
    run_id: str,
    cleaner_version: str,
) -> Stored:
    wording: Row = {
        "article_id": identity,
        "title": article.title,
        "text": article.text,
        "content_hash": content_hash(article.text),
        "last_seen_at": page.fetched_at,
        "page_id": page.page_id,
        "cleaner_version": cleaner_version,
    }
    if before is None:
        first: Row = {"first_run_id": run_id, "first_seen_at": page.fetched_at}
        return Stored(version=1, valid_from=page.fetched_at, changes=(), **first, **wording)
    if decision.ending is Ending.CHANGED:
        wording |= {"version": before.version + 1, "valid_from": page.fetched_at, "changes": decision.changes}
    return replace(before, **wording)


def _article_row(page: StoredPage, article: Article, identity: str) -> Row:
    url = article.canonical_url or canonical(page.final_url)
    copied = (
        "title", "authors", "published_at", "published_at_source",
        "published_offset_minutes", "modified_at", "language", "section", "tags",
        "description", "image_url", "publisher", "dateline", "wire_agency", "is_based_on_url",
        "is_accessible_for_free", "license", "text", "word_count",
    )  # fmt: skip
    values = {name: getattr(article, name) for name in copied}
    values |= {"authors": list(article.authors), "tags": list(article.tags)}
    return {
        "article_id": identity,
        "url": page.url,
        "canonical_url": url,
        "outlet": page.outlet or site(url) or page.source_name,
        "source_name": page.source_name,
        "block_kinds": [_kind(block) for block in article.blocks],
        "page_id": page.page_id,
        **values,
    }


def _kind(block: Block) -> str:
    return (
        f"{block.kind.value}:{block.level}"
        if block.kind in {BlockKind.HEADING, BlockKind.LIST_ITEM}
        else block.kind.value
    )


def _seen(stored: Stored) -> Row:
    return {
        "content_hash": stored.content_hash,
        "first_run_id": stored.first_run_id,
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
    }


def _version_rows(latest: Stored, before: Stored | None) -> Iterator[Row]:
    """Yield the present wording's row, whose words are the article's, and that of the one before it, which now ends."""
    if before is not None and before.version < latest.version:
        yield {**_version_row(before), "valid_to": latest.valid_from}
    yield {**_version_row(latest), "valid_to": None, "text": None}


def _version_row(stored: Stored) -> Row:
    names = ("article_id", "version", "valid_from", "title", "text", "content_hash", "page_id", "cleaner_version")
    return {**{name: getattr(stored, name) for name in names}, "changes": list(stored.changes)}


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


def _entry_rows(page: StoredPage, article: Article, identity: str) -> Iterator[Row]:
    for entry in article.entries:
        yield {
            "article_id": identity,
            "entry_id": entry.id,
            "published_at": entry.published_at,
            "title": entry.title,
            "text": entry.text,
            "first_seen_at": page.fetched_at,
        }
