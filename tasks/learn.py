"""learn: text blocks and structures that return on many different pages of one site are furniture."""

from __future__ import annotations

from tasks.records import Run


def learn(run: Run) -> None:
    """Learn a template for every site that has enough new articles."""
