"""The duplicate finder's memory in DuckDB: plain tables in append order, asked by joins with small frames.

An ART index is not used by joins and takes ten times the space; sorting by hash helps nothing, because hashes are
even and every row group's range matches. One scan of the hash column for each batch is what it costs, about 0.12 s
for each million documents on one thread. All methods speak NumPy arrays and Polars frames; what they mean is said
in `tasks.duplicates.index`, which this satisfies without knowing it.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from warehouse.queries import ask, text
from warehouse.transaction import registered, transaction

I64 = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]


class FingerprintIndex:
    """The stored fingerprints, stories, texts and pairs, read and written over one connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def next_document(self) -> int:
        """The number that the next document gets."""
        return int(self._ask("next")["doc"][0])

    def is_common(self, hashes: U32) -> npt.NDArray[np.bool_]:
        """For each hash, whether it is common."""
        found = np.sort(self._ask("common", wanted=pl.DataFrame({"hash": hashes}))["hash"].to_numpy())
        if not len(found):
            return np.zeros(len(hashes), np.bool_)
        at = np.searchsorted(found, hashes)
        at[at == len(found)] = 0
        return np.asarray(found[at] == hashes, np.bool_)

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64]:
        """The rows with one of the (different) hashes: hashes, documents, sizes of the documents."""
        rows = self._ask("lookup", wanted=pl.DataFrame({"hash": hashes}))
        return rows["hash"].to_numpy(), _int(rows["doc"]), _int(rows["size"])

    def twins(self, texts: U32) -> tuple[U32, I64]:
        """The documents whose whole text has one of the (different) hashes: the hash, the document."""
        rows = self._ask("twins", wanted=pl.DataFrame({"hash": texts}))
        return rows["hash"].to_numpy(), _int(rows["doc"])

    def compared(self, documents: I64) -> tuple[I64, I64, I64, I64, npt.NDArray[np.bool_]]:
        """The compared pairs with one of the documents: both documents, what they share, what they need, kin."""
        rows = self._ask("compared", wanted=_docs(documents))
        numbers = [_int(rows[name]) for name in ("doc_a", "doc_b", "shared", "needed")]
        return numbers[0], numbers[1], numbers[2], numbers[3], rows["is_kin"].to_numpy()

    def hashes_of(self, documents: I64) -> tuple[U32, I64]:
        """The rows of the documents: the hash, the document."""
        rows = self._ask("hashes_of", wanted=_docs(documents))
        return rows["hash"].to_numpy(), _int(rows["doc"])

    def texts(self, documents: I64) -> pl.DataFrame:
        """`doc` and `text` of documents that are still stored, in any order."""
        return self._ask("texts", wanted=_docs(documents))

    def facts(self, documents: I64) -> pl.DataFrame:
        """`doc, id, word_count, outlet, published_at, is_wire` of documents."""
        return self._ask("facts", wanted=_docs(documents))

    def facts_by_id(self, ids: list[str]) -> pl.DataFrame:
        """As `facts`, by article."""
        return self._ask("facts_by_id", wanted=_ids(ids))

    def pairs_with(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair with one of the given articles, with what was measured on it."""
        return self._ask("pairs_with", wanted=_ids(ids))

    def linked(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair of whatever hangs together with the given articles."""
        return self._ask("linked", wanted=_ids(ids))

    def keep(
        self,
        *,
        documents: pl.DataFrame,
        fingerprints: pl.DataFrame,
        common: pl.DataFrame,
        compared: pl.DataFrame,
        lowered: pl.DataFrame,
    ) -> None:
        """Write what a batch brought: all or nothing."""
        with transaction(self._con):
            self._do("keep_documents", documents=documents)
            self._do("keep_fingerprints", fingerprints=fingerprints)
            if common.height:
                self._do("keep_common", common=common)
            if lowered.height:
                self._do("lower_compared", lowered=lowered)
                self._do("drop_compared", lowered=lowered)
            if compared.height:
                self._do("keep_compared", compared=compared)

    def forget(self, ids: list[str]) -> None:
        """Take articles out, with their fingerprints and compared pairs. What was common stays common."""
        with transaction(self._con):
            for rows in ("forget_fingerprints", "forget_compared", "forget_documents"):
                self._do(rows, wanted=_ids(ids))

    def _ask(self, name: str, **frames: pl.DataFrame) -> pl.DataFrame:
        return ask(self._con, f"duplicates/{name}", **frames)

    def _do(self, name: str, **frames: pl.DataFrame) -> None:
        ((key, frame),) = frames.items()
        with registered(self._con, key, frame):
            self._con.execute(text(f"duplicates/{name}")).fetchall()


def _int(column: pl.Series) -> I64:
    return column.to_numpy().astype(np.int64)


def _docs(documents: I64) -> pl.DataFrame:
    return pl.DataFrame({"doc": documents.astype(np.int32)})


def _ids(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"id": ids}, schema={"id": pl.String})
