import pytest

from tasks.feeds.keep import is_advertisement, keep, sites
from tasks.records import Candidate, Kind, Skip, Source


def source(**keys):
    return Source(**({"name": "A", "kind": Kind.FEED, "location": "https://gazette.example/rss"} | keys))


def candidates(*urls, **keys):
    return [Candidate(url=url, source="A", found_in="f", **keys) for url in urls]


OWN = ["https://gazette.example/a", "https://www.gazette.example/b", "https://news.gazette.example/c"]

REASONS = [
    ("https://gazette.example/x", None),
    ("http://gazette.example/x", None),
    ("javascript:alert(1)", Skip.NOT_HTTP),
    ("mailto:desk@gazette.example", Skip.NOT_HTTP),
    ("https://", Skip.NOT_HTTP),
    ("https://gazette.example/" + "x" * 3000, Skip.TOO_LONG),
    ("https://shop.example/deal", Skip.OTHER_SITE),
    ("https://gazette.example.evil.example/x", Skip.OTHER_SITE),
    ("https://ad.doubleclick.net/click;1", Skip.ADVERTISEMENT),
    ("http://da.feedsportal.com/r/1", Skip.ADVERTISEMENT),
    ("https://gazette.example/sponsored/best-shoes", Skip.ADVERTISEMENT),
    ("https://gazette.example/x?utm_medium=sponsored", Skip.ADVERTISEMENT),
    ("https://gazette.example/x?utm_source=rss&utm_medium=feed", None),
    ("https://gazette.example/ports-sponsored-by-the-state", None),
]


@pytest.mark.parametrize(("url", "reason"), REASONS)
def test_each_link_is_kept_or_skipped_with_its_reason(url, reason):
    kept, skipped = keep(candidates(*OWN, url), source())
    assert len(kept) == 3 + (reason is None)
    assert [skip.reason for skip in skipped] == ([] if reason is None else [reason])


def test_rules_of_the_source():
    listed = candidates(
        "https://gazette.example/news/1", "https://gazette.example/video/2", "https://gazette.example/news/v3"
    )
    kept, skipped = keep(listed, source(include=("/news/",), exclude=(r"/v\d",)))
    assert [candidate.url for candidate in kept] == ["https://gazette.example/news/1"]
    assert [skip.reason for skip in skipped] == [Skip.EXCLUDED, Skip.EXCLUDED]


def test_one_page_found_twice_is_one_candidate_the_fuller_one():
    listed = candidates("https://gazette.example/a?utm_source=rss") + candidates(
        "https://gazette.example/a#top", title="T"
    )
    kept, skipped = keep(listed, source())
    assert [candidate.title for candidate in kept] == ["T"]
    assert skipped == ()


def test_a_feed_on_another_host_belongs_to_the_site_it_links_to():
    feed = source(location="https://feeds.feedburner.com/gazette")
    kept, skipped = keep(candidates(*OWN, "https://sold.example/x"), feed)
    assert len(kept) == 3
    assert [skip.reason for skip in skipped] == [Skip.OTHER_SITE]


def test_the_feeds_own_link_counts_even_without_a_majority():
    feed = source(location="https://feeds.feedburner.com/gazette")
    listed = candidates(
        "https://gazette.example/a", "https://one.example/x", "https://two.example/y", "https://three.example/z"
    )
    kept, _ = keep(listed, feed, link="https://www.gazette.example/")
    assert [candidate.url for candidate in kept] == ["https://gazette.example/a"]


def test_the_outlet_that_the_source_names_counts():
    named = source(kind=Kind.SITEMAP, location="https://cdn.example/maps/gazette.xml", outlet="gazette.example")
    assert len(keep(candidates(*OWN), named)[0]) == 3
    assert keep(candidates(*OWN), source(kind=Kind.SITEMAP, location="https://cdn.example/maps/gazette.xml"))[0] == ()


def test_half_of_the_links_is_no_majority():
    listed = candidates("https://sold.example/x", "https://gazette.example/a")
    assert [candidate.url for candidate in keep(listed, source())[0]] == ["https://gazette.example/a"]


def test_an_aggregator_says_so():
    listed = candidates("https://one.example/x", "https://two.example/y", "https://three.example/z")
    assert keep(listed, source())[0] == ()
    assert len(keep(listed, source(allow_other_hosts=True))[0]) == 3
    assert len(keep(listed, source(kind=Kind.URLS, location="urls.txt"))[0]) == 3


def test_social_links_have_no_vote():
    listed = candidates(*(f"https://x.com/gazette/status/{n}" for n in range(9)), "https://gazette.example/a")
    assert sites(listed, source(location="https://feeds.feedburner.com/g")) == {"gazette.example"}


@pytest.mark.parametrize("url", ["https://uploads.example/x", "https://gazette.example/ad/x", "https://nota2mdn.net/x"])
def test_what_only_looks_like_an_advertisement_is_none(url):
    assert not is_advertisement(url)
