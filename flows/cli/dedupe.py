"""`wirehouse dedupe`: the duplicate finder alone, on files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import ExitCode, app
from flows.cli.documents import RefusedRow, documents_of
from flows.cli.files import apart, whole
from flows.cli.options import DebugOption, JsonOption, say, say_json
from tasks.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from tasks.records import Document

MOST_DAYS = 100_000
"""Three centuries: a window as wide as any archive."""
MOST_TOLD = 3
"""Refused rows named on stderr, as examples; `--rejects` writes them all."""


@app.command()
def dedupe(
    documents: Annotated[Path, typer.Argument(metavar="INPUT", help="documents.parquet or documents.jsonl[.gz]")],
    pairs: Annotated[Path, typer.Option("--pairs", help="Write the pairs of copies here (.parquet, .csv or .jsonl).")],
    clusters: Annotated[Path, typer.Option("--clusters", help="Write each document's story here.")],
    rejects: Annotated[Path | None, typer.Option("--rejects", help="Write the rows that were left out here.")] = None,
    window_days: Annotated[
        float | None,
        typer.Option(
            "--window-days", min=0, max=MOST_DAYS, help="Compare only documents published at most so many days apart."
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Accepted; the finder needs one thread and uses no more.")
    ] = 1,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Find the copies among documents: exact, near and contained ones.

    INPUT has the columns `id` and `text`, and if known `url`, `title`, `published_at` and `outlet`. A row that is no
    document, or has the id of one before it, is left out and counted; the exit code is then 3.

    Example: wirehouse dedupe articles.parquet --pairs pairs.parquet --clusters clusters.parquet
    """
    from tasks.duplicates.find import stream

    apart(documents, pairs, clusters, rejects)
    refused: list[RefusedRow] = []
    window = timedelta(days=window_days) if window_days is not None else None
    found = stream(_kept(documents_of(documents), refused), window=window)
    if refused and found.clusters.is_empty():
        raise InputError(f"dedupe: {documents} row {refused[0].row} {refused[0].detail}; no row is a document")
    write_frame(found.pairs, pairs)
    write_frame(found.clusters, clusters)
    if rejects is not None:
        write_frame(_refused_frame(refused), rejects)
    summary = {
        "documents": found.clusters.height,
        "pairs": found.pairs.height,
        "clusters": found.clusters["cluster_id"].n_unique(),
        "capped": found.capped,
        "beyond_window": found.beyond_window,
        "rejects": dict(Counter(row.fault.value for row in refused)),
    }
    if as_json:
        say_json(summary)
    else:
        say(f"{summary['documents']} documents, {summary['pairs']} pairs of copies, {summary['clusters']} stories")
    _tell_refused(documents, refused)
    if refused:
        raise typer.Exit(ExitCode.PARTIAL)


def _kept(rows: Iterable[Document | RefusedRow], refused: list[RefusedRow]) -> Iterator[Document]:
    """Yield the documents; rows that are none go to `refused`."""
    for row in rows:
        if isinstance(row, RefusedRow):
            refused.append(row)
        else:
            yield row


def _refused_frame(refused: list[RefusedRow]) -> pl.DataFrame:
    import polars as pl

    schema = {"row": pl.Int64, "id": pl.String, "fault": pl.String, "detail": pl.String}
    return pl.DataFrame([asdict(row) for row in refused], schema=schema)


def _tell_refused(path: Path, refused: list[RefusedRow]) -> None:
    for fault, count in Counter(row.fault.value for row in refused).most_common():
        typer.echo(f"wirehouse: {count} rows left out: {fault}", err=True)
    for row in refused[:MOST_TOLD]:
        typer.echo(f"wirehouse: {path} row {row.row} {row.detail}", err=True)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame in the format that the file's ending names."""
    with whole(path) as place:
        if path.suffix == ".csv":
            frame.write_csv(place)
        elif path.suffix in {".jsonl", ".ndjson"}:
            frame.write_ndjson(place)
        else:
            frame.write_parquet(place, compression="zstd")
