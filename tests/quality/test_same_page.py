"""One page read by several extractors is one story: pair F1 on pages of the extraction sets, made at test time.

A pair of texts of one page is a copy if half of the smaller one's three-word passages stand in the other, and is not
judged from three tenths; no two pages are copies. None of these pages was seen in training.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import lxml.html
import polars as pl
import pytest

from tasks.duplicates.find import find
from tasks.page.article import extract
from tasks.page.row import as_bytes, row
from tasks.text.normalise import words

PAGES = 60
"""Of each set: 25 seconds with them all, and 99 of 100 pairs do not depend on which."""
FLOOR = 0.997
LEAST_SHARED = 28
"""Shared passages of a copy; 15 to 27 are not judged. What is shorter is no reporting."""


def texts_of(page: dict[str, Any]) -> Iterator[str]:
    """The page as its label, our cleaner, a reader of everything, of paragraphs, and a cut of it show it."""
    yield page["body"]
    yield row("", extract(as_bytes(page["html"]), page.get("url"))).get("text") or ""
    tree = lxml.html.fromstring(page["html"].encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    for each in tree.xpath("//script|//style|//noscript|//template"):
        each.drop_tree()
    yield "\n".join(text.strip() for text in tree.itertext() if text.strip())
    paragraphs = list(tree.iter("p"))
    yield "\n\n".join(" ".join(each.text_content().split()) for each in paragraphs)
    homes = Counter(each.getparent() for each in paragraphs)
    densest = homes.most_common(1)[0][0] if homes else tree
    yield "\n\n".join(" ".join(each.text_content().split()) for each in densest.iter("p"))
    split = page["body"].split()
    yield " ".join(split[: max(40, len(split) * 6 // 10)])


def judged(texts: list[str], owners: list[str]) -> dict[tuple[int, int], int]:
    """The truth about pairs of one page: 1 a copy, -1 not judged."""
    source = words(texts)
    passages = []
    for start, end in itertools.pairwise(source.starts.tolist()):
        own = source.hashes[start:end].tolist()
        passages.append(Counter(zip(own, own[1:], own[2:], strict=False)))
    truth = {}
    for a, b in itertools.combinations(range(len(texts)), 2):
        if owners[a] != owners[b]:
            continue
        shared = (passages[a] & passages[b]).total()
        share = shared / max(min(passages[a].total(), passages[b].total()), 1)
        if shared >= LEAST_SHARED and share >= 0.5:
            truth[a, b] = 1
        elif shared >= 15 and share >= 0.3:
            truth[a, b] = -1
    return truth


@pytest.mark.corpora
@pytest.mark.slow
def test_texts_of_one_page_are_copies_and_of_two_pages_are_not(corpora):
    texts, owners = [], []
    for name in ("wcxb", "fundus"):
        with gzip.open(corpora / "extraction" / f"{name}_dev.jsonl.gz", "rt", encoding="utf8") as lines:
            pages = [page for page in map(json.loads, lines) if page.get("ptype", "article") == "article"]
        for page in random.Random(5).sample(pages, PAGES):
            made = list(texts_of(page))
            texts += made
            owners += [page["id"]] * len(made)
    truth = judged(texts, owners)
    found = find(pl.DataFrame({"id": range(len(texts)), "text": texts})).pairs
    pairs = {tuple(sorted((int(a), int(b)))) for a, b in found.select("id_a", "id_b").iter_rows()}
    pairs -= {pair for pair, label in truth.items() if label < 0}
    copies = {pair for pair, label in truth.items() if label > 0}
    assert 2 * len(pairs & copies) / (len(pairs) + len(copies)) >= FLOOR, sorted(pairs ^ copies)[:20]
