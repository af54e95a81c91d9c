"""What the tests of whole runs share: the demo web, served in the test's process, and its declarations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.demo.server import DemoWeb, serve


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    """The demo web, on free ports."""
    with serve(first_port=0) as served:
        yield served


@pytest.fixture(scope="module")
def demo_sources(web: DemoWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that declares the demo web's sources."""
    path = tmp_path_factory.mktemp("demo") / "sources.toml"
    path.write_text(web.sources_toml, "utf-8")
    return path
