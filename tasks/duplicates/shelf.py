"""Words of documents already seen, on disk: appended batch by batch, read back by document number.

Five bytes a word (its hash and flags) in an unnamed temporary file, so that files of any size are compared in
bounded memory.
"""

from __future__ import annotations

import tempfile

import numpy as np

from tasks.text.normalise import I64, Words, ranges

_RECORD = np.dtype([("hash", "<u4"), ("flag", "u1")])


class Shelf:
    """Words by document number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the shelf
        self._starts = [np.zeros(1, np.int64)]
        self._bounds = np.zeros(1, np.int64)

    def append(self, words: Words) -> None:
        """Put the next documents on the shelf."""
        records = np.empty(len(words.hashes), _RECORD)
        records["hash"], records["flag"] = words.hashes, words.flags
        self._file.seek(0, 2)
        self._file.write(records.tobytes())
        self._bounds = np.concatenate([self._bounds, self._bounds[-1] + words.starts[1:]])

    def __call__(self, documents: I64) -> Words:
        """The words of the documents, in the order asked for."""
        lengths = self._bounds[documents + 1] - self._bounds[documents]
        self._file.flush()
        whole = (
            np.memmap(self._file, _RECORD, "r", shape=(int(self._bounds[-1]),))
            if self._bounds[-1]
            else np.empty(0, _RECORD)
        )
        records = whole[ranges(self._bounds[documents], lengths)]
        return Words(
            hashes=records["hash"].copy(),
            flags=records["flag"].copy(),
            starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        )

    def close(self) -> None:
        """Give the space back."""
        self._file.close()
