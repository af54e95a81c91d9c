"""Settings: a keyword before the environment, the environment before the file, the file before the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import PACKAGED_SOURCES, prefect_environment, read
from tasks.errors import ConfigurationError


def test_order_of_precedence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("workers = 4\njobs = 3\nmax_pages = 9\n")
    environ = {"WIREHOUSE_HOME": str(tmp_path), "WIREHOUSE_JOBS": "7", "WIREHOUSE_MAX_PAGES": "8"}
    settings = read(environ, max_pages=1)
    assert (settings.workers, settings.jobs, settings.max_pages) == (4, 7, 1)
    assert settings.home == tmp_path


def test_sources_of_the_home_folder_come_before_the_packaged_ones(tmp_path: Path) -> None:
    assert read({}, home=tmp_path).sources_file == PACKAGED_SOURCES
    (tmp_path / "sources.toml").write_text("")
    assert read({}, home=tmp_path).sources_file == tmp_path / "sources.toml"
    assert read({}, home=tmp_path, sources=Path("mine.toml")).sources_file == Path("mine.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wrokers = 4\n", "unknown setting 'wrokers'"),
        ("workers = 'many'\n", "'many' is not a int"),
        ("workers = \n", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read({}, home=tmp_path)


def test_prefect_is_quiet_and_keeps_to_the_home_folder(tmp_path: Path) -> None:
    wanted = prefect_environment(read({}, home=tmp_path), {})
    assert wanted["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert wanted["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert prefect_environment(read({}, home=tmp_path), {"PREFECT_HOME": "/elsewhere"})["PREFECT_HOME"] == "/elsewhere"
