"""discover: source → candidates."""

from __future__ import annotations

from tasks.feeds.declarations import Declared
from tasks.records import Run


def discover(run: Run, declared: Declared) -> None:
    """Name what may be articles."""
