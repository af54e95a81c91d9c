"""What all tests share: where the corpora are, and one real Prefect server for those that need it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Machines are noisy and shared: how long an example took says nothing about the code.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of the development corpora; the test is skipped where there is none."""
    folder = Path(os.environ.get("WIREHOUSE_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not folder.is_dir():
        pytest.skip(f"the development corpora are not at {folder}; set WIREHOUSE_CORPORA")
    return folder


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API URL of one real Prefect server on loopback, started for this test process."""
    from flows.server import free_port, started_server
    from flows.settings import Settings

    home = tmp_path_factory.mktemp("prefect-server")
    with started_server(Settings(home=home), free_port()) as url:
        yield url
