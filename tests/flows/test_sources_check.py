"""`wirehouse sources check`: what the next run would do, and not a byte written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.demo.server import DemoWeb, serve
from tests.flows.inside import wirehouse


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with serve(first_port=0) as served:
        yield served


@pytest.fixture
def sources(web: DemoWeb, tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(web.sources_toml)
    return path


def test_a_source_is_tried_and_nothing_is_written(sources: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = wirehouse("sources", "check", "harbour-post", "--sources", sources, "--home", home, "--json", "-n", 3)
    assert said.exit == 0
    [trial] = said.json
    tried = [line for line in trial["urls"] if line["would"] == "article"]
    assert trial["outcome"] == "read"
    assert len(tried) == 3
    assert all(line["title"] and line["words"] > 50 and line["published_at"] for line in tried)
    assert trial["counts"]["fetch"] > 0
    assert not home.exists()


def test_a_person_sees_a_table(sources: Path, tmp_path: Path) -> None:
    said = wirehouse("sources", "check", "kestrel-tribune", "--sources", sources, "--home", tmp_path, "-n", 2)
    assert said.exit == 0
    assert "article" in said.out
    assert "more would be fetched" in said.out


def test_all_sources_at_once(sources: Path, tmp_path: Path) -> None:
    said = wirehouse("sources", "check", "all", "--sources", sources, "--home", tmp_path, "--json", "-n", 1)
    assert [trial["outcome"] for trial in said.json] == ["read"] * 5


@pytest.mark.parametrize(
    ("name", "exit_code", "message"),
    [("gone", 1, "gone (feed, http"), ("nowhere", 4, "there is no source 'nowhere'"), ("wrong", 4, "exlude")],
)
def test_what_is_wrong_is_said_in_one_line(
    web: DemoWeb, tmp_path: Path, name: str, exit_code: int, message: str
) -> None:
    base = web.bases["harbour"]
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "gone"\nkind = "feed"\nurl = "{base}/no-such-feed.xml"\nallow_private = true\n'
        f'[[source]]\nname = "wrong"\nkind = "feed"\nurl = "{base}/feed.xml"\nexlude = ["x"]\n'
    )
    said = wirehouse("sources", "check", name, "--home", tmp_path)
    assert said.exit == exit_code
    assert message in said.out + said.err


def test_private_addresses_are_contacted_only_when_allowed(web: DemoWeb, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "here"\nkind = "feed"\nurl = "{web.bases["harbour"]}/feed.xml"\nmin_interval_seconds = 0\n'
    )
    refused = wirehouse("sources", "check", "here", "--home", tmp_path, "--json")
    allowed = wirehouse("sources", "check", "here", "--home", tmp_path, "--json", "-n", 1, "--allow-private")
    assert (refused.exit, refused.json[0]["outcome"]) == (1, "failed")
    assert (allowed.exit, allowed.json[0]["counts"]["article"]) == (0, 1)


def test_a_folder_is_tried_too(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    words = "The ferry left the harbour at dawn and came back with the evening tide, the owner said. " * 6
    (folder / "one.html").write_text(
        f"<html><title>Ferry</title><article><h1>Ferry</h1><p>{words}</p></article></html>"
    )
    (folder / "two.html").write_text("<html><title>Nothing</title></html>")
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "saved"\nkind = "folder"\npath = {json.dumps(str(folder))}\n'
    )
    said = wirehouse("sources", "check", "saved", "--home", tmp_path, "--json")
    assert [line["would"] for line in said.json[0]["urls"]] == ["article", "reject"]


def test_discover_proposes_what_can_be_pasted(web: DemoWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREHOUSE_MIN_INTERVAL_SECONDS", "0.01")
    said = wirehouse("sources", "discover", f"{web.bases['harbour']}/", "--allow-private", "--home", tmp_path / "home")
    assert said.exit == 0
    assert "[[source]]" in said.out
    (tmp_path / "sources.toml").write_text(said.out)
    listed = wirehouse("sources", "list", "--json", "--sources", tmp_path / "sources.toml")
    assert listed.json[0]["kind"] in {"feed", "sitemap"}
    assert listed.json[0]["allow_private"]
    assert not (tmp_path / "home").exists()


def test_discover_says_why_an_address_does_not_answer(web: DemoWeb) -> None:
    said = wirehouse("sources", "discover", f"{web.bases['harbour']}/")
    assert said.exit == 1
    assert "private_address" in said.err


OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Coast">
<outline text="Harbour Post" xmlUrl="https://post.example/feed.xml"/>
<outline text="Gazette" xmlUrl="https://gazette.example/rss"/></outline></body></opml>"""


def test_import_adds_what_is_missing_and_export_gives_it_back(tmp_path: Path) -> None:
    opml, home = tmp_path / "in.opml", tmp_path / "home"
    opml.write_text(OPML)
    home.mkdir()
    (home / "sources.toml").write_text(
        '# mine\n[[source]]\nname = "Gazette"\nkind = "feed"\nurl = "https://other.example/rss"'
    )
    first = wirehouse("sources", "import", opml, "--home", home)
    again = wirehouse("sources", "import", opml, "--home", home)
    listed = wirehouse("sources", "list", "--json", "--home", home).json
    assert "2 sources added" in first.out
    assert "0 sources added" in again.out
    assert (home / "sources.toml").read_text().startswith("# mine\n")
    assert [one["name"] for one in listed] == ["Gazette", "Harbour Post", "Gazette 2"]
    out = wirehouse("sources", "export", "--home", home, "--out", tmp_path / "out.opml")
    assert out.exit == 0
    wirehouse("sources", "import", tmp_path / "out.opml", "--home", tmp_path / "second")
    second = wirehouse("sources", "list", "--json", "--home", tmp_path / "second").json
    assert [one["location"] for one in second] == [one["location"] for one in listed]


def test_import_refuses_what_is_no_opml(tmp_path: Path) -> None:
    (tmp_path / "in.opml").write_text("hello")
    assert wirehouse("sources", "import", tmp_path / "in.opml", "--home", tmp_path).exit == 2
    assert wirehouse("sources", "import", tmp_path / "none.opml", "--home", tmp_path).exit == 2
