"""How fast the cleaner is beside trafilatura, whether its cost is linear, and what hostile pages cost.

    python -m tests.benchmarks.extraction [--pages N]        needs: pip install trafilatura, and the corpora

Both run in one process on the same pages in the same run; the best of three rounds of CPU time counts. The cleaner's
time holds decoding, metadata, wire origin and removed blocks; trafilatura's holds text alone (default settings).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tasks.page.article import extract
from tasks.page.row import as_bytes

PARAGRAPH = (
    "<p>On day {} the harbour commission said that berth {} would be dredged in winter, weather permitting.</p>\n"
)


def corpus(count: int) -> list[dict[str, Any]]:
    """Pages of both development sets, taken evenly."""
    folder = Path(os.environ.get("WIREHOUSE_CORPORA", "../shared/corpora")) / "extraction"
    pages = []
    for name in ("wcxb", "fundus"):
        with gzip.open(folder / f"{name}_dev.jsonl.gz", "rt", encoding="utf8") as lines:
            pages += [json.loads(line) for line in lines]
    return pages[:: max(1, len(pages) // count)]


def best(work: Callable[[], Any], rounds: int = 3) -> float:
    """The least CPU time of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def ratio(pages: Sequence[dict[str, Any]]) -> None:
    """Print both times per page and their ratio."""
    import trafilatura

    raw = [(as_bytes(page["html"]), page.get("url")) for page in pages]
    ours = best(lambda: [extract(html, url) for html, url in raw])
    theirs = best(lambda: [trafilatura.extract(page["html"], include_comments=False) for page in pages], rounds=2)
    each = 1000 / len(pages)
    print(
        f"{len(pages)} pages: ours {ours * each:.2f} ms, trafilatura {theirs * each:.2f} ms, ratio {theirs / ours:.1f}"
    )


def linear() -> None:
    """Print the time per megabyte of articles of growing size."""
    for size in (100_000, 1_000_000, 4_000_000, 10_000_000):
        page = article_of(size)
        seconds = best(lambda page=page: extract(page, None), rounds=1)
        print(f"{size / 1e6:5.1f} MB: {seconds:6.2f} s, {seconds / (size / 1e6):5.2f} s/MB, peak {peak()} MB")


def article_of(size: int) -> bytes:
    """An article of about `size` bytes, of different paragraphs."""
    body = "".join(PARAGRAPH.format(n, n * 7 % 1009) for n in range(size // len(PARAGRAPH)))
    return f"<html><body><article>{body}</article></body></html>".encode()


def peak() -> int:
    """The process's peak memory in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


HOSTILE: dict[str, Callable[[], bytes]] = {
    "100k nested div": lambda: b"<div>" * 100_000 + b"text",
    "100k nested div, closed": lambda: b"<div>" * 100_000 + b"text" + b"</div>" * 100_000,
    "100k nested span": lambda: b"<span>" * 100_000 + b"text",
    "50k nested list": lambda: b"<ul><li>" * 50_000 + b"text",
    "50k nested table": lambda: b"<table><tr><td>" * 50_000 + b"text",
    "1M siblings": lambda: b"<p>a</p>" * 1_000_000,
    "290k siblings": lambda: b"<p>a</p>" * 290_000,
    "200k equal headlines": lambda: b"<h2>Read more: next</h2>" * 100_000,
    "50 MB script": lambda: b"<p>hello</p><script>" + b"x=1;" * 12_500_000 + b"</script>",
    "30 MB script": lambda: b"<p>hello</p><script>" + b"x=1;" * 7_500_000 + b"</script>",
    "50k attributes": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">text",
    "1 MB of <": lambda: b"<html>" + b"<" * 1_000_000,
    "1 MB of <!--": lambda: b"<html>" + b"<!--" * 250_000,
    "2 MB of entities": lambda: b"<html><p>" + b"&amp;&copy;&" * 160_000,
    "one 5 MB line": lambda: b"<html><p>" + b"word " * 1_000_000,
    "one 3 MB word": lambda: b"<html><p>" + b"w" * 3_000_000,
    "1 MB of line breaks": lambda: b"<html><p>a" + b"<br>" * 250_000,
    "100k cells": lambda: b"<table><tr>" + b"<td>a</td>" * 100_000,
    "100k links in a block": lambda: b"<p>" + b"<a href=x>a</a> " * 100_000,
    "json-ld bomb": lambda: b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script><p>text",
    "100k metas": lambda: b'<meta property="article:tag" content="x">' * 100_000 + b"<p>text",
    "1 MB class": lambda: b"<p class='" + b"content " * 125_000 + b"'>text",
}


def hostile() -> None:
    """Print what each hostile page costs."""
    for name, make in HOSTILE.items():
        page = make()
        start = time.perf_counter()
        result = extract(page, "https://hostile.example/")
        seconds = time.perf_counter() - start
        said = getattr(result, "detail", "article")
        print(f"{name:26} {len(page) / 1e6:6.1f} MB {seconds:6.2f} s  peak {peak()} MB  {said[:60]}", flush=True)


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    hostile()
    linear()
    ratio(corpus(options.pages))


if __name__ == "__main__":
    main()
