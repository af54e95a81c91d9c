"""Options that several commands share, and how a command says what it has to say."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from tasks.errors import InputError

Item = TypeVar("Item")


class DebugSwitch:
    """Whether an error shows its traceback."""

    is_on = False


def _debug(value: bool) -> bool:
    DebugSwitch.is_on = DebugSwitch.is_on or value
    return value


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder that holds everything (WIREHOUSE_HOME; default ./wirehouse-home).", show_default=False
    ),
]
DebugOption = Annotated[bool, typer.Option("--debug", callback=_debug, help="Show a traceback when something fails.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
SourcesOption = Annotated[
    Path | None, typer.Option("--sources", help="File with the source declarations.", show_default=False)
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="D", help="From this day on: 2026-11-03, 2026-11-03T18:00 (UTC), or 7d, 12h ago."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="D", help="Before this day or instant, written as for --since.")
]
_AGO = {"d": "days", "h": "hours", "w": "weeks"}


def instant(option: str, text: str | None) -> datetime | None:
    """Return the instant that an option names, in UTC; raises `InputError` when it is not written as one."""
    if text is None:
        return None
    number, unit = text[:-1], text[-1:].lower()
    try:
        if unit in _AGO and number.isdigit():
            return datetime.now(UTC) - timedelta(**{_AGO[unit]: int(number)})
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{option}: {text!r} is no day; write 2026-11-03, 2026-11-03T18:00 or 7d") from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def span(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Return the two instants of a span; raises `InputError` when it ends before it begins."""
    begin, end = instant("--since", since), instant("--until", until)
    if begin is not None and end is not None and end <= begin:
        raise InputError(f"--until: {until!r} is not later than --since {since!r}; the span between them is empty")
    return begin, end


def say(message: str = "") -> None:
    """Print one line for a person."""
    typer.echo(message)


def say_json(value: Any) -> None:
    """Print one JSON value for a machine; instants in ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def is_watched() -> bool:
    """Tell whether a person is watching, so that a progress bar is of use."""
    return sys.stderr.isatty()


def progress(what: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, showing a counter on stderr while a person is watching."""
    if not is_watched():
        yield from items
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(what), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        for item in items:
            yield item
            bar.advance(task)
