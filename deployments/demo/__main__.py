"""`python -m deployments.demo`: serves the little news web until Ctrl-C and says where to look."""

from __future__ import annotations

import threading
from contextlib import suppress

from deployments.demo.outlets import outlets
from deployments.demo.server import SOURCES, DemoWeb, serve


def main() -> None:
    """Serves, prints the addresses, and waits."""
    with serve() as web, suppress(KeyboardInterrupt):
        for key, outlet in outlets().items():
            print(f"  {outlet.name:24}{web.bases[key]}/")
        print(f"\n{web.note or _advice(web)}\nCtrl-C ends it.", flush=True)
        threading.Event().wait()


def _advice(web: DemoWeb) -> str:
    if web.sources_toml != SOURCES.read_text(encoding="utf-8"):
        return "These are not the addresses of sources.toml, so ingest it with: wirehouse run --demo"
    return f"To ingest it: wirehouse run --sources {SOURCES}"


if __name__ == "__main__":
    main()
