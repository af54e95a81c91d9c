"""The metrics that come with the corpora, as a module."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any


def scorer(corpora: Path) -> Any:
    """The module `score_extraction` of the corpora's tools."""
    spec = importlib.util.spec_from_file_location("score_extraction", corpora / "tools" / "score_extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
