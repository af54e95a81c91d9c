import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import ConfigurationError
from tasks.feeds.declarations import KINDS_BY_PATH, read, write
from tasks.feeds.rules import has_nested_repeat, rule
from tasks.records import Kind, Source

FULL = """
[[source]]
name = "Harbour Gazette"
kind = "feed"
url = "https://gazette.example/rss.xml"
outlet = "gazette.example"
language = "en"
country = "IE"
tags = ["local", "port"]
enabled = false
include = ["/news/"]
exclude = ['/video/\\d+']
allow_private = true
allow_other_hosts = true
min_interval_seconds = 2.5
max_pages = 40
headers = { "Accept-Language" = "en" }

[[source]]
name = "Old pages"
kind = "warc"
path = "archive/*.warc.gz"

[[source]]
name = "Front"
kind = "listing"
url = "https://front.example/"
link_selector = "main h2 a"
"""


def test_every_key_fills_its_field():
    first, second, third = read(FULL, "sources.toml")
    assert first == Source(
        name="Harbour Gazette",
        kind=Kind.FEED,
        location="https://gazette.example/rss.xml",
        outlet="gazette.example",
        language="en",
        country="IE",
        tags=("local", "port"),
        is_enabled=False,
        include=("/news/",),
        exclude=(r"/video/\d+",),
        allow_private=True,
        allow_other_hosts=True,
        min_interval_seconds=2.5,
        max_pages=40,
        headers={"Accept-Language": "en"},
    )
    assert second == Source(name="Old pages", kind=Kind.WARC, location="archive/*.warc.gz")
    assert third.link_selector == "main h2 a"


def test_an_empty_file_declares_nothing():
    assert read("", "sources.toml") == ()
    assert read("# only a comment\n", "sources.toml") == ()


def source(**keys: str) -> str:
    given = {"name": '"A"', "kind": '"feed"', "url": '"https://a.example/"'} | keys
    return "[[source]]\n" + "\n".join(f"{key} = {value}" for key, value in given.items() if value)


BAD = [
    (source(exlude='["x"]'), ["sources.toml", "'A'", "'exlude'", "'exclude'"]),
    (source(URL='"https://a.example/"'), ["'URL'", "'url'"]),
    (source(kind='"fead"'), ["'A'", "kind", "'fead'", "'feed'"]),
    (source(kind='"podcast"'), ["'podcast'", "listing"]),
    (source(kind=""), ["'kind' is missing"]),
    (source(name=""), ["source number 1", "'name' is missing"]),
    (source(name="3"), ["name", "string", "number"]),
    (source(name='""'), ["name", "empty"]),
    (source(url=""), ["'url' is missing"]),
    (source(kind='"warc"', url=""), ["'path' is missing"]),
    (source(kind='"urls"', url=""), ["'url' or 'path' is missing"]),
    (source(kind='"warc"'), ["a path, not a url"]),
    (source(path='"x"'), ["either url or path"]),
    (source(url='"a.example"'), ["url", "https://"]),
    (source(url='"ftp://a.example/"'), ["https://"]),
    (source(url='"https:///x"'), ["no host"]),
    (source(url='"https://[bad/"'), ["not a URL"]),
    (source(url='"https://u:p@a.example/"'), ["password"]),
    (source(include='"/news/"'), ["include", "list"]),
    (source(include='["("]'), ["include", "'('", "regular expression"]),
    (source(exclude='["(a+)+$"]'), ["exclude", "repeat inside a repeat"]),
    (source(exclude='[""]'), ["exclude", "empty"]),
    (source(enabled='"yes"'), ["enabled", "true or false"]),
    (source(max_pages="0"), ["max_pages", "at least 1"]),
    (source(max_pages="true"), ["max_pages", "whole number"]),
    (source(min_interval_seconds="-1"), ["min_interval_seconds", "zero or more"]),
    (source(min_interval_seconds="nan"), ["min_interval_seconds"]),
    (source(language='"English"'), ["language", "code"]),
    (source(country='"Ireland"'), ["country", "two-letter"]),
    (source(tags="1979-05-27"), ["tags", "a date"]),
    (source(headers='{ "X" = "a\\nb" }'), ["headers", "one line"]),
    (source(headers='{ "Host" = "b" }'), ["headers", "'Host'"]),
    (source(link_selector='"a"'), ["link_selector", "listing"]),
    (source() + "\n" + source(), ["two sources", "'A'"]),
    ("[source]\nname = 'A'", ["[[source]]"]),
    ("[[sources]]\nname = 'A'", ["'sources'", "'source'"]),
    ("source = 3", ["[[source]]"]),
    ("[[source]\n", ["not valid TOML", "line 1"]),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_mistake_is_named_with_its_place_and_remedy(text, words):
    with pytest.raises(ConfigurationError) as caught:
        read(text, "sources.toml")
    message = str(caught.value)
    assert message.startswith("sources.toml: ")
    assert "\n" not in message
    for word in words:
        assert word in message


NESTED = [
    r"(a+)+",
    r"(a*)*$",
    r"(?:x{2,})+",
    r"((ab)*c)*",
    r"(a+|b)*",
    r"([a-z]+\d*)+",
    r"(.+/)+",
    r"([a-z]+/?)+",
    r"(a)(\1+b)+",
]
FLAT = [
    r"/news/\d+",
    r"(a|b)+",
    r"a+b+",
    r"(a+)?",
    r"(a+){1,3}",
    r"[(a+)+]",
    r"\(a+\)+",
    r"[]+]*",
    r"([a-z]+/)\d+",
    r"(?:[^/]+/)+x",
    r"(\w+-)*\d+",
]


@pytest.mark.parametrize("pattern", NESTED)
def test_nested_repeats_are_refused(pattern):
    assert has_nested_repeat(pattern)


@pytest.mark.parametrize("pattern", FLAT)
def test_flat_repeats_pass(pattern):
    assert not has_nested_repeat(pattern)
    rule(pattern)


WORD = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() != ""
)


@st.composite
def sources(draw):
    kind = draw(st.sampled_from(list(Kind)))
    path = kind in KINDS_BY_PATH
    return Source(
        name=draw(WORD),
        kind=kind,
        location=draw(WORD) if path else f"https://{draw(st.from_regex('[a-z]{1,8}', fullmatch=True))}.example/feed",
        outlet=draw(st.none() | WORD),
        language=draw(st.sampled_from([None, "en", "pt-BR"])),
        tags=tuple(draw(st.lists(WORD, max_size=3))),
        is_enabled=draw(st.booleans()),
        exclude=tuple(draw(st.sampled_from([[], [r"/video/\d+", 'a"b\\\\']]))),
        allow_private=draw(st.booleans()),
        min_interval_seconds=draw(st.none() | st.floats(0, 1e6)),
        max_pages=draw(st.none() | st.integers(1, 10**6)),
        headers=draw(st.dictionaries(st.from_regex("[a-z]{1,8}", fullmatch=True).map("x-".__add__), WORD, max_size=2)),
    )


@given(st.lists(sources(), max_size=4, unique_by=lambda source: source.name))
def test_what_is_written_reads_back_the_same(declared):
    assert read(write(declared), "written") == tuple(declared)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(ConfigurationError):
        read(text, "x")
