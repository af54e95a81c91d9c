"""Which words of a text are its own, and which stand in passages that many stories have in common.

A fingerprint speaks for the words around it, up to half-way to its neighbours: winnowing chooses the same
fingerprints inside the same passage, so a passage that many stories share shows as a stretch of common
fingerprints.
"""

from __future__ import annotations

import numpy as np

from tasks.duplicates.fingerprint import SHINGLE, Sketches
from tasks.text.normalise import Mask, Words


def own_words(source: Words, kept: Sketches, is_common: Mask) -> Mask:
    """For each word of `source`, whether the nearest fingerprint of its text is not a common one."""
    if not is_common.any():
        return np.ones(len(source.hashes), np.bool_)
    owner = kept.texts
    middle = kept.positions + source.starts[owner] + SHINGLE // 2
    begins = middle.copy()
    begins[1:] = (middle[1:] + middle[:-1]) // 2
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    begins[first] = source.starts[owner[first]]
    return np.repeat(~is_common, np.diff(np.append(begins, len(source.hashes))))
