"""What must hold whatever the documents are: order, batches, sides and strangers do not matter."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tasks.duplicates.find import find, from_frame, stream
from tests.duplicates.shop import Shop
from tests.duplicates.stories import paragraph

DOCUMENT = st.tuples(
    st.integers(0, 5),  # the story
    st.integers(1, 3),  # paragraphs of it that are kept
    st.sampled_from([(), (0,), (1,)]),  # furniture
    st.sampled_from([None, None, 2, 4]),  # another story merged into it
)
STORIES = st.lists(DOCUMENT, min_size=2, max_size=14)
CROWDED = st.tuples(
    st.integers(0, 24),
    st.integers(1, 3),
    st.sampled_from([(), (0,), (0, 1), (1, 2), (0, 1, 2), (3,), (3, 4, 5)]),
    st.sampled_from([None, None, None, 2, 4, 11]),
)
CROWDS = st.lists(CROWDED, min_size=20, max_size=60)
"""Dozens of documents, most of them with furniture that many share: fingerprints grow common all along the way, pairs
are refused before and accepted after, or the other way round.
"""
QUIET = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # an example of fourteen documents takes minutes to shrink
    suppress_health_check=[HealthCheck.too_slow],
)


def documents(plan) -> pl.DataFrame:
    rows = []
    for at, (story, kept, furniture, merged) in enumerate(plan):
        parts = [paragraph(story * 10 + part) for part in range(kept)]
        parts += [paragraph(merged * 10)] if merged is not None else []
        parts += [paragraph(1000 + number, 25) for number in furniture]
        rows.append({"id": f"d{at:02}", "text": "\n\n".join(parts)})
    return pl.DataFrame(rows)


def unordered(pairs: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(ends) for ends in pairs.select(pairs.columns[:2]).iter_rows()}


def places(clusters: pl.DataFrame) -> dict[str, str]:
    return dict(clusters.select(clusters.columns[:2]).iter_rows())


@QUIET
@given(plan=STORIES, seed=st.integers(0, 9))
def test_the_order_of_documents_does_not_matter(plan, seed):
    frame = documents(plan)
    whole, shuffled = find(frame), find(frame.sample(fraction=1, shuffle=True, seed=seed))
    assert whole.pairs.equals(shuffled.pairs)
    assert whole.clusters.equals(shuffled.clusters)


@QUIET
@given(plan=STORIES | CROWDS, seed=st.integers(0, 9), size=st.integers(1, 23))
def test_arrival_and_batches_do_not_matter(plan, seed, size):
    frame = documents(plan)
    whole = find(frame)
    streamed = stream(from_frame(frame.sample(fraction=1, shuffle=True, seed=seed)), batch_size=size)
    assert whole.pairs.equals(streamed.pairs)
    assert whole.clusters.equals(streamed.clusters)


@settings(QUIET, max_examples=8)
@given(plan=STORIES | CROWDS, seed=st.integers(0, 9), size=st.integers(2, 23))
def test_the_warehouse_grown_in_batches_equals_one_rebuilt(plan, seed, size):
    frame = documents(plan).sample(fraction=1, shuffle=True, seed=seed)
    shop, rebuilt = Shop(), Shop()
    for start in range(0, frame.height, size):
        shop.take(frame[start : start + size])
    rebuilt.take(frame.sort("id"))
    assert shop.pairs().rows() == rebuilt.pairs().rows()
    assert shop.clusters().rows() == rebuilt.clusters().rows()
    assert shop.pairs().drop("passages", "is_a_smaller").rows() == find(frame).pairs.rows()


@QUIET
@given(plan=STORIES)
def test_an_unrelated_document_changes_nothing_else(plan):
    frame = documents(plan)
    more = find(pl.concat([frame, pl.DataFrame({"id": ["a-stranger"], "text": [paragraph(5000, 120)]})]))
    whole = find(frame)
    assert whole.pairs.equals(more.pairs)
    assert places(whole.clusters) | {"a-stranger": "a-stranger"} == places(more.clusters)


@QUIET
@given(plan=STORIES)
def test_a_document_is_its_own_duplicate(plan):
    frame = documents(plan)
    twins = frame.with_columns(id="twin of " + pl.col("id"))
    result = find(pl.concat([frame, twins]))
    exact = {frozenset(row[:2]) for row in result.pairs.iter_rows() if row[2] == "exact"}
    assert {frozenset((name, f"twin of {name}")) for name in frame["id"]} <= exact
    joined = places(result.clusters)
    assert all(joined[name] == joined[f"twin of {name}"] for name in frame["id"])


@QUIET
@given(plan=STORIES)
def test_which_of_two_has_the_smaller_id_does_not_matter(plan):
    frame = documents(plan)
    turned = frame.with_columns(id=pl.Series([f"e{99 - at:02}" for at in range(frame.height)]))
    back = dict(zip(turned["id"], frame["id"], strict=True))
    assert unordered(find(frame).pairs) == {
        frozenset(back[name] for name in ends) for ends in unordered(find(turned).pairs)
    }


@QUIET
@given(texts=st.lists(st.text(max_size=200), max_size=6))
def test_any_text_gives_a_result(texts):
    result = find(
        pl.DataFrame(
            {"id": [str(at) for at in range(len(texts))], "text": texts}, schema={"id": pl.String, "text": pl.String}
        )
    )
    assert result.clusters.height == len(texts)
