"""New articles against the warehouse: what is written, and what happens when an article goes or changes."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from tasks.duplicates.extend import extend
from tests.duplicates.shop import Shop
from tests.duplicates.stories import BRIDGE, HARBOUR, LIBRARY


def batch(**texts: str) -> pl.DataFrame:
    return pl.DataFrame({"id": list(texts), "text": list(texts.values())})


def test_a_copy_in_a_later_batch_joins_the_story():
    shop = Shop()
    shop.take(batch(a=HARBOUR, b=LIBRARY))
    found = shop.take(batch(c=f"WESTHAVEN (Wire) - {HARBOUR}"))
    assert [row[:3] for row in found.pairs.iter_rows()] == [("a", "c", "near")]
    assert shop.clusters().select("article_id", "cluster_id").rows() == [("a", "a"), ("b", "b"), ("c", "a")]


def test_trying_a_batch_twice_gives_the_same_twice():
    shop = Shop()
    shop.take(batch(a=HARBOUR))
    once, twice = (extend(batch(b=HARBOUR, c=BRIDGE), shop.index) for _ in range(2))
    assert all(getattr(once, name).equals(getattr(twice, name)) for name in ("pairs", "clusters", "fingerprints"))


def test_the_same_outlet_printing_it_again_with_changes_is_an_update():
    shop = Shop()
    times = [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (8, 11)]
    texts = [HARBOUR, HARBOUR.replace("3.4 million", "4.2 million")]
    frame = pl.DataFrame({"id": ["a", "b"], "text": texts, "outlet": ["x.example"] * 2, "published_at": times})
    assert [row[:3] for row in shop.take(frame).pairs.iter_rows()] == [("b", "a", "updates")]
    assert shop.clusters().row(0, named=True)["canonical_reason"] == "earliest, published 2026-03-01 08:00 UTC"


def test_the_wire_itself_stands_for_its_copies():
    shop = Shop()
    shop.take(batch(a=HARBOUR).with_columns(is_wire=pl.lit(value=False)))
    shop.take(batch(w=HARBOUR).with_columns(is_wire=pl.lit(value=True)))
    chosen = shop.clusters().filter(pl.col("is_canonical")).rows()
    assert chosen == [("w", "a", True, "wire origin")]


def test_a_forgotten_article_is_found_no_more():
    shop = Shop()
    shop.take(batch(a=HARBOUR, b=HARBOUR, c=LIBRARY))
    shop.index.forget(["a", "b"])
    assert extend(batch(d=HARBOUR), shop.index).pairs.is_empty()
