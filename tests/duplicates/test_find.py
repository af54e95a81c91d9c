"""The finder as a whole, on small lists of documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from tasks.duplicates.find import find, stream
from tasks.duplicates.frames import CLUSTER_SCHEMA, PAIR_SCHEMA
from tasks.duplicates.index import MOST_HOLDERS
from tasks.records import Document

HARBOUR = """The harbour authority of Westhaven said on Tuesday that it would close the old north pier to all vessels
from the first of March while engineers replace forty metres of corroded steel. Captain Ines Vidal, who runs the port,
told reporters the work had been put off twice for want of money and could not wait for another winter. Ferries to the
islands will leave from the fish market instead, and the crossing will take about ten minutes longer. The repair is
expected to cost 3.4 million euros, most of it paid by the regional government."""
LIBRARY = """A retired bus driver has given his collection of nine thousand railway timetables to the county library,
which plans to show a part of them in the reading room from June. Walter Osei began to collect in 1961, when his
father brought him a timetable of the Gold Coast railway, and never stopped. The librarian, Petra Lund, said that
historians had already asked to see the pre-war volumes, some of which are not held by any other public collection."""


def relations(result):
    return [(a, b, relation) for a, b, relation, *_ in result.pairs.iter_rows()]


def test_nothing_gives_empty_frames_with_their_columns():
    result = find([])
    assert dict(result.pairs.schema) == PAIR_SCHEMA
    assert dict(result.clusters.schema) == CLUSTER_SCHEMA
    assert result.capped == 0


def test_texts_without_words_are_stories_of_their_own():
    result = find([Document(id="a", text=""), Document(id="b", text=" … "), Document(id="c", text=LIBRARY)])
    assert result.pairs.is_empty()
    assert result.clusters["cluster_id"].to_list() == ["a", "b", "c"]


def test_the_same_text_twice_is_exact_and_another_text_is_not_touched():
    result = find(pl.DataFrame({"id": [1, 2, 3], "text": [HARBOUR, HARBOUR, LIBRARY]}))
    assert relations(result) == [("1", "2", "exact")]
    assert result.clusters["cluster_id"].to_list() == ["1", "1", "3"]


def test_typesetting_makes_no_difference():
    other = HARBOUR.upper().replace("MILLION", "mln").replace("\n", "\u00a0").replace("HARBOUR", "HAR\u00adBOR")
    assert relations(find([Document(id="a", text=HARBOUR), Document(id="b", text=other)])) == [("a", "b", "exact")]


def test_a_cut_copy_is_held_by_the_whole():
    whole = f"{HARBOUR}\n\n{LIBRARY}"
    result = find([Document(id="a", text=whole), Document(id="b", text=HARBOUR)])
    assert [row[:3] for row in result.pairs.iter_rows()] in ([("a", "b", "near")], [("a", "b", "contains")])


def test_copies_too_far_apart_are_not_compared_but_counted():
    times = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 3, 20)]
    frame = pl.DataFrame({"id": ["a", "b", "c", "d"], "text": [HARBOUR] * 4, "published_at": [*times, None]})
    result = find(frame, window=timedelta(days=7))
    assert {row[:2] for row in result.pairs.iter_rows()} == {("a", "b"), ("a", "d"), ("b", "d"), ("c", "d")}
    assert result.beyond_window == 2


def test_an_accepted_pair_tells_what_was_measured():
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    changed = HARBOUR.replace("3.4 million", "4.2 million")
    frame = pl.DataFrame({"id": ["a", "b"], "text": [HARBOUR, changed], "outlet": ["x.example", "y.example"]})
    [pair] = find(frame.with_columns(published_at=pl.Series([at, at + timedelta(hours=3)]))).pairs.to_dicts()
    assert pair["containment"] > 0.9
    assert pair["containment_larger"] > 0.9
    assert pair["probability"] > 0.9
    assert pair["longest_run_words"] > 40
    assert pair["figures_differing"] > 0
    assert (pair["hours_apart"], pair["is_same_outlet"]) == (3.0, False)


def test_a_text_that_too_many_have_word_by_word_is_no_reporting_in_whatever_order():
    same = [Document(id=f"s{at:04}", text=HARBOUR[:300]) for at in range(MOST_HOLDERS + 9)]
    copy = [Document(id=name, text=LIBRARY) for name in ("a", "b")]
    whole = find([*copy, *same])
    assert relations(whole) == [("a", "b", "exact")]
    assert whole.capped > 0
    assert stream([*same, *copy], batch_size=270).pairs.equals(whole.pairs)
