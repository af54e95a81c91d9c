"""`wirehouse sources`: declare sources, look at them, and test one without writing anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import ExitCode, app
from flows.cli.files import write_text
from flows.cli.options import DebugOption, HomeOption, JsonOption, SourcesOption, progress, say, say_json
from tasks.errors import ConfigurationError, InputError, WirehouseError

if TYPE_CHECKING:
    from flows.settings import Settings
    from tasks.errand import Errand
    from tasks.records import Source
    from tasks.trial import Line, Trial

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
PrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Let addresses of this machine and of private networks be contacted.")
]


class UnreachableError(WirehouseError):
    """What a person pointed at does not answer."""


@sources.command("list")
def list_(
    sources_file: SourcesOption = None, home: HomeOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> None:
    """Show the declared sources.

    Example: wirehouse sources list
    """
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
        raise typer.Exit(ExitCode.CONFIGURATION)


@sources.command()
def check(
    name: Annotated[str, typer.Argument(help="Name of a declared source, or `all`.")],
    pages: Annotated[int, typer.Option("--pages", "-n", min=0, help="Most pages fetched from each source.")] = 5,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=86_400, help="Longest time the check may take.")
    ] = 300.0,
    allow_private: PrivateOption = False,
    sources_file: SourcesOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Try a source: what would the next run discover, fetch and land, and why not? Nothing is written.

    Its lists are read, and a few of the pages they name are fetched and cleaned, as a run would do it.

    Example: wirehouse sources check "Harbour Gazette" --pages 3
    """
    from flows.settings import read
    from flows.sources import read_sources
    from tasks.trial import Past, try_out

    settings = read(home=home, sources=sources_file)
    declared = read_sources(settings, [] if name == "all" else [name])
    if name != "all" and declared.problems:
        raise ConfigurationError(declared.problems[0][1])
    chosen = [replace(s, allow_private=s.allow_private or allow_private) for s in declared.sources]
    trials = list(
        progress("checking", try_out(chosen, Past(settings.home), _errand(settings, seconds, chosen), most=pages))
    )
    if as_json:
        say_json([_as_object(trial) for trial in trials])
    else:
        for trial in trials:
            _tell(trial)
    for _, message in declared.problems:
        typer.echo(f"wirehouse: {message}", err=True)
    raise typer.Exit(_exit_code(trials, len(declared.problems)))


@sources.command()
def discover(
    url: Annotated[str, typer.Argument(help="Home page of an outlet, or a feed or sitemap of it.")],
    allow_private: PrivateOption = False,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Look for an outlet's feeds and sitemaps, and propose the lines to paste into sources.toml.

    Example: wirehouse sources discover https://gazette.example >> wirehouse-home/sources.toml
    """
    from flows.settings import read
    from tasks.prospect import prospect
    from tasks.records import Failing, Failure

    settings = read(home=home)
    address = url if "://" in url else f"https://{url}"
    proposal = prospect(address, _errand(settings, 120.0, []), allow_private=allow_private)
    if isinstance(proposal, Failure) and proposal.reason is Failing.BAD_URL:
        raise InputError(f"sources discover: {address}: {proposal.detail}; write the address as a browser shows it")
    if isinstance(proposal, Failure):
        raise UnreachableError(f"sources discover: {address}: {proposal.detail} ({proposal.reason.value})")
    say(proposal.rstrip())


@sources.command("import")
def import_(
    opml_file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Subscription list of a feed reader.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Add them to this file; `-` prints them (default HOME/sources.toml)."),
    ] = None,
    allow_private: PrivateOption = False,
    sources_file: SourcesOption = None,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Add the feeds of an OPML file to the declared sources; those that are there already are left out.

    Example: wirehouse sources import subscriptions.opml
    """
    from flows.settings import read
    from tasks.feeds import declarations, opml

    settings = read(home=home, sources=sources_file)
    try:
        body = opml_file.read_bytes()
    except OSError as error:
        raise InputError(f"sources import: {opml_file}: cannot be read ({error.strerror})") from error
    feeds = opml.read(body, allow_private=allow_private)
    if not feeds:
        raise InputError(f"sources import: {opml_file}: no feed in it; an OPML file has outlines with an xmlUrl")
    if to is not None and str(to) == "-":
        say(declarations.write(feeds).rstrip())
        return
    target = to or sources_file or settings.home / "sources.toml"
    added = _added(target, feeds)
    say(f"{len(added)} sources added to {target}, {len(feeds) - len(added)} were there already")


@sources.command()
def export(
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of to standard output.")] = None,
    sources_file: SourcesOption = None,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the declared sources that have an address as OPML, for feed readers and for another Wirehouse.

    Example: wirehouse sources export --out sources.opml
    """
    from flows.settings import read
    from flows.sources import declared
    from tasks.feeds import opml

    found = declared(read(home=home, sources=sources_file))
    for _, message in found.problems:
        typer.echo(f"wirehouse: {message}", err=True)
    text = opml.write(found.sources)
    if out is None:
        say(text.rstrip())
    else:
        write_text(out, text)
        say(f"{text.count('<outline ')} sources in {out}")
    if found.problems:
        raise typer.Exit(ExitCode.CONFIGURATION)


def _errand(settings: Settings, seconds: float, chosen: list[Source]) -> Errand:
    from tasks.errand import Errand

    return Errand(
        agent=settings.user_agent,
        interval_seconds=settings.min_interval_seconds,
        ends_at=datetime.now(UTC) + timedelta(seconds=seconds),
        workers=max(1, min(settings.workers, len(chosen) or 1)),
    )


def _exit_code(trials: list[Trial], problems: int) -> int:
    failed = sum(trial.outcome == "failed" for trial in trials)
    if not failed and not problems:
        return ExitCode.DONE
    return ExitCode.FAILED if failed == len(trials) else ExitCode.PARTIAL


def _as_object(trial: Trial) -> dict[str, Any]:
    from tasks.frames import record_row

    return {
        "source": trial.source.name,
        "kind": trial.source.kind.value,
        "location": trial.source.location,
        "outcome": trial.outcome,
        "detail": trial.detail,
        "lists": list(trial.lists),
        "counts": trial.counts,
        "urls": [record_row(line) for line in trial.lines],
    }


def _tell(trial: Trial) -> None:
    import polars as pl

    from flows.cli.sql import as_table
    from tasks.trial import Would

    said = f": {trial.detail}" if trial.detail else ""
    say(f"\n{trial.source.name} ({trial.source.kind.value}, {trial.source.location}): {trial.outcome}{said}")
    counted = ", ".join(f"{n} would be {_WORDS[would]}" for would, n in trial.counts.items())
    say(f"{len(trial.lists)} lists read; {counted or 'no link found'}")
    tried = [line for line in trial.lines if line.would in {Would.ARTICLE, Would.REJECT, Would.FAILURE}]
    if tried:
        say(as_table(pl.DataFrame([_row(line) for line in tried])))
    for reason, examples in _skipped(trial.lines).items():
        say(f"  skipped, {reason}: {len(examples)}, such as {examples[0]}")
    waiting = trial.counts.get("fetch", 0)
    if waiting:
        say(f"  {waiting} more would be fetched; --pages {waiting + len(tried)} tries them all")


_WORDS = {
    "article": "an article",
    "reject": "rejected",
    "failure": "a failure",
    "skip": "skipped",
    "fetch": "fetched",
}


def _row(line: Line) -> dict[str, Any]:
    return {
        "would": line.would.value,
        "reason": line.reason or "",
        "title": line.title or "",
        "date": f"{line.published_at:%Y-%m-%d %H:%M}" if line.published_at else "",
        "words": "" if line.words is None else str(line.words),
        "url": line.url,
    }


def _skipped(lines: tuple[Line, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.would.value == "skip":
            found.setdefault((line.reason or "").replace("_", " "), []).append(line.url)
    return found


def _added(target: Path, feeds: tuple[Source, ...]) -> list[Source]:
    """Append to a declarations file the sources that it lacks, with names of their own, and return them."""
    from tasks.feeds import declarations

    before = _text(target)
    known = declarations.read_each(before, str(target)).sources
    locations, names = {s.location for s in known}, {s.name for s in known}
    added: list[Source] = []
    for source in feeds:
        if source.location not in locations:
            added.append(replace(source, name=_distinct(source.name, names)))
            names.add(added[-1].name)
    if added:
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        write_text(target, before + gap + declarations.write(added))
    return added


def _distinct(name: str, names: set[str]) -> str:
    candidates = (name, *(f"{name[:90]} {n}" for n in range(2, len(names) + 3)))
    return next(one for one in candidates if one not in names)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from error
