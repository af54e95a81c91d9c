"""How good, how fast and how big the duplicate finder is.

    python tests/benchmarks/duplicates.py quality                  cross-validated figures, as trained and stored
    python tests/benchmarks/duplicates.py speed [--documents N]    one core, against datasketch and rensa if installed
    python tests/benchmarks/duplicates.py grow [--history N …]     1,000 new articles against N stored ones, DuckDB
    python tests/benchmarks/duplicates.py memory [--documents N]   what a file of N documents takes as a stream

All times are CPU times of this process on one thread; ratios within one run are what to trust. `grow` keeps 20,000
whole documents with their texts and fills up with random fingerprints, 26 a document, as a scan costs the same whatever
the hashes are. Texts are made up: `duplicates_texts`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(threads, "1")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import duckdb  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from duplicates_texts import articles  # noqa: E402

from tasks.duplicates.find import stream  # noqa: E402
from tasks.duplicates.fingerprint import sketches  # noqa: E402
from tasks.records import Document  # noqa: E402
from tasks.text.normalise import words  # noqa: E402
from tests.duplicates.shop import Shop  # noqa: E402

ROWS = 26
"""Fingerprints of a random document of the history; made-up 2 KB texts have 25.3, the development set 26.6."""
SINCE = 1_700_000_000
"""When the made-up history begins (Unix seconds): an article a minute, up to a day late, of 300 outlets."""
REAL = 20_000
BATCH = 1_000
BATCHES = 5


def best(of: Callable[[], object], times: int = 3) -> float:
    """Shortest CPU time in seconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        of()
        taken.append(time.process_time() - start)
    return min(taken)


def quality() -> None:
    """The figures stored with the model."""
    stored = json.loads((ROOT / "tasks/duplicates/decision.json").read_text())
    for name, row in stored["cross_validation_by_story_and_template"].items():
        print(f"{name:16}", *(f"{key} {value}" for key, value in row.items()))


def speed(count: int) -> None:
    """Documents a second for ours, step by step, and for the field's MinHash tools with 5-word shingles."""
    texts = articles(count)
    documents = [Document(id=f"{at:07}", text=text) for at, text in enumerate(texts)]
    words(texts[:10])
    source = words(texts)
    size = sum(len(text.encode()) for text in texts) / count
    print(f"{count} documents of {size:.0f} bytes, {len(sketches(source).hashes) / count:.1f} fingerprints each")
    rows = {
        "ours: words": best(lambda: words(texts)),
        "ours: words and fingerprints": best(lambda: sketches(words(texts))),
        "ours: everything, to pairs and clusters": best(lambda: stream(documents)),
        "datasketch 128, 5-gram, t 0.5": _datasketch(texts[: count // 10]) * 10,
        "rensa 128, 5-gram, 32 bands, t 0.5": _rensa(texts[: count // 4]) * 4,
    }
    for name, seconds in rows.items():
        print(f"{name:42} {count / seconds if seconds else float('nan'):10,.0f} documents/s")


def memory(count: int) -> None:
    """Peak memory of a stream of N and of 2 N documents, and what each further document costs."""
    peaks = [_peak_mb(size) for size in (count, 2 * count)]
    print(f"{count} documents: {peaks[0]:.0f} MB; {2 * count}: {peaks[1]:.0f} MB")
    print(f"{(peaks[1] - peaks[0]) * 1e6 / count:.0f} bytes for each further document")


def _peak_mb(count: int) -> float:
    """In a process of its own, as peaks do not go down."""
    code = f"import duplicates; duplicates.streamed({count})"
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, check=True, capture_output=True, text=True
    )
    return float(out.stdout)


def streamed(count: int) -> None:
    """Stream so many documents, a quarter of them copies, and print the peak memory in MB."""
    stock = [text.split(" ") for text in articles(2_000)]

    def documents() -> Iterator[Document]:
        rng = random.Random(0)
        own = stock[0]
        for at in range(count):
            if at % 4:
                own = stock[at % len(stock)].copy()
                rng.shuffle(own)
            yield Document(id=f"{at:020x}", text=" ".join([*own, "copied" if at % 4 else "again"]))

    stream(documents())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)


def _shingles(text: str) -> list[str]:
    split = text.lower().split()
    return [" ".join(split[at : at + 5]) for at in range(max(1, len(split) - 4))]


def _datasketch(texts: list[str]) -> float:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return 0.0

    def run() -> None:
        index = MinHashLSH(threshold=0.5, num_perm=128)
        for at, text in enumerate(texts):
            sketch = MinHash(num_perm=128)
            sketch.update_batch([shingle.encode() for shingle in _shingles(text)])
            index.query(sketch)
            index.insert(at, sketch)

    return best(run, 1)


def _rensa(texts: list[str]) -> float:
    try:
        from rensa import RMinHash, RMinHashLSH
    except ImportError:
        return 0.0

    def run() -> None:
        index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
        for at, text in enumerate(texts):
            sketch = RMinHash(num_perm=128, seed=42)
            sketch.update(_shingles(text))
            index.query(sketch)
            index.insert(at, sketch)

    return best(run, 1)


def grown(histories: list[int]) -> None:
    """From text to committed clusters, against each size of history."""
    texts = articles(REAL + BATCH * BATCHES, seed=1)
    print(f"{'history':>12} {'CPU ms':>8} {'wall ms':>8} {'bytes/document':>15} {'peak MB':>8} {'pairs':>6}")
    for history in histories:
        with tempfile.TemporaryDirectory() as folder:
            print(_grown(Path(folder) / "w.duckdb", history, texts), flush=True)


def _grown(path: Path, history: int, texts: list[str]) -> str:
    con = duckdb.connect()
    con.execute(f"ATTACH '{path}' AS w (STORAGE_VERSION 'v1.5.0'); USE w")
    con.execute("SET memory_limit = '1500MB'")
    shop = Shop(con)
    real = min(REAL, history)
    _fill(shop, history - real)
    for start in range(0, real, 2_000):
        shop.take(_frame(texts[start : min(start + 2_000, real)], start))
    con.execute("CHECKPOINT w")
    sizes = _sizes(con, history)
    cpu, wall, pairs = [], [], 0
    for number in range(BATCHES):
        start = REAL + number * BATCH
        batch = _frame(texts[start : start + BATCH], start)
        clocks = time.process_time(), time.perf_counter()
        pairs = shop.take(batch).pairs.height
        cpu.append(time.process_time() - clocks[0])
        wall.append(time.perf_counter() - clocks[1])
    con.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    cpu_ms, wall_ms = np.median(cpu) * 1e3, np.median(wall) * 1e3
    return f"{history:12,} {cpu_ms:8.0f} {wall_ms:8.0f} {sizes:15.0f} {peak:8.0f} {pairs:6}"


def _frame(texts: list[str], first: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"id": [hashlib.sha256(str(first + at).encode()).hexdigest()[:20] for at in range(len(texts))], "text": texts}
    )


def _sizes(con: duckdb.DuckDBPyConnection, history: int) -> float:
    """Bytes of the tables that the duplicate finder keeps for each document, by the blocks their columns fill."""
    blocks = 0
    for table in ("fingerprints", "fingerprint_documents", "common_fingerprints", "compared_pairs"):
        ask = f"SELECT count(DISTINCT block_id) FROM pragma_storage_info('core.{table}') WHERE block_id >= 0"
        blocks += con.sql(ask).fetchall()[0][0]
    return blocks * 262_144 / history


def _fill(shop: Shop, count: int) -> None:
    rng = np.random.default_rng(0)
    for first in range(0, count, 250_000):
        docs = np.arange(first, min(count, first + 250_000), dtype=np.int32)
        shop.index.keep(
            documents=pl.DataFrame({"doc": docs}).with_columns(
                article_id=pl.Series(rng.bytes(10).hex() for _ in docs),
                wording=pl.Series(rng.integers(0, 1 << 32, len(docs), dtype=np.uint32)),
                text_hash=pl.Series(rng.integers(0, 1 << 32, len(docs), dtype=np.uint32)),
                size=pl.lit(ROWS, pl.Int32),
                word_count=pl.Series(rng.integers(100, 600, len(docs), dtype=np.int32)),
                outlet=pl.Series(f"outlet{at}.example" for at in rng.integers(0, 300, len(docs))),
                published_at=pl.Series(
                    (SINCE + docs.astype(np.int64) * 60 + rng.integers(0, 86_400, len(docs))) * 1_000_000
                ).cast(pl.Datetime("us", "UTC")),
                is_wire=pl.lit(value=False),
            ),
            fingerprints=pl.DataFrame(
                {"hash": rng.integers(0, 1 << 32, len(docs) * ROWS, dtype=np.uint32), "doc": np.repeat(docs, ROWS)}
            ),
            common=pl.DataFrame(schema={"hash": pl.UInt32}),
            compared=pl.DataFrame(),
            lowered=pl.DataFrame(),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "speed", "grow", "memory"))
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--history", type=int, nargs="+", default=[10**4, 10**5, 10**6, 10**7])
    asked = parser.parse_args()
    if asked.what == "quality":
        quality()
    elif asked.what == "speed":
        speed(asked.documents)
    elif asked.what == "memory":
        memory(asked.documents)
    else:
        grown(asked.history)


if __name__ == "__main__":
    main()
