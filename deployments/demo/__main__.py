"""`python -m deployments.demo`: serves the little news web until Ctrl-C and says where to look."""

from __future__ import annotations

import threading
from contextlib import suppress

from deployments.demo.outlets import outlets
from deployments.demo.server import SOURCES, serve


def main() -> None:
    """Serves, prints the addresses, and waits."""
    with serve() as web, suppress(KeyboardInterrupt):
        for key, outlet in outlets().items():
            print(f"  {outlet.name:24}{web.bases[key]}/")
        print(web.note or f"\nTo ingest it: wirehouse run --sources {SOURCES}")
        print("Ctrl-C ends it.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
