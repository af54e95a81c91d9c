"""`wirehouse search`: full text, best matches first, on the read copy."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, JsonOption, SinceOption, instant, say, say_json


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words that must all be in the title or the text.")],
    since: SinceOption = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="Only articles of this outlet.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Most articles shown.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Find articles by their words, best first; case and accents do not matter.

    In SQL the same is FROM report.search('dam inquiry').

    Example: wirehouse search "dam inquiry" --since 7d --outlet gazette.example
    """
    from flows.settings import read
    from warehouse.search import search as searched

    hits = searched(read(home=home).home, words, since=instant("--since", since), outlet=outlet, most=limit).to_dicts()
    if as_json:
        say_json(hits)
        return
    for hit in hits:
        day = f"{hit['published_at']:%Y-%m-%d}" if hit["published_at"] else "no date"
        say(f"{hit['title'] or '(no title)'}\n  {hit['outlet']}, {day}, {hit['url']}\n  … {hit['snippet']} …")
    whose = f" of {outlet}" if outlet else ""
    say(f"{len(hits)} articles" if hits else f"no article{whose} holds all of: {words[:200]}")
