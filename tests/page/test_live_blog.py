"""The entries of live blogs: declared and shown, with ids that survive the next poll."""

import json
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from tasks.page.live_blog import entries
from tasks.page.metadata import Metadata

LIVE = Metadata(title="Storm: live updates", types=("LiveBlogPosting",))


def declared(*updates):
    blog = {"@type": "LiveBlogPosting", "headline": "Storm", "liveBlogUpdate": list(updates)}
    return LexborHTMLParser(f'<script type="application/ld+json">{json.dumps(blog)}</script><h1>Storm</h1>')


def update(hour, headline, body, url=None):
    moment = f"2026-11-05T{hour:02}:00:00Z"
    node = {"@type": "BlogPosting", "headline": headline, "articleBody": body, "datePublished": moment}
    return node | ({"url": url} if url else {})


def test_declared_entries_come_the_oldest_first():
    found = entries(declared(update(12, "Trains stop", "No trains run."), update(9, "Wind rises", "Roofs fly.")), LIVE)
    assert [(entry.published_at, entry.title, entry.text) for entry in found] == [
        (datetime(2026, 11, 5, 9, tzinfo=UTC), "Wind rises", "Roofs fly."),
        (datetime(2026, 11, 5, 12, tzinfo=UTC), "Trains stop", "No trains run."),
    ]


def test_the_fragment_names_an_entry():
    found = entries(declared(update(9, "Wind", "Roofs.", url="https://gull.example/storm#post-17")), LIVE)
    assert [entry.id for entry in found] == ["post-17"]


def test_ids_survive_an_edit_and_a_new_entry():
    before = entries(declared(update(9, "Wind rises", "Roofs fly.")), LIVE)
    after = entries(declared(update(12, "Trains stop", "None."), update(9, "Wind rises", "Roofs fly in Oslo.")), LIVE)
    assert before[0].id == after[0].id
    assert len({entry.id for entry in after}) == 2


def moment(time):
    return f"datetime='2026-11-05T{time}:00Z'"


def shown(*times, attribute=True):
    blocks = "".join(
        f"<div class='post post-{n}'><time {moment(t) if attribute else ''}>{t}</time><h3>News {n}</h3>"
        f"<p>The mayor said that bridge {n} is closed until further notice.</p></div>"
        for n, t in enumerate(times)
    )
    related = (
        "<ul><li class='related'><time datetime='2026-01-01'>1 Jan</time><a>An older story about wind</a></li></ul>"
    )
    return LexborHTMLParser(f"<main><h1>Storm</h1><section>{blocks}</section>{related * 5}</main>")


def test_shown_entries_are_repeated_blocks_with_times():
    found = entries(shown("09:00", "10:30", "11:45"), LIVE)
    assert [entry.title for entry in found] == ["News 0", "News 1", "News 2"]
    assert found[0].text == "The mayor said that bridge 0 is closed until further notice."
    assert found[1].published_at == datetime(2026, 11, 5, 10, 30, tzinfo=UTC)


def test_times_without_a_day_still_tell_entries_apart():
    found = entries(shown("09:00", "10:30", "11:45", attribute=False), LIVE)
    assert len(found) == 3
    assert {entry.published_at for entry in found} == {None}


def test_another_page_has_no_entries():
    page = Metadata(title="Storm closes bridges", types=("NewsArticle",))
    assert entries(shown("09:00", "10:30", "11:45"), page) == ()
    assert entries(shown("09:00", "10:30"), LIVE) == ()
