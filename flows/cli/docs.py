"""`wirehouse docs`: the schema in words and as a picture, from the database itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import app
from flows.cli.files import write_text
from flows.cli.options import DebugOption, HomeOption, say


@app.command()
def docs(
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of to standard output.")] = None,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Print every table, view and column with its meaning as one Markdown page, as it is in the read copy.

    Before the first run it shows the schema that a run would make.

    Example: wirehouse docs --out schema.md
    """
    from flows.settings import read
    from warehouse.connection import reading, scratch
    from warehouse.places import Places
    from warehouse.schema import markdown

    folder = read(home=home).home
    with reading(folder) if Places(folder).read.exists() else scratch() as con:
        page = markdown(con)
    if out is None:
        say(page.rstrip())
        return
    write_text(out, page)
    say(str(out))
