"""From compared numbers to pairs with a name: who holds whom, who is newer, how much they share."""

from __future__ import annotations

import numpy as np
import polars as pl

from tasks.duplicates.desk import Pairs
from tasks.duplicates.frames import PAIR_SCHEMA
from tasks.duplicates.measure import F64, NAMES
from tasks.records import Relation

HOUR_SECONDS = 3600


def copies(found: Pairs) -> pl.DataFrame:
    """The accepted pairs of a comparison, by document number: a row of what is kept of their measures."""
    chosen = np.flatnonzero(found.accepted)
    rows = found.rows[chosen]

    def measure(name: str) -> F64:
        return rows[:, NAMES.index(name)]

    exact = measure("is_exact") > 0
    small, large = measure("cover3_small"), measure("cover3_large")
    own_small, own_large = np.expm1(measure("own_small")), np.expm1(measure("own_large"))
    shared = (small * own_small + large * own_large) / 2
    return pl.DataFrame(
        {
            "left": found.left[chosen].astype(np.uint32),
            "right": found.right[chosen].astype(np.uint32),
            "is_exact": exact,
            "is_same": found.same[chosen],
            "similarity": np.where(exact, 1.0, shared / np.maximum(own_small + own_large - shared, 1)),
            "containment": np.where(exact, 1.0, small),
            "containment_larger": np.where(exact, 1.0, large),
            "probability": found.probability[chosen],
            "longest_run_words": np.expm1(measure("longest_run_all")).round().astype(np.int32),
            "figures_differing": measure("numbers_slots_all"),
            "names_differing": measure("names_slots_all"),
        }
    ).with_columns(pl.col(pl.Float64).cast(pl.Float32))


def named(found: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `copies` as `frames.PAIR_SCHEMA`, sorted by their ids; other columns come along.

    Of these `is_left_smaller` becomes `is_a_smaller`.
    """
    asked = facts.select(pl.col("doc").cast(pl.UInt32), "id", "word_count", "outlet", "published_at")
    both = found.join(asked.rename(lambda name: f"{name}_l"), left_on="left", right_on="doc_l").join(
        asked.rename(lambda name: f"{name}_r"), left_on="right", right_on="doc_r"
    )
    same_outlet = pl.col("outlet_l") == pl.col("outlet_r")
    apart = (pl.col("published_at_l") - pl.col("published_at_r")).dt.total_seconds().abs()
    told = (
        both.with_columns(is_same_outlet=same_outlet, hours_apart=(apart / HOUR_SECONDS).round(4))
        .with_columns(relation=_relation())
        .with_columns(is_turned=_is_turned())
        .with_columns(
            id_a=pl.when("is_turned").then("id_r").otherwise("id_l"),
            id_b=pl.when("is_turned").then("id_l").otherwise("id_r"),
        )
    )
    if "is_left_smaller" in told.columns:
        told = told.with_columns(is_a_smaller=pl.col("is_exact") | pl.col("is_left_smaller").ne(pl.col("is_turned")))
    more = [name for name in told.columns if name in {"passages", "is_a_smaller"}]
    return (
        told.select(*(pl.col(name).cast(kind) for name, kind in PAIR_SCHEMA.items()), *more)
        .with_columns(pl.col(pl.Float64).round(4))
        .sort("id_a", "id_b")
    )


def _relation() -> pl.Expr:
    """An update is the same story printed again by one outlet at another time, with changes."""
    is_update = pl.col("is_same_outlet").fill_null(value=False) & (pl.col("hours_apart") > 0).fill_null(value=False)
    return (
        pl.when("is_exact")
        .then(pl.lit(Relation.EXACT.value))
        .when(~pl.col("is_same"))
        .then(pl.lit(Relation.CONTAINS.value))
        .when(is_update)
        .then(pl.lit(Relation.UPDATES.value))
        .otherwise(pl.lit(Relation.NEAR.value))
    )


def _is_turned() -> pl.Expr:
    """Whether the right document is A: the one that holds, the newer one, or else the smaller id."""
    smaller_id = pl.col("id_r") < pl.col("id_l")
    return (
        pl.when(pl.col("relation") == Relation.CONTAINS.value)
        .then(
            (pl.col("word_count_r") > pl.col("word_count_l"))
            | ((pl.col("word_count_r") == pl.col("word_count_l")) & smaller_id)
        )
        .when(pl.col("relation") == Relation.UPDATES.value)
        .then(pl.col("published_at_r") > pl.col("published_at_l"))
        .otherwise(smaller_id)
    )
