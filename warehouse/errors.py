"""The exceptions of the warehouse. The package imports nothing of ours, so they stand apart from `tasks.errors`.

    WarehouseError              the database file refuses, or a frame does not fit its table
    ├── LockedError             another writer holds the lock and did not let go in time
    ├── NewerSchemaError        the file was written by a newer Wirehouse
    ├── MissingWarehouseError   there is none yet
    ├── CorruptError            the file is not a readable DuckDB file
    ├── QueryError              a statement given by a person is wrong, too slow or not allowed
    └── CheckFailedError        a check of severity `fail` found rows, so that nothing was published

A message is one line that names the subject, the moment and the remedy.
"""

from __future__ import annotations

from pathlib import Path

READ_COPY = "warehouse.read.duckdb"
# What DuckDB says, and what it means for the person who reads it. First match wins.
_NEWER = ("newer version", "serialization version", "storage version", "version number")
_CORRUPT = ("not a valid duckdb", "corrupt", "checksum", "deserialize", "could not read enough bytes", "truncated")
_FULL = ("no space left", "disk full", "out of disk")
_RIGHTS = ("permission denied", "read-only file system", "operation not permitted")
_HELD = ("could not set lock",)
_FOREIGN = ("lower than what the database itself uses",)
_UNCLOSED = ("checkpoint during detach failed",)


class WarehouseError(Exception):
    """The database file refuses, or a frame does not fit its table."""


class LockedError(WarehouseError):
    """Another writer holds the warehouse."""


class NewerSchemaError(WarehouseError):
    """The file was written by a newer Wirehouse."""


class MissingWarehouseError(WarehouseError):
    """There is no warehouse yet."""


class CorruptError(WarehouseError):
    """The file is not a readable DuckDB file."""


class QueryError(WarehouseError):
    """A statement given by a person is wrong, too slow or not allowed."""


class CheckFailedError(WarehouseError):
    """A check of severity `fail` found rows."""


def first_line(error: BaseException) -> str:
    """The first line of what an exception says; DuckDB appends the statement and a caret below it."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def refused(error: BaseException, subject: str, moment: str) -> WarehouseError:
    """Return the error of ours for a stored statement that DuckDB refuses, or whose bytes it cannot read."""
    said = first_line(error)
    if any(word in said.lower() for word in _CORRUPT):
        return CorruptError(f"{subject}: the database file is damaged ({moment}): {said}; see `wirehouse doctor`")
    return WarehouseError(f"{subject}: {said} ({moment})")


def explained(error: Exception, path: Path, moment: str) -> WarehouseError:
    """Return the error of ours that tells a person what DuckDB or the system meant by `error`."""
    said = first_line(error)
    low = said.lower()
    if any(word in low for word in _HELD):
        return LockedError(
            f"{path}: another program has the writer's file open ({moment}): {said} "
            f"Close it; readers should open warehouse.read.duckdb instead"
        )
    if any(word in low for word in _UNCLOSED):
        return WarehouseError(
            f"{path}: could not be closed ({moment}), most likely because the disk is full; free some space and run "
            "again: what was committed stands in its log. If there is room, `wirehouse doctor` looks for damage"
        )
    if any(word in low for word in _FULL):
        return WarehouseError(f"{path}: the disk is full ({moment}); free some space and run again, nothing was lost")
    if isinstance(error, PermissionError) or any(word in low for word in _RIGHTS):
        return WarehouseError(
            f"{path}: not allowed to write here ({moment}); change its rights or choose another --home"
        )
    if any(word in low for word in _CORRUPT):
        remedy = (
            "Restore it with `wirehouse doctor --repair`"
            if path.name == READ_COPY
            else f"Restore it from {READ_COPY} or a backup"
        )
        return CorruptError(f"{path}: not a readable DuckDB file ({moment}): {said} {remedy}")
    if any(word in low for word in _FOREIGN):
        return CorruptError(
            f"{path}: the database there is not one of Wirehouse ({moment}): {said} Choose another --home"
        )
    if any(word in low for word in _NEWER):
        return NewerSchemaError(f"{path}: written by a newer DuckDB ({moment}): {said} Upgrade duckdb")
    return WarehouseError(f"{path}: {moment} failed: {said} Try `wirehouse doctor`")
