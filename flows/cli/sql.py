"""`wirehouse sql`: ask the warehouse anything, on the read copy."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import app
from flows.cli.files import whole, write_text
from flows.cli.options import DebugOption, HomeOption, say
from tasks.errors import InputError

if TYPE_CHECKING:
    import polars as pl


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='One SQL statement, or "-" to read it from standard input.')],
    output_format: Annotated[Format, typer.Option("--format", help="How to write the rows.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most rows answered.")] = 100_000,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, max=86_400, help="Longest time the query may take.")
    ] = 60.0,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask the warehouse in SQL.

    The read copy is asked, never the writer's file: nobody is locked out, and nothing can be changed.

    Example: wirehouse sql "SELECT outlet, count(*) AS articles FROM report.articles GROUP BY ALL"
    """
    from flows.settings import read
    from warehouse.queries import ad_hoc

    if output_format is Format.PARQUET and out is None:
        raise InputError("sql: --format parquet needs --out FILE, because it is not text")
    text = sys.stdin.read() if query == "-" else query
    rows = ad_hoc(read(home=home).home, text, row_limit=limit, seconds=seconds)
    _write(rows, output_format, out)


def _write(rows: pl.DataFrame, output_format: Format, out: Path | None) -> None:
    if output_format is Format.PARQUET and out is not None:
        with whole(out) as place:
            rows.write_parquet(place, compression="zstd")
        return
    text = _as_text(rows, output_format)
    if out is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    write_text(out, text)
    say(f"{rows.height} rows in {out}")


def _as_text(rows: pl.DataFrame, output_format: Format) -> str:
    if output_format is Format.JSON:
        import json

        return json.dumps(rows.to_dicts(), ensure_ascii=False, default=str)
    if output_format is Format.CSV:
        return _flat(rows).write_csv()
    return as_table(rows)


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with lists and structs written as JSON, which CSV cannot hold otherwise."""
    import json

    import polars as pl

    nested = [name for name, kind in rows.schema.items() if kind.is_nested()]
    return rows.with_columns(
        pl.Series(
            name,
            [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in rows[name].to_list()],
            dtype=pl.String,
        )
        for name in nested
    )


def as_table(rows: pl.DataFrame, widest: int = 60) -> str:
    """Return rows as a plain table for a terminal; long values are cut with an ellipsis."""
    import polars as pl

    if not rows.width:
        return "(no columns)"
    with pl.Config(
        tbl_rows=1_000,
        tbl_cols=-1,
        fmt_str_lengths=widest,
        tbl_width_chars=200,
        tbl_hide_column_data_types=True,
        tbl_hide_dataframe_shape=True,
        tbl_formatting="UTF8_BORDERS_ONLY",
    ):
        return f"{rows}\n{rows.height} row{'s' if rows.height != 1 else ''}"
