"""New articles against the warehouse: what is written, and what happens when an article goes or changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from tasks.duplicates.explain import passages_at
from tasks.duplicates.extend import extend
from tests.duplicates.shop import Shop
from tests.duplicates.stories import BRIDGE, FURNITURE, HARBOUR, LIBRARY, paragraph


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


def test_a_pair_is_decided_again_when_its_words_grow_common():
    footer = f"{FURNITURE} {paragraph(900, 40)}"
    first = batch(a=f"{paragraph(0, 50)} {footer}", b=f"{paragraph(1, 50)} {footer}")
    then = batch(**{f"p{at}": f"{paragraph(at)} {paragraph(at + 50, 120)} {footer}" for at in range(10, 17)})
    shop, rebuilt = Shop(), Shop()
    shop.take(first)
    assert [row[:2] for row in shop.pairs().iter_rows()] == [("a", "b")]
    found = shop.take(then)
    assert found.undone.rows() == [("a", "b")]
    assert shop.clusters()["cluster_id"].to_list() == shop.clusters()["article_id"].to_list()
    rebuilt.take(pl.concat([then, first]))
    assert shop.pairs().rows() == rebuilt.pairs().rows()


def test_the_passages_of_a_stored_pair_are_shown_from_their_places():
    shop = Shop()
    shop.take(batch(a=HARBOUR, b=f"{FURNITURE}\n\n{HARBOUR.split(chr(10) * 2)[0]}"))
    [pair] = shop.pairs().to_dicts()
    assert not pair["is_a_smaller"] or pair["relation"] == "near"
    smaller = HARBOUR if pair["is_a_smaller"] else f"{FURNITURE}\n\n{HARBOUR.split(chr(10) * 2)[0]}"
    assert passages_at(smaller, pair["passages"])[0].startswith("The harbour authority of Westhaven said on Tuesday")


def test_articles_too_far_apart_are_not_compared_but_counted():
    shop = Shop()
    day = datetime(2026, 3, 1, tzinfo=UTC)
    shop.take(batch(a=HARBOUR).with_columns(published_at=pl.lit(day)))
    late = batch(b=HARBOUR).with_columns(published_at=pl.lit(day + timedelta(days=30)))
    found = extend(late, shop.index, window=timedelta(days=7))
    assert (found.pairs.height, found.beyond_window) == (0, 1)
    assert extend(late, shop.index, window=timedelta(days=60)).pairs.height == 1
