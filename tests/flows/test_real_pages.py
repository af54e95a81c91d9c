"""Real pages: the archive of both development page sets in one run, each page with one outcome."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.archives import write_warc
from tests.flows.command import rows, run_json

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.corpora]

SETS = ("fundus_dev", "wcxb_dev")
SOURCE = '[[source]]\nname = "Corpora"\nkind = "warc"\npath = "pages.warc.gz"\n'


def pages_of(corpora: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(corpora / "extraction" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            if page.get("url"):
                yield page


@pytest.fixture(scope="module")
def ingested(corpora: Path, prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The home folder after one run, and its summary."""
    folder = tmp_path_factory.mktemp("real")
    pages = {page["url"]: page["html"].encode() for name in SETS for page in pages_of(corpora, name)}
    write_warc(folder / "pages.warc.gz", pages)
    (folder / "sources.toml").write_text(SOURCE, "utf-8")
    summary = run_json(folder / "home", "--sources", str(folder / "sources.toml"), api=prefect_api, timeout=900)
    return folder / "home", {**summary, "pages": len(pages)}


def test_every_page_has_exactly_one_outcome(ingested: tuple[Path, dict[str, Any]]) -> None:
    home, summary = ingested
    assert summary["exit"] == 0
    assert rows(home, "SELECT count(*), count(DISTINCT url) FROM ops.outcomes") == [(summary["pages"],) * 2]
    assert rows(home, "SELECT count(*) FROM raw.pages ANTI JOIN ops.outcomes USING (page_id)") == [(0,)]
    ended = dict(rows(home, "SELECT outcome, count(*) FROM ops.outcomes GROUP BY ALL"))
    assert sum(ended.values()) == summary["pages"]
    assert ended["article_new"] == summary["articles_new"]
    assert ended["reject"] == sum(summary["rejects"].values())


def test_nine_in_ten_of_the_news_pages_are_articles_with_title_and_date(
    ingested: tuple[Path, dict[str, Any]], corpora: Path
) -> None:
    home, _ = ingested
    found = dict(
        rows(
            home,
            "SELECT o.url, a.title IS NOT NULL AND a.published_at IS NOT NULL "
            "FROM ops.outcomes AS o JOIN core.articles AS a USING (article_id)",
        )
    )
    news = [page["url"] for page in pages_of(corpora, "fundus_dev")]
    assert sum(found.get(url, False) for url in news) / len(news) >= 0.9


def test_memory_stays_below_a_gigabyte(ingested: tuple[Path, dict[str, Any]]) -> None:
    _, summary = ingested
    assert summary["peak_memory_mb"] < 1000
