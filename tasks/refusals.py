"""What was erased and must not come back: asked before anything is landed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from tasks.feeds.worklist import Discovered
from tasks.records import Ending, Outcome, Skip, Source
from tasks.web.urls import article_id, canonical, host
from warehouse.forget import Kind, subject_hash
from warehouse.queries import ask


@dataclass(frozen=True, slots=True)
class Refusals:
    """The erased subjects: articles by id, addresses and hosts by hash. It holds no text that was erased."""

    articles: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    def covers(self, *urls: str) -> bool:
        """Return whether any of these addresses was erased, by itself or with its host."""
        return bool(self.articles or self.subjects) and any(map(self._covers, urls))

    def covers_article(self, name: str) -> bool:
        """Return whether the article with this id was erased."""
        return name in self.articles

    def _covers(self, url: str) -> bool:
        address = canonical(url)
        if article_id(address) in self.articles or subject_hash(Kind.URL, address) in self.subjects:
            return True
        labels = host(url).split(".")
        parts = (".".join(labels[n:]) for n in range(len(labels)))
        return any(subject_hash(Kind.OUTLET, part) in self.subjects for part in parts)


def refusals(con: Any) -> Refusals:
    """Return what must not come back."""
    rows = ask(con, "forgotten_subjects")
    return Refusals(
        frozenset(rows.filter(kind="article")["subject_hash"]), frozenset(rows.filter(kind="other")["subject_hash"])
    )


def without_refused(found: Discovered, refused: Refusals) -> tuple[Discovered, tuple[str, ...]]:
    """Return what a source named without what was erased, and the erased addresses among it."""
    named = [*(one.url for one in found.candidates), *(one.url for one in found.skipped)]
    erased = {url for url in named if refused.covers(url)}
    left = replace(
        found,
        candidates=tuple(one for one in found.candidates if one.url not in erased),
        skipped=tuple(one for one in found.skipped if one.url not in erased),
    )
    return left, tuple(sorted(erased))


def refused_outcome(url: str, source: Source | str) -> Outcome:
    """Return the outcome of an erased address, which must not name it: a hash tells two of them apart."""
    name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Outcome(
        url=f"forgotten:{name}",
        source_name=source if isinstance(source, str) else source.name,
        outcome=Ending.SKIPPED,
        reason=Skip.FORGOTTEN.value,
    )
