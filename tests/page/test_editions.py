"""What changed between two editions: labelled edits in seventeen languages, and the algebra of the comparison."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tasks.page.editions import ChangeKind, Op, changes

CASES = Path(__file__).with_name("editions_cases.tsv")
F1_FLOOR = 0.85


def cases():
    lines = [line for line in CASES.read_text(encoding="utf8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(case):
    before, after = (case[name].replace(" ¶ ", "\n\n").replace(" ⏎ ", "\n") for name in ("before", "after"))
    return changes(case["before_title"], before, case["after_title"], after)


def test_kinds_of_labelled_edits():
    assert len(cases()) >= 120
    right = said = owed = 0
    for case in cases():
        truth, kinds = set(case["kinds"].split()), {kind.value for kind in found(case).kinds}
        right, said, owed = right + len(truth & kinds), said + len(kinds), owed + len(truth)
    assert 2 * right / (said + owed) >= F1_FLOOR


def test_cosmetic_changes_make_no_version():
    wrong = [case["note"] or case["after"] for case in cases() if not case["kinds"] and not found(case).is_cosmetic]
    assert wrong == []


def test_every_kind_and_many_languages_are_labelled():
    assert {kind for case in cases() for kind in case["kinds"].split()} == {kind.value for kind in ChangeKind}
    assert len({case["language"] for case in cases()}) >= 15


def test_a_changed_sentence_is_rendered_as_removed_and_added():
    change = changes("T", "One is here. Two has 5 eggs.", "T", "One is here. Two has 6 eggs.")
    assert [(row.op, row.sentence) for row in change.rows] == [
        (Op.SAME, "One is here."),
        (Op.REMOVED, "Two has 5 eggs."),
        (Op.ADDED, "Two has 6 eggs."),
    ]


@given(st.text(max_size=400))
def test_the_same_text_has_not_changed(text):
    assert changes(text[:40], text, text[:40], text).is_cosmetic


@given(st.lists(st.sampled_from(["The sun rose.", "It rained!", "Nobody came."]), max_size=6))
def test_reflow_is_cosmetic(sentences):
    assert changes("T", "\n\n".join(sentences), "T", " ".join(sentences)).is_cosmetic


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(before, after):
    change = changes(None, before, None, after)
    assert len(change.kinds) == len(set(change.kinds))
