"""The compiled inner loops and their Python originals give the same results."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.page import trees
from tasks.page.compiled import native

pytestmark = pytest.mark.skipif(native is None, reason="no compiler was at hand when Wirehouse was installed")


def test_the_forest_gives_the_same_chances(monkeypatch):
    forest = trees.cleaner_forest()
    columns = np.random.default_rng(1).normal(0, 2, (len(forest.names), 1_000)).astype(np.float32)
    fast = forest(columns)
    monkeypatch.setattr(trees, "native", None)
    np.testing.assert_allclose(fast, forest(columns), atol=1e-5)


def test_arrays_that_do_not_fit_are_refused():
    forest = trees.cleaner_forest()
    out = np.zeros(4, dtype=np.float32)
    short = np.zeros((3, 4), dtype=np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        native.forest_sum(short, forest.feature, forest.border, forest.leaf, forest.feature.shape[1], out)
