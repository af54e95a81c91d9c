"""The frames that leave the duplicate finder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tasks.duplicates.clusters import Standing
from tasks.records import ClusterMember, DuplicatePair, Relation

MEASURE_SCHEMA: dict[str, pl.DataType] = {
    "containment_larger": pl.Float64(),
    "probability": pl.Float64(),
    "longest_run_words": pl.Int32(),
    "figures_differing": pl.Float64(),
    "names_differing": pl.Float64(),
    "hours_apart": pl.Float64(),
    "is_same_outlet": pl.Boolean(),
}
"""What was measured on an accepted pair: the share of the *larger* text's own words that are shared; the probability
of being a copy; the longest shared run; figures and names that stand in the slots between shared runs and differ, for
each hundred shared words; the time between both, and whether they are of one outlet (null if not known).
"""
PAIR_SCHEMA: dict[str, pl.DataType] = {
    "id_a": pl.String(),
    "id_b": pl.String(),
    "relation": pl.String(),
    "similarity": pl.Float64(),
    "containment": pl.Float64(),
    **MEASURE_SCHEMA,
}
"""As `records.DuplicatePair`. A `contains` pair reads: A holds B; an `updates` pair: A is the newer."""
CLUSTER_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "cluster_id": pl.String(),
    "is_canonical": pl.Boolean(),
    "canonical_reason": pl.String(),
}
"""As `records.ClusterMember`."""
FACTS_SCHEMA: dict[str, pl.DataType] = {
    "doc": pl.Int32(),
    "id": pl.String(),
    "word_count": pl.Int32(),
    "outlet": pl.String(),
    "published_at": pl.Datetime("us", "UTC"),
    "is_wire": pl.Boolean(),
}
"""What is asked of a document when its pairs are named and its story is told."""


def standings(facts: pl.DataFrame) -> Iterator[Standing]:
    """The rows of a frame of `FACTS_SCHEMA` as what the canonical policy looks at."""
    for row in facts.drop("doc").iter_rows(named=True):
        yield Standing(**row)


def cluster_frame(members: Iterable[ClusterMember]) -> pl.DataFrame:
    """Places in stories as a frame, in the order given."""
    rows = [(m.id, m.cluster_id, m.is_canonical, m.canonical_reason) for m in members]
    return pl.DataFrame(rows, schema=CLUSTER_SCHEMA, orient="row")


def pairs_of(frame: pl.DataFrame) -> Iterator[DuplicatePair]:
    """The rows of a frame with (at least) the columns of `DuplicatePair`."""
    for id_a, id_b, relation, similarity, containment in frame.select(list(PAIR_SCHEMA)[:5]).iter_rows():
        yield DuplicatePair(
            id_a=id_a, id_b=id_b, relation=Relation(relation), similarity=similarity, containment=containment
        )
