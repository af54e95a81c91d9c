"""`wirehouse sources`: declare sources, look at them, and test one without writing anything."""

from __future__ import annotations

import typer

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, JsonOption, SourcesOption, say, say_json

sources = typer.Typer(help="Declare and test sources.", no_args_is_help=True)
app.add_typer(sources, name="sources")

ADD_ONE = """
Six lines in a TOML file are a source:

    [[source]]
    name = "Harbour Gazette"
    kind = "feed"                 # feed, sitemap, listing, home, urls, warc or folder
    url = "https://gazette.example/rss.xml"
    language = "en"
    tags = ["local"]
"""


@sources.command("list")
def list_(
    sources_file: SourcesOption = None, home: HomeOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> None:
    """Show the declared sources."""
    import polars as pl

    from flows.cli.sql import as_table
    from flows.settings import read
    from flows.sources import declared
    from tasks.frames import record_row

    settings = read(home=home, sources=sources_file)
    found = declared(settings)
    if as_json:
        say_json([record_row(source) for source in found.sources])
        return
    rows = [
        {"name": s.name, "kind": s.kind.value, "location": s.location, "outlet": s.outlet, "enabled": s.is_enabled}
        for s in found.sources
    ]
    say(f"{settings.sources_file}")
    say(as_table(pl.DataFrame(rows)) if rows else ADD_ONE)
    for _, message in found.problems:
        typer.echo(f"wirehouse: {message}", err=True)
    if found.problems:
        raise typer.Exit(4)
