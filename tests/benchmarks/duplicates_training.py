"""Train the decision of the duplicate finder, and say how well it does on stories and templates it has not seen.

python tests/benchmarks/duplicates_training.py [--corpora DIR] [--out tasks/duplicates/decision.json]

Needs scikit-learn and the development corpora (`WIREHOUSE_CORPORA`). Trained on the syndication development set and on
made-up pieces (`duplicates_made_up`). Pairs are those the finder itself compares, with its own measures; as what is
common depends a little on who is kin, measuring starts with the model in force and alternates with fitting `PASSES`
times: run it again after a change of measures. The folds of the cross-validation keep together all documents
of one story and all pieces of one template family, so every template is judged by a model that never saw it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from duplicates_made_up import blocks, make  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402

from tasks.duplicates import desk as deciding  # noqa: E402
from tasks.duplicates.desk import ACCEPT  # noqa: E402
from tasks.duplicates.grow import again, grow  # noqa: E402
from tasks.duplicates.measure import NAMES  # noqa: E402
from tasks.duplicates.memory_index import MemoryIndex  # noqa: E402
from tasks.duplicates.shelf import Shelf  # noqa: E402
from tasks.text.normalise import words  # noqa: E402

SEED = 20261124
FOLDS = 5
PASSES = 1
TREES, LEAVES, DEPTH, RATE = 250, 8, 5, 0.1
RISING = frozenset(
    {
        *("own_small", "own_share_small", "longest_run", "longest_run_all", "mean_run"),
        *("cover1_small", "cover3_small", "cover3_small_all", "cover5_small"),
        *("cover3_large", "cover3_large_all", "cover5_large"),
        *("numbers_held", "names_held", "numbers_cover", "names_cover", "numbers_cover_all"),
    }
)
FALLING = frozenset(
    ["numbers_slots", "names_slots", "numbers_slots_all", "names_slots_all", "substituted", "substituted_long"]
)
"""Measures that may only speak for, or only against a copy: the trees are held to it, which keeps them from
learning the generator.
"""
UNHEARD = ("own_large", "words_large", "words_small", "first_covered", "span", "own_share_large")
"""Sizes and places, which the finder measures but the model does not hear: they tell the generator's sets apart (how
long its stories are, where its furniture stands). Without them the cross-validated F1 is .995 instead of .997.
"""
SMALL, WEIGHT_OF_SMALL = 800, 3.0
"""Pairs below which a set is small, and how much its pairs count."""
SETS = (
    {"sizes": (2, 3, 4, 6, 8, 12, 20, 40), "furniture": 0.5},
    {"sizes": (2, 3, 4, 5), "furniture": 0.0},
    {"sizes": (20, 40, 80), "furniture": 0.7},
    {"sizes": (2, 3, 6, 12), "furniture": 0.0, "reprints": 0.1},
    {"sizes": (3, 5, 8), "furniture": 0.3},
    {"sizes": (2, 3, 4, 6), "furniture": 0.0, "reprints": 0.3},
    {"sizes": (2, 4, 9), "furniture": 0.6},
    {"sizes": (3, 6, 12, 30), "furniture": 0.0, "reprints": 0.2},
    {"sizes": (2, 3), "furniture": 0.2},
    {"sizes": (2, 3, 4, 5, 6), "furniture": 0.0},
    {"sizes": (2, 3, 4, 5, 6), "furniture": 0.1, "reprints": 0.2},
    {"sizes": (4, 8, 16), "furniture": 0.0},
    {"sizes": (2,), "furniture": 0.0, "reprints": 0.2},
    {"sizes": (2, 3), "furniture": 0.0, "reprints": 0.2},
    {"sizes": (2,), "furniture": 0.3, "reprints": 0.2},
)


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Texts with the truth about their pairs (1 copy, -1 not judged, else 0) and the group each text belongs to."""

    name: str
    texts: list[str]
    truth: dict[tuple[int, int], int]
    groups: list[str]

    @property
    def positives(self) -> int:
        return sum(value == 1 for value in self.truth.values())


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Compared pairs of a set."""

    of: Labelled
    rows: np.ndarray
    truth: np.ndarray
    left: np.ndarray
    right: np.ndarray


def syndication(folder: Path) -> Labelled:
    """The development set; a group is a story with everything linked to it, or a template family."""
    documents = pl.read_parquet(folder / "duplicates/syndication_dev.parquet")
    gold = pl.read_parquet(folder / "duplicates/syndication_dev_gold.parquet")
    place = {name: at for at, name in enumerate(documents["id"])}
    parent = list(range(len(documents)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    truth = {}
    for one, other, label in gold.select("id_a", "id_b", "label").iter_rows():
        low, high = sorted((place[one], place[other]))
        truth[low, high] = 1 if label == "pos" else -1
        parent[root(high)] = root(low)
    families: dict[str, int] = {}
    for at, kind in enumerate(documents["kind"]):
        if kind.startswith("tpl:"):
            parent[root(at)] = root(families.setdefault(kind, at))
    return Labelled(
        name="syndication_dev",
        texts=documents["text"].to_list(),
        truth=truth,
        groups=[f"story {root(at)}" for at in range(len(parent))],
    )


def made_up(number: int) -> Labelled:
    """One of `SETS`."""
    made = make(SEED + number, **SETS[number])
    by_piece: dict[tuple[str, int], list[int]] = {}
    for at, name in enumerate(made.pieces):
        by_piece.setdefault(name, []).append(at)
    truth = {(a, b): 1 for places in by_piece.values() for a in places for b in places if a < b}
    return Labelled(
        name=f"made_up_{number}", texts=made.texts, truth=truth, groups=[f"family {name}" for name, _ in made.pieces]
    )


def shared_blocks(number: int) -> Labelled:
    """Texts that share a stated part and nothing else."""
    texts, truth, groups = blocks(SEED + number)
    return Labelled(name=f"blocks_{number}", texts=texts, truth=truth, groups=groups)


def measured(of: Labelled, batch: int = 4000) -> Measured:
    """The pairs that the finder compares, with the model now in force."""
    index, shelf = MemoryIndex(), Shelf()
    for first in range(0, len(of.texts), batch):
        source = words(of.texts[first : first + batch])
        grown = grow(source, first, index, shelf)
        shelf.append(source)
        index.keep(grown)
    found, _ = again(*index.everything_compared(), index.is_common, shelf)
    shelf.close()
    left, right = found.left, found.right
    truth = np.array([of.truth.get(pair, 0) for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64)
    return Measured(of=of, rows=found.rows, truth=truth, left=left, right=right)


def fitted(sets: list[Measured], keep: list[np.ndarray] | None = None) -> HistGradientBoostingClassifier:
    """A small boosted model of the judged pairs (of those in `keep`)."""
    chosen = [one.truth >= 0 if keep is None else keep[at] & (one.truth >= 0) for at, one in enumerate(sets)]
    return HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        max_depth=DEPTH,
        learning_rate=RATE,
        min_samples_leaf=20,
        l2_regularization=1.0,
        monotonic_cst=[1 if name in RISING else -1 if name in FALLING else 0 for name in NAMES],
        random_state=SEED % 1000,
    ).fit(
        np.concatenate([heard(one.rows[at]) for one, at in zip(sets, chosen, strict=True)]),
        np.concatenate([one.truth[at] for one, at in zip(sets, chosen, strict=True)]),
        np.concatenate([np.full(at.sum(), _weight(one)) for one, at in zip(sets, chosen, strict=True)]),
    )


def _weight(one: Measured) -> float:
    """Small sets have few pairs each; without a weight the two big ones drown them."""
    return WEIGHT_OF_SMALL if len(one.truth) < SMALL else 1.0


def heard(rows: np.ndarray) -> np.ndarray:
    """The measures, those that the model shall not hear set to one value."""
    return np.where(np.isin(NAMES, UNHEARD), 0.0, rows)


def cross_validated(sets: list[Measured]) -> list[np.ndarray]:
    """For each pair the probability by a model that saw neither of its groups."""
    names = sorted({group for one in sets for group in one.of.groups})
    fold_of = dict(zip(names, np.random.default_rng(SEED).integers(0, FOLDS, len(names)).tolist(), strict=True))
    sides = [
        tuple(np.array([fold_of[one.of.groups[at]] for at in side.tolist()], int) for side in (one.left, one.right))
        for one in sets
    ]
    out = [np.zeros(len(one.truth)) for one in sets]
    for fold in range(FOLDS):
        model = fitted(sets, [(left != fold) & (right != fold) for left, right in sides])
        for one, (left, _), chances in zip(sets, sides, out, strict=True):
            if (left == fold).any():
                chances[left == fold] = model.predict_proba(one.rows[left == fold])[:, 1]
    return out


def scored(one: Measured, chances: np.ndarray, threshold: float = ACCEPT) -> dict[str, float]:
    """Pair precision, recall and F1; copies that were never compared count as missed."""
    hit = int(((chances >= threshold) & (one.truth == 1)).sum())
    false = int(((chances >= threshold) & (one.truth == 0)).sum())
    precision, recall = hit / max(hit + false, 1), hit / max(one.of.positives, 1)
    return {
        "pairs": len(one.truth),
        "copies": one.of.positives,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * hit / max(hit + false + one.of.positives, 1), 4),
    }


def exported(model: HistGradientBoostingClassifier) -> dict[str, object]:
    """The trees as plain lists: node → measure, threshold (go left if not above), children; a leaf has no measure
    but a value.
    """
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        trees.append(
            [
                [round(float(node["value"]), 5)]
                if node["is_leaf"]
                else [
                    int(node["feature_idx"]),
                    float(f"{node['num_threshold']:.6g}"),
                    int(node["left"]),
                    int(node["right"]),
                ]
                for node in nodes
            ]
        )
    return {"bias": round(float(model._baseline_prediction.ravel()[0]), 6), "trees": trees}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).parents[2]
    parser.add_argument(
        "--corpora", type=Path, default=Path(os.environ.get("WIREHOUSE_CORPORA", root / "../shared/corpora"))
    )
    parser.add_argument("--out", type=Path, default=root / "tasks/duplicates/decision.json")
    asked = parser.parse_args()
    labelled = [
        syndication(asked.corpora),
        *(made_up(number) for number in range(len(SETS))),
        *(shared_blocks(number) for number in range(2)),
    ]
    for _ in range(PASSES):
        sets = [measured(one) for one in labelled]
        model = fitted(sets)
        deciding.probability = lambda rows, model=model: model.predict_proba(rows)[:, 1] if len(rows) else np.zeros(0)
    figures = {one.of.name: scored(one, chances) for one, chances in zip(sets, cross_validated(sets), strict=True)}
    for name, row in figures.items():
        print(f"{name:16}", *(f"{key} {value}" for key, value in row.items()))
    used = Counter(NAMES[node[0]] for tree in exported(model)["trees"] for node in tree if len(node) > 1)
    print("measures by number of splits:", dict(used.most_common()))
    stored = {
        "about": "boosted trees over the measures of measure.py; made by tests/benchmarks/duplicates_training.py",
        "seed": SEED,
        "measures": list(NAMES),
        "cross_validation_by_story_and_template": figures,
        **exported(model),
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in stored.items() if key != "trees"]
    trees = ",\n".join(f"  {json.dumps(tree, separators=(',', ':'))}" for tree in stored["trees"])
    asked.out.write_text("{" + ",\n".join([*lines, f'"trees": [\n{trees}\n]']) + "}\n")


if __name__ == "__main__":
    main()
