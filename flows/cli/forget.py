"""`wirehouse forget`: erasure that reaches everything, proves it, and lasts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import ExitCode, app
from flows.cli.options import DebugOption, HomeOption, JsonOption, is_watched, say, say_json
from tasks.errors import InputError

if TYPE_CHECKING:
    from tasks.forgetting import Erasure
    from warehouse.forget import Kind


@app.command()
def forget(
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="Address of an article.")] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", metavar="HOST", help="Everything of a host.")] = None,
    matching: Annotated[
        str | None, typer.Option("--matching", metavar="TEXT", help="Every article and page that holds this text.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Erase an article, an outlet or a text for good: tables, versions, archives, exports, reports and the read copy.

    Then every file below the home folder is searched, and what was found, nothing, is certified in HOME/certificates.
    What was erased is refused when it comes again. An erasure that is stopped is finished by the next one.

    Example: wirehouse forget https://gazette.example/2026/11/03/harbour-baths
    """
    from flows.settings import read
    from tasks.forgetting import erase_all, planned
    from warehouse.errors import MissingWarehouseError
    from warehouse.places import Places

    kind, subject = _subject(url, outlet, matching)
    folder = read(home=home).home
    if not Places(folder).writer.exists():
        raise MissingWarehouseError(f"{folder}: there is nothing to forget yet")
    plan = planned(folder, kind, subject)
    if dry_run:
        said = {"articles": plan.articles, "addresses": len(plan.urls)}
        say_json(said) if as_json else say(f"{plan.articles} articles and {len(plan.urls)} addresses would be erased")
        return
    if not yes and not as_json and is_watched():
        typer.confirm(f"Erase {plan.articles} articles and {len(plan.urls)} addresses for good?", abort=True)
    done = erase_all(folder, plan, now=datetime.now(UTC))
    if as_json:
        say_json(_as_object(done))
    elif done.proof.is_clean:
        _tell(done)
    if not done.proof.is_clean:
        found = ", ".join(_found(done)[:5])
        typer.echo(f"wirehouse: forget: still found in {found}; remove it there and call again", err=True)
        raise typer.Exit(ExitCode.FAILED)


def _as_object(done: Erasure) -> dict[str, Any]:
    return {
        "articles": done.articles,
        "rows": done.rows,
        "archive_records": done.records,
        "exports": done.exports,
        "files_searched": done.proof.files,
        "found": _found(done),
        "certificate": str(done.certificate) if done.certificate else None,
    }


def _tell(done: Erasure) -> None:
    say(f"{done.articles} articles erased: {done.rows} rows, {done.records} archive records, {done.exports} exports")
    say(f"{done.proof.files} files searched, nothing found; certificate {done.certificate}")


def _found(done: Erasure) -> list[str]:
    return [f"{trace.path} ({trace.place})" for trace in done.proof.found]


def _subject(url: str | None, outlet: str | None, matching: str | None) -> tuple[Kind, str]:
    from warehouse.forget import Kind

    given = [(kind, said) for kind, said in ((Kind.URL, url), (Kind.OUTLET, outlet), (Kind.TEXT, matching)) if said]
    if len(given) != 1:
        raise InputError("forget: give one of an address, --outlet HOST or --matching TEXT")
    kind, said = given[0]
    if kind is Kind.URL and "://" not in said:
        raise InputError(f"forget: {said!r} is no address; write it with https://, or use --outlet or --matching")
    if kind is Kind.TEXT and len(said.strip()) < 4:  # it would reach half of the warehouse
        raise InputError(f"forget: {said!r} is too short to be searched for")
    if kind is Kind.OUTLET:
        said = said.split("://")[-1].split("/")[0]
    return kind, said
