"""Documents from a file, one by one: rows of Parquet or lines of JSON, in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.cli.extract import lines_of
from tasks.errors import InputError
from tasks.records import Document
from tasks.text.dates import instant

BATCH_ROWS = 2000
"""Rows of Parquet held at once: some ten megabytes of news."""


def documents_of(path: Path) -> Iterator[Document]:
    """Yield the documents of a file; raises `InputError` naming the row that is none.

    A row needs `id` and `text`; `title`, `url`, `outlet`, `published_at` and `is_wire` are read where they are there.
    """
    if not path.is_file():
        raise InputError(f"dedupe: there is no file {path}")
    rows = _parquet_rows(path) if path.suffix == ".parquet" else _json_rows(path)
    for number, row in enumerate(rows, start=1):
        yield _document(row, f"dedupe: {path} row {number}")


def _parquet_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            wanted = [name for name in file.schema_arrow.names if name in Document.__dataclass_fields__]
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"dedupe: {path} cannot be read ({error}); it must be Parquet or lines of JSON") from error


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines_of(path), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"dedupe: {path} line {number} is not JSON ({error}); write one object a line") from error
        if not isinstance(row, dict):
            raise InputError(f"dedupe: {path} line {number} is not an object with id and text")
        yield row


def _document(row: Mapping[str, Any], where: str) -> Document:
    for needed in ("id", "text"):
        if needed not in row:
            raise InputError(f"{where} has no {needed!r}; a document needs id and text")
    if row["id"] is None:
        raise InputError(f"{where}: its id is null; every document needs one")
    return Document(
        id=str(row["id"]),
        text=_text(row["text"]) or "",
        title=_text(row.get("title")),
        url=_text(row.get("url")),
        outlet=_text(row.get("outlet")),
        published_at=_instant(row.get("published_at")),
        is_wire=row.get("is_wire") is True,
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return instant(value) if isinstance(value, str) else None
