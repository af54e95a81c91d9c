"""`wirehouse checks`: what must hold of the rows before readers see them; look at faults, and let them pass."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import ExitCode, app
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json
from tasks.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.checks import CheckResult

checks = typer.Typer(help="Look at the checks, and at the loads that they hold back.", invoke_without_command=True)
app.add_typer(checks, name="checks")


@checks.callback()
def _default(
    context: typer.Context, home: HomeOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> None:
    if context.invoked_subcommand is None:
        list_(home=home, as_json=as_json, debug=debug)


@checks.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Show also the checks that find nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Run every check on what is landed, published or not, and show what they find.

    Example: wirehouse checks list --all
    """
    from warehouse.checks import examine
    from warehouse.connection import writing

    with writing(_home(home), who="checks") as con:
        results = examine(con)
    shown = [one for one in results if every or one.failing]
    if as_json:
        say_json([{**asdict(one), "is_failed": one.is_failed} for one in shown])
    else:
        _tell(results, shown)
    if any(one.is_failed for one in results):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@checks.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a check, as the list shows it.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Most rows shown.")] = 50,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show the rows that a check finds at fault.

    Example: wirehouse checks show articles_have_text
    """
    from flows.cli.sql import as_table
    from warehouse.checks import faults
    from warehouse.connection import writing

    with writing(_home(home), who="checks") as con:
        rows = faults(con, name, most=limit)
    if as_json:
        say_json(rows.to_dicts())
    else:
        say(as_table(rows) if rows.height else f"{name}: nothing at fault")


@checks.command()
def release(
    name: Annotated[str, typer.Argument(help="Name of a failing check.")],
    reason: Annotated[str, typer.Option("--reason", help="Why these rows may pass; it is kept.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Let the rows that a check finds now pass, and publish when no other check fails.

    One more row, and it fails again.

    Example: wirehouse checks release articles_have_text --reason "picture stories, checked by hand"
    """
    from warehouse.checks import examine, faults
    from warehouse.checks import release as released
    from warehouse.connection import writing
    from warehouse.publish import publish

    if not reason.strip():
        raise InputError("checks release: --reason is empty; say why these rows may pass")
    folder = _home(home)
    with writing(folder, who="checks") as con:
        if not faults(con, name, most=1).height:
            raise InputError(f"checks release: {name}: no row is at fault; there is nothing to let pass")
        result = released(con, name, reason.strip())
        is_free = not any(one.is_failed for one in examine(con))
    if is_free:
        publish(folder, who="checks")
    if as_json:
        say_json({"name": name, "released": result.released, "is_published": is_free})
        return
    told = "published" if is_free else "not published, other checks fail; see `wirehouse checks`"
    say(f"{name}: {result.released} rows may pass; {told}")


def _home(home: Path | None) -> Path:
    from flows.settings import read
    from warehouse.errors import MissingWarehouseError
    from warehouse.places import Places

    folder = read(home=home).home
    if not Places(folder).writer.exists():
        raise MissingWarehouseError(f"{folder}: there is no warehouse yet; start with `wirehouse run`")
    return folder


def _tell(results: tuple[CheckResult, ...], shown: list[CheckResult]) -> None:
    for one in shown:
        mark = "FAIL" if one.is_failed else "ok  " if not one.failing else "pass" if one.severity == "fail" else "warn"
        released = f", {one.released} let pass" if one.released else ""
        say(f"{mark} {one.name:<34} {one.failing:>7} rows{released}  {one.what}")
    failed = sum(one.is_failed for one in results)
    warned = sum(bool(one.failing) and one.severity == "warn" for one in results)
    say(f"{len(results)} checks: {failed} failed, {warned} warn")
    if failed:
        say("see the rows with `wirehouse checks show NAME`; mend them, or `wirehouse checks release NAME --reason …`")
