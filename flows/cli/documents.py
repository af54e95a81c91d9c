"""Documents from a file, one by one: rows of Parquet or lines of JSON, in bounded memory.

A row that is no document is a value too, with its number and a reason, and does not stop the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flows.cli.lines import numbered_lines
from tasks.errors import InputError
from tasks.records import Document
from tasks.text.dates import instant

BATCH_ROWS = 2000
"""Rows of Parquet held at once: some ten megabytes of news."""


class Fault(StrEnum):
    """Why a row is no document."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NO_ID = "no_id"
    NO_TEXT = "no_text"
    ID_IS_NO_TEXT = "id_is_no_text"
    TEXT_IS_NO_TEXT = "text_is_no_text"
    REPEATED_ID = "repeated_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedRow:
    """A row that was left out."""

    row: int
    """Counted from 1; of lines of JSON as an editor counts them."""
    id: str | None
    fault: Fault
    detail: str


def documents_of(path: Path) -> Iterator[Document | RefusedRow]:
    """Yield the documents of a file; raises `InputError` if the file itself cannot be read.

    A row needs `id` (text or a whole number) and `text`; `title`, `url`, `outlet`, `published_at` and `is_wire` are
    read where they are there. A null text is a text without words. Of two rows with one id the first counts.
    """
    if path.is_dir():
        raise InputError(f"dedupe: {path} is a folder; name a .parquet or .jsonl[.gz] file in it")
    if not path.is_file():
        raise InputError(f"dedupe: there is no file {path}")
    seen: set[str] = set()
    rows = enumerate(_parquet_rows(path), start=1) if path.suffix.lower() == ".parquet" else _json_rows(path)
    for number, row in rows:
        found = _document(row, number)
        if isinstance(found, Document) and found.id in seen:
            detail = f"{found.id!r} is the id of a row before it"
            found = RefusedRow(row=number, id=found.id, fault=Fault.REPEATED_ID, detail=detail)
        elif isinstance(found, Document):
            seen.add(found.id)
        yield found


def _parquet_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            wanted = [name for name in file.schema_arrow.names if name in Document.__dataclass_fields__]
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                yield from batch.to_pylist() if wanted else [{}] * batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"dedupe: {path} cannot be read ({error}); it must be Parquet or lines of JSON") from error


def _json_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield what each line holds, or the error that says it is not JSON."""
    for number, line in numbered_lines(path):
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, error


def _document(row: Any, number: int) -> Document | RefusedRow:
    if isinstance(row, Exception):
        return RefusedRow(row=number, id=None, fault=Fault.NOT_JSON, detail=f"is not JSON ({row})")
    if not isinstance(row, Mapping):
        return RefusedRow(row=number, id=None, fault=Fault.NOT_AN_OBJECT, detail="is not an object with id and text")
    name = row.get("id")
    fault = _fault(row)
    if fault is not None:
        told = _whole(str(name)) if isinstance(name, str | int) else None
        return RefusedRow(row=number, id=told, fault=fault[0], detail=fault[1])
    return Document(
        id=_whole(str(name)),
        text=row["text"] or "",
        title=_text(row.get("title")),
        url=_text(row.get("url")),
        outlet=_text(row.get("outlet")),
        published_at=_instant(row.get("published_at")),
        is_wire=row.get("is_wire") is True,
    )


def _fault(row: Mapping[str, Any]) -> tuple[Fault, str] | None:
    name, text = row.get("id"), row.get("text")
    if name is None:
        return Fault.NO_ID, "has no 'id'; a document needs id and text"
    if not isinstance(name, str | int) or isinstance(name, bool):
        return Fault.ID_IS_NO_TEXT, f"its id is {type(name).__name__}, not text"
    if "text" not in row:
        return Fault.NO_TEXT, "has no 'text'; a document needs id and text"
    if text is not None and not isinstance(text, str):
        return Fault.TEXT_IS_NO_TEXT, f"its text is {type(text).__name__}, not text"
    return None


def _text(value: Any) -> str | None:
    return _whole(value) if isinstance(value, str) else None


def _whole(value: str) -> str:
    """JSON may hold half a character (a lone surrogate), a table of text may not."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _instant(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return instant(value) if isinstance(value, str) else None
