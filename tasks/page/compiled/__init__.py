"""The cleaner's inner loops in C, where they could be compiled; each does what its Python original does, only faster.

    blocks._walk            walk.c       the blocks and holders of a page
    vocabulary.name_bits    names.c      the groups of a class name
    parse._depth            nesting.c    how deep a page's tags lie in each other
    features._filled        features.c   the columns of a page's blocks
    prompts._looked_up      prompts.c    the phrase that begins a line
    trees.Forest._sum       forest.c     the forest's raw sums
    reasons.reasons         reasons.c    why blocks were left out

The Python originals are the reference: `tests/page/test_compiled*.py` hold both against each other. Where no compiler
was at hand when Wirehouse was installed, `native` is `None` and the originals do the work.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

native: ModuleType | None = import_module(f"{__name__}._native") if find_spec(f"{__name__}._native") else None
