"""The whole path: feeds, sitemaps, listings, an archive and a folder in; articles, stories and reports out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.archives import demo_pages, write_folder, write_warc
from tests.flows.command import core_tables, rows, run_json, wirehouse

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

LOCAL = """
[[source]]
name = "Archive"
kind = "warc"
path = "pages.warc.gz"

[[source]]
name = "Saved"
kind = "folder"
path = "saved"
"""


@dataclass(frozen=True, kw_only=True)
class Ingested:
    home: Path
    pages: int
    """In the archive; the folder holds five."""
    first: dict[str, Any]
    core_after_first: dict[str, Any]
    second: dict[str, Any]
    core_after_second: dict[str, Any]


@pytest.fixture(scope="module")
def ingested(demo_sources: Path, prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    folder = tmp_path_factory.mktemp("ingest")
    pages = demo_pages()
    write_warc(folder / "pages.warc.gz", pages)
    write_folder(folder / "saved", dict(list(pages.items())[:5]))
    (folder / "sources.toml").write_text(demo_sources.read_text("utf-8") + LOCAL, "utf-8")
    home = folder / "home"
    arguments = (home, "--sources", str(folder / "sources.toml"))
    first = run_json(*arguments, api=prefect_api)
    core_after_first = core_tables(home)
    second = run_json(*arguments, api=prefect_api)
    return Ingested(
        home=home,
        pages=len(pages),
        first=first,
        core_after_first=core_after_first,
        second=second,
        core_after_second=core_tables(home),
    )


def test_the_first_run_is_completed(ingested: Ingested) -> None:
    assert ingested.first["exit"] == 0
    assert ingested.first["state"] == "Completed"
    assert ingested.first["sources"] == 7
    assert ingested.first["source_failures"] == []
    assert ingested.first["articles_new"] > 100
    assert ingested.first["copies"] > 20


def test_every_url_has_exactly_one_outcome(ingested: Ingested) -> None:
    counted = rows(ingested.home, "SELECT run_id, url, count(*) FROM ops.outcomes GROUP BY ALL HAVING count(*) > 1")
    assert counted == []
    named = "SELECT count(*) FROM raw.candidates AS c ANTI JOIN ops.outcomes AS o ON o.url = c.url"
    assert rows(ingested.home, named) == [(0,)]


def test_outcomes_add_up_to_what_was_named(ingested: Ingested) -> None:
    first = ingested.first
    ended = "SELECT outcome, count(*) FROM ops.outcomes WHERE run_id = '{}' GROUP BY ALL"
    counted = dict(rows(ingested.home, ended.format(first["run_id"])))
    assert sum(counted.values()) == first["candidates"]
    assert counted["article_new"] == first["articles_new"]
    assert counted["reject"] == sum(first["rejects"].values())
    assert counted["failure"] == sum(first["failures"].values())
    archived = "SELECT count(*) FROM ops.outcomes WHERE source_name = 'Archive' AND run_id = '{}'"
    assert rows(ingested.home, archived.format(first["run_id"])) == [(ingested.pages,)]


def test_a_folder_of_saved_pages_yields_its_articles(ingested: Ingested) -> None:
    ended = "SELECT outcome, reason FROM ops.outcomes WHERE source_name = 'Saved' AND run_id = '{}'"
    endings = rows(ingested.home, ended.format(ingested.first["run_id"]))
    assert len(endings) == 5
    assert {outcome for outcome, _ in endings} <= {"article_new", "article_changed", "article_unchanged"}, endings


def test_outcomes_add_up_to_pages(ingested: Ingested) -> None:
    pages = "SELECT count(*), count(DISTINCT url) FROM raw.pages WHERE purpose = 'page'"
    decided = "SELECT count(*), count(DISTINCT url) FROM ops.outcomes WHERE page_id IS NOT NULL"
    assert rows(ingested.home, pages) == rows(ingested.home, decided)
    assert rows(ingested.home, pages)[0][0] == ingested.first["fetched"]


def test_a_second_run_says_nothing_new_and_changes_nothing(ingested: Ingested) -> None:
    second = ingested.second
    assert second["exit"] == 0
    assert second["state"] == "Nothing new"
    assert second["headline"].startswith("Nothing new from 7 sources")
    assert (second["fetched"], second["articles_new"], second["articles_changed"]) == (0, 0, 0)
    for table, before in ingested.core_after_first.items():
        assert ingested.core_after_second[table] == before, table


def test_no_check_fails(ingested: Ingested) -> None:
    failing = "SELECT name, failing, sample FROM ops.checks WHERE failing > 0 AND severity = 'fail'"
    assert rows(ingested.home, failing) == []


def test_the_report_and_the_read_copy_are_there(ingested: Ingested) -> None:
    assert "<svg" in (ingested.home / "reports" / "latest.html").read_text("utf-8")
    said = wirehouse("sql", "FROM report.stories LIMIT 3", "--format", "json", "--home", str(ingested.home))
    assert said.returncode == 0
    assert said.stdout.startswith("[{")
