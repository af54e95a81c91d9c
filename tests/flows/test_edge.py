"""The edge of the process: whatever goes wrong is one line on stderr, and a traceback only when asked for."""

from __future__ import annotations

import pytest

from tests.flows.command import wirehouse


@pytest.mark.slow
def test_a_home_that_cannot_be_made_is_one_line() -> None:
    said = wirehouse("run", "--demo", "--home", "/proc/none")
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "/proc/none" in said.stderr


@pytest.mark.slow
def test_debug_shows_where() -> None:
    said = wirehouse("run", "--demo", "--home", "/proc/none", "--debug")
    assert said.returncode == 1
    assert "Traceback" in said.stderr
