"""`wirehouse maintain`: what a warehouse needs at night, now."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json


@app.command()
def maintain(
    force: Annotated[bool, typer.Option("--force", help="Compact the file even where little can be gained.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Let old ledgers go, sort the search index, compact the database file, and publish.

    `wirehouse serve` does it every night. Articles, their versions and their pages are kept for ever.

    Example: wirehouse maintain
    """
    from flows.settings import read
    from warehouse.lock import locked
    from warehouse.maintain import maintain as maintained
    from warehouse.places import Places

    folder = read(home=home).home
    if not Places(folder).writer.exists():
        done = maintained(folder)  # which says what is missing
    with locked(folder, who="maintain", wait_seconds=0, name="run.lock"):
        done = maintained(folder, force=force)
    if as_json:
        say_json(
            {
                "removed": dict(done.removed),
                "is_compacted": done.is_compacted,
                "bytes_before": done.bytes_before,
                "bytes_after": done.bytes_after,
                "is_published": done.published is not None,
            }
        )
        return
    say(str(done))
