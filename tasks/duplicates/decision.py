"""Is a pair a copy? A logistic model over the measures of `measure`, its coefficients in `decision.json` beside it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from tasks.duplicates.measure import F64, NAMES


def probability(rows: F64) -> F64:
    """For each row of measures, the estimated probability that the pair is a copy."""
    center, scale, weights, bias = _model()
    return 1 / (1 + np.exp(-np.clip((rows - center) / scale @ weights + bias, -50, 50)))


@lru_cache(maxsize=1)
def _model() -> tuple[F64, F64, F64, float]:
    stored = json.loads(Path(__file__).with_suffix(".json").read_text())
    terms = stored["terms"]
    return (
        np.array([terms[name]["mean"] for name in NAMES]),
        np.array([terms[name]["scale"] for name in NAMES]),
        np.array([terms[name]["weight"] for name in NAMES]),
        stored["bias"],
    )
