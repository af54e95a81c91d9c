"""Is a pair a copy? Some boosted trees over the measures of `measure`; the trees stand in `decision.json` beside
this.

**Why trees.** A logistic over the same measures does as well on what it has seen, but on template families left out
of the training it accepts five times as many false pairs: whether differing figures speak against a copy depends on
how dense they are and on how long the shared runs are, and that is an *and*, not a sum. The trees are few and
shallow, and for most measures may only rise (cover, runs, figures and names that agree) or only fall (slots that
differ), so each decision can be read off the measures that `explain` shows. Training, seed and cross-validated
figures: `tests/benchmarks/duplicates_training.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tasks.duplicates.measure import F64, NAMES
from tasks.text.normalise import I64


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trees:
    """All nodes of all trees end to end; a leaf's children are itself."""

    bias: float
    depth: int
    roots: I64
    measure: npt.NDArray[np.int32]
    threshold: F64
    left: I64
    right: I64
    value: F64


def probability(rows: F64) -> F64:
    """For each row of measures, the estimated probability that the pair is a copy."""
    trees = _trees()
    node = np.tile(trees.roots, (len(rows), 1))
    line = np.arange(len(rows))[:, None]
    for _ in range(trees.depth):
        below = rows[line, trees.measure[node]] <= trees.threshold[node]
        node = np.where(below, trees.left[node], trees.right[node])
    total = trees.value[node].sum(axis=1) + trees.bias
    return np.asarray(1 / (1 + np.exp(-np.clip(total, -50, 50))), np.float64)


@lru_cache(maxsize=1)
def _trees() -> _Trees:
    stored = json.loads(Path(__file__).with_suffix(".json").read_text())
    if stored["measures"] != list(NAMES):
        raise ValueError("decision.json was trained on other measures: run tests/benchmarks/duplicates_training.py")
    sizes = [len(tree) for tree in stored["trees"]]
    roots = np.cumsum([0, *sizes[:-1]])
    nodes = [
        (int(root), place, node)
        for root, tree in zip(roots, stored["trees"], strict=True)
        for place, node in enumerate(tree)
    ]
    is_leaf = [len(node) == 1 for _, _, node in nodes]
    return _Trees(
        bias=stored["bias"],
        depth=max(_depth(tree, 0) for tree in stored["trees"]),
        roots=np.array(roots, np.int64),
        measure=np.array([0 if leaf else node[0] for leaf, (_, _, node) in zip(is_leaf, nodes, strict=True)], np.int32),
        threshold=np.array([0.0 if leaf else node[1] for leaf, (_, _, node) in zip(is_leaf, nodes, strict=True)]),
        left=np.array(
            [root + (at if leaf else node[2]) for leaf, (root, at, node) in zip(is_leaf, nodes, strict=True)]
        ),
        right=np.array(
            [root + (at if leaf else node[3]) for leaf, (root, at, node) in zip(is_leaf, nodes, strict=True)]
        ),
        value=np.array([node[0] if leaf else 0.0 for leaf, (_, _, node) in zip(is_leaf, nodes, strict=True)]),
    )


def _depth(tree: list[list[float]], at: int) -> int:
    node = tree[at]
    return 0 if len(node) == 1 else 1 + max(_depth(tree, int(node[2])), _depth(tree, int(node[3])))
