"""A warehouse in memory with the few tables that the duplicate finder touches, and the writing that its caller does."""

from __future__ import annotations

import duckdb
import polars as pl

from tasks.duplicates.extend import Extension, extend
from warehouse.fingerprint_index import FingerprintIndex

TABLES = """
CREATE SCHEMA core;
CREATE TABLE core.articles (article_id VARCHAR, text VARCHAR USING COMPRESSION zstd);
CREATE TABLE core.duplicate_pairs (
    article_id_a VARCHAR, article_id_b VARCHAR, relation VARCHAR, similarity DOUBLE, containment DOUBLE,
    containment_larger DOUBLE, probability DOUBLE, longest_run_words INTEGER, figures_differing DOUBLE,
    names_differing DOUBLE, hours_apart DOUBLE, is_same_outlet BOOLEAN, passages INTEGER[], is_a_smaller BOOLEAN
);
CREATE TABLE core.clusters (article_id VARCHAR, cluster_id VARCHAR, is_canonical BOOLEAN, canonical_reason VARCHAR);
CREATE TABLE core.fingerprints (hash UINTEGER, doc INTEGER);
CREATE TABLE core.fingerprint_documents (
    doc INTEGER, article_id VARCHAR, wording UINTEGER, text_hash UINTEGER, size INTEGER, word_count INTEGER,
    outlet VARCHAR, published_at TIMESTAMPTZ, is_wire BOOLEAN
);
CREATE TABLE core.common_fingerprints (hash UINTEGER);
CREATE TABLE core.compared_pairs (doc_a INTEGER, doc_b INTEGER, shared SMALLINT, needed SMALLINT, is_kin BOOLEAN);
"""


class Shop:
    """Articles in, pairs and clusters out, batch by batch."""

    def __init__(self, con: duckdb.DuckDBPyConnection | None = None) -> None:
        self.con = con or duckdb.connect()
        self.con.execute(TABLES)
        self.con.execute("SET threads = 1")
        self.index = FingerprintIndex(self.con)

    def take(self, batch: pl.DataFrame) -> Extension:
        """One batch, from text to committed clusters."""
        self.con.begin()
        self._run("INSERT INTO core.articles SELECT id, text FROM batch", batch=batch.select("id", "text"))
        found = extend(batch, self.index)
        self.index.keep(
            documents=found.documents,
            fingerprints=found.fingerprints,
            common=found.common,
            compared=found.compared,
            lowered=found.lowered,
        )
        ends = "WHERE (article_id_a, article_id_b) IN (SELECT (id_a, id_b) FROM ends)"
        if found.undone.height:
            self._run(f"DELETE FROM core.duplicate_pairs {ends}", ends=found.undone)
        if found.pairs.height:
            self._run(f"DELETE FROM core.duplicate_pairs {ends}", ends=found.pairs.select("id_a", "id_b"))
            self._run("INSERT INTO core.duplicate_pairs SELECT * FROM fresh", fresh=found.pairs)
        places = "WHERE article_id IN (SELECT id FROM places)"
        self._run(f"DELETE FROM core.clusters {places}", places=found.clusters)
        self._run("INSERT INTO core.clusters SELECT * FROM places", places=found.clusters)
        self.con.commit()
        return found

    def pairs(self) -> pl.DataFrame:
        return self.con.sql("FROM core.duplicate_pairs ORDER BY ALL").pl()

    def clusters(self) -> pl.DataFrame:
        return self.con.sql("FROM core.clusters ORDER BY ALL").pl()

    def _run(self, sql: str, **frames: pl.DataFrame) -> None:
        ((name, frame),) = frames.items()
        self.con.register(name, frame)
        self.con.execute(sql).fetchall()
        self.con.unregister(name)
