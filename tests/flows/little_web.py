"""A little web on loopback whose every answer is written down: path → content type and body."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer. A body in parts is sent without a length, as servers do that make a page while they send it."""

    body: bytes | Iterable[bytes]
    content_type: str = "text/html; charset=utf-8"


@contextmanager
def serve(answers: Mapping[str, Said]) -> Iterator[str]:
    """Yield the base address of a web that gives these answers, and 404 to everything else."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = answers.get(self.path)
            if said is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", said.content_type)
            if isinstance(said.body, bytes):
                self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            for part in [said.body] if isinstance(said.body, bytes) else said.body:
                self.wfile.write(part)

        def log_message(self, *_arguments: Any) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_arguments: Any) -> None:
            """A client that hangs up in the middle of 60 MB is what is wanted here."""

    server = Server(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def feed(base: str, *paths: str) -> bytes:
    """An RSS feed that names these paths."""
    items = "".join(f"<item><title>Item {path}</title><link>{base}{path}</link></item>" for path in paths)
    return f'<rss version="2.0"><channel><title>News</title><link>{base}/</link>{items}</channel></rss>'.encode()


def article(title: str, *paragraphs: str) -> bytes:
    """An honest page of an article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-11-19T09:30:00Z"></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()
