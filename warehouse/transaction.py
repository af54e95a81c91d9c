"""All or nothing; and two ways of bringing values into a statement: a frame as a table, a text as a literal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
import polars as pl


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing. Inside an open transaction it joins that one, which then decides."""
    if is_in_transaction(con):
        yield
        return
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the error that matters is the first one
            con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def is_in_transaction(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a transaction is open: without one, every statement gets a transaction number of its own.

    Asking by trying a second BEGIN would abort the open transaction.
    """
    try:
        first, second = (con.execute("SELECT txid_current()").fetchall()[0][0] for _ in range(2))
    except duckdb.TransactionException:  # it is open, and already aborted by an error
        return True
    return bool(first == second)


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Let a frame be read as a table for a while."""
    con.register(name, frame)
    try:
        yield
    finally:
        with suppress(duckdb.TransactionException):  # an aborted transaction takes the view along as it rolls back
            con.unregister(name)


def quoted(text: str) -> str:
    """Return an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
