"""What one exchange may use of time, bytes and memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one exchange may use."""

    connect_seconds: float = 10.0
    """For name, socket and TLS each; a server that takes longer is down for its readers too."""
    read_seconds: float = 20.0
    """For one silence."""
    total_seconds: float = 60.0
    """For everything: a page of 300 KB at a modem's 5 KB/s."""
    max_head_bytes: int = 256 << 10
    """Browsers take 256 KiB of header fields, the largest honest ones (security policies) have about 30."""
    max_wire_bytes: int = 16 << 20
    """The largest live blogs have 5 MB; 16 MiB is three times that."""
    max_body_bytes: int = 16 << 20
    keeps_beginning: bool = False
    """Whether of a longer body the beginning is kept, rather than nothing."""


PAGE_LIMITS = Limits()
SITEMAP_LIMITS = Limits(max_wire_bytes=50 << 20, max_body_bytes=50 << 20, total_seconds=120.0)
"""sitemaps.org: a sitemap has at most 50 MiB, uncompressed."""
ROBOTS_LIMITS = Limits(max_body_bytes=512 << 10, keeps_beginning=True, total_seconds=30.0)
"""Only the first 500 KiB of a robots.txt are read (RFC 9309, 2.5), and of a longer file they count."""
