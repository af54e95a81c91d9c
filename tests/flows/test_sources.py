"""Which sources a run takes: one wrong declaration stops only itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import Settings
from flows.sources import read_sources
from tasks.errors import ConfigurationError

GOOD = '[[source]]\nname = "Gazette"\nkind = "feed"\nurl = "https://gazette.example/rss"\n'
RESTING = '[[source]]\nname = "Resting"\nkind = "feed"\nurl = "https://resting.example/rss"\nenabled = false\n'
ARCHIVE = '[[source]]\nname = "Archive"\nkind = "warc"\npath = "old.warc.gz"\n'
MISSPELT = '[[source]]\nname = "Herald"\nkind = "feed"\nurl = "https://herald.example/rss"\nexlude = ["/video/"]\n'


def settings(folder: Path, text: str) -> Settings:
    path = folder / "sources.toml"
    path.write_text(text)
    return Settings(home=folder, sources=path)


def test_a_misspelt_key_stops_only_its_own_source(tmp_path: Path) -> None:
    found = read_sources(settings(tmp_path, GOOD + MISSPELT), [])
    assert [source.name for source in found.sources] == ["Gazette"]
    [(name, message)] = found.problems
    assert name == "Herald"
    assert "exlude" in message
    assert "did you mean 'exclude'" in message


def test_a_disabled_source_runs_only_when_named(tmp_path: Path) -> None:
    both = settings(tmp_path, GOOD + RESTING)
    assert [source.name for source in read_sources(both, []).sources] == ["Gazette"]
    assert [source.name for source in read_sources(both, ["Resting"]).sources] == ["Resting"]


def test_a_path_is_read_from_the_folder_of_the_declaration(tmp_path: Path) -> None:
    [source] = read_sources(settings(tmp_path, ARCHIVE), []).sources
    assert source.location == str(tmp_path / "old.warc.gz")


@pytest.mark.parametrize(
    ("text", "names", "message"),
    [
        (MISSPELT, [], "exlude"),
        (RESTING, [], "no source is enabled"),
        ("", [], "no source is enabled"),
        (GOOD, ["Gazete"], "no source 'Gazete'"),
        ("[[source]", [], "not valid TOML"),
    ],
)
def test_nothing_to_run_is_a_configuration_error(tmp_path: Path, text: str, names: list[str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_sources(settings(tmp_path, text), names)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no source file"):
        read_sources(Settings(home=tmp_path, sources=tmp_path / "none.toml"), [])
