"""What the duplicate finder asks about the documents it has seen: the same few questions of memory and of DuckDB.

A document is known by a small number (`doc`), given in order of arrival. A *story* here is a group of documents
that are the same both ways (`near` or `exact`); its name is the smallest number in it. The index holds each
fingerprint once for each story, under the first document of the story that brought it: three hundred reprints of a
wire cost as much as one, and the number of rows of a hash counts *stories*. A hash that more than `COMMON_STORIES`
stories have is common: furniture, a template, a stock phrase. It is remembered by itself, weighs nothing, and is
never joined again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tasks.text.normalise import I64, U32, Mask

COMMON_STORIES = 5
"""Stories that may share a fingerprint before it counts as common. On the development set 3 to 12 differ by .01 at
most.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hits:
    """Rows of the index: a hash, the document under which it stands, the document's story and number of
    fingerprints.
    """

    hashes: U32
    documents: I64
    stories: I64
    sizes: I64


class Index(Protocol):
    """The fingerprints of all earlier documents."""

    def is_common(self, hashes: U32) -> Mask:
        """For each hash, whether it is common."""
        ...

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64, I64]:
        """The rows whose hash is one of the (different) `hashes`; columns as in `Hits`."""
        ...

    def members(self, stories: I64) -> tuple[I64, I64]:
        """The rows (story, document) of the given (different) stories."""
        ...
