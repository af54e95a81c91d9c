"""The aggregator's pages that are no articles or cannot be had, as declared in `traps/traps.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

TRAPS = Path(__file__).parent / "traps"
TRAP_OUTLET = "newsheap"
TRAPS_AT = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trap:
    """A URL in the feed from which no article can come: at which stage that should show, and with what reason."""

    path: str
    title: str
    stage: str
    reason: str
    status: int = 200
    file: str | None = None

    @property
    def html(self) -> str | None:
        """The page, where the trap has one of its own."""
        return (TRAPS / self.file).read_text(encoding="utf-8") if self.file else None


@cache
def traps() -> tuple[Trap, ...]:
    """All traps, in the order of the file."""
    table = tomllib.loads((TRAPS / "traps.toml").read_text(encoding="utf-8"))
    return tuple(Trap(**each) for each in table["trap"])
