"""The five outlets: what `outlets/<key>/` says about each, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

OUTLETS = Path(__file__).parent / "outlets"


@dataclass(frozen=True, kw_only=True, slots=True)
class Insert:
    """Furniture that the outlet puts into its articles after a block (counted from 1), if more of the text follows."""

    after: int
    html: Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """What an aggregator leaves after the last true paragraph."""

    where: str
    lead: Template
    entry: Template
    close: str
    blocks: str = "blocks"
    """Name of the block patterns used on pages with this tail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """A news outlet: its name, its addresses, its markup. `order` numbers the outlets from 1."""

    key: str
    name: str
    order: int
    language: str
    tagline: str
    path: Template
    sections: tuple[str, ...]
    fronts: Mapping[str, str]
    """Path → heading of the pages that list articles."""
    patterns: Mapping[str, Mapping[str, Template]]
    inserts: tuple[Insert, ...]
    templates: Mapping[str, Template]
    tails: Mapping[str, Tail] = field(default_factory=dict)
    style: str
    charset: str = "utf-8"
    declared_charset: str = "utf-8"
    page_size: int | None = None
    """Articles per listing page; `None`: all on one."""


@cache
def outlets() -> Mapping[str, Outlet]:
    """Every outlet by its key, in their order."""
    read = (_outlet(folder) for folder in OUTLETS.iterdir() if (folder / "outlet.toml").is_file())
    return {outlet.key: outlet for outlet in sorted(read, key=lambda outlet: outlet.order)}


def _outlet(folder: Path) -> Outlet:
    table = _toml(folder / "outlet.toml")
    inserts = tuple(Insert(after=each["after"], html=Template(each["html"])) for each in table.pop("insert", ()))
    patterns = {name: _templates(table.pop(name)) for name in [key for key in table if key.endswith("blocks")]}
    return Outlet(
        key=folder.name,
        path=Template(table.pop("path")),
        sections=tuple(table.pop("sections")),
        inserts=inserts,
        patterns=patterns,
        templates=_templates({file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}),
        tails={name: _tail(each) for name, each in _toml(folder / "tails.toml").items()},
        style=(folder / "style.css").read_text(encoding="utf-8"),
        **table,
    )


def _tail(table: dict[str, str]) -> Tail:
    return Tail(lead=Template(table.pop("lead")), entry=Template(table.pop("entry")), **table)


def _templates(texts: Mapping[str, str]) -> Mapping[str, Template]:
    return {name: Template(text) for name, text in texts.items()}


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
