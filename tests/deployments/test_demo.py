"""The little news web says on the wire what its files declare, and misbehaves only where it is meant to."""

from __future__ import annotations

import gzip
import re
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from deployments.demo.edition import printed
from deployments.demo.furniture import furniture
from deployments.demo.items import Item, items, of_outlet, teaser
from deployments.demo.outlets import outlets
from deployments.demo.pages import picture
from deployments.demo.server import FIRST_PORT, PORT_STEP, SOURCES, DemoWeb, serve, sources_toml
from deployments.demo.site import PRINTED_AT, sites
from deployments.demo.story import Edition, Insertion, Story, blocks, stories
from deployments.demo.traps import Trap, traps
from deployments.demo.truth import Expected, Truth, truth
from tasks.errors import ConfigurationError
from tasks.feeds import declarations
from tasks.page.article import extract
from tasks.records import Failing, Kind, Reject, Rejecting

BASES = {key: f"http://{key}.example" for key in outlets()}
TRUTH = truth(BASES)


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with serve(first_port=0) as served:
        yield served


@pytest.fixture(scope="module")
def known(web: DemoWeb) -> Truth:
    return truth(web.bases)


def words(html: str) -> str:
    """The page's words without its tags, runs of white space as one space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# --- what is declared ---------------------------------------------------------------------------------------------


def test_there_are_five_outlets_and_about_eighty_pages() -> None:
    html = [
        (key, target)
        for key, site in sites(BASES).items()
        for target, answer in site.items()
        if answer.status == 200 and answer.content_type.startswith("text/html") and target != "/feed/"
    ]
    assert len(outlets()) == 5
    assert 75 <= len(html) <= 95


def test_a_dozen_stories_and_more_are_syndicated() -> None:
    copied = [story for story in stories().values() if len({edition.outlet for edition in story.editions}) > 1]
    assert len(copied) >= 12
    assert all(len({edition.outlet for edition in story.editions}) == len(story.editions) for story in copied)


def test_the_dirty_page_comes_in_several_markups() -> None:
    tails = {edition.tail for story in stories().values() for edition in story.editions if edition.tail}
    assert tails == set(outlets()["newsheap"].tails)
    assert len(tails) >= 5


def test_each_outlet_has_enough_articles_to_learn_its_furniture() -> None:
    assert min(Counter(expected.outlet for expected in TRUTH.articles).values()) >= 8


def test_texts_are_long_enough_to_be_articles() -> None:
    short = [each.url for each in TRUTH.articles if len("".join(each.blocks)) < 400]
    assert short == []


def test_no_article_is_later_than_the_demos_today() -> None:
    assert all(expected.published_at <= PRINTED_AT for expected in TRUTH.articles)
    assert all(expected.published_at.tzinfo is not None for expected in TRUTH.articles)


def test_every_url_is_named_once() -> None:
    urls = [*(each.url for each in TRUTH.articles), *(each.url for each in TRUTH.refused)]
    assert len(urls) == len(set(urls))


def test_reasons_are_of_the_fixed_vocabularies() -> None:
    vocabulary = {"fetch": {str(reason) for reason in Failing}, "extract": {str(reason) for reason in Rejecting}}
    assert [trap for trap in traps() if trap.reason not in vocabulary[trap.stage]] == []


def test_a_copy_names_an_earlier_article_of_the_same_story() -> None:
    by_url = {expected.url: expected for expected in TRUTH.articles}
    for copy in (expected for expected in TRUTH.articles if expected.copy_of):
        first = by_url[copy.copy_of or ""]
        assert first.story == copy.story
        assert first.published_at < copy.published_at
        assert first.copy_of is None


def test_a_copy_shares_words_with_its_origin() -> None:
    by_url = {expected.url: expected for expected in TRUTH.articles}
    for copy in (expected for expected in TRUTH.articles if expected.copy_of):
        assert shared(copy, by_url[copy.copy_of or ""]) > 0.5, copy.url


def shared(copy: Expected, first: Expected) -> float:
    """Share of the smaller text's distinct four-word runs that the other one holds."""
    one, two = (runs(" ".join(each.blocks)) for each in (copy, first))
    return len(one & two) / min(len(one), len(two))


def runs(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text)
    return {tuple(found[at : at + 4]) for at in range(len(found) - 3)}


def test_two_weather_reports_from_one_template_are_two_stories() -> None:
    one, two = (each for each in TRUTH.articles if each.story.startswith("weather-"))
    assert one.copy_of is None
    assert two.copy_of is None


def test_no_teaser_of_a_dirty_tail_is_a_story_of_this_web() -> None:
    texts = " ".join(" ".join((each.title, *each.blocks)) for each in TRUTH.articles)
    assert [each["title"] for each in furniture()["teaser"] if each["text"].rstrip("…") in texts] == []


def test_the_truth_is_the_same_wherever_the_web_is_served() -> None:
    elsewhere = truth({key: f"http://127.0.0.1:{port}" for port, key in enumerate(outlets(), 18801)})
    assert [urlsplit(each.url)[2:] for each in elsewhere.articles] == [
        urlsplit(each.url)[2:] for each in TRUTH.articles
    ]
    assert [each.blocks for each in elsewhere.articles] == [each.blocks for each in TRUTH.articles]


STABLE = [
    ("electric-ferry", "harbour", "/2026/11/16/electric-ferry/"),
    ("central-bank", "kestrel", "/business/central-bank-3377.html"),
    ("flood-wall", "valley", "/story.php?id=3465"),
    ("marsa-library", "continental", "/ar/%D8%AB%D9%82%D8%A7%D9%81%D8%A9/marsa-library"),
    ("city-bees", "newsheap", "/city-bees/"),
]


@pytest.mark.parametrize(("story", "outlet", "path"), STABLE)
def test_addresses_never_change(story: str, outlet: str, path: str) -> None:
    """An article's id is a hash of its URL: another address would be another article."""
    assert [item.path for item in items(BASES) if (item.story.slug, item.outlet.key) == (story, outlet)] == [path]


# --- edits --------------------------------------------------------------------------------------------------------

PLAIN = Story(
    slug="s",
    title="t",
    language="en",
    section="x",
    tags=(),
    description="",
    blocks=("one", "two", "three"),
    editions=(),
)
EDITS = [
    ({}, ("one", "two", "three")),
    ({"keep": 2}, ("one", "two")),
    ({"drop": (2,)}, ("one", "three")),
    ({"lead": "new"}, ("new", "two", "three")),
    ({"replace": {"two": "2"}}, ("one", "2", "three")),
    ({"insert": (Insertion(after=1, text="own"),)}, ("one", "own", "two", "three")),
    ({"insert": (Insertion(after=3, text="own"),), "drop": (1, 2)}, ("three", "own")),
    ({"insert": (Insertion(after=1, text="two own"),), "replace": {"two": "2"}}, ("one", "two own", "2", "three")),
    ({"merge": "snow-passes", "merge_paragraphs": (6,), "keep": 1}, ("one", stories()["snow-passes"].blocks[5])),
]


@pytest.mark.parametrize(("edits", "expected"), EDITS)
def test_edits(edits: dict[str, object], expected: tuple[str, ...]) -> None:
    assert printed(PLAIN, Edition(outlet="valley", at=PRINTED_AT, **edits)) == expected  # type: ignore[arg-type]


def test_list_items_are_blocks_of_their_own() -> None:
    assert blocks("a\n\n## b\n\n- c\n- d\n") == ("a", "## b", "- c", "- d")


def test_every_edit_of_every_edition_leaves_a_trace() -> None:
    """An edit that changes nothing is a slip: a replaced word that is not there, a number beyond the end."""
    bare = {field.name: field.default for field in fields(Edition) if field.name in ("keep", "lead", "merge")}
    for story in stories().values():
        for edition in story.editions:
            whole = " ".join(story.blocks)
            assert [word for word in edition.replace if word not in whole and word != "3.25 %"] == [], story.slug
            assert [number for number in edition.drop if not 0 < number <= len(story.blocks)] == [], story.slug
            assert edition.keep is None or edition.keep < len(story.blocks), story.slug
            is_edited = any(getattr(edition, name) != default for name, default in bare.items())
            assert not (is_edited and edition.note == "original"), story.slug


# --- what is served -----------------------------------------------------------------------------------------------


def test_every_article_is_served_with_its_whole_text_in_order(known: Truth) -> None:
    for expected in known.articles:
        answer = requests.get(expected.found_as, timeout=5)
        if answer.status_code == 503:
            answer = requests.get(expected.found_as, timeout=5)
        assert answer.status_code == 200, expected.url
        assert answer.url == expected.url
        if "declared as utf-8" in expected.note:
            continue
        page, at = words(decoded(answer)), 0
        for block in expected.blocks:
            found = page.find(" ".join(block.split()), at)
            assert found >= 0, (expected.url, block)
            at = found


def decoded(answer: requests.Response) -> str:
    """The page as a browser reads it: iso-8859-1 means windows-1252 (WHATWG Encoding)."""
    is_latin = answer.headers["Content-Type"] == "text/html; charset=iso-8859-1"
    return answer.content.decode("windows-1252" if is_latin else "utf-8")


def test_every_address_that_is_named_is_known(web: DemoWeb, known: Truth) -> None:
    for named in (found(web, source.location, source.kind) for source in web.sources):
        expected = {each.found_as for each in known.articles} | {each.url for each in known.refused}
        assert named
        assert {url.partition("?utm_")[0] for url in named} <= expected


def found(web: DemoWeb, location: str, kind: Kind) -> set[str]:
    """The addresses a source names, by the plainest means."""
    text = requests.get(location, timeout=5)
    match kind:
        case Kind.FEED:
            return {unescape(link) for link in re.findall(r"<item>.*?<link>(.*?)</link>", text.text)}
        case Kind.SITEMAP:
            index = gzip.decompress(text.content).decode()
            maps = [requests.get(url, timeout=5).content for url in re.findall(r"<loc>(.*?)</loc>", index)]
            opened = [gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in maps]
            return {url for each in opened for url in re.findall(r"<loc>(.*?)</loc>", each.decode())}
        case Kind.LISTING:
            links = re.findall(r'<TD class="headline"><A HREF="(.*?)"', text.text)
            older = re.search(r'HREF="([^"]*)" REL="next"', text.text)
            more = found(web, urljoin(location, older[1]), kind) if older else set()
            return {urljoin(location, link) for link in links} | more
        case _:
            feed = re.search(r'type="application/atom\+xml"[^>]*href="(.*?)"', text.text)
            assert feed
            atom = requests.get(urljoin(location, feed[1]), timeout=5).text
            return set(re.findall(r'<link rel="alternate" type="text/html" href="(.*?)"/>', atom))


def test_each_source_names_all_of_its_outlets_articles(web: DemoWeb, known: Truth) -> None:
    for source in web.sources:
        named = {url.partition("?utm_")[0] for url in found(web, source.location, source.kind)}
        own = {expected.found_as for expected in known.articles if expected.outlet == source.outlet}
        assert own <= named, source.name


def test_a_dirty_page_ends_in_teasers_and_names_its_source(known: Truth) -> None:
    for expected in (each for each in known.articles if "dirty tail" in each.note and "utf-8" not in each.note):
        text = requests.get(expected.url, timeout=5).text
        after = text[text.index(expected.blocks[-1][-20:].split("“")[-1][-12:]) :]
        assert "You May Also Like" in after, expected.url
        assert expected.copy_of in after
        assert after.count("…") >= 6


def test_validators_are_answered_with_304(web: DemoWeb) -> None:
    url = web.bases["harbour"] + "/2026/11/16/electric-ferry/"
    first = requests.get(url, timeout=5)
    for name, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        again = requests.get(url, headers={asked: first.headers[name]}, timeout=5)
        assert (again.status_code, again.content) == (304, b"")
    assert requests.get(url, headers={"If-None-Match": '"other"'}, timeout=5).status_code == 200
    assert requests.get(url, headers={"If-Modified-Since": "nonsense"}, timeout=5).status_code == 200


def test_pages_are_packed_for_those_who_ask(web: DemoWeb) -> None:
    url = web.bases["kestrel"] + "/"
    packed = requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=5)
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=5)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_head_has_the_headers_and_no_body(web: DemoWeb) -> None:
    answer = requests.head(web.bases["kestrel"] + "/", timeout=5)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) > 1000
    assert answer.content == b""


def test_tracking_parameters_make_no_difference(web: DemoWeb) -> None:
    url = web.bases["harbour"] + "/2026/11/16/electric-ferry/"
    assert (
        requests.get(f"{url}?utm_source=feed&utm_medium=rss", timeout=5).content == requests.get(url, timeout=5).content
    )


def test_the_flaky_page_asks_to_come_again_once() -> None:
    with serve(first_port=0) as web:
        url = web.bases["newsheap"] + "/central-bank/"
        first, second = requests.get(url, timeout=5), requests.get(url, timeout=5)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "1")
    assert second.status_code == 200


def test_a_chain_of_three_redirects_leads_to_the_article(web: DemoWeb) -> None:
    answer = requests.get(web.bases["newsheap"] + "/go/rail-strike/", timeout=5)
    assert [hop.status_code for hop in answer.history] == [301, 302, 307]
    assert answer.url == web.bases["newsheap"] + "/rail-strike/"


def test_one_page_is_declared_in_a_charset_it_is_not_in(web: DemoWeb) -> None:
    answer = requests.get(web.bases["newsheap"] + "/museum-theft/", timeout=5)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    assert "Café Belvédère" in answer.content.decode("windows-1252")


@pytest.mark.parametrize("trap", traps(), ids=lambda trap: trap.reason)
def test_traps_answer_as_declared(web: DemoWeb, trap: Trap) -> None:
    assert requests.get(web.bases["newsheap"] + trap.path, timeout=5).status_code == trap.status


@pytest.mark.parametrize("trap", [trap for trap in traps() if trap.stage == "extract"], ids=lambda trap: trap.reason)
def test_the_cleaner_refuses_each_trap_as_declared(web: DemoWeb, trap: Trap) -> None:
    url = web.bases["newsheap"] + trap.path
    result = extract(requests.get(url, timeout=5).content, url)
    assert isinstance(result, Reject), result.text[:200]
    assert result.reason == trap.reason


def test_robots(web: DemoWeb) -> None:
    said = {key: requests.get(base + "/robots.txt", timeout=5).text for key, base in web.bases.items()}
    assert all(text.count("User-agent: *") == 1 for text in said.values())
    assert "Disallow: /members/" in said["newsheap"]
    assert "Crawl-delay: 0.1" in said["valley"]
    assert f"Sitemap: {web.bases['kestrel']}/sitemap_index.xml.gz" in said["kestrel"]


def test_an_unknown_address_is_not_found(web: DemoWeb) -> None:
    assert requests.get(web.bases["harbour"] + "/nothing", timeout=5).status_code == 404


def test_every_request_is_logged(web: DemoWeb) -> None:
    requests.get(web.bases["valley"] + "/nowhere", headers={"User-Agent": "a reader"}, timeout=5)
    last = [hit for hit in web.log if hit.target == "/nowhere"]
    assert [(hit.outlet, hit.method, hit.status, hit.agent) for hit in last] == [("valley", "GET", 404, "a reader")]


def test_nothing_on_a_page_is_fetched_from_elsewhere(web: DemoWeb) -> None:
    """A person looking at the demo contacts nobody else."""
    for key, site in sites(web.bases).items():
        for target, answer in site.items():
            loaded = re.findall(
                rb'(?:<img|<script|<iframe|<source|rel="stylesheet")[^>]*?(?:src|href)="(http[^"]*)"', answer.body
            )
            assert loaded == [], (key, target)


# --- ports --------------------------------------------------------------------------------------------------------


def test_the_declared_sources_are_those_of_the_usual_ports() -> None:
    usual = {key: f"http://127.0.0.{order}:{FIRST_PORT + order - 1}" for order, key in enumerate(outlets(), 1)}
    declared = declarations.read(sources_toml(usual), SOURCES.name)
    assert [source.kind for source in declared] == [Kind.FEED, Kind.SITEMAP, Kind.LISTING, Kind.HOME, Kind.FEED]
    assert [source.location.startswith(base + "/") for source, base in zip(declared, usual.values(), strict=True)] == [
        True
    ] * 5
    assert all(source.allow_private for source in declared)
    assert [source.outlet for source in declared] == [outlet.name for outlet in outlets().values()]


def test_sources_move_with_the_servers(web: DemoWeb) -> None:
    assert [source.location.startswith(base) for source, base in zip(web.sources, web.bases.values(), strict=True)] == [
        True
    ] * 5


def test_taken_ports_are_passed_over_and_said() -> None:
    with taken() as port, serve(first_port=port) as web:
        assert web.bases["harbour"].endswith(f":{port + PORT_STEP}")
        assert str(port) in (web.note or "")


def test_no_free_port_is_one_line_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.demo.server.PORT_TRIES", 1)
    with taken() as port, pytest.raises(ConfigurationError, match=f"{port}.*try again"), serve(first_port=port):
        pass


class taken:
    """A port that somebody else listens on, low enough for the blocks above it to exist."""

    def __enter__(self) -> int:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        return int(self.socket.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def test_nothing_is_left_running() -> None:
    with serve(first_port=0) as web:
        requests.get(web.bases["harbour"] + "/robots.txt", timeout=5)
        port = int(urlsplit(web.bases["harbour"]).port or 0)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


# --- small things -------------------------------------------------------------------------------------------------


def test_teasers_are_cut_off_like_those_of_content_systems() -> None:
    for item in items(BASES):
        text = teaser(item)
        assert text.endswith("…")
        assert not text.endswith((".…", ",…"))
        assert len(text) < len(item.blocks[0]) + 2


def test_outlets_are_kept_apart() -> None:
    every = items(BASES)
    own: tuple[Item, ...] = of_outlet(every, "valley")
    assert {item.outlet.key for item in own} == {"valley"}
    assert sum(len(of_outlet(every, key)) for key in outlets()) == len(every)


def test_pictures_differ() -> None:
    assert len({picture(slug) for slug in stories()}) == len(stories())


def test_no_file_names_a_real_address() -> None:
    """The web is ours: it links to itself, to schema vocabularies, and to nobody."""
    allowed = ("127.0.0.", "schema.org", "www.w3.org", "purl.org", "www.sitemaps.org", "www.google.com/schemas")
    for file in Path("deployments/demo").rglob("*"):
        if file.suffix not in {".toml", ".html", ".css", ".py"}:
            continue
        hosts = re.findall(r"https?://([^\s\"'<>{}$)]+)", file.read_text(encoding="utf-8"))
        assert [host for host in hosts if not host.startswith(allowed)] == [], file
