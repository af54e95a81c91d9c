"""Full-text search: an index of our own in two plain tables, fresh with every publication.

    core.articles ──words──▶ core.search_postings (word, article, uses) ──BM25──▶ report.search('some words')

Weighed on 200,000 articles of 2.5 KB, one thread, against tantivy 0.27 (the engine behind Quickwit; MIT, 5 MB wheel):

                            own tables      tantivy
    indexing, CPU               44 s          16 s
    size                      128 MB        199 MB (it keeps positions, for phrases)
    a rare word / three common ones
                          19 / 82 ms     0.1 / 1 ms

Tantivy answers a hundred times as fast, but both are at once for a person. What decides is the rest: our tables are
written in the load's own transaction, so that a kill never leaves articles and index apart; they travel with the read
copy to any DuckDB client, where `FROM report.search('…')` is plain SQL; and erasure reaches them like any other table.
DuckDB's own full-text extension must be downloaded, and does not follow inserts.

New postings are appended in batches, each in order. A word must then be looked for in each batch, which is still quick;
`sort` (part of maintenance) brings all into one order and sweeps out what leads nowhere.
"""

# ruff: noqa: S608 - names come from our own files
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from warehouse.connection import reading
from warehouse.errors import QueryError
from warehouse.queries import ask, text
from warehouse.store import answer, erase
from warehouse.transaction import registered, transaction

BATCH_ARTICLES = 10_000
"""Some four million words at a time: 300 MB of memory."""

LATE_SHARE = 0.2
"""Share of articles outside the sorted part from which sorting pays."""


def index(con: duckdb.DuckDBPyConnection, *, is_whole: bool = False) -> int:
    """Bring the index up to date with what was landed; return how many articles were added to it.

    When the numbers of articles differ afterwards, or with `is_whole`, all articles are compared: somebody has written
    past the loads. Each batch is a transaction of its own, so that a backlog of any size stays within the memory
    limit; a kill in between leaves the rest for the next time.
    """
    added = _taken_in(con, ask(con, "search/due"))
    if answer(con, "SELECT count(*) FROM core.search_due"):
        con.execute("DELETE FROM core.search_due").fetchall()
    if is_whole or ask(con, "search/lacks")["lacks"][0]:
        added += _taken_in(con, ask(con, "search/due_of_all"))
    con.execute("DROP TABLE IF EXISTS temp.search_words").fetchall()
    return added


def _taken_in(con: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> int:
    """Take out what is outdated, and put in what is there now."""
    erase(con, "core.search_documents", found.select(doc="outdated").drop_nulls())
    due = _numbered(found.select("article_id").drop_nulls(), int(ask(con, "search/next")["doc"][0]))
    for batch in due.iter_slices(BATCH_ARTICLES):
        with registered(con, "due_articles", batch), transaction(con):
            for step in ("words", "add_documents", "add_postings", "done"):
                con.execute(text(f"search/{step}")).fetchall()
    return due.height


def _numbered(articles: pl.DataFrame, first: int) -> pl.DataFrame:
    """Give articles their numbers in the order of their ids, so that an index made twice is the same."""
    return articles.sort("article_id").with_row_index("doc", offset=first)


def is_unsorted(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether so many articles came since the last sorting that another one pays."""
    late, all_ = con.execute(
        "SELECT count(*) FILTER (WHERE NOT is_sorted), count(*) FROM core.search_documents"
    ).fetchall()[0]
    return bool(late > LATE_SHARE * all_)


def sort(con: duckdb.DuckDBPyConnection) -> int:
    """Bring all postings into one order, sweep out those of articles that are gone; return how many are left."""
    with transaction(con):
        con.execute(text("search/gather")).fetchall()
        con.execute("DELETE FROM core.search_postings").fetchall()
        left = answer(con, "INSERT INTO core.search_postings SELECT * FROM temp.search_sorted")
        con.execute("DROP TABLE temp.search_sorted").fetchall()
        con.execute("UPDATE core.search_documents SET is_sorted = true WHERE NOT is_sorted").fetchall()
    return left


def search(
    home: Path, words: str, *, since: datetime | None = None, outlet: str | None = None, most: int = 20
) -> pl.DataFrame:
    """Return the articles with all the telling words, best first: article_id, score, outlet, published_at, title, url,
    snippet.
    """
    with reading(home) as con:
        return found(con, words, since=since, outlet=outlet, most=most)


def found(
    con: duckdb.DuckDBPyConnection,
    words: str,
    *,
    since: datetime | None = None,
    outlet: str | None = None,
    most: int = 20,
) -> pl.DataFrame:
    """`search` on a connection that is open already."""
    if not con.execute("SELECT core.search_words(?)", [words]).fetchall()[0][0]:
        raise QueryError("search: no word given (reading the query); give one or more words, like: dam inquiry")
    hits = ask(con, "search/hits", words=words, since=since, outlet=outlet, most=most)
    return ask(con, "search/shown", hits=hits, words=words)
