"""What the pages for people say is there: their links lead somewhere, the files and functions they name exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)
PLACEHOLDER = re.compile(r"NNNN\w*")
NAMED_FILE = re.compile(r"`((?:docs|tests|tasks|flows|warehouse|deployments)/[\w/.*-]+)`")
NAMED_CODE = re.compile(r"`(?!warehouse\.(?:read\.)?duckdb)((?:tasks|flows|warehouse)(?:\.\w+)+)\b(?!/)")


def written(page: Path) -> str:
    return FENCE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def found(pattern: re.Pattern[str]) -> list[tuple[Path, str]]:
    return [(page, name) for page in PAGES for name in sorted(set(pattern.findall(written(page))))]


def named(each: tuple[Path, str]) -> str:
    return f"{each[0].name}: {each[1]}"


@pytest.mark.parametrize("each", [e for e in found(LINK) if "://" not in e[1]], ids=named)
def test_a_link_leads_somewhere(each: tuple[Path, str]) -> None:
    page, link = each
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    assert target.exists()
    assert not anchor or anchor in anchors(target)


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "docs"], ids=lambda page: page.name)
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    assert f"](docs/{page.name})" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("each", found(NAMED_FILE), ids=named)
def test_a_file_that_is_named_is_there(each: tuple[Path, str]) -> None:
    assert any(ROOT.glob(PLACEHOLDER.sub("*", each[1].rstrip("/"))))


@pytest.mark.parametrize("each", found(NAMED_CODE), ids=named)
def test_a_function_that_is_named_is_there(each: tuple[Path, str]) -> None:
    module, _, name = each[1].rpartition(".")
    try:
        importlib.import_module(each[1])
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), name)
