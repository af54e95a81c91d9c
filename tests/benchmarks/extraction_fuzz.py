"""Feed the cleaner real pages with bytes cut, swapped, doubled and broken, until time is up.

    python -m tests.benchmarks.extraction_fuzz [--seconds N] [--seed N]

Any exception, any page over ten seconds, and any reject that is not a value ends the run with the page written beside.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from tasks.page.article import extract
from tasks.page.row import as_bytes, row
from tests.benchmarks.extraction import corpus

SCRAPS = (
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"&#x110000;",
    b"&#0;",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
)
SCRAPS += (
    b"<table>",
    b"<svg>",
    b"<math>",
    b"</body>",
    b"<noscript>",
    b"<template>",
    b"<p " * 50,
    b"<b>" * 400,
    b"\x1f\x1e",
)
LONGEST_SECONDS = 10.0


def broken(page: bytes, chance: random.Random) -> bytes:
    """The page after some random accidents."""
    for _ in range(chance.randint(1, 12)):
        size = max(1, len(page))
        start = chance.randrange(size)
        end = min(size, start + chance.choice((1, 10, 200, 5_000, 50_000)))
        accident = chance.randrange(5)
        if accident == 0:
            page = page[:start] + page[end:]
        elif accident == 1:
            page = page[:start] + chance.choice(SCRAPS) + page[start:]
        elif accident == 2:
            page = page[:end] + page[start:end] * chance.randint(1, 4) + page[end:]
        elif accident == 3:
            page = page[:start] + chance.randbytes(min(40, end - start)) + page[end:]
        else:
            other = chance.randrange(size)
            page = page[:start] + page[other : other + (end - start)] + page[end:]
    return page[:3_000_000]


def main() -> None:
    """Run until time is up or something breaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    pages = [(as_bytes(page["html"]), page.get("url")) for page in corpus(200)]
    end, count, slowest = time.monotonic() + options.seconds, 0, 0.0
    while time.monotonic() < end:
        html, url = chance.choice(pages)
        page = broken(html, chance)
        start = time.process_time()
        try:
            row("x", extract(page, url))
        except BaseException:
            Path("broken.html").write_bytes(page)
            raise
        took = time.process_time() - start
        slowest = max(slowest, took)
        if took > LONGEST_SECONDS:
            Path("broken.html").write_bytes(page)
            raise SystemExit(f"a page took {took:.1f} s: broken.html")
        count += 1
    print(f"{count} pages, none raised, the slowest took {slowest:.2f} s")


if __name__ == "__main__":
    main()
