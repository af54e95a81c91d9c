"""`wirehouse replay`: stored pages through today's rules, without the network."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import STATE_EXIT_CODES, ExitCode, app
from flows.cli.options import (
    DebugOption,
    HomeOption,
    JsonOption,
    SinceOption,
    UntilOption,
    progress,
    say,
    say_json,
)
from flows.cli.options import span as span_of

if TYPE_CHECKING:
    from flows.settings import Settings
    from tasks.again import Compared, Span

MOST_SHOWN = 50
"""Articles listed to a person; `--json` lists all."""


@app.command()
def replay(
    source: Annotated[str | None, typer.Option("--source", help="Only the pages of this source.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")] = False,
    gate: Annotated[
        float | None,
        typer.Option(
            "--gate",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Refuse when more than this share of the articles would change their body or be lost.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Learn, extract, cluster and publish again from stored pages, without the network.

    --since and --until speak of when the pages were fetched. The same rules give the same articles: `--diff` is then
    empty. A replay that is stopped goes on when it is called again in the same words.

    Example: wirehouse replay --since 30d --diff
    """  # fmt: skip
    from flows.settings import read
    from tasks.again import Span

    settings = read(home=home)
    begin, end = span_of(since, until)
    span = Span(source=source, since=begin, until=end)
    if diff:
        _diff(settings, span, gate, as_json=as_json)
        return
    _replay(settings, span, gate, as_json=as_json)


def _diff(settings: Settings, span: Span, gate: float | None, *, as_json: bool) -> None:
    from tasks.again import compared
    from warehouse.connection import reading

    steps = compared(settings.home, partial(reading, settings.home), span, jobs=settings.jobs)
    *_, total = progress("batches cleaned", steps)
    is_refused = gate is not None and total.percent > gate
    if as_json:
        say_json({**counts(total), "is_refused": is_refused, "differences": [asdict(one) for one in total.differences]})
    else:
        _tell(total)
    if is_refused:
        typer.echo(f"wirehouse: replay: {total.percent:.1f} % changed or lost, {gate:g} % are allowed", err=True)
        raise typer.Exit(ExitCode.CHECK_FAILED)


def counts(total: Compared) -> dict[str, Any]:
    """Return a comparison in numbers."""
    from tasks.page.difference import Effect

    return {
        "pages": total.pages,
        "articles": total.articles,
        **{effect.value: total.count(effect) for effect in Effect},
        "percent": round(total.percent, 2),
        "unreadable": total.unreadable,
    }


def _tell(total: Compared) -> None:
    import polars as pl

    from flows.cli.sql import as_table

    numbers = counts(total)
    say(f"{numbers['pages']} pages cleaned again, {numbers['articles']} articles compared")
    if numbers["unreadable"]:
        say(f"  {numbers['unreadable']} pages left alone: a record of their article cannot be read")
    if not total.differences:
        say("nothing would change")
        return
    say(
        f"  {numbers['gained']} gained, {numbers['lost']} lost, {numbers['body']} with another body, "
        f"{numbers['fields']} with other fields only; {numbers['percent']} % changed or lost"
    )
    rows = [
        {
            "effect": one.effect.value,
            "changed": f"{100 * one.share:.0f} %",
            "words": f"{one.words_before} > {one.words_after}",
            "fields": ", ".join(one.fields) or one.reason or "",
            "title": one.title or "",
            "url": one.url,
        }
        for one in sorted(total.differences, key=lambda one: (-one.share, one.url))[:MOST_SHOWN]
    ]
    say(as_table(pl.DataFrame(rows)))


def _replay(settings: Settings, span: Span, gate: float | None, *, as_json: bool) -> None:
    from flows.settings import enter_prefect_environment, hush_prefect_console
    from warehouse.errors import MissingWarehouseError
    from warehouse.places import Places

    if not Places(settings.home).writer.exists():
        raise MissingWarehouseError(f"{settings.home}: no page is stored here yet; start with `wirehouse run`")
    hush_prefect_console()
    enter_prefect_environment(settings)
    from flows.server import prefect_server

    with prefect_server(settings):
        from flows.now import ended
        from flows.replay import replay as flow
        from flows.replay import run_id_of

        run_id = run_id_of(settings.home, span)
        state = flow(
            home=str(settings.home.absolute()),
            source=span.source,
            since=span.since,
            until=span.until,
            gate=gate,
            run_id=run_id,
            return_state=True,
        )
        summary = ended(settings, "replay", run_id, state)
    if as_json:
        say_json(summary)
    else:
        say(f"{summary['state']}: {summary['headline']}")
    raise typer.Exit(STATE_EXIT_CODES.get(str(summary["state"]), ExitCode.DONE))
