"""Files that a person asked for: written whole or not at all, and where that cannot be done it is said in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.errors import InputError


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Tell an error of the file system as what it is here: the place that was asked for cannot be written."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error


_STREAMS = frozenset(("-", "/dev/null", "/dev/stdout"))
# A DuckDB file begins with a checksum of eight bytes and then its magic word.
_DUCKDB_AT, _DUCKDB_MAGIC = 8, b"DUCK"


def apart(*paths: Path | None) -> None:
    """Refuse to read and write, or to write twice, one and the same file."""
    seen: set[Path] = set()
    for path in (path.resolve() for path in paths if path is not None and str(path) not in _STREAMS):
        if path in seen:
            raise InputError(f"{path}: named twice; what is written would replace what is read or written before it")
        seen.add(path)


def refuse_database(path: Path) -> None:
    """Refuse to write over a DuckDB database."""
    with path.open("rb") as source:
        if source.read(_DUCKDB_AT + len(_DUCKDB_MAGIC))[_DUCKDB_AT:] == _DUCKDB_MAGIC:
            raise InputError(f"{path}: is a DuckDB database, and is not overwritten; choose another place")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a place to write to that takes `path`'s place at the end; a device or a pipe is written to directly.

    A DuckDB file is never replaced: a report written over the warehouse by a slip of the hand would be its end.
    """
    with writable(path):
        if path.is_file():
            refuse_database(path)
        if path.exists() and not path.is_file():
            yield path
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with whole(path) as place:
        place.write_text(text, "utf-8")
