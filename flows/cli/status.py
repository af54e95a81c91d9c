"""`wirehouse status`: are the sources alive, and what did the last runs do?"""

from __future__ import annotations

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json
from flows.cli.sql import as_table


@app.command()
def status(home: HomeOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Show the health of every source and the last runs, from the read copy.

    Example: wirehouse status
    """
    from flows.settings import read
    from warehouse.connection import reading
    from warehouse.queries import ask

    with reading(read(home=home).home) as con:
        sources, runs = ask(con, "status_sources"), ask(con, "status_runs")
    if as_json:
        say_json({"sources": sources.to_dicts(), "runs": runs.to_dicts()})
        return
    say("Sources")
    say(as_table(sources))
    say("\nLast runs")
    say(as_table(runs))
