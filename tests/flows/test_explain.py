"""`wirehouse explain`: the measures and shared passages of two articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.homes import article, landed
from tests.flows.inside import wirehouse

pytest.importorskip("tasks.duplicates.explain")

WIRE = (
    "The harbour baths reopened on Tuesday after nine years of repairs, the council said. Swimmers queued before dawn "
    "in the rain, and the first of them, a retired pilot, dived in at six. Entry costs four crowns until the spring. "
    "The old tiles were found in a quarry above the town and laid by hand, one at a time, over two winters."
)
OTHER = (
    "A goods train left the rails near Kessel late on Monday; nobody was hurt. The line stays closed until the weekend "
    "while the track is inspected, the railway said, and buses run between the two stations every half hour."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = f"Our own man at the baths writes. {WIRE}"
    return landed(
        tmp_path_factory.mktemp("explain"),
        core_articles=[article("wire", WIRE), article("copy", copy), article("train", OTHER)],
        core_duplicate_pairs=[{"article_id_a": "copy", "article_id_b": "wire", "relation": "contains"}],
        core_clusters=[{"article_id": name, "cluster_id": "one"} for name in ("wire", "copy")]
        + [{"article_id": "train", "cluster_id": "two"}],
    )


def test_copies_and_strangers(home: Path) -> None:
    copy = wirehouse("explain", "wire", "https://gazette.example/copy", "--home", home, "--json").json
    other = wirehouse("explain", "wire", "train", "--home", home, "--json").json
    assert (copy["is_copy"], copy["relation"], copy["is_one_story"]) == (True, "contains", True)
    assert "nine years of repairs" in copy["passages"][0]
    assert (other["is_copy"], other["relation"], other["is_one_story"], other["passages"]) == (False, None, False, [])


def test_a_person_reads_the_verdict(home: Path) -> None:
    said = wirehouse("explain", "wire", "copy", "--home", home).out
    assert "a copy: probability" in said
    assert "stored as `contains`; one story" in said


def test_an_unknown_article_is_one_line(home: Path) -> None:
    assert wirehouse("explain", "wire", "none", "--home", home).exit == 2
