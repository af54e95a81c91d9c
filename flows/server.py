"""A real Prefect server for a run: the one that is already there, or one of our own for as long as it is needed.

The ephemeral server that Prefect starts by itself stops before it has written down its task runs; ours keeps its
database below the home folder, so that what `wirehouse run` did is seen in the UI of a later `wirehouse serve`.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings, child_environment, prefect_api_url, use_prefect_api
from tasks.errors import WirehouseError

START_SECONDS = 180.0
"""A new database took 18 s until the server answered; a busy machine needs several times that."""
DRAIN_SECONDS = 4.0
"""Task events arrive at the server up to a few seconds after the flow has ended."""


class ServerError(WirehouseError):
    """Prefect's server could not be started."""


@contextmanager
def prefect_server(settings: Settings) -> Iterator[str]:
    """Yield the API URL of a Prefect server that answers, starting one on a free port if there is none."""
    chosen = prefect_api_url() or known_server(settings.home)
    if chosen:
        use_prefect_api(chosen)
        yield chosen
        return
    with started_server(settings, free_port()) as url:
        use_prefect_api(url)
        try:
            yield url
        finally:
            time.sleep(DRAIN_SECONDS)


@contextmanager
def started_server(settings: Settings, port: int) -> Iterator[str]:
    """Start `prefect server start` on loopback, yield its API URL once it answers, and stop it at the end."""
    settings.home.mkdir(parents=True, exist_ok=True)
    log_path = settings.home / "prefect-server.log"
    url = f"http://127.0.0.1:{port}/api"
    with log_path.open("ab") as log:
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        environment = child_environment(settings, PREFECT_API_URL=url, PREFECT_SERVER_UI_API_URL=url)
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)  # noqa: S603 - our own interpreter
    try:
        _wait_until_healthy(server, url, log_path)
        _note(settings.home).write_text(json.dumps({"url": url, "pid": server.pid}), "utf-8")
        yield url
    finally:
        _note(settings.home).unlink(missing_ok=True)
        _stop(server)


def known_server(home: Path) -> str | None:
    """Return the API URL of the server that was started for this home folder, if it still answers."""
    try:
        url = str(json.loads(_note(home).read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return None
    return url if is_healthy(url) else None


def is_healthy(url: str) -> bool:
    """Tell whether the Prefect API at `url` answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 - http only, our own URL
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _note(home: Path) -> Path:
    return home / "prefect-server.json"


def _wait_until_healthy(server: subprocess.Popen[bytes], url: str, log_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerError(f"Prefect's server at {url} stopped while starting; the reason is in {log_path}")
        if is_healthy(url):
            return
        time.sleep(0.2)
    raise ServerError(f"Prefect's server at {url} did not answer in {START_SECONDS:.0f} s; see {log_path}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
