"""`wirehouse dedupe`: the duplicate finder alone, on files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import app
from flows.cli.options import DebugOption, JsonOption, say, say_json
from tasks.errors import InputError

if TYPE_CHECKING:
    import polars as pl


@app.command()
def dedupe(
    documents: Annotated[Path, typer.Argument(metavar="INPUT", help="documents.parquet or documents.jsonl[.gz]")],
    pairs: Annotated[Path, typer.Option("--pairs", help="Write the pairs of copies here (.parquet, .csv or .jsonl).")],
    clusters: Annotated[Path, typer.Option("--clusters", help="Write each document's story here.")],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Threads to use.")] = 1,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Find the copies among documents: exact, near and contained ones.

    INPUT has the columns `id` and `text`, and if known `url`, `title`, `published_at` and `outlet`.

    Example: wirehouse dedupe articles.parquet --pairs pairs.parquet --clusters clusters.parquet
    """
    from tasks.duplicates.find import find

    found = find(read_documents(documents))
    write_frame(found.pairs, pairs)
    write_frame(found.clusters, clusters)
    summary = {
        "documents": found.clusters.height,
        "pairs": found.pairs.height,
        "clusters": found.clusters["cluster_id"].n_unique(),
        "capped": found.capped,
    }
    if as_json:
        say_json(summary)
        return
    say(f"{summary['documents']} documents, {summary['pairs']} pairs of copies, {summary['clusters']} stories")


def read_documents(path: Path) -> pl.DataFrame:
    """Return the documents of a file as a frame; raises `InputError` when it cannot be read or lacks id or text."""
    import polars as pl

    if not path.is_file():
        raise InputError(f"dedupe: there is no file {path}")
    try:
        is_parquet = path.suffix == ".parquet"
        frame = pl.read_parquet(path) if is_parquet else pl.read_ndjson(path, infer_schema_length=None)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"dedupe: {path} cannot be read ({error}); it must be Parquet or lines of JSON") from error
    missing = {"id", "text"} - set(frame.columns)
    if missing:
        raise InputError(f"dedupe: {path} has no column {sorted(missing)[0]!r}; it needs id and text")
    return frame


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame in the format that the file's ending names."""
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix in {".jsonl", ".ndjson"}:
        frame.write_ndjson(path)
    else:
        frame.write_parquet(path, compression="zstd")
