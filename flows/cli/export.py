"""`wirehouse export`: tables out, within what the pages allow."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json


class Format(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


class For(StrEnum):
    """For whom an export is; as `tasks.page.rights.Profile`, which costs an HTML parser to import."""

    RESEARCH = "research"
    AI_TRAINING = "ai-training"
    PUBLIC = "public"


@app.command()
def export(
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Folder to write; an older export there is replaced.")
    ],
    file_format: Annotated[Format, typer.Option("--format", help="How to write the tables.")] = Format.PARQUET,
    profile: Annotated[
        For | None, typer.Option("--profile", help="Leave out articles whose pages do not allow this use.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Write the tables and views of the read copy as files, with a manifest of row counts and checksums.

    Profiles honour what pages declare (robots directives, TDM reservation, content signals, licence): `research`
    leaves out what has expired, `ai-training` also what is reserved, `public` all but open licences. `wirehouse forget`
    reaches the exports that were made with this command.

    Example: wirehouse export --to exports/today --profile research
    """
    from flows.settings import read
    from tasks.exporting import export as exported
    from tasks.exporting import manifest
    from tasks.page.rights import Profile

    now = datetime.now(UTC)
    made = exported(read(home=home).home, to, file_format.value, Profile(profile.value) if profile else None, now=now)
    if as_json:
        say_json({"folder": str(made.folder), **manifest(made, now)})
        return
    for file in made.files:
        say(f"  {file.rows:>9,} rows  {file.bytes / 1e6:>8.2f} MB  {file.file}")
    for reason, count in made.left_out.items():
        say(f"  {count} articles left out: {reason}")
    say(f"{len(made.files)} tables in {made.folder}")
