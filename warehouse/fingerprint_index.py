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

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64, I64]:
        """The rows with one of the (different) hashes: hashes, documents, stories, sizes."""
        rows = self._ask("lookup", wanted=pl.DataFrame({"hash": hashes}))
        return rows["hash"].to_numpy(), _int(rows["doc"]), _int(rows["story"]), _int(rows["size"])

    def members(self, stories: I64) -> tuple[I64, I64]:
        """The rows (story, document) of the given stories."""
        rows = self._ask("members", wanted=pl.DataFrame({"story": stories.astype(np.int32)}))
        return _int(rows["story"]), _int(rows["doc"])

    def texts(self, documents: I64) -> pl.DataFrame:
        """`doc` and `text` of documents that are still stored, in any order."""
        return self._ask("texts", wanted=pl.DataFrame({"doc": documents.astype(np.int32)}))

    def facts(self, documents: I64) -> pl.DataFrame:
        """`doc, id, word_count, outlet, published_at, is_wire` of documents."""
        return self._ask("facts", wanted=pl.DataFrame({"doc": documents.astype(np.int32)}))

    def facts_by_id(self, ids: list[str]) -> pl.DataFrame:
        """As `facts`, by article."""
        return self._ask("facts_by_id", wanted=pl.DataFrame({"id": ids}, schema={"id": pl.String}))

    def linked(self, ids: list[str]) -> pl.DataFrame:
        """Every stored pair of whatever hangs together with the given articles."""
        return self._ask("linked", wanted=pl.DataFrame({"id": ids}, schema={"id": pl.String}))

    def keep(
        self, *, documents: pl.DataFrame, fingerprints: pl.DataFrame, common: pl.DataFrame, moved: pl.DataFrame
    ) -> None:
        """Write what a batch brought: all or nothing."""
        with transaction(self._con):
            if moved.height:
                self._do("merge_stories", moved=moved)
            self._do("keep_documents", documents=documents)
            self._do("keep_fingerprints", fingerprints=fingerprints)
            if common.height:
                self._do("keep_common", common=common)

    def companions(self, ids: list[str]) -> list[str]:
        """The articles whose fingerprints stand together with those of the given ones, themselves included."""
        return self._ask("companions", wanted=pl.DataFrame({"id": ids}, schema={"id": pl.String}))["id"].to_list()

    def forget(self, ids: list[str]) -> None:
        """Take articles out, with the fingerprints that stand under them.

        The rest of their stories would be found less well afterwards. So forget all `companions`, and let those that
        remain (an article with a changed text among them) be compared anew in the next batch.
        """
        with transaction(self._con):
            wanted = pl.DataFrame({"id": ids}, schema={"id": pl.String})
            self._do("forget_fingerprints", wanted=wanted)
            self._do("forget_documents", wanted=wanted)

    def _ask(self, name: str, **frames: pl.DataFrame) -> pl.DataFrame:
        return ask(self._con, f"duplicates/{name}", **frames)

    def _do(self, name: str, **frames: pl.DataFrame) -> None:
        ((key, frame),) = frames.items()
        with registered(self._con, key, frame):
            self._con.execute(text(f"duplicates/{name}")).fetchall()


def _int(column: pl.Series) -> I64:
    return column.to_numpy().astype(np.int64)
