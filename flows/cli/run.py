"""`wirehouse run`: one ingest, now."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import STATE_EXIT_CODES, ExitCode, app
from flows.cli.options import DebugOption, HomeOption, JsonOption, SourcesOption, is_watched, say, say_json

if TYPE_CHECKING:
    from flows.settings import Settings

STORIES = '"SELECT title, first_outlet, copies FROM report.stories ORDER BY copies DESC LIMIT 5"'
"""A first question, quoted for a shell."""


@app.command()
def run(
    sources: SourcesOption = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be given several times.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Ingest the bundled little news web, served on loopback.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Fetch, clean, deduplicate and land once, and say what came of it.

    What an earlier run left unfinished is finished first. Running twice changes nothing.

    Example: wirehouse run --demo
    """
    from flows.settings import enter_prefect_environment, hush_prefect_console, read

    started = time.monotonic()
    settings = read(home=home, sources=sources)
    hush_prefect_console()
    enter_prefect_environment(settings)
    with ExitStack() as stack:
        if demo:
            settings = stack.enter_context(demo_web(settings))
        summary = _ingest(settings, source or [], quiet=as_json, stack=stack)
    summary["seconds"] = round(time.monotonic() - started, 1)
    if as_json:
        say_json(summary)
    else:
        _tell(summary, settings)
    raise typer.Exit(STATE_EXIT_CODES.get(str(summary["state"]), ExitCode.DONE))


def demo_web(settings: Settings) -> AbstractContextManager[Settings]:
    """Return a context that serves the bundled news web and yields settings whose sources it is."""
    from flows.demo import demo_settings

    return demo_settings(settings, announce=partial(typer.echo, err=True))


def _ingest(settings: Settings, names: list[str], *, quiet: bool, stack: ExitStack) -> dict[str, Any]:
    from flows.server import prefect_server
    from flows.sources import read_sources

    read_sources(settings, names)  # a wrong declaration is told before Prefect's server is started
    if not quiet:
        say("Starting Prefect ..." if is_watched() else "Starting Prefect")
    stack.enter_context(prefect_server(settings))
    from flows.now import ingest_now

    if not quiet:
        say("Running: discover, fetch, learn, extract, cluster, publish")
    return ingest_now(settings, names)


def _tell(summary: dict[str, Any], settings: Settings) -> None:
    from tasks.report.headline import announced

    home, me = settings.home, called_as()
    sources = f"{summary['sources']} source{'' if summary['sources'] == 1 else 's'}"
    lines = [
        "",
        announced(summary["state"], summary["headline"]),
        "",
        f"  pages fetched     {summary['fetched']:>6}   of {summary['candidates']} links that {sources} named",
        f"  articles          {summary['articles_new']:>6}   new, and {summary['articles_changed']} changed",
        f"  copies found      {summary['copies']:>6}   articles that repeat another outlet's words",
        *_reasons("rejected", summary["rejects"]),
        *_reasons("not fetched", summary["failures"]),
        *(f"  source failed     {text}" for text in summary["source_failures"]),
        f"  took              {summary['seconds']:>6.1f} s, {summary['peak_memory_mb']:.0f} MB at most",
        "",
        f"  warehouse   {home / 'warehouse.read.duckdb'}",
        f"  report      {home / 'reports' / 'latest.html'}",
        "",
        "Next:",
        f"  {me} sql {STORIES}",
        f"  {me} status            which sources are alive",
        f"  {me} serve             Prefect's UI, and runs on a schedule",
        f"  {me} sources --help    add your own sources",
    ]
    say("\n".join(lines))


def called_as() -> str:
    """Return how a person calls this command from where they are: by its name, or by its path if that is not enough."""
    script = Path(sys.argv[0])
    if script.name != "wirehouse" or shutil.which("wirehouse") == str(script.absolute()):
        return "wirehouse"
    return os.path.relpath(script)


def _reasons(label: str, counted: dict[str, int]) -> list[str]:
    if not counted:
        return [f"  {label:<17} {0:>6}"]
    detail = ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in sorted(counted.items(), key=lambda x: -x[1]))
    return [f"  {label:<17} {sum(counted.values()):>6}   {detail}"]
