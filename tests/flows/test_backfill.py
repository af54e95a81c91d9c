"""`wirehouse backfill`: history from sitemaps and archives, beside live polling."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.history import Past, begin, in_address, of_span
from tasks.records import Candidate, Kind, Source
from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import wirehouse as called
from tests.flows.homes import rows_of
from tests.flows.inside import wirehouse

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://g.example/2026/05/17/baths", "2026-05-17"),
        ("https://g.example/news/baths-2026-05-17.html", "2026-05-17"),
        ("https://g.example/news/20260517-baths", "2026-05-17"),
        ("https://g.example/news/baths-202605171", None),
        ("https://g.example/2026/19/45/baths", None),
        ("https://g.example/baths", None),
    ],
)
def test_the_day_in_an_address(url: str, day: str | None) -> None:
    found = in_address(url)
    assert (f"{found:%Y-%m-%d}" if found else None) == day


def test_links_of_the_span_are_kept_and_those_without_a_date() -> None:
    def link(name: str, **more: datetime) -> Candidate:
        return Candidate(url=f"https://g.example/{name}", source="G", found_in="https://g.example/sitemap.xml", **more)

    links = [
        link("a", published_at=MAY),
        link("b", published_at=JUNE),
        link("2026/05/09/c", modified_at=JUNE),
        link("d", modified_at=MAY),
        link("e", published_at=datetime(2026, 4, 30, tzinfo=UTC), modified_at=MAY),
        link("f"),
    ]
    kept = of_span(links, Past(since=MAY, until=JUNE))
    assert [one.url.rsplit("/", 1)[-1] for one in kept] == ["a", "c", "d", "f"]


@pytest.mark.parametrize(
    ("kind", "place"), [(Kind.SITEMAP, "https://g.example/news.xml"), (Kind.FEED, "https://g.example/robots.txt")]
)
def test_where_history_is_looked_for(kind: Kind, place: str) -> None:
    finding = begin(Source(name="G", kind=kind, location="https://g.example/news.xml"), Past())
    request = finding.next_request()
    assert request is not None
    assert request.url == place


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        ([], 2, "give --source NAME"),
        (["--source", "G"], 2, "needs --since"),
        (["--source", "G", "--since", "soon"], 2, "'soon' is no day"),
        (["--source", "Nobody", "--since", "7d"], 4, "there is no source 'Nobody'"),
        (["--warc", "none.warc.gz"], 2, "there is no file"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, arguments: list[str], exit_code: int, message: str) -> None:
    said = wirehouse("backfill", *arguments, "--home", tmp_path)
    assert (said.exit, message in said.err) == (exit_code, True)


@pytest.mark.slow
@pytest.mark.prefect
def test_history_comes_from_sitemaps_and_archives(demo_sources: Path, prefect_api: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shared = ("--home", str(home), "--sources", str(demo_sources), "--json")
    wanted = ("backfill", "--source", "kestrel-tribune", "--since", "2000-01-01", "--pages", "5", *shared)
    first = called(*wanted, api=prefect_api)
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["fetched"] == 5
    state = rows_of(home, "SELECT polled_at, outlet FROM ops.source_state WHERE source_name = 'kestrel-tribune'")
    assert state == [{"polled_at": None, "outlet": "Kestrel Tribune"}]
    second = json.loads(called(*wanted, api=prefect_api).stdout)
    assert second["fetched"] == 5
    assert {row["flow"] for row in rows_of(home, "FROM ops.runs")} == {"backfill"}
    archive = write_warc(tmp_path / "old.warc.gz", demo_pages())
    third = called("backfill", "--warc", str(archive), *shared, api=prefect_api)
    assert third.returncode == 0, third.stderr
    assert json.loads(third.stdout)["articles_new"] > 0
