"""Eight readers ask the read copy twenty times a second while a run loads: no error, and never half a load.

`python -m tests.flows.test_readers --seconds 60` lets them ask for a minute, while one run follows another.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import run_json, start

READERS = 8
ASKS_PER_SECOND = 20
PARTS = 12
"""Archives that come one after another, so that the copy is swapped again and again."""

# A reader as an analyst writes one: DuckDB alone, no code of ours. It connects anew once a second, which is how newer
# rows are seen; opening costs ten times as much as asking, and eight readers would need four cores for it otherwise.
READER = textwrap.dedent("""
    import json, os, sys, time
    import duckdb

    path, until, per_second = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    asks = errors = torn = backwards = 0
    seen, slowest, copies, said, con = 0, 0.0, set(), "", None
    while (began := time.time()) < until:
        try:
            if con is None:
                con = duckdb.connect(path, read_only=True)
                con.execute("SET threads = 1")
                copies.add(os.stat(path).st_ino)
            articles, current, decided, placed = con.execute(
                "SELECT (SELECT count(*) FROM core.articles), "
                "(SELECT count(DISTINCT article_id) FROM core.article_versions WHERE valid_to IS NULL), "
                "(SELECT count(DISTINCT article_id) FROM core.extractions WHERE article_id IS NOT NULL), "
                "(SELECT count(*) FROM core.clusters)"
            ).fetchall()[0]
            asks += 1
            torn += not articles == current == decided == placed
            backwards += articles < seen
            seen = articles
            if asks % per_second == 0:
                con.close()
                con = None
        except Exception as error:
            errors += 1
            said = repr(error)
        took = time.time() - began
        slowest = max(slowest, took)
        time.sleep(max(0.0, 1 / per_second - took))
    print(json.dumps({"asks": asks, "errors": errors, "torn": torn, "backwards": backwards, "seen": seen,
                      "copies": len(copies), "slowest_ms": round(slowest * 1000), "said": said}))
""")


@dataclass(frozen=True, kw_only=True)
class Read:
    """What all readers together saw."""

    asks: int
    errors: int
    torn: int
    backwards: int
    seen: int
    copies: int
    slowest_ms: int
    said: str


def read_while_loading(folder: Path, api: str, *, seconds: float) -> Read:
    """Let the readers ask for so long, while runs load one archive after another."""
    home = folder / "home"
    pages = list(demo_pages().items())
    sources = folder / "sources.toml"
    declared = ""
    for part in range(PARTS):
        write_warc(folder / f"{part}.warc.gz", dict(pages[part::PARTS]))
    for part in range(PARTS):
        declared += f'[[source]]\nname = "Archive {part}"\nkind = "warc"\npath = "{part}.warc.gz"\n'
        if part == 0:  # the readers need something to open
            sources.write_text(declared, "utf-8")
            run_json(home, "--sources", str(sources), api=api)
    copy, until = home / "warehouse.read.duckdb", time.time() + seconds
    command = [sys.executable, "-c", READER, str(copy), str(until), str(ASKS_PER_SECOND)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    writer: subprocess.Popen[bytes] | None = None
    parts = iter(range(2, PARTS + 1))
    sections = declared.split("[[source]]")[1:]
    while time.time() < until:
        if writer is None or writer.poll() is not None:
            now = next(parts, PARTS)
            sources.write_text("".join(f"[[source]]{one}" for one in sections[:now]), "utf-8")
            writer = start("run", "--json", "--home", str(home), "--sources", str(sources), api=api)
        try:
            writer.wait(timeout=max(0.1, until - time.time()))
        except subprocess.TimeoutExpired:
            break
    if writer is not None:
        writer.wait(timeout=180)
    return together([json.loads(reader.communicate(timeout=60)[0]) for reader in readers])


def together(told: list[dict[str, int]]) -> Read:
    """Return the sums, the highest count seen, and the longest wait."""
    sums = {name: sum(one[name] for one in told) for name in ("asks", "errors", "torn", "backwards")}
    most = {name: max(one[name] for one in told) for name in ("seen", "copies", "slowest_ms")}
    return Read(**sums, **most, said=next((str(one["said"]) for one in told if one["said"]), ""))


@pytest.mark.prefect
@pytest.mark.slow
def test_readers_never_see_half_a_load(prefect_api: str, tmp_path: Path) -> None:
    read = read_while_loading(tmp_path, prefect_api, seconds=12)
    assert (read.errors, read.torn, read.backwards) == (0, 0, 0), read
    assert read.asks > READERS * 12
    assert read.seen > 0


def main() -> int:
    """Let the readers ask for so many seconds, and print what they saw."""
    from flows.server import free_port, started_server
    from flows.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        started_server(Settings(home=Path(name) / "server"), free_port()) as api,
    ):
        read = read_while_loading(Path(name), api, seconds=asked.seconds)
    print(read)
    return bool(read.errors or read.torn or read.backwards)


if __name__ == "__main__":
    sys.exit(main())
