"""How fast, how large, how much memory: synthetic articles landed, indexed, searched, checked, copied, compacted.

    python -m tests.benchmarks.warehouse --articles 100000 [--batch 10000] [--home DIR]

The words come from the development corpora where they are (WIREHOUSE_CORPORA), as random sequences of their sentences
with changed figures; else from a made-up vocabulary. At certain sizes, many usual loads are landed and published one by
one, since one in many pays for packing what the others left. Prints a line of JSON for each size, and a summary.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

import polars as pl

from warehouse.checks import check
from warehouse.connection import reading, writing
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.search import index, search
from warehouse.store import load

START = datetime(2020, 1, 1, tzinfo=UTC)
CORPORA = Path(os.environ.get("WIREHOUSE_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
PROBE_ARTICLES = 1_000
"""A usual load: what a run of some dozens of sources brings."""
PROBE_LOADS = 40
"""So many that their pieces fill a row group of 20,480 rows nearly twice: the costliest load is among them."""
PROBE_COPIES = 3
"""A copy of a million articles is two gigabytes."""
PROBE_SIZES = (10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)


def sentences(seed: random.Random) -> list[str]:
    """Sentences of the corpora, or made-up ones."""
    path = CORPORA / "duplicates" / "syndication_dev.parquet"
    if not path.exists():
        words = ["".join(seed.choices("aeinorstlkmd", k=seed.randrange(2, 11))) for _ in range(50_000)]
        return [" ".join(words[int(seed.paretovariate(0.6)) % len(words)] for _ in range(20)) for _ in range(50_000)]
    texts = pl.read_parquet(path)["text"].to_list()
    with gzip.open(CORPORA / "extraction" / "wcxb_dev.jsonl.gz", "rt") as file:
        texts += [body for line in file if isinstance(body := json.loads(line).get("body"), str)]
    return [part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if 20 < len(part) < 400]


def articles(pool: list[str], seed: random.Random, start: int, count: int, run: str) -> dict[str, pl.DataFrame]:
    """The frames of one load: pages, articles, versions, extractions, clusters, outcomes."""
    ids = [hashlib.sha256(str(number).encode()).hexdigest()[:16] for number in range(start, start + count)]
    bodies = [seed.choices(pool, k=seed.randrange(8, 30)) for _ in ids]
    texts = ["\n\n".join(body).replace("1", str(seed.randrange(10))) for body in bodies]
    at = [START + timedelta(seconds=seed.randrange(180_000_000)) for _ in ids]
    base = pl.DataFrame(
        {
            "article_id": ids,
            "page_id": [f"p{name}" for name in ids],
            "url": [f"https://www.outlet{n % 500}.example/{n}/{name}" for n, name in enumerate(ids)],
            "outlet": [f"Outlet {n % 500}" for n in range(count)],
            "source_name": [f"source {n % 500}" for n in range(count)],
            "title": [body[0][:90] for body in bodies],
            "text": texts,
            "at": at,
            "content_hash": [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts],
        }
    ).with_columns(
        run_id=pl.lit(run),
        cleaner_version=pl.lit("1"),
        canonical_url=pl.col("url"),
        word_count=pl.col("text").str.count_matches(" ").cast(pl.Int32),
    )
    empty: pl.Expr = pl.lit([], dtype=pl.List(pl.String))
    core = base.select(
        *("article_id", "page_id", "url", "canonical_url", "outlet", "source_name", "title", "text", "content_hash"),
        *("word_count", "cleaner_version"),
        authors=empty,
        tags=empty,
        block_kinds=empty,
        published_at="at",
        first_seen_at="at",
        last_seen_at="at",
        first_run_id="run_id",
    )
    versions = base.select(
        *("article_id", "title", "content_hash", "page_id", "cleaner_version"),
        version=pl.lit(1),
        valid_from="at",
        changes=empty,
    )
    pages = base.select(
        *("page_id", "run_id", "source_name", "url"),
        purpose=pl.lit("page"),
        final_url="url",
        host=pl.col("url").str.extract(r"//([^/]+)"),
        site=pl.col("outlet"),
        status=pl.lit(200),
        fetched_at="at",
        body_digest="content_hash",
        body_bytes=pl.lit(90_000),
        warc_file=pl.lit(f"raw/{run}.warc.gz"),
        warc_offset=pl.int_range(pl.len()) * 20_000,
        warc_length=pl.lit(20_000),
    )
    number = pl.int_range(pl.len())
    clusters = base.select(
        "article_id",
        cluster_id=pl.when(number % 10 == 9).then(pl.col("article_id").shift(1)).otherwise("article_id"),
        is_canonical=number % 10 != 9,
    )
    outcomes = base.select("run_id", "url", "source_name", "page_id", "article_id", "at", outcome=pl.lit("article_new"))
    return {
        "raw.pages": pages,
        "core.articles": core,
        "core.article_versions": versions,
        "core.extractions": base.select("page_id", "article_id", "cleaner_version"),
        "core.clusters": clusters,
        "ops.outcomes": outcomes,
    }


def timed(do: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock, seconds of CPU, and the answer."""
    clock, cpu = time.perf_counter(), time.process_time()
    answer = do()
    return time.perf_counter() - clock, time.process_time() - cpu, answer


def landed(home: Path, run: str, frames: dict[str, pl.DataFrame]) -> None:
    with writing(home, who="benchmark") as con:
        load(con, run, "extract", frames)


def indexed(home: Path) -> None:
    with writing(home, who="benchmark") as con:
        index(con)


def checked(home: Path, run: str) -> Any:
    with writing(home, who="benchmark") as con:
        return [result.name for result in check(con, run) if result.failing]


def growing(home: Path, count: int, batch: int) -> Iterator[dict[str, Any]]:
    """Land batch after batch; at each of the sizes, probe what a usual load costs in all its steps."""
    seed = random.Random(1)
    pool = sentences(seed)
    sizes = [size for size in PROBE_SIZES if size <= count]
    bulk: list[tuple[int, float]] = []
    for start in range(0, count, batch):
        frames = articles(pool, seed, start, batch, f"r{start}")
        _, cpu, _ = timed(lambda frames=frames, start=start: landed(home, f"r{start}", frames))
        bulk.append((batch, cpu))
        if sizes and start + batch >= sizes[0]:
            size, speed = sizes.pop(0), sum(n for n, _ in bulk) / sum(cpu for _, cpu in bulk)
            yield {"articles": size, "bulk_per_cpu_second": round(speed)} | probe(home, pool, size)
            bulk = []


def probe(home: Path, pool: list[str], size: int) -> dict[str, Any]:
    """What usual loads cost at this size, in seconds of CPU: land, index; and on the clock: copy, check, search."""
    backlog = timed(lambda: publish(home))
    steps: dict[str, list[float]] = {"land": [], "index": [], "copy_s": []}
    for number in range(PROBE_LOADS):
        run = f"probe{size}-{number}"
        fresh = articles(pool, random.Random(run), 10**9 + size * 100 + number * PROBE_ARTICLES, PROBE_ARTICLES, run)
        steps["land"].append(timed(lambda run=run, fresh=fresh: landed(home, run, fresh))[1])
        steps["index"].append(timed(lambda: indexed(home))[1])
        if number < PROBE_COPIES:
            steps["copy_s"].append(publish(home).copy_ms / 1000)
    again = timed(lambda: landed(home, "again", fresh))
    publish(home)
    idle, checks = timed(lambda: publish(home)), timed(lambda: checked(home, "probe"))
    return {
        **{name: {"median": round(median(all_), 3), "mean": round(fmean(all_), 3), "most": round(max(all_), 2)}
           for name, all_ in steps.items()},
        "land_again": round(again[1], 3),
        "index_backlog": round(backlog[1], 2),
        "publish_unchanged_ms": round(idle[0] * 1000, 2),
        "check": round(checks[1], 2),
        "faults": checks[2],
        "search_ms": searched(home),
        "megabytes": round((home / "warehouse.duckdb").stat().st_size / 1e6),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def searched(home: Path) -> dict[str, str]:
    """Best of three, clock / CPU, in milliseconds."""
    answers = {}
    for words in ("rhubarb", "commission", "interest rates", "the president said", "oil prices fell"):
        tries = [timed(lambda words=words: search(home, words)) for _ in range(3)]
        answers[words] = f"{min(t[0] for t in tries) * 1000:.0f}/{min(t[1] for t in tries) * 1000:.0f}"
    return answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--home", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder)
        for line in growing(home, chosen.articles, chosen.batch):
            print(json.dumps(line), flush=True)
        seconds, cpu, done = timed(lambda: maintain(home, force=True))
        with reading(home) as con:
            count = con.execute("SELECT count(*), sum(len(text)) FROM core.articles").fetchall()[0]
        size = (home / "warehouse.duckdb").stat().st_size
        summary = {"maintain_s": round(seconds, 1), "maintain_cpu_s": round(cpu, 1), "maintained": str(done)}
        summary |= {"bytes_per_article": round(size / count[0]), "characters_per_article": round(count[1] / count[0])}
        summary |= {
            "search_ms": searched(home),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
