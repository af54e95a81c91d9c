"""What became of one article when its pages were cleaned again, from values alone.

    (row before, row after) ──▶ gained, lost, body (by how much), fields, or nothing

How much a body changed is the share of its words that stand in sentences which the other body lacks: a moved paragraph
counts nothing, a lost tail counts its length, a rewritten sentence counts twice, once for each side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tasks.page.editions_sentences import key, split

FIELDS = (
    "canonical_url", "title", "authors", "published_at", "published_at_source", "modified_at", "language", "section",
    "tags", "description", "image_url", "publisher", "dateline", "wire_agency", "is_based_on_url",
    "is_accessible_for_free", "license", "block_kinds",
)  # fmt: skip
"""Columns of an article that its page says; when and by whom it was seen is not among them."""

Row = Mapping[str, Any]


class Effect(StrEnum):
    """What cleaning again did to an article."""

    GAINED = "gained"
    LOST = "lost"
    BODY = "body"
    FIELDS = "fields"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One article that is not as it was."""

    effect: Effect
    article_id: str
    url: str
    title: str | None
    words_before: int
    words_after: int
    share: float
    """Of the words of both bodies, those in sentences that only one of them has; 1 for an article gained or lost."""
    fields: tuple[str, ...] = ()
    reason: str | None = None
    """Why it is no article any more."""


def difference(before: Row | None, after: Row | None, reason: str | None = None) -> Difference | None:
    """Return how an article differs from what is stored; `None` when it is the same."""
    if before is None or after is None:
        return _one_sided(before, after, reason)
    fields = tuple(name for name in FIELDS if _plain(before[name]) != _plain(after[name]))
    share = changed_share(before["text"], after["text"]) if before["text"] != after["text"] else 0.0
    is_body = before["content_hash"] != after["content_hash"]
    if not fields and not is_body:
        return None
    return Difference(
        effect=Effect.BODY if is_body else Effect.FIELDS,
        article_id=before["article_id"],
        url=before["url"],
        title=after["title"] or before["title"],
        words_before=before["word_count"],
        words_after=after["word_count"],
        share=share,
        fields=fields,
    )


def changed_share(before: str, after: str) -> float:
    """Return the share, 0 to 1, of the words of two texts that stand in sentences which only one of them has."""
    one, other = _weights(before), _weights(after)
    total = sum(n * len(sentence.split()) for side in (one, other) for sentence, n in side.items())
    common = sum(n * len(sentence.split()) for sentence, n in (one & other).items())
    return 0.0 if not total else 1 - 2 * common / total


def _weights(text: str) -> Counter[str]:
    return Counter(key(sentence) for sentence in split(text))


def _one_sided(before: Row | None, after: Row | None, reason: str | None) -> Difference | None:
    row = before or after
    if row is None:
        return None
    return Difference(
        effect=Effect.GAINED if before is None else Effect.LOST,
        article_id=row["article_id"],
        url=row["url"],
        title=row["title"],
        words_before=before["word_count"] if before else 0,
        words_after=after["word_count"] if after else 0,
        share=1.0,
        reason=reason,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
