"""docs/commands.md names every command and every option, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from flows.cli import app, commands
from tests.flows.inside import wirehouse

assert commands
PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
SHARED = {"--home", "--json", "--debug", "--sources", "--help"}


def leaves() -> Iterator[tuple[str, object]]:
    """Every command with its full name."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", {})
        yield from ((f"{name} {inner}", one) for inner, one in below.items())
        if not below:
            yield name, command


COMMANDS = dict(leaves())


def section(name: str) -> str:
    """What the page says of a command."""
    title = f"### `wirehouse {name.removesuffix(' list') if name == 'checks list' else name}`\n"
    assert title in PAGE, f"docs/commands.md has no section {title.strip()}"
    return re.split(r"\n##", PAGE.split(title, 1)[1])[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_on_the_page(name: str) -> None:
    said = section(name)
    for parameter in COMMANDS[name].params:  # type: ignore[attr-defined]
        longest = max(parameter.opts, key=len)
        if longest.startswith("--") and longest not in SHARED:
            assert longest in said, f"{name}: {longest}"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_with_an_example(name: str) -> None:
    said = wirehouse(*name.split(), "--help")
    assert said.exit == 0
    assert f"Example: wirehouse {name.split()[0]}" in said.out or name == "serve"


def test_the_page_names_no_other_command() -> None:
    titles = set(re.findall(r"^### `wirehouse ([^`]+)`$", PAGE, re.MULTILINE))
    assert titles - {"checks"} == set(COMMANDS) - {"checks list"}
