"""`wirehouse report`: one self-contained HTML page with charts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import app
from flows.cli.files import writable
from flows.cli.options import DebugOption, HomeOption, say


@app.command()
def report(
    out: Annotated[
        Path | None, typer.Option("--out", help="Write here (default HOME/reports/latest.html).", show_default=False)
    ] = None,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the report of what the warehouse holds as one HTML page, which needs no network.

    Example: wirehouse report --out today.html
    """
    from flows.settings import read
    from tasks.reports import write_report

    folder = read(home=home).home
    with writable(out or folder):
        say(str(write_report(folder, out=out)))
