"""Records as Polars frames, which is how they travel between hops and into tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import polars as pl

from tasks.records import Outcome, Run


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame; a column of nothing but nulls has no type, which landing gives it."""
    return pl.DataFrame(rows, infer_schema_length=None)


def record_row(record: Any) -> dict[str, Any]:
    """Return the fields of a record as a row: enumerations as their values, tuples as lists."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def outcomes_frame(run: Run, outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """Return outcomes as rows of `ops.outcomes`."""
    now = datetime.now(UTC)
    return frame([{"run_id": run.run_id, "at": now, **record_row(outcome)} for outcome in outcomes])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
