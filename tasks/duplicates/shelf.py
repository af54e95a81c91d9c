"""Words of documents already seen, on disk: appended batch by batch, read back by document number.

Five bytes a word (its hash and flags) in an unnamed temporary file, so that files of any size are compared in
bounded memory. Read, not mapped: pages of a mapped file count as the process's own memory.
"""

from __future__ import annotations

import os
import tempfile

import numpy as np

from tasks.text.normalise import I64, Words

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
        size, file = _RECORD.itemsize, self._file.fileno()
        places = zip((self._bounds[documents] * size).tolist(), (lengths * size).tolist(), strict=True)
        records = np.frombuffer(b"".join(os.pread(file, length, place) for place, length in places), _RECORD)
        return Words(
            hashes=records["hash"].copy(),
            flags=records["flag"].copy(),
            starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        )

    def close(self) -> None:
        """Give the space back."""
        self._file.close()
