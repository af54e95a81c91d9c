"""`wirehouse export`: tables out, counted and summed, and only what pages allow."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from tasks.declared import declared_rights
from tasks.records import Page
from tests.flows.homes import NOON, article, landed
from tests.flows.inside import wirehouse

OPEN = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS = {
    "free": None,
    "reserved": {"is_tdm_reserved": True},
    "noai": {"directives": [{"agent": "*", "name": "noai", "value": None, "source": "meta"}]},
    "signal": {"signals": [["ai-train", False]]},
    "open": {"license": OPEN},
    "expired": {
        "directives": [{"agent": "*", "name": "unavailable_after", "value": "2026-01-01T00:00:00Z", "source": "header"}]
    },
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = [
        {"page_id": f"p-{name}", "url": name, "rights": json.dumps(said) if said else None, "purpose": "page"}
        for name, said in RIGHTS.items()
    ]
    return landed(
        tmp_path_factory.mktemp("export"),
        core_articles=[article(name, f"Words of {name}.", page_id=f"p-{name}") for name in RIGHTS],
        core_extractions=[{"page_id": f"p-{name}", "article_id": name} for name in RIGHTS],
        raw_pages=pages,
        core_clusters=[{"article_id": name, "cluster_id": name, "is_canonical": True} for name in RIGHTS],
    )


def read(path: Path) -> pl.DataFrame:
    return {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}[path.suffix[1:]](path)


@pytest.mark.parametrize("file_format", ["parquet", "csv", "jsonl"])
def test_the_manifest_says_what_is_there(home: Path, tmp_path: Path, file_format: str) -> None:
    said = wirehouse("export", "--to", tmp_path / "out", "--format", file_format, "--home", home, "--json")
    assert said.exit == 0, said.err
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    by_table = {one["table"]: one for one in manifest["files"]}
    assert {"core.articles", "core.article_versions", "report.articles", "report.stories"} <= set(by_table)
    assert not [name for name in by_table if "fingerprint" in name or "search" in name]
    for one in manifest["files"]:
        content = (tmp_path / "out" / one["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    articles = read(tmp_path / "out" / by_table["core.articles"]["file"])
    assert articles.height == by_table["core.articles"]["rows"] == len(RIGHTS)


@pytest.mark.parametrize(
    ("profile", "kept"),
    [
        ("research", {"free", "reserved", "noai", "signal", "open"}),
        ("ai-training", {"free", "open"}),
        ("public", {"open"}),
    ],
)
def test_a_profile_honours_what_pages_declare(home: Path, tmp_path: Path, profile: str, kept: set[str]) -> None:
    said = wirehouse("export", "--to", tmp_path / "out", "--profile", profile, "--home", home, "--json").json
    frames = {one["table"]: pl.read_parquet(tmp_path / "out" / one["file"]) for one in said["files"]}
    assert set(frames["core.articles"]["article_id"]) == kept
    assert set(frames["core.clusters"]["article_id"]) == kept
    assert sum(said["articles_left_out"].values()) == len(RIGHTS) - len(kept)
    assert all("article_id" in frame.columns for frame in frames.values())


def test_an_export_replaces_an_older_one_and_nothing_else(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert wirehouse("export", "--to", out, "--format", "csv", "--home", home).exit == 0
    assert wirehouse("export", "--to", out, "--home", home).exit == 0
    assert not list(out.glob("*.csv"))
    assert str(out) in json.loads((home / "exports.json").read_text())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear …")
    refused = wirehouse("export", "--to", tmp_path / "mine", "--home", home)
    assert (refused.exit, "no export of ours" in refused.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "out"]


def test_before_the_first_run_nothing_is_made(tmp_path: Path) -> None:
    said = wirehouse("export", "--to", tmp_path / "out", "--home", tmp_path / "home")
    assert said.exit == 1
    assert list(tmp_path.iterdir()) == []


def test_declarations_are_read_when_a_page_is_stored() -> None:
    page = Page(
        url="https://gazette.example/a",
        final_url="https://gazette.example/a",
        status=200,
        headers=(("X-Robots-Tag", "noarchive"),),
        body=b'<html><head><meta name="tdm-reservation" content="1"></head><body>' + b"<p>Words.</p>" * 9,
        fetched_at=NOON,
    )
    said = json.loads(declared_rights(page, b"User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n") or "{}")
    assert said["is_tdm_reserved"] is True
    assert said["signals"] == [["ai-train", False]]
    assert [one["name"] for one in said["directives"]] == ["noarchive"]
