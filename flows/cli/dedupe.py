"""`wirehouse dedupe`: the duplicate finder alone, on files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import app
from flows.cli.documents import documents_of
from flows.cli.options import DebugOption, JsonOption, say, say_json

if TYPE_CHECKING:
    import polars as pl

    from tasks.duplicates.find import Result
    from tasks.records import Document

LARGEST_AT_ONCE_BYTES = 512 << 20
"""Of a file whose texts are all held in memory, which then do not depend on the order of its rows."""


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
    found = found_in(documents)
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


def found_in(path: Path) -> Result:
    """Return the copies in a file: small ones in the order of their ids, large ones as a stream, in bounded memory."""
    from tasks.duplicates.find import find, stream

    documents = documents_of(path)
    if not path.is_file() or path.stat().st_size <= LARGEST_AT_ONCE_BYTES:
        return find(documents)
    return stream(_once(documents))


def _once(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield each document whose id has not been there before."""
    seen: set[str] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame in the format that the file's ending names."""
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix in {".jsonl", ".ndjson"}:
        frame.write_ndjson(path)
    else:
        frame.write_parquet(path, compression="zstd")
