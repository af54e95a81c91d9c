"""What a test asks Prefect's server, over its public API."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def asked(api: str, path: str, **filters: Any) -> list[dict[str, Any]]:
    """Return what the server answers to a filter."""
    request = urllib.request.Request(
        f"{api}{path}", json.dumps(filters).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found


def flow_runs(api: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the flow runs whose fields have these values, the oldest first."""
    found = asked(api, "/flow_runs/filter", sort="START_TIME_ASC")
    return [run for run in found if all(run[name] == value for name, value in wanted.items())]


def artifacts(api: str, flow_run_id: str) -> dict[str, dict[str, Any]]:
    """Return the artifacts of a flow run by their key."""
    found = asked(api, "/artifacts/filter", artifacts={"flow_run_id": {"any_": [flow_run_id]}})
    return {one["key"]: one for one in found}


def until(ask: Callable[[], T | None], process: subprocess.Popen[Any], *, seconds: float = 240) -> T:
    """Ask once a second until there is an answer; the process that is to bring it about must stay alive."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answer := ask():
                return answer
        except OSError:
            pass  # the server is not up yet
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the process ended with exit code {process.returncode}")
    raise AssertionError(f"no answer in {seconds:.0f} s")


def processes_of(home: Path) -> list[str]:
    """Return the command lines of all living processes that work for a home folder, by their environment."""
    wanted = f"WIREHOUSE_HOME={home}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip())
        except OSError:
            continue  # it ended meanwhile, or belongs to somebody else
    return found
