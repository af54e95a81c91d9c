"""The bundled little news web, served on loopback for as long as a command runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flows.settings import Settings


@contextmanager
def demo_settings(settings: Settings) -> Iterator[Settings]:
    """Serve the demo web and yield settings whose sources it is."""
    from deployments.demo.server import serve
    from tasks.feeds.declarations import write

    with serve() as web:
        declarations = settings.home / "demo-sources.toml"
        settings.home.mkdir(parents=True, exist_ok=True)
        declarations.write_text(write(web.sources), "utf-8")
        yield replace(settings, sources=declarations)
