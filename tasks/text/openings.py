"""Whether a text begins with one of many phrases: asked of every line of a page, and nearly always denied."""

from __future__ import annotations

from collections.abc import Iterable


class Openings:
    """Phrases, case folded. A look at the first two characters spares most texts the comparison with each."""

    __slots__ = ("_heads", "_longest", "_phrases")

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = tuple(phrases)
        self._heads = frozenset(phrase[:2] for phrase in self._phrases)
        self._longest = max(map(len, self._phrases), default=0)

    def begin(self, text: str) -> bool:
        """Return whether one of the phrases begins the text, in whatever case."""
        head = text[:2].casefold()
        if head[:2] not in self._heads and head[:1] not in self._heads:
            return False
        return text[: self._longest].casefold().startswith(self._phrases)
