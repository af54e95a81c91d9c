"""What a site's pages have in common, learned without labels from its own stored pages.

Two things return on the pages of one site: *texts* (a subscription appeal, a legal notice) and *structures* (the box
that holds three teasers, other ones every day). Structure is the better witness: on labelled pages, dropping what one
sibling's structure marks as furniture was worth +.012 F1, dropping what its texts repeat was worth nothing.

Labels come from the cleaner itself, so a template can only sharpen it, not turn it round, and it is held back by rules:

* at least five different articles: other title *and* other body; copies, re-fetches, revisions and AMP twins of one
  article would make its body look like furniture;
* a long text must return on most pages before it counts, and a block of long text that was never seen is never cut by
  its structure: a redesign or a new kind of page brings unknown structures, and unknown means no opinion;
* a template is a value with a version (a hash of its content); a page whose structures it mostly does not know is
  cleaned without it, and a template that has stopped fitting is retired (`fits`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.page.blocks import Outline
from tasks.records import Template

MIN_PAGES = 5
# A short text is furniture from three pages on; a long one only when most pages have it.
_MIN_RETURNS = 3
_LONG_TEXT = 200
_MIN_SHARE_OF_PAGES_LONG = 0.6
_MIN_SHARE_OF_PAGES = 0.3
# Bodies that share this much of their characters are one article.
_SAME_BODY = 0.3
# A structure needs this many blocks on this many pages before it says anything.
_MIN_BLOCKS, _MIN_SEEN_ON = 6, 4
# Shares of body blocks below and above which a structure counts as furniture or as body.
FURNITURE_SHARE, BODY_SHARE = 0.04, 0.97
# Unseen text longer than this (characters) is never cut by its structure alone.
LONGEST_CUT = 300
# A page is of the template's make when it knows this share of its blocks' structures.
_MIN_KNOWN = 0.4
_LONGEST_SIGNATURE = 200

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenBlock:
    """One block as the learner keeps it: no text, only its hash."""

    text_hash: int
    signature: str
    length: int
    is_body: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PageOutline:
    """One page as the learner keeps it."""

    url: str | None
    title: str | None
    blocks: tuple[SeenBlock, ...]


def text_hash(text: str) -> int:
    """A 64-bit hash of a block's text, blind to case."""
    return int.from_bytes(hashlib.blake2b(text.casefold().encode("utf-8", "replace"), digest_size=8).digest(), "big")


def signatures(outline: Outline) -> list[str]:
    """The structural signature of each block: tags and names of its holder and of two elements around it."""
    known: dict[int, str] = {}
    found = []
    for block in outline.blocks:
        at = block.holder
        if at not in known:
            known[at] = _signature(outline, at)
        found.append(known[at])
    return found


def _signature(outline: Outline, at: int) -> str:
    parts = []
    for _ in range(3):
        holder = outline.holders[at]
        names = ".".join(sorted(_DIGITS.sub("", holder.names).split())[:6])
        parts.append(f"{holder.tag}.{names}" if names else holder.tag)
        at = holder.parent
    return "<".join(parts)[:_LONGEST_SIGNATURE]


def learn(site: str, pages: Sequence[PageOutline], now: datetime) -> Template | None:
    """The template of a site, or `None` when fewer than five different articles are at hand."""
    different = _different(pages)
    if len(different) < MIN_PAGES:
        return None
    texts = _returning_texts(different)
    shares = _body_shares(different)
    content = json.dumps([sorted(texts), sorted(shares.items())]).encode()
    return Template(
        site=site,
        version=hashlib.blake2b(content, digest_size=8).hexdigest(),
        learned_at=now,
        page_count=len(different),
        texts=texts,
        signatures=shares,
    )


def _different(pages: Sequence[PageOutline]) -> list[PageOutline]:
    kept: list[PageOutline] = []
    titles: set[str] = set()
    bodies: list[dict[int, int]] = []
    for page in pages:
        title = (page.title or "").casefold().strip()
        body = {b.text_hash: b.length for b in page.blocks if b.is_body}
        if not title or title in titles or not body or any(_shared(body, other) >= _SAME_BODY for other in bodies):
            continue
        kept.append(page)
        titles.add(title)
        bodies.append(body)
    return kept


def _shared(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    both = sum(length for key, length in one.items() if key in other)
    return both / max(1, min(sum(one.values()), sum(other.values())))


def _returning_texts(pages: Sequence[PageOutline]) -> frozenset[int]:
    seen: Counter[int] = Counter()
    lengths: dict[int, int] = {}
    for page in pages:
        on_page = {b.text_hash: b.length for b in page.blocks}
        seen.update(on_page.keys())
        lengths |= on_page
    few = max(_MIN_RETURNS, _MIN_SHARE_OF_PAGES * len(pages))
    most = max(_MIN_RETURNS, _MIN_SHARE_OF_PAGES_LONG * len(pages))
    return frozenset(key for key, count in seen.items() if count >= (few if lengths[key] < _LONG_TEXT else most))


def _body_shares(pages: Sequence[PageOutline]) -> dict[str, float]:
    blocks: Counter[str] = Counter()
    body: Counter[str] = Counter()
    seen_on: defaultdict[str, set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for block in page.blocks:
            blocks[block.signature] += 1
            body[block.signature] += block.is_body
            seen_on[block.signature].add(number)
    return {
        signature: round(body[signature] / count, 4)
        for signature, count in blocks.items()
        if count >= _MIN_BLOCKS and len(seen_on[signature]) >= _MIN_SEEN_ON
    }


def fits(template: Template, seen: Sequence[str]) -> bool:
    """Whether a page with these block signatures is of the template's make."""
    if not seen:
        return False
    return sum(signature in template.signatures for signature in seen) >= _MIN_KNOWN * len(seen)


def opinions(template: Template, outline: Outline) -> list[bool | None]:
    """For each block: `False` is furniture, `True` is body by structure, `None` no opinion."""
    seen = signatures(outline)
    if not fits(template, seen):
        return [None] * len(seen)
    return [_opinion(template, block.text, signature) for block, signature in zip(outline.blocks, seen, strict=True)]


def _opinion(template: Template, text: str, signature: str) -> bool | None:
    if text_hash(text) in template.texts:
        return False
    share = template.signatures.get(signature)
    if share is None:
        return None
    if share <= FURNITURE_SHARE and len(text) <= LONGEST_CUT:
        return False
    return True if share >= BODY_SHARE else None


def to_row(template: Template) -> dict[str, Any]:
    """The template as a row of `core.templates`."""
    return {
        "site": template.site,
        "version": template.version,
        "learned_at": template.learned_at,
        "retired_at": None,
        "page_count": template.page_count,
        "body": json.dumps({"texts": sorted(template.texts), "signatures": dict(sorted(template.signatures.items()))}),
    }


def from_row(row: Mapping[str, Any]) -> Template:
    """The template of a row with `site` and `template_version`, `_learned_at`, `_page_count` and `_body`."""
    body = json.loads(row["template_body"])
    return Template(
        site=row["site"],
        version=row["template_version"],
        learned_at=row["template_learned_at"],
        page_count=row["template_page_count"],
        texts=frozenset(body["texts"]),
        signatures=body["signatures"],
    )
