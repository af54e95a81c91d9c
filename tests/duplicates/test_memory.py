"""A file of any size: what is kept of a document does not depend on how long its text is."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator

import pytest

from tasks.duplicates.find import stream
from tasks.records import Document
from tests.duplicates.stories import SYLLABLES

BATCH = 250
LEAST, MOST = 1_000, 3_000
BYTES_A_DOCUMENT = 450
"""Fingerprints (8 bytes each, and as many again while runs are merged) and what is remembered by number; the text alone
has 2 KB. What Polars holds (ids, the answer: some 200 bytes) is not seen here; the benchmark `memory` sees everything.
"""


def documents(count: int) -> Iterator[Document]:
    rng = random.Random(7)
    for at in range(count):
        yield Document(id=f"{at:020}", text=" ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(300)))


def peak(count: int) -> int:
    tracemalloc.start()
    try:
        stream(documents(count), batch_size=BATCH)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_further_document_costs_little():
    peak(2 * BATCH)  # tables that are made once
    assert (peak(MOST) - peak(LEAST)) / (MOST - LEAST) < BYTES_A_DOCUMENT
