"""What the duplicate finder asks about the documents it has seen: the same few questions of memory and of DuckDB.

A document is known by a small number (`doc`), given in order of arrival. The index holds every fingerprint of every
document until the fingerprint is *common*: furniture, a template, a stock phrase (see `commonness`). Then it is
remembered by itself, weighs nothing, and is never joined again. The index also holds every pair that was compared,
copies or not: when a fingerprint grows common, they are what has to be looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tasks.text.normalise import I64, U32, Mask

COMMON_STORIES = 5
"""Documents without kinship that may share a fingerprint before it counts as common. On the development set 3 to 12
differ by .01 at most.
"""
MOST_HOLDERS = 512
"""Documents that may share a fingerprint at all. What more have is no reporting, and pairs grow with the square."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """Pairs of documents that were compared (`left` < `right`), copies or not."""

    left: I64
    right: I64
    shared: I64
    """Fingerprints they share that are not common, and …"""
    needed: I64
    """… how many they must share to be compared; none if they have the very same words."""
    kin: Mask
    """Whether they are copies as far as the two texts alone can tell, with nothing known as common."""

    @property
    def codes(self) -> I64:
        """A number for each pair."""
        return self.left << 32 | self.right

    @property
    def stands(self) -> Mask:
        """Whether they still share enough."""
        return np.asarray(self.shared >= self.needed, np.bool_)

    def of(self, chosen: Mask | I64) -> Compared:
        """Some of the pairs."""
        return Compared(
            left=self.left[chosen],
            right=self.right[chosen],
            shared=self.shared[chosen],
            needed=self.needed[chosen],
            kin=self.kin[chosen],
        )

    def lowered(self, shared: I64) -> Compared:
        """The same pairs with other numbers of shared fingerprints."""
        return Compared(left=self.left, right=self.right, shared=shared, needed=self.needed, kin=self.kin)

    @classmethod
    def by(cls, index: Index, documents: I64) -> Compared:
        """What an index knows of pairs with one of the documents."""
        left, right, shared, needed, kin = index.compared(documents)
        return cls(left=left, right=right, shared=shared, needed=needed, kin=kin)

    @classmethod
    def joined(cls, *parts: Compared) -> Compared:
        """Several as one."""
        nothing = np.empty(0, np.int64)
        return cls(
            left=np.concatenate([nothing, *(part.left for part in parts)]),
            right=np.concatenate([nothing, *(part.right for part in parts)]),
            shared=np.concatenate([nothing, *(part.shared for part in parts)]),
            needed=np.concatenate([nothing, *(part.needed for part in parts)]),
            kin=np.concatenate([nothing.astype(np.bool_), *(part.kin for part in parts)]),
        )


class Index(Protocol):
    """All earlier documents."""

    def is_common(self, hashes: U32) -> Mask:
        """For each hash, whether it is common."""
        ...

    def lookup(self, hashes: U32) -> tuple[U32, I64, I64]:
        """The rows whose hash is one of the (different) `hashes`: the hash, a document that holds it, and how many
        fingerprints that document has.
        """
        ...

    def twins(self, texts: U32) -> tuple[U32, I64]:
        """The documents whose whole text has one of the (different) hashes: the hash, the document."""
        ...

    def compared(self, documents: I64) -> tuple[I64, I64, I64, I64, Mask]:
        """The pairs with one of the (different) documents on either side; columns as in `Compared`."""
        ...

    def hashes_of(self, documents: I64) -> tuple[U32, I64]:
        """The rows of the (different) documents: the hash, the document."""
        ...
