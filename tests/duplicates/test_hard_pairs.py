# ruff: noqa: E501 - texts
"""Pairs that are easily mistaken, written by hand: pieces of one template, shared quotes, round-ups, cuts and mergers."""

from __future__ import annotations

import pytest

from tasks.duplicates.explain import explain
from tasks.duplicates.find import find
from tasks.records import Document
from tests.duplicates.stories import BRIDGE, FURNITURE, HARBOUR, LIBRARY, QUOTE

TEMPLATES = {
    "weather": (
        "Kelton can expect a dry start on Tuesday with a high near 14. West wind of 10 to 20 kilometres an hour. On Tuesday "
        "night rain arrives, with a low around 6. Sunrise is at 7:12 and sunset at 18:03. The weather office in Kelton will "
        "issue the next forecast at noon.",
        "Kelton can expect showers on Saturday with a high near 9. North wind of 25 to 40 kilometres an hour. On Saturday "
        "night rain arrives, with a low around 1. Sunrise is at 7:31 and sunset at 17:48. The weather office in Kelton will "
        "issue the next forecast at noon.",
    ),
    "stocks": (
        "Shares in Lundby closed higher on Monday, with the main index up 41.20 points, or 0.83 percent, at 5,012.77. Volume "
        "was 214 million shares. Gainers outnumbered losers by 61 to 34. Tamarack Group rose 4.1 percent after it named a new "
        "chairman, while Fulmar Shipping lost 2.6 percent. The crown was quoted at 9.87 to the dollar.",
        "Shares in Lundby closed lower on Thursday, with the main index down 77.05 points, or 1.55 percent, at 4,893.10. Volume "
        "was 187 million shares. Losers outnumbered gainers by 70 to 22. Acorn Paper fell 6.4 percent after it cut its "
        "dividend, while Juniper Foods gained 1.9 percent. The crown was quoted at 10.02 to the dollar.",
    ),
    "lottery": (
        "The winning numbers in Wednesday's drawing of the Marsden Lucky Six were 4, 11, 19, 23, 38 and 41. The bonus ball was "
        "7. The jackpot was 2,340,000. No ticket matched all six numbers and 31 matched five for 1,250 each. Tickets can be "
        "claimed within 180 days at any shop. Players must be 18 or older.",
        "The winning numbers in Saturday's drawing of the Marsden Lucky Six were 2, 9, 16, 27, 33 and 45. The bonus ball was "
        "12. The jackpot was 2,910,000. One ticket matched all six numbers and 44 matched five for 980 each. Tickets can be "
        "claimed within 180 days at any shop. Players must be 18 or older.",
    ),
    "police": (
        "Police in Otley are looking for witnesses to a burglary in the 400 block of Chapel Street on Sunday between 2 and 4 a.m. "
        "A laptop and jewellery worth about 3,200 were taken. Anyone with information is asked to call the station at 555-0148. "
        "Callers may remain anonymous.",
        "Police in Otley are looking for witnesses to a burglary in the 1200 block of River Road on Thursday between 9 and 11 p.m. "
        "Tools and a bicycle worth about 1,900 were taken. Anyone with information is asked to call the station at 555-0148. "
        "Callers may remain anonymous.",
    ),
    "match": (
        "Redhill Rovers beat Upton Saints 3-1 on Saturday in front of 8,412 people. Jonas Dahl scored in the 12th and 40th "
        "minutes and Tara Novak added a third from a free kick. The visitors' goal came from Hugo Petrov. Rovers are now fourth "
        "with 31 points from 18 games and play Selby on Wednesday.",
        "Redhill Rovers beat Varley Kings 2-0 on Saturday in front of 7,105 people. Nils Ueda scored in the 55th and 81st "
        "minutes. The visitors had a goal by Peter Moreau ruled out. Rovers are now second "
        "with 40 points from 22 games and play Jarrow on Sunday.",
    ),
    "earnings": (
        "Cobalt Holdings said second quarter net profit rose to 41.3 million, or 1.12 a share, from 35.9 million, or 0.98 a share, a "
        "year earlier. Revenue was 512 million against 470 million. Analysts had expected 1.05 a share. The company forecast "
        "full-year revenue of 2.0 billion to 2.1 billion. The shares closed at 27.40.",
        "Cobalt Holdings said third quarter net profit fell to 29.8 million, or 0.81 a share, from 38.2 million, or 1.04 a share, a "
        "year earlier. Revenue was 466 million against 498 million. Analysts had expected 0.90 a share. The company forecast "
        "full-year revenue of 1.8 billion to 1.9 billion. The shares closed at 22.15.",
    ),
}


def found(**texts: str) -> set[tuple[str, str, str]]:
    return {row[:3] for row in find([Document(id=name, text=text) for name, text in texts.items()]).pairs.iter_rows()}


@pytest.mark.parametrize("family", TEMPLATES)
def test_two_pieces_of_one_template_are_no_copies(family):
    one, other = TEMPLATES[family]
    assert found(a=one, b=other) == set()


@pytest.mark.parametrize("family", TEMPLATES)
def test_a_reprinted_piece_of_a_template_is_a_copy(family):
    one, other = TEMPLATES[family]
    assert found(a=one, b=other, c=f"OTLEY (Wire) - {one}") == {("a", "c", "near")}


def test_stories_that_share_a_long_quote_are_no_copies():
    assert found(a=f"{HARBOUR}\n\n{QUOTE}\n\n{LIBRARY}", b=f"{BRIDGE}\n\n{QUOTE}") == set()


def test_two_pages_of_one_outlet_share_only_furniture():
    assert found(a=f"{HARBOUR}\n\n{FURNITURE}", b=f"{LIBRARY}\n\n{FURNITURE}", c=f"{BRIDGE}\n\n{FURNITURE}") == set()


def test_a_story_cut_to_its_first_paragraph_is_held_by_the_whole():
    cut = HARBOUR.split("\n\n")[0]
    assert found(a=HARBOUR, b=cut) in ({("a", "b", "contains")}, {("a", "b", "near")})


def test_a_merged_wire_holds_both_stories_and_joins_neither_to_the_other():
    result = find(
        [
            Document(id=name, text=text)
            for name, text in (("a", HARBOUR), ("b", BRIDGE), ("m", f"{HARBOUR}\n\n{BRIDGE}"))
        ]
    )
    assert {row[:3] for row in result.pairs.iter_rows()} == {("m", "a", "contains"), ("m", "b", "contains")}
    stories = dict(result.clusters.select("id", "cluster_id").iter_rows())
    assert stories["a"] != stories["b"]


def test_a_round_up_does_not_chain_its_stories():
    briefs = [text.split("\n\n")[0] for text in (HARBOUR, LIBRARY, BRIDGE)]
    documents = {"a": HARBOUR, "b": LIBRARY, "c": BRIDGE, "r": "\n\n".join(briefs)}
    result = find([Document(id=name, text=text) for name, text in documents.items()])
    stories = dict(result.clusters.select("id", "cluster_id").iter_rows())
    assert len({stories["a"], stories["b"], stories["c"]}) == 3


def test_changed_figures_do_not_hide_a_copy():
    changed = HARBOUR.replace("forty metres", "fifty metres").replace("3.4 million", "4.1 million")
    assert found(a=HARBOUR, b=changed) == {("a", "b", "near")}


def test_house_style_does_not_hide_a_copy():
    american = BRIDGE.replace("tonnes", "tons").replace("kilometres", "kilometers").replace("twelve", "12").upper()
    assert found(a=BRIDGE, b=american) == {("a", "b", "near")}


def test_three_hundred_reprints_are_one_story():
    documents = [
        Document(id=f"{at:03}", text=f"{HARBOUR}\n\nPrinted by paper number {at} of the county.") for at in range(300)
    ]
    result = find([*documents, Document(id="other", text=LIBRARY)])
    assert result.clusters.filter(id="000")["cluster_id"][0] == "000"
    assert result.clusters["cluster_id"].n_unique() == 2


def test_the_explanation_shows_the_shared_passage():
    told = explain(f"{HARBOUR}\n\n{FURNITURE}", HARBOUR.split("\n\n")[0])
    assert told.is_copy
    assert told.passages[0].startswith("The harbour authority of Westhaven")
    assert told.measures["cover3_small"] == 1.0


def test_the_explanation_of_strangers_has_nothing_to_show():
    told = explain(HARBOUR, LIBRARY)
    assert not told.is_copy
    assert told.passages == ()
