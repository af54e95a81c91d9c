"""The frames that leave the duplicate finder."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tasks.records import ClusterMember, DuplicatePair

PAIR_SCHEMA = {
    "id_a": pl.String,
    "id_b": pl.String,
    "relation": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
}
"""As `records.DuplicatePair`. A `contains` pair reads: A holds B; an `updates` pair: A is the newer."""
CLUSTER_SCHEMA = {
    "id": pl.String,
    "cluster_id": pl.String,
    "is_canonical": pl.Boolean,
    "canonical_reason": pl.String,
}
"""As `records.ClusterMember`."""


def pair_frame(pairs: Iterable[DuplicatePair]) -> pl.DataFrame:
    """Pairs as a frame, sorted by their ids."""
    rows = sorted((p.id_a, p.id_b, p.relation.value, p.similarity, p.containment) for p in pairs)
    return pl.DataFrame(rows, schema=PAIR_SCHEMA, orient="row")


def cluster_frame(members: Iterable[ClusterMember]) -> pl.DataFrame:
    """Places in stories as a frame, in the order given."""
    rows = [(m.id, m.cluster_id, m.is_canonical, m.canonical_reason) for m in members]
    return pl.DataFrame(rows, schema=CLUSTER_SCHEMA, orient="row")
