"""The floor of the duplicate finder on the syndication development set; lowering it needs a reason."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tasks.duplicates import decision
from tasks.duplicates.find import find, from_frame, stream
from tests.duplicates.shop import Shop

CROSS_VALIDATED_FLOOR = 0.989
"""By story and template family, as the training stored it. Asked for: 0.95."""
FITTED_FLOOR = 0.995
"""On the stories the model was trained on: what is lost here was never compared."""


def test_the_stored_model_says_how_well_it_does_on_unseen_stories():
    stored = json.loads(Path(decision.__file__).with_suffix(".json").read_text())
    assert stored["cross_validation_by_story_and_template"]["syndication_dev"]["f1"] >= CROSS_VALIDATED_FLOOR


@pytest.mark.corpora
@pytest.mark.slow
def test_copies_of_the_development_set_are_found(corpora):
    folder = corpora / "duplicates"
    gold = pl.read_parquet(folder / "syndication_dev_gold.parquet")
    result = find(pl.read_parquet(folder / "syndication_dev.parquet"))
    positive, grey = (
        {frozenset(ends) for ends in gold.filter(label=label).select("id_a", "id_b").iter_rows()}
        for label in ("pos", "grey")
    )
    found = {frozenset(ends) for ends in result.pairs.select("id_a", "id_b").iter_rows()} - grey
    assert 2 * len(found & positive) / (len(found) + len(positive)) >= FITTED_FLOOR
    assert result.clusters.group_by("cluster_id").len()["len"].max() <= 10
    assert result.capped == 0


@pytest.mark.corpora
@pytest.mark.slow
@pytest.mark.parametrize(("seed", "batch_size"), [(1, 97), (2, 500), (3, 1700)])
def test_neither_order_nor_batches_matter_on_the_development_set(corpora, seed, batch_size):
    frame = pl.read_parquet(corpora / "duplicates" / "syndication_dev.parquet")
    whole = find(frame)
    shuffled = stream(from_frame(frame.sample(fraction=1, shuffle=True, seed=seed)), batch_size=batch_size)
    assert whole.pairs.equals(shuffled.pairs)
    assert whole.clusters.equals(shuffled.clusters)


@pytest.mark.corpora
@pytest.mark.slow
def test_a_warehouse_grown_in_shuffled_batches_equals_a_file(corpora):
    frame = pl.read_parquet(corpora / "duplicates" / "syndication_dev.parquet")
    frame = frame.sample(fraction=1, shuffle=True, seed=4)
    shop = Shop()
    for start in range(0, frame.height, 650):
        shop.take(frame[start : start + 650])
    whole = find(frame)
    assert shop.pairs().drop("passages", "is_a_smaller").rows() == whole.pairs.rows()
    assert shop.clusters().rows() == whole.clusters.rows()
