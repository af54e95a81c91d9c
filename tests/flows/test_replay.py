"""Replay: stored pages cleaned again leave what a rebuild would leave, and `--diff` says what that changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from prefect.logging import disable_run_logger

import tasks.page.many
from tasks.again import Span, batches, seeds_of
from tasks.extract import extract_again_batch
from tasks.page.article import extract
from tasks.page.difference import changed_share
from tasks.records import Article, Reject, Rejecting, Template
from tests.flows.command import wirehouse as called
from tests.flows.homes import NOON, cleaned, page, rows_of, run_of, stored
from tests.flows.inside import wirehouse
from warehouse.connection import writing

BATHS = (
    "The harbour baths reopened on Tuesday after nine years of repairs, the council of the old port town said.",
    "Swimmers queued before dawn in the rain, and the first of them, a retired pilot, dived in at six o'clock.",
    "Entry costs four crowns until the spring, when the sauna above the boiler room is meant to be ready again.",
)
TRAIN = (
    "A goods train left the rails near Kessel late on Monday, and nobody was hurt, the railway said on Tuesday.",
    "The line stays closed until the weekend while the track is inspected, and buses run between the two stations.",
    "Two wagons with timber lie beside the embankment; a crane from the junction is expected on Wednesday morning.",
)
LATER = "The council corrected the price of a season ticket on Wednesday evening, after a reader had complained of it."
EMPTY = "<html><head><title>Photos</title></head><body><p>Photos.</p></body></html>"
URL = "https://gazette.example/{}"
CORE = {
    "articles": "article_id",
    "article_versions": "article_id, version",
    "blocks_removed": "article_id, position",
    "evidence": "ALL",
    "extractions": "page_id",
    "clusters": "article_id",
    "duplicate_pairs": "ALL",
}

Clean = Callable[[bytes, str | None, Template | None], Article | Reject]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: four pages, then one of them again with another sentence. A copy on another host, and one reject."""
    home = tmp_path_factory.mktemp("replay") / "home"
    first = run_of(home)
    stored(
        first,
        (URL.format("baths"), page("Harbour baths reopen", *BATHS)),
        ("https://post.example/baths", page("Baths reopen at last", *BATHS)),
        (URL.format("train"), page("Train leaves rails", *TRAIN)),
        (URL.format("photos"), EMPTY),
    )
    cleaned(first)
    second = run_of(home, "run-2", at=NOON + timedelta(days=1))
    stored(second, (URL.format("baths"), page("Harbour baths reopen", *BATHS, LATER)))
    cleaned(second)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of that home folder."""
    return Path(copytree(made, tmp_path / "home"))


def core(home: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: rows_of(home, f"FROM core.{name} ORDER BY {order}") for name, order in CORE.items()}


def replayed(home: Path, span: Span | None = None, run_id: str = "again-1") -> None:
    """Replay as the flow does, without a Prefect server."""
    run = run_of(home, run_id, at=NOON + timedelta(days=2), flow="replay")
    stored(run)
    with writing(home, who="test") as con:
        seeds = seeds_of(con, span or Span(), run_id)
    done: set[str] = set()
    with disable_run_logger():
        for names in batches(seeds, done):
            done |= set(extract_again_batch.fn(run, names))
    cleaned(run)


def rules(monkeypatch: pytest.MonkeyPatch, changed: Clean) -> None:
    """Let the cleaner have other rules than those that the pages were cleaned with."""
    monkeypatch.setattr(tasks.page.many, "extract", changed)


def without(word: str) -> Clean:
    """Rules that take a page with this word in its address for no article."""

    def cleaner(html: bytes, url: str | None, template: Template | None = None) -> Article | Reject:
        if url and word in url:
            return Reject(url=url, reason=Rejecting.SECTION_FRONT, detail="as the new rules see it")
        return extract(html, url, template)

    return cleaner


def shorter(html: bytes, url: str | None, template: Template | None = None) -> Article | Reject:
    """Rules that leave out the last paragraph of the baths."""
    return extract(html.replace(f"<p>{BATHS[-1]}</p>".encode(), b""), url, template)


def test_the_same_rules_change_nothing(home: Path) -> None:
    before = core(home)
    said = wirehouse("replay", "--diff", "--home", home, "--json").json
    assert (said["pages"], said["articles"], said["differences"]) == (5, 3, [])
    assert "nothing would change" in wirehouse("replay", "--diff", "--home", home).out
    replayed(home)
    assert core(home) == before


def test_the_finding_place_fills_the_gaps_again(home: Path) -> None:
    with writing(home, who="test") as con:
        con.execute("UPDATE raw.candidates SET section = 'Local' WHERE url LIKE '%train'").fetchall()
    replayed(home)
    assert rows_of(home, "SELECT DISTINCT section FROM core.articles ORDER BY ALL") == [
        {"section": "Local"},
        {"section": None},
    ]


def test_a_look_writes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    rules(monkeypatch, without("train"))
    before = files()
    assert wirehouse("replay", "--diff", "--home", home, "--json").json["lost"] == 1
    assert files() == before


def test_another_body_is_shown_and_lands_in_every_version(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, shorter)
    said = wirehouse("replay", "--diff", "--home", home, "--json").json
    assert (said["body"], said["lost"], said["gained"]) == (2, 0, 0)
    [ours] = [one for one in said["differences"] if one["url"] == URL.format("baths")]
    assert 0.05 < ours["share"] < 0.5
    assert ours["words_after"] == ours["words_before"] - len(BATHS[-1].split())
    replayed(home)
    texts = rows_of(home, "SELECT text FROM report.versions UNION ALL SELECT text FROM core.articles")
    assert not [row for row in texts if BATHS[-1] in row["text"]]
    assert len(rows_of(home, "FROM core.article_versions")) == 4
    assert wirehouse("replay", "--diff", "--home", home, "--json").json["differences"] == []


def test_a_page_that_is_no_article_any_more_loses_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canonical one of a story goes: its copy gets a story of its own."""
    canonical = rows_of(home, "SELECT url FROM core.articles JOIN core.clusters USING (article_id) WHERE is_canonical")
    host = next(row["url"].split("/")[2] for row in canonical if row["url"].endswith("baths"))
    rules(monkeypatch, without(f"{host}/baths"))
    said = wirehouse("replay", "--diff", "--home", home, "--json").json
    [lost] = said["differences"]
    assert (lost["effect"], lost["reason"]) == ("lost", "section_front")
    replayed(home)
    left = rows_of(
        home, "SELECT url, cluster_id, is_canonical FROM core.articles LEFT JOIN core.clusters USING (article_id)"
    )
    assert len(left) == 2
    assert all(row["is_canonical"] for row in left)
    assert len({row["cluster_id"] for row in left}) == 2
    for table in ("article_versions", "blocks_removed", "evidence", "clusters"):
        assert rows_of(home, f"FROM core.{table} ANTI JOIN core.articles USING (article_id)") == []
    outcome = f"FROM ops.outcomes WHERE run_id = 'again-1' AND outcome = 'reject' AND url LIKE '%{host}/baths'"
    assert rows_of(home, f"SELECT article_id IS NOT NULL AS was {outcome}") == [{"was": True}]
    monkeypatch.undo()
    assert wirehouse("replay", "--diff", "--home", home, "--json").json["gained"] == 1
    replayed(home, run_id="again-2")
    assert len(rows_of(home, "FROM core.articles")) == 3


@pytest.mark.slow
def test_an_article_survives_the_loss_of_one_of_its_pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cleaner(html: bytes, url: str | None, template: Template | None = None) -> Article | Reject:
        if LATER.encode() in html:
            return Reject(url=url, reason=Rejecting.SOFT_404, detail="as the new rules see it")
        return extract(html, url, template)

    rules(monkeypatch, cleaner)
    said = wirehouse("replay", "--diff", "--home", home, "--json").json
    assert [one["effect"] for one in said["differences"]] == ["body"]
    replayed(home)
    [row] = rows_of(home, f"FROM core.articles WHERE url = '{URL.format('baths')}'")
    assert LATER not in row["text"]
    assert len(rows_of(home, f"FROM core.article_versions WHERE article_id = '{row['article_id']}'")) == 1


@pytest.mark.slow
def test_a_missing_archive_is_no_word_on_its_articles(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = core(home)
    for path in (home / "raw").glob("run-1-*"):
        path.unlink()
    rules(monkeypatch, shorter)
    said = wirehouse("replay", "--diff", "--home", home, "--json").json
    assert (said["differences"], said["unreadable"]) == ([], 5)
    replayed(home)
    assert core(home) == before


def test_a_span_takes_the_whole_article_along(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, shorter)
    late = wirehouse("replay", "--diff", "--home", home, "--since", "2026-11-04", "--json").json
    assert (late["pages"], late["body"]) == (2, 1)
    none = wirehouse("replay", "--diff", "--home", home, "--source", "Herald", "--json").json
    assert none["pages"] == 0


@pytest.mark.slow
def test_a_killed_replay_goes_on_where_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, shorter)
    monkeypatch.setattr("tasks.again.BATCH_PAGES", 1)
    run = run_of(home, "again-1", at=NOON + timedelta(days=2), flow="replay")
    stored(run)
    with writing(home, who="test") as con:
        first = next(batches(seeds_of(con, Span(), "again-1"), set()))
    with disable_run_logger():
        extract_again_batch.fn(run, first)
    with writing(home, who="test") as con:
        left = seeds_of(con, Span(), "again-1")
    assert left.height == 3
    replayed(home)
    assert wirehouse("replay", "--diff", "--home", home, "--json").json["differences"] == []


@pytest.mark.parametrize(("gate", "exit_code"), [(50, 5), (100, 0)])
def test_a_gate_tells_too_many_changes(home: Path, monkeypatch: pytest.MonkeyPatch, gate: int, exit_code: int) -> None:
    rules(monkeypatch, shorter)
    said = wirehouse("replay", "--diff", "--home", home, "--gate", gate)
    assert said.exit == exit_code
    assert ("50 % are allowed" in said.err) == (exit_code == 5)


def test_before_the_first_run_the_remedy_is_named(tmp_path: Path) -> None:
    for arguments in (["--diff"], []):
        said = wirehouse("replay", "--home", tmp_path / "none", *arguments)
        assert (said.exit, "wirehouse run" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("One two three. Four five six.", "One two three. Four five six.", 0.0),
        ("One two three. Four five six.", "Four five six. One two three.", 0.0),
        ("One two three. Four five six.", "One two three.", 1 / 3),
        ("One two three.", "Four five six.", 1.0),
        ("", "", 0.0),
        ("", "One two.", 1.0),
    ],
)
def test_how_much_a_body_changed(before: str, after: str, share: float) -> None:
    assert changed_share(before, after) == pytest.approx(share)


@pytest.mark.slow
@pytest.mark.prefect
def test_a_real_replay_is_gated_and_publishes(home: Path, prefect_api: str) -> None:
    spoilt = "UPDATE core.articles SET text = 'Spoilt.', content_hash = 'spoilt' WHERE url LIKE '%train'"
    with writing(home, who="test") as con:
        con.execute(spoilt).fetchall()
        con.execute("UPDATE core.article_versions SET content_hash = 'spoilt' WHERE text LIKE '%Kessel%'").fetchall()
    refused = called("replay", "--home", str(home), "--gate", "10", "--json", api=prefect_api)
    assert refused.returncode == 5, refused.stderr
    assert "nothing was written" in json.loads(refused.stdout)["headline"]
    assert rows_of(home, "SELECT count(*) AS n FROM core.articles WHERE text = 'Spoilt.'") == [{"n": 1}]
    done = called("replay", "--home", str(home), "--gate", "50", "--json", api=prefect_api)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["state"], said["articles_changed"], said["run_id"][:7]) == ("Completed", 1, "replay-")
    shown = wirehouse(
        "sql", "SELECT count(*) AS n FROM core.articles WHERE text = 'Spoilt.'", "--format", "json", "--home", home
    )
    assert shown.json == [{"n": 0}]
