"""Whatever a stranger's list names goes through the guard where sockets are made: nothing inside is ever knocked at.

A public web (site-1.test …) points in every way a list can at a service of this machine, by name and by number. The
service listens, and in the end nobody has come.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tasks.errand import Errand
from tasks.finding import Finding, Remembered, begin, finished, requests_of
from tasks.history import Past
from tasks.history import begin as begin_history
from tasks.page.article import extract
from tasks.prospect import prospect
from tasks.records import Article, Failing, Failure, Kind, Page, Source
from tasks.web.crawl import Memory, crawl
from tasks.web.http import Client, Exchange
from tasks.web.lanes import Policy, Request, Result
from tasks.web.polling import PollState
from tests.web.hostile.server import Visit, Web

PARAGRAPH = "<p>The council met on Monday evening and spoke for three hours about the old bridge and its piers.</p>"
INSIDE = ("http://inside.test:{port}", "http://127.0.0.1:{port}")
"""A name that leads inside, and the number itself."""


def rss(*links: str, more: str = "") -> str:
    items = "".join(f"<item><title>News</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{more}{items}</channel></rss>'


def sitemap_index(*links: str) -> str:
    children = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'


def opml(link: str) -> str:
    return f'<opml version="2.0"><body><outline type="rss" xmlUrl="{link}"/></body></opml>'


def home(link: str, rel: str = 'rel="alternate" type="application/rss+xml"') -> str:
    head = f'<title>Home</title><link {rel} href="{link}">'
    return f"<!doctype html><html><head>{head}</head><body><article>{PARAGRAPH * 20}</article></body></html>"


def json_feed(link: str, article: str) -> str:
    items = [{"id": "1", "url": article, "title": "News"}]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "next_url": link, "items": items})


@dataclass(kw_only=True)
class Setting:
    """A public web, a service inside, and what the public web answers under each path."""

    web: Web
    inside: str
    answers: dict[str, str]
    client: Client
    memory: Memory = field(default_factory=Memory)
    ledger: list[Exchange] = field(default_factory=list)
    """Every request, those for robots.txt among them, as `raw.fetches` would hold them."""

    def url(self, path: str = "/list") -> str:
        return self.web.url(1, path)

    def visit(self, requests: list[Request]) -> Iterator[Result]:
        policy = Policy(agent="test", interval_seconds=0.0)
        ends_at = datetime.now(UTC) + timedelta(seconds=20)
        crawled = crawl(
            requests,
            policy,
            client=self.client,
            ends_at=ends_at,
            memory=self.memory,
            workers=2,
            on_robots=lambda entry: self.ledger.extend(entry.exchanges),
        )
        for result in crawled:
            self.ledger += result.exchanges
            yield result

    def discovered(self, finding: Finding) -> list[Result]:
        results: list[Result] = []
        while asked := requests_of([finding]):
            for result in self.visit(asked):
                finding.take(result)
                results.append(result)
        return results


@contextmanager
def nobody_inside_is_asked(inside: str) -> Iterator[Setting]:
    """A setting in which a service of this machine waits for connections, of which there must be none."""
    answers: dict[str, str] = {}

    async def answer(visit: Visit) -> None:
        said = answers.get(visit.asked.path)
        if said is None:
            await visit.send(404)
        elif said.startswith("302 "):
            await visit.send(302, b"", f"Location: {said[4:]}")
        else:
            await visit.send(
                200, said.encode(), "Content-Type: text/plain" if said.startswith("User-agent") else "X: y"
            )

    with socket.create_server(("127.0.0.1", 0)) as service, Web(hosts=2, routes={"missing": answer}) as web:
        service.setblocking(False)
        names = {"inside.test": ["127.0.0.1"]}

        def resolver(name: str, port: int) -> list[str]:
            return names.get(name) or web.resolver(name, port)

        with Client(agent="test", resolver=resolver, may_reach=web.may_reach) as client:
            address = inside.format(port=service.getsockname()[1])
            yield Setting(web=web, inside=address, answers=answers, client=client)
        with pytest.raises(BlockingIOError):  # a connection would be waiting here to be accepted
            service.accept()


@pytest.fixture(params=INSIDE)
def setting(request: pytest.FixtureRequest) -> Iterator[Setting]:
    with nobody_inside_is_asked(request.param) as made:
        yield made


def source(kind: Kind, location: str) -> Source:
    return Source(name="Bridge News", kind=kind, location=location, allow_other_hosts=True)


def new(kind: Kind, location: str) -> Finding:
    return begin(source(kind, location), Remembered(poll=PollState(source="Bridge News")))


def assert_refused(result: Result, setting: Setting) -> None:
    """The result is a failure that says so, and so does the ledger, of the attempt and of nothing else."""
    assert isinstance(result.outcome, Failure)
    assert result.outcome.reason is Failing.ADDRESS
    attempts = [one for one in setting.ledger if one.url.startswith(setting.inside)]
    assert {one.outcome for one in attempts} == {"private_address"}
    assert {one.remote_address for one in attempts} == {None}
    assert {one.outcome for one in setting.ledger if one not in attempts} == {"ok"}


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.SITEMAP, Kind.LISTING, Kind.HOME])
def test_a_source_that_redirects_inside_has_failed_with_the_reason(setting: Setting, kind: Kind) -> None:
    setting.answers["/list"] = f"302 {setting.inside}/list"
    finding = new(kind, setting.url())
    [result] = setting.discovered(finding)
    assert_refused(result, setting)
    _, tally = finished(finding)
    assert (tally.outcome, tally.reason) == ("failed", "private_address")


NAMING: dict[str, tuple[Kind, Callable[[str, str], str]]] = {
    "child of a sitemap index": (Kind.SITEMAP, lambda inside, _: sitemap_index(f"{inside}/child.xml")),
    "next page of a feed": (Kind.FEED, lambda inside, own: rss(own, more=f'<atom:link rel="next" href="{inside}/2"/>')),
    "next page of a JSON feed": (Kind.FEED, json_feed),
    "feed of a home page": (Kind.HOME, lambda inside, _: home(f"{inside}/feed")),
    "feed of a page in place of a feed": (Kind.FEED, lambda inside, _: home(f"{inside}/feed")),
    "subscription of an OPML": (Kind.FEED, lambda inside, _: opml(f"{inside}/feed")),
}


@pytest.mark.parametrize("name", NAMING)
@pytest.mark.parametrize("way", ["directly", "over a redirect"])
def test_a_list_that_names_a_place_inside_is_read_without_it(setting: Setting, name: str, way: str) -> None:
    kind, text = NAMING[name]
    named = setting.inside if way == "directly" else setting.url("/away")
    for path in ("", "/child.xml", "/2", "/feed"):
        setting.answers[f"/away{path}"] = f"302 {setting.inside}{path}"
    setting.answers["/list"] = text(named, setting.url("/article"))
    finding = new(kind, setting.url())
    first, second, *_ = setting.discovered(finding)
    assert isinstance(first.outcome, Page)
    assert_refused(second, setting)
    found, _ = finished(finding)
    assert found.unreadable == (second.request.url,)


def test_a_robots_that_redirects_inside_closes_its_site(setting: Setting) -> None:
    setting.answers["/robots.txt"] = f"302 {setting.inside}/robots.txt"
    setting.answers["/list"] = rss(setting.url("/article"))
    finding = new(Kind.FEED, setting.url())
    [result] = setting.discovered(finding)
    assert_refused(result, setting)
    assert result.exchanges == ()
    assert setting.memory.robots == {}


def test_a_refusal_is_forgotten_when_private_addresses_are_allowed() -> None:
    """What one source may not reach another may, and so may the same one once its declaration says so."""

    async def page(visit: Visit) -> None:
        await visit.send(200, b"<p>Page", "Content-Type: text/html")

    with Web(hosts=1, routes={"missing": page}) as web:
        client = Client(agent="test", resolver=web.resolver, may_reach=lambda _address: False)
        with client:
            setting = Setting(web=web, inside=web.url(0, ""), answers={}, client=client)
            [refused] = setting.visit([Request(url=web.url(0, "/page"))])
            assert isinstance(refused.outcome, Failure)
            assert refused.outcome.reason is Failing.ADDRESS
            [allowed] = setting.visit([Request(url=web.url(0, "/page"), allow_private=True)])
            assert isinstance(allowed.outcome, Page)
            [again] = setting.visit([Request(url=web.url(0, "/page"))])
            assert isinstance(again.outcome, Failure)
            assert again.outcome.reason is Failing.ADDRESS


def test_a_sitemap_that_robots_names_is_not_asked_for_inside(setting: Setting) -> None:
    setting.answers["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {setting.inside}/sitemap.xml\n"
    finding = begin_history(source(Kind.FEED, setting.url()), Past())
    first, second = setting.discovered(finding)
    assert isinstance(first.outcome, Page)
    assert_refused(second, setting)


def test_looking_for_an_outlets_lists_proposes_nothing_inside(setting: Setting) -> None:
    setting.answers["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {setting.inside}/sitemap.xml\n"
    setting.answers["/"] = home(f"{setting.inside}/feed")

    class Near(Errand):
        """An errand whose way leads through the setting's client."""

        def visit(self, requests: object) -> Iterator[Result]:
            yield from setting.visit(list(requests))  # type: ignore[call-overload]

    ends_at = datetime.now(UTC) + timedelta(seconds=20)
    errand = Near(agent="test", interval_seconds=0.0, ends_at=ends_at, memory=setting.memory)
    proposal = prospect(setting.url("/"), errand)
    assert isinstance(proposal, str)
    assert setting.inside not in proposal
    refused = [one.outcome for one in setting.ledger if one.url.startswith(setting.inside)]
    assert set(refused) == {"private_address"}


@pytest.mark.parametrize("rel", ['rel="canonical"', 'rel="amphtml"', 'rel="prefetch"'])
def test_addresses_that_a_page_declares_are_not_asked_for(setting: Setting, rel: str) -> None:
    setting.answers["/article"] = home(f"{setting.inside}/article", rel)
    [result] = setting.visit([Request(url=setting.url("/article"))])
    assert isinstance(result.outcome, Page)
    article = extract(result.outcome.body, result.outcome.final_url)
    assert isinstance(article, Article)
    assert article.canonical_url == setting.url("/article")
    assert not [one for one in setting.ledger if one.url.startswith(setting.inside)]


def test_a_page_that_redirects_inside_is_a_failure_with_its_chain(setting: Setting) -> None:
    setting.answers["/article"] = f"302 {setting.url('/hop')}"
    setting.answers["/hop"] = f"302 {setting.inside}/article"
    [result] = setting.visit([Request(url=setting.url("/article"))])
    assert_refused(result, setting)
    assert [one.location for one in result.exchanges][:2] == [setting.url("/hop"), f"{setting.inside}/article"]
