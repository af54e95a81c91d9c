"""`wirehouse doctor`: is the set-up sound, and if not, what helps?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import ExitCode, app
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json
from flows.settings import Settings

LEAST_FREE_BYTES = 2 * 1024**3
"""Publishing needs room for a second copy of the warehouse, compacting for a third."""
PACKAGES = ("wirehouse", "prefect", "fastapi", "duckdb", "polars", "selectolax", "requests")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_sound: bool
    detail: str
    remedy: str = ""


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Look at versions, rights, disk, server and locks, and say what helps.

    Example: wirehouse doctor --repair
    """
    from flows.settings import read

    settings = read(home=home)
    findings = [*examined(settings), *_warehouse_findings(settings.home, repair=repair)]
    if as_json:
        say_json([{name: getattr(f, name) for name in Finding.__slots__} for f in findings])
    else:
        for finding in findings:
            mark = "ok  " if finding.is_sound else "BAD "
            remedy = f"; {finding.remedy}" if finding.remedy and not finding.is_sound else ""
            say(f"{mark} {finding.subject:<18} {finding.detail}{remedy}")
    if not all(finding.is_sound for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


def examined(settings: Settings) -> Iterator[Finding]:
    """Yield what was found about this machine and this home folder."""
    yield _python()
    yield from (_package(name) for name in PACKAGES)
    yield _compiled_part()
    yield _rights(settings.home)
    yield _disk(settings.home)
    yield _server(settings)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        subject="python", is_sound=sys.version_info >= (3, 11), detail=found, remedy="install Python 3.11 or newer"
    )


def _package(name: str) -> Finding:
    try:
        return Finding(subject=name, is_sound=True, detail=version(name))
    except PackageNotFoundError:
        return Finding(subject=name, is_sound=False, detail="not installed", remedy="pip install -e .")


def _compiled_part() -> Finding:
    from tasks.page.compiled import native

    without = "not built: Python does the work, two to three times slower; install a C compiler, then Wirehouse anew"
    return Finding(subject="compiled cleaner", is_sound=True, detail="built" if native is not None else without)


def _rights(home: Path) -> Finding:
    folder = next(parent for parent in (home.absolute(), *home.absolute().parents) if parent.exists())
    return Finding(
        subject="home folder",
        is_sound=os.access(folder, os.W_OK | os.X_OK),
        detail=f"{home.absolute()}" + ("" if home.exists() else " (not made yet)"),
        remedy=f"give yourself the right to write in {folder}, or choose another with --home",
    )


def _disk(home: Path) -> Finding:
    folder = next(parent for parent in (home.absolute(), *home.absolute().parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        subject="free disk",
        is_sound=free >= LEAST_FREE_BYTES,
        detail=f"{free / 1024**3:.1f} GiB",
        remedy="free some space, or move the home folder; publishing writes a second copy of the warehouse",
    )


def _server(settings: Settings) -> Finding:
    from flows.server import known_server

    url = known_server(settings.home)
    return Finding(subject="Prefect server", is_sound=True, detail=url or "none running; `wirehouse serve` starts one")


def _warehouse_findings(home: Path, *, repair: bool) -> Iterator[Finding]:
    from warehouse.doctor import examined as warehouse_examined

    for found in warehouse_examined(home, repair=repair):
        yield Finding(subject=found.subject, is_sound=found.is_sound, detail=found.detail, remedy=found.remedy)
