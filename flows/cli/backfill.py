"""`wirehouse backfill`: history, from a source's sitemaps or from archive files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from flows.cli import STATE_EXIT_CODES, ExitCode, app
from flows.cli.options import (
    DebugOption,
    HomeOption,
    JsonOption,
    SinceOption,
    SourcesOption,
    UntilOption,
    say,
    say_json,
    span,
)
from tasks.errors import InputError

if TYPE_CHECKING:
    from flows.settings import Settings


@app.command()
def backfill(
    source: Annotated[str | None, typer.Option("--source", help="Name of a declared source.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    warc: Annotated[
        list[Path] | None, typer.Option("--warc", metavar="FILE", help="Read this archive; may be given several times.")
    ] = None,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Most pages fetched in this run.")] = 10_000,
    sources: SourcesOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Fetch what a source published in a span, as its sitemaps name it, or take in web archives of any make.

    Live polling is not touched. What one run does not come to is due in the next: call it again in the same words.

    Example: wirehouse backfill --source "Harbour Gazette" --since 2026-01-01 --until 2026-02-01
    """
    from flows.settings import read
    from flows.sources import read_sources

    settings = read(home=home, sources=sources)
    files = _files(warc or [])
    if not source and not files:
        raise InputError("backfill: give --source NAME with --since, or --warc FILE")
    if source and not files and since is None:
        raise InputError("backfill: --source needs --since, the day to go back to")
    begin, end = span(since, until)
    if source:
        read_sources(settings, [source])  # a wrong name is told before Prefect's server is started
    summary = _run(settings, source=source, warc=files or None, max_pages=pages, since=begin, until=end)
    if as_json:
        say_json(summary)
    else:
        say(f"{summary['state']}: {summary['headline']}")
        for text in summary["source_failures"]:
            say(f"  source failed  {text}")
    raise typer.Exit(STATE_EXIT_CODES.get(str(summary["state"]), ExitCode.DONE))


def _files(warc: list[Path]) -> list[str]:
    missing = [path for path in warc if not path.is_file()]
    if missing:
        raise InputError(f"backfill: there is no file {missing[0]}")
    return [str(path.absolute()) for path in warc]


def _run(settings: Settings, **wanted: Any) -> dict[str, Any]:
    from flows.settings import enter_prefect_environment, hush_prefect_console

    hush_prefect_console()
    enter_prefect_environment(settings)
    from flows.server import prefect_server

    with prefect_server(settings):
        from flows.backfill import backfill as flow
        from flows.now import ended

        run_id = uuid4().hex[:12]
        state = flow(
            home=str(settings.home.absolute()),
            sources=str(settings.sources_file.absolute()),
            run_id=run_id,
            return_state=True,
            **wanted,
        )
        return ended(settings, "backfill", run_id, state)
