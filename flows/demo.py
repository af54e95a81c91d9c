"""The bundled little news web, served on loopback for as long as a command runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flows.settings import Settings


@contextmanager
def demo_settings(
    settings: Settings, *, announce: Callable[[str], None], first_port: int | None = None
) -> Iterator[Settings]:
    """Serve the demo web and yield settings whose sources it is; `announce` is told when its usual ports are taken."""
    from deployments.demo.server import FIRST_PORT, serve
    from tasks.feeds.declarations import write

    with serve(first_port=FIRST_PORT if first_port is None else first_port) as web:
        if web.note:
            announce(web.note)
        # Each web has a file of its own: a second one, on other ports, must not send the run under way there.
        declarations = settings.home / f"demo-sources-{web.port}.toml"
        settings.home.mkdir(parents=True, exist_ok=True)
        declarations.write_text(write(web.sources), "utf-8")
        yield replace(settings, sources=declarations)
