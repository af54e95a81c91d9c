from datetime import UTC, datetime

import pytest

from tasks.feeds.worklist import Limits, Worklist
from tasks.records import Kind, Skip, Source

SITE = "https://gazette.example"


def source(kind=Kind.SITEMAP, path="/sitemap.xml", **keys):
    return Source(name="A", kind=kind, location=SITE + path, **keys)


def index(*children):
    """A child is a path, or (path, lastmod)."""
    entries = (child if isinstance(child, tuple) else (child, "") for child in children)
    return (
        "<sitemapindex>"
        + "".join(
            f"<sitemap><loc>{SITE}{path}</loc><lastmod>{lastmod}</lastmod></sitemap>" for path, lastmod in entries
        )
        + "</sitemapindex>"
    ).encode()


def urlset(*paths):
    return ("<urlset>" + "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in paths) + "</urlset>").encode()


def run(work, web, most=200):
    """Answer every question of the worklist from a web of path → body, and return the paths asked for."""
    asked = []
    while (place := work.next()) is not None:
        asked.append(place.url.removeprefix(SITE))
        assert len(asked) <= most
        work.feed(web.get(asked[-1]))
    return asked


def paths(work):
    return [candidate.url.removeprefix(SITE) for candidate in work.result().candidates]


def test_an_index_is_followed_to_its_articles():
    work = Worklist(source())
    web = {"/sitemap.xml": index("/1.xml", "/2.xml"), "/1.xml": urlset("/a", "/b"), "/2.xml": urlset("/b", "/c")}
    assert run(work, web) == ["/sitemap.xml", "/1.xml", "/2.xml"]
    assert paths(work) == ["/a", "/b", "/c"]


def test_newest_first_and_closed_periods_are_not_read():
    web = {
        "/sitemap.xml": index(
            ("/old.xml", "2026-01-05"),
            "/sitemap-2026-10.xml",
            ("/new.xml", "2026-11-24"),
            "/sitemap-2026-11.xml",
            "/news.xml",
        )
    }
    work = Worklist(source(), since=datetime(2026, 11, 20, tzinfo=UTC))
    assert run(work, web) == ["/sitemap.xml", "/news.xml", "/sitemap-2026-11.xml", "/new.xml"]
    unread = [place.url.removeprefix(SITE) for place in work.result().unread]
    assert unread == ["/old.xml", "/sitemap-2026-10.xml"]


def test_a_poll_that_meets_only_known_urls_has_caught_up():
    web = {"/sitemap.xml": index(*((f"/{n}.xml", "2026-11-24") for n in range(9)))}
    web |= {f"/{n}.xml": urlset(f"/{n}/a", f"/{n}/b") for n in range(9)}
    work = Worklist(source(), since=datetime(2026, 11, 20, tzinfo=UTC), is_known=lambda url: "/0/" not in url)
    assert run(work, web) == ["/sitemap.xml", "/0.xml", "/1.xml", "/2.xml", "/3.xml"]
    assert len(work.result().unread) == 5
    backfill = Worklist(source(), is_known=lambda url: True)
    assert len(run(backfill, web)) == 10


def test_loops_are_harmless():
    web = {"/sitemap.xml": index("/1.xml", "/sitemap.xml"), "/1.xml": index("/sitemap.xml", "/1.xml#x", "/2.xml")}
    assert run(Worklist(source()), web) == ["/sitemap.xml", "/1.xml", "/2.xml"]


def test_depth_and_number_are_bounded():
    endless = {f"/{n}.xml": index(f"/{n + 1}.xml") for n in range(100)}
    work = Worklist(source(path="/0.xml"))
    assert run(work, endless) == ["/0.xml", "/1.xml", "/2.xml", "/3.xml"]
    assert [place.url for place in work.result().unread] == [SITE + "/4.xml"]
    wide = {"/sitemap.xml": index(*(f"/{n}.xml" for n in range(500)))}
    work = Worklist(source())
    assert len(run(work, wide)) == 50
    assert len(work.result().unread) == 451
    assert len(work.result().unreadable) == 49


def test_what_is_remembered_is_bounded():
    vast = {"/sitemap.xml": index(*(f"/{n}.xml" for n in range(3_000)))}
    work = Worklist(source(), limits=Limits(places=3))
    assert len(run(work, vast)) == 3
    assert (len(work.result().unread), work.result().unread_count) == (1_000, 2_998)


def test_skipped_urls_beyond_the_limit_are_only_counted():
    foreign = "".join(f"<url><loc>https://other.example/{n}</loc></url>" for n in range(5))
    work = Worklist(source(), limits=Limits(candidates=2))
    run(work, {"/sitemap.xml": f"<urlset>{foreign}</urlset>".encode()})
    assert (len(work.result().skipped), work.result().overflow) == (2, 3)


def test_a_redirect_to_a_list_already_read_ends_there():
    work = Worklist(source(path="/a.xml"))
    work.next()
    work.feed(index("/b.xml"), SITE + "/b.xml")
    assert work.next() is None


def test_candidates_beyond_the_limit_are_counted():
    work = Worklist(source(), limits=Limits(candidates=2))
    run(work, {"/sitemap.xml": urlset("/a", "/b", "/c", "/d")})
    assert paths(work) == ["/a", "/b"]
    assert [skip.reason for skip in work.result().skipped] == [Skip.OVER_BUDGET, Skip.OVER_BUDGET]


def feed(items, following):
    entries = "".join(f'<entry><title>{item}</title><link href="{item}"/></entry>' for item in items)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="{following}"/>{entries}</feed>'.encode()


ENDLESS_FEED = {f"/feed?p={n}": feed([f"/{n}/a", f"/{n}/b"], f"/feed?p={n + 1}") for n in range(100)}


def test_further_pages_are_read_while_they_show_something_new():
    work = Worklist(source(Kind.FEED, "/feed?p=0"), is_known=lambda url: "/1/" in url)
    assert run(work, ENDLESS_FEED) == ["/feed?p=0", "/feed?p=1"]
    work = Worklist(source(Kind.FEED, "/feed?p=0"))
    assert len(run(work, ENDLESS_FEED)) == 6


def front(number):
    articles = "".join(
        f"<article><h2><a href='/story-number-{number}-{n}-of-a-day'>A story of some length, {n}</a></h2></article>"
        for n in range(3)
    )
    return (
        f"<html><body><main>{articles}</main><a rel=next href='/news?p={number + 1}'>Older</a></body></html>".encode()
    )


def test_a_listing_is_turned_to_its_next_page_while_it_shows_something_new():
    web = {f"/news?p={n}": front(n) for n in range(20)}
    work = Worklist(source(Kind.LISTING, "/news?p=0"), is_known=lambda url: "number-1-" in url)
    assert run(work, web) == ["/news?p=0", "/news?p=1"]
    assert len(paths(work)) == 6


HOME = b"""<html><head><link rel=alternate type=application/rss+xml href=/feed><title>Gazette</title></head><body><main>
<article><h2><a href=/2026/11/ferry-late-again-today>Ferry is late again, and nobody knows why</a></h2></article>
<article><h2><a href=/2026/11/new-bridge-opens-soon>New bridge opens to traffic in the spring</a></h2></article>
<article><h2><a href=/2026/11/council-votes-on-budget>Council votes on the budget after long debate</a></h2></article>
</main></body></html>"""


def test_a_home_page_is_read_together_with_its_feed():
    work = Worklist(source(Kind.HOME, "/"))
    web = {"/": HOME, "/feed": feed(["/x"], "/feed")}
    assert run(work, web) == ["/", "/feed"]
    assert len(paths(work)) == 4


def test_a_feed_that_became_a_page_leads_to_the_new_feed():
    work = Worklist(source(Kind.FEED, "/old"))
    assert run(work, {"/old": HOME, "/feed": feed(["/x"], "/feed")}) == ["/old", "/feed"]
    assert paths(work) == ["/x"]


def test_an_unreadable_place_is_told_and_the_rest_goes_on():
    work = Worklist(source())
    run(work, {"/sitemap.xml": index("/gone.xml", "/1.xml"), "/1.xml": urlset("/a")})
    assert work.result().unreadable == (SITE + "/gone.xml",)
    assert paths(work) == ["/a"]


def test_feed_answers_next_once():
    work = Worklist(source())
    with pytest.raises(ValueError, match="answers next"):
        work.feed(b"")
