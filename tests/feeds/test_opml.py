import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.feeds.found import Format, PlaceKind
from tasks.feeds.opml import read, write
from tasks.feeds.recognise import parse
from tasks.records import Kind, Source

NESTED = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x "boom">]>
<opml version="1.1"><head><title>My feeds</title></head><body>
<outline text="News"><outline title="Local">
  <outline type="rss" text="Harbour &amp; Gazette" title="" xmlUrl="https://gazette.example/rss" htmlUrl="https://gazette.example/"/>
</outline>
<OUTLINE TYPE="rss" TEXT="Shouting" XMLURL="https://loud.example/rss" LANGUAGE="en-GB"></OUTLINE>
</outline>
<outline text="No feed here"/><outline type="rss" xmlUrl="https://bare.example/feed.xml">
<outline type="rss" text="Harbour &amp; Gazette" xmlUrl="https://other.example/rss"/>
<outline text="Again" xmlUrl="https://gazette.example/rss"/><outline text="x" xmlUrl="javascript:alert(1)"/>
</body>"""


def test_nested_and_broken_outlines_are_read():
    sources = read(NESTED)
    assert [(source.name, source.location, source.tags) for source in sources] == [
        ("Harbour & Gazette", "https://gazette.example/rss", ("News", "Local")),
        ("Shouting", "https://loud.example/rss", ("News",)),
        ("bare.example", "https://bare.example/feed.xml", ()),
        ("Harbour & Gazette (2)", "https://other.example/rss", ()),
    ]
    assert {source.kind for source in sources} == {Kind.FEED}


def test_opml_found_on_the_way_names_places():
    found = parse(NESTED, "https://reader.example/list.opml")
    assert found.format is Format.OPML
    assert [(place.url, place.kind) for place in found.places][:2] == [
        ("https://gazette.example/rss", PlaceKind.FEED),
        ("https://loud.example/rss", PlaceKind.FEED),
    ]
    assert len(found.places) == 4


FULL = (
    Source(
        name='Harbour "Gazette" & <Sons>',
        kind=Kind.FEED,
        location="https://gazette.example/rss?a=1&b=2",
        outlet="gazette.example",
        language="en",
        country="IE",
        tags=("local", "port, sea"),
        is_enabled=False,
        include=("/news/",),
        exclude=(r"/video/\d+",),
        allow_other_hosts=True,
        min_interval_seconds=2.5,
        max_pages=40,
        headers={"Accept-Language": "en"},
    ),
    Source(name="Chronicle", kind=Kind.SITEMAP, location="https://chronicle.example/sitemap.xml"),
    Source(name="Front", kind=Kind.LISTING, location="https://front.example/", link_selector="h2 > a[href]"),
)


def test_export_and_import_give_identical_sources():
    assert read(write(FULL).encode()) == FULL


def test_a_strangers_list_opens_no_private_network():
    listed = (Source(name="A", kind=Kind.FEED, location="http://10.0.0.1/rss", allow_private=True),)
    text = write(listed).encode()
    assert read(text)[0].allow_private is False
    assert read(text, allow_private=True) == listed


@given(
    st.lists(
        st.builds(
            Source,
            name=st.text(st.characters(blacklist_categories=["Cs", "C", "Z"]), min_size=1, max_size=30).filter(
                str.strip
            ),
            kind=st.sampled_from([Kind.FEED, Kind.SITEMAP, Kind.HOME]),
            location=st.integers(0, 99).map(lambda n: f"https://s{n}.example/feed"),
            tags=st.lists(st.text("ab,&<\"'", min_size=1, max_size=5), max_size=3).map(tuple),
        ),
        max_size=5,
        unique_by=(lambda source: source.name, lambda source: source.location),
    )
)
def test_any_sources_survive_the_round_trip(sources):
    assert read(write(sources).encode()) == tuple(sources)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<opml>",
        b"<opml><body>" + b"<outline text='x'>" * 50_000,
        b"<outline xmlUrl='http://[/'/>",
        b"\xff\xfe<\x00",
    ],
)
def test_hostile_lists_are_harmless(body):
    assert read(body) == ()


def test_deep_nesting_keeps_its_feeds():
    deep = b"<opml>" + b"<outline text='x'>" * 30 + b"<outline xmlUrl='https://a.example/'/>" + b"</outline>" * 30
    sources = read(deep + b"<outline xmlUrl='https://b.example/'/>")
    assert [source.location for source in sources] == ["https://a.example/", "https://b.example/"]
    assert sources[1].tags == ()


@given(st.binary(max_size=200))
def test_any_bytes_give_sources(body):
    read(b"<opml><outline xmlUrl='https://a.example/' " + body)
