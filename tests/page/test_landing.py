"""What one cleaned page leaves: rows in, rows out, from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tasks.page.landing import Landing, Stored, StoredPage, landing
from tasks.records import Article, Ending, Entry, Reject, Rejecting, Removed, Removing

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
PAGE = StoredPage(
    page_id="p1",
    url="https://gazette.example/herring?utm_source=feed",
    final_url="https://gazette.example/herring",
    source_name="gazette",
    outlet=None,
    fetched_at=MORNING,
)
LATER = replace(PAGE, page_id="p2", fetched_at=MORNING + timedelta(hours=3))
TEXT = "Boats from six ports may land 41,000 tonnes next year.\n\nThe minister named no date for a review of the quota."
ARTICLE = Article(
    url=PAGE.final_url,
    canonical_url="https://gazette.example/herring",
    title="Herring quota cut by a third",
    text=TEXT,
    word_count=20,
    removed=(Removed(position=3, text="Sign up", reason=Removing.SIGN_UP, score=0.1),),
)


def land(page: StoredPage, result: Article | Reject, stored: Stored | None = None) -> Landing:
    return landing(page, result, stored, run_id="r", cleaner_version="1", template_version=None)


def test_a_first_page_makes_an_article_with_its_first_version() -> None:
    left = land(PAGE, ARTICLE)
    assert left.outcome.outcome is Ending.NEW
    [article] = left.rows["core.articles"]
    assert article["outlet"] == "gazette.example"
    assert article["first_seen_at"] == article["last_seen_at"] == MORNING
    [version] = left.rows["core.article_versions"]
    assert (version["version"], version["valid_to"], version["changes"], version["text"]) == (1, None, [], None)
    [removed] = left.rows["core.blocks_removed"]
    assert (removed["text"], removed["reason"]) == ("Sign up", "sign_up")


def test_the_same_words_again_change_no_row() -> None:
    stored = land(PAGE, ARTICLE).stored
    left = land(LATER, ARTICLE, stored)
    assert (left.outcome.outcome, left.outcome.reason) == (Ending.UNCHANGED, "same_words")
    assert set(left.rows) == {"core.extractions"}
    assert left.stored == stored


def test_other_words_make_a_version_and_end_the_one_before() -> None:
    stored = land(PAGE, ARTICLE).stored
    corrected = replace(ARTICLE, text=TEXT.replace("41,000", "14,000"))
    left = land(LATER, corrected, stored)
    assert left.outcome.outcome is Ending.CHANGED
    before, after = left.rows["core.article_versions"]
    assert (before["version"], before["valid_to"], before["text"]) == (1, LATER.fetched_at, TEXT)
    assert (after["version"], after["valid_from"], after["valid_to"], after["text"]) == (
        2,
        LATER.fetched_at,
        None,
        None,
    )
    assert after["changes"] == ["figures"]
    [article] = left.rows["core.articles"]
    assert article["first_seen_at"] == MORNING
    assert article["last_seen_at"] == LATER.fetched_at


def test_a_page_older_than_what_is_stored_never_overwrites_it() -> None:
    stored = land(LATER, ARTICLE).stored
    left = land(PAGE, replace(ARTICLE, text="An earlier wording, read late from an archive."), stored)
    assert (left.outcome.outcome, left.outcome.reason) == (Ending.UNCHANGED, "older_page")
    assert "core.articles" not in left.rows


def test_the_same_page_cleaned_again_rewrites_its_version_in_place() -> None:
    stored = land(PAGE, ARTICLE).stored
    left = land(PAGE, replace(ARTICLE, text=TEXT + "\n\nA paragraph that the cleaner missed before."), stored)
    assert (left.outcome.outcome, left.outcome.reason) == (Ending.UNCHANGED, "cleaned_again")
    [version] = left.rows["core.article_versions"]
    assert (version["version"], version["text"]) == (1, None)
    [article] = left.rows["core.articles"]
    assert article["text"].endswith("missed before.")


def test_a_reject_leaves_its_reason() -> None:
    left = land(PAGE, Reject(url=PAGE.url, reason=Rejecting.CONSENT_WALL, detail="asks for consent"))
    assert (left.outcome.outcome, left.outcome.reason) == (Ending.REJECT, "consent_wall")
    assert left.rows["core.extractions"][0]["reject"] == "consent_wall"


def test_a_decision_takes_the_one_before_it_away() -> None:
    [found] = land(PAGE, ARTICLE).rows["core.extractions"]
    [refused] = land(PAGE, Reject(url=PAGE.url, reason=Rejecting.EMPTY, detail="no text")).rows["core.extractions"]
    assert found.keys() == refused.keys(), "a column that a frame lacks is not written"
    assert (found["reject"], found["detail"], refused["article_id"]) == (None, None, None)


def test_entries_of_a_live_blog_are_rows() -> None:
    entry = Entry(id="e1", published_at=MORNING, title=None, text="Counting has begun in the harbour ward.")
    left = land(PAGE, replace(ARTICLE, entries=(entry,)))
    [row] = left.rows["core.live_entries"]
    assert (row["entry_id"], row["text"]) == ("e1", entry.text)
