"""Train the block classifier on the development corpora and write its arrays beside the cleaner.

    python -m tests.quality.train_cleaner [--check]        needs: pip install lightgbm catboost rapidfuzz scikit-learn

Two things are learned, one after the other: the weights of words and names (`tasks.page.wording`), and the forest that
weighs their scores among all other columns (`tasks.page.trees`). The forest sees each page as weights learned on other
hosts see it, as it will see pages to come.

Labels: a block of eight words or more belongs to the article when half of its 4-word shingles are in the labelled body
and, if its text stands twice on the page, an order-preserving alignment of the page with the body goes through it; a
shorter block when two thirds of its words are aligned and it lies between or beside longer blocks of the body.
Weights: every page counts the same (as the metric does), its blocks by words^0.75; pages that are no articles count
half, news pages of the publishers' set twice (there are few of them, and news is what the cleaner is for).
Folds are made of hosts (publishers), never of pages. `--check` trains on four folds, judges the fifth, and prints the
metric of `score_extraction.py` without the rules that follow the classifier.

Data: Web Content Extraction Benchmark, development split (labels CC-BY-4.0, M. Foley), and half of fundus's test data
(labels MIT, flairNLP). Pages' own texts are read here and do not travel into the arrays: those hold feature numbers,
thresholds and leaf values.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import catboost
import lightgbm
import numpy as np
from rapidfuzz.distance import LCSseq
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from tasks.page import metadata
from tasks.page.blocks import Outline, segment
from tasks.page.choose import chosen
from tasks.page.features import Hints, feature_names, features
from tasks.page.head import head
from tasks.page.hints import hints
from tasks.page.parse import parse
from tasks.page.rejects import refuse
from tasks.page.row import as_bytes
from tasks.page.shape import body_blocks, joined
from tasks.page.tail import tail
from tasks.page.wording import BLANK, SLOT_BITS, UNKNOWN, Wording, holder_tokens, text_tokens
from tasks.records import Reject
from tests.quality import disguises
from tests.quality.scoring import scorer

SEED = 1
SEEDS = (1, 2)
"""Of the two forests whose mean is shipped: one alone gives news of the folds .963 or .965, by its seed."""
FOLDS = 5
COLUMNS = 200
"""Of about 430 columns, ranked by their gain in a first model: the rest add cost but no measurable quality."""
TREES = {"iterations": 600, "depth": 6, "learning_rate": 0.08, "l2_leaf_reg": 5, "rsm": 0.3, "border_count": 64}
RANKING = {
    "objective": "binary", "num_leaves": 31, "min_child_samples": 40, "lambda_l2": 5, "learning_rate": 0.15,
    "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 127, "verbose": -1, "seed": SEED,
    "num_threads": 2,
}  # fmt: skip
HOPELESS = 0.01
"""Blocks that the first model gives less than this are plain furniture: one in ten of them is enough to learn from."""
HOPELESS_SHARE = 0.1
WORDS_PENALTY, NAMES_PENALTY = 1.5e-5, 3e-5
"""Of the regressions over words and names: chosen among 1e-6 to 5e-5 by the log-loss on unseen hosts."""
LEAST_HOSTS = 4
"""A token that stands on fewer hosts says more about them than about pages to come."""
FOREIGN_SHARE = 0.25
"""Of the pages the forest learns from, so many are shown without their words."""
DISGUISED_SHARE, DISGUISED_WEIGHT = 0.25, 0.5
"""Of the pages so many are shown a second time, in markup that says less (`disguises.py`), and count so much then."""
MOST_WEIGHTS = 0.9995
"""The share of weights that fit into eight bits; the few beyond are cut to the largest."""
SETS = ("wcxb", "fundus")
MODEL = Path(__file__).parents[2] / "tasks" / "page" / "cleaner_model.npz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One labelled page."""

    id: str
    group: str
    is_news: bool
    is_article: bool
    body: str
    outline: Outline
    about: metadata.Metadata
    said: Hints
    has_scripts: bool
    labels: Any
    weights: Any
    is_disguised: bool = False

    @property
    def texts(self) -> list[str]:
        """The texts of its blocks."""
        return [block.text for block in self.outline.blocks]


def corpora() -> Path:
    """The folder of the development corpora."""
    return Path(os.environ.get("WIREHOUSE_CORPORA", "../shared/corpora"))


def labelled(score: Any) -> Iterator[Example]:
    """Every page with a body, as blocks and labels; behind them, some a second time in disguise."""
    disguised = []
    chosen = np.random.RandomState(9)
    for name in SETS:
        with gzip.open(corpora() / "extraction" / f"{name}_dev.jsonl.gz", "rt", encoding="utf8") as lines:
            for page in map(json.loads, lines):
                if page.get("body"):
                    yield from _examples(page, page["html"], name == "fundus", score)
                    if chosen.rand() < DISGUISED_SHARE:
                        disguised.append((page, name == "fundus"))
    for n, (page, is_news) in enumerate(disguised):
        disguise = disguises.plain if n % 2 else disguises.tables
        for example in _examples(page, disguise(page["html"]), is_news, score):
            yield replace(example, is_disguised=True, weights=example.weights * DISGUISED_WEIGHT)


def _examples(page: dict[str, Any], html: str, is_news: bool, score: Any) -> Iterator[Example]:
    """The page with this markup; none when it has no blocks."""
    tree = parse(as_bytes(html))
    if isinstance(tree, Reject):
        return
    about = metadata.read(tree, page.get("url"))
    said = hints(about)
    outline = segment(tree)
    if not outline.blocks:
        return
    texts = [block.text for block in outline.blocks]
    labels, words = _labels(texts, page["body"], score.words)
    weights = np.maximum(words, 1) ** 0.75
    is_article = is_news or page.get("ptype") == "article"
    weights *= 265 / weights.sum() * (2.0 if is_news else 1.0 if is_article else 0.5)
    host = urlsplit(page.get("url") or "").hostname or page["id"]
    yield Example(
        id=page["id"],
        group=page["host"] if is_news else _site(host),
        is_news=is_news,
        is_article=is_article,
        body=page["body"],
        outline=outline,
        about=about,
        said=said,
        has_scripts="<script" in html,
        labels=labels,
        weights=weights,
    )


def _site(host: str) -> str:
    parts = host.lower().split(".")
    return ".".join(parts[-2:]) if len(parts) > 1 and len(parts[-2]) > 3 else host


def _labels(texts: Sequence[str], body: str, words_of: Any) -> tuple[Any, Any]:
    pages = [words_of(text) for text in texts]
    truth = words_of(body)
    known = Counter(tuple(truth[n : n + 4]) for n in range(len(truth) - 3))
    aligned = _aligned(pages, truth)
    repeated = Counter(texts)
    count = len(texts)
    shared = np.array([_shared(words, known) for words in pages])
    size = np.array([len(words) for words in pages])
    once = np.array([repeated[text] == 1 for text in texts])
    long = (size >= 8) & (shared >= 0.5) & ((aligned >= 0.5) | once)
    spots = np.flatnonzero(long)
    place = np.arange(count)
    near = (place >= spots[0] - 2) & (place <= spots[-1] + 3) if spots.size else aligned >= 0.9
    short = (size > 0) & (size < 8) & (aligned >= 0.66) & ((size < 4) | (shared >= 0.5)) & near
    return (long | short).astype(float), size.astype(float)


def _shared(words: Sequence[str], known: Counter[tuple[str, ...]]) -> float:
    runs = [tuple(words[n : n + 4]) for n in range(len(words) - 3)]
    return sum(run in known for run in runs) / len(runs) if runs else 0.0


def _aligned(pages: Sequence[Sequence[str]], truth: Sequence[str]) -> Any:
    """The share of each block's words on the longest common subsequence of page and body."""
    numbers: dict[str, int] = {}
    one = [numbers.setdefault(word, len(numbers)) for words in pages for word in words]
    other = [numbers.setdefault(word, len(numbers)) for word in truth]
    hit = np.zeros(len(one) + 1)
    for step in LCSseq.opcodes(one, other):
        if step.tag == "equal":
            hit[step.src_start : step.src_end] = 1
    total = np.concatenate(([0.0], np.cumsum(hit)))
    ends = np.cumsum([len(words) for words in pages])
    starts = np.concatenate(([0], ends[:-1]))
    return (total[ends] - total[starts]) / np.maximum(1, ends - starts)


def folds(examples: Sequence[Example]) -> Any:
    """For each page its fold; pages of one group share it."""
    groups = sorted({example.group for example in examples})
    np.random.RandomState(7).shuffle(groups)
    fold = {group: n % FOLDS for n, group in enumerate(groups)}
    return np.array([fold[example.group] for example in examples])


class Tokens:
    """The tokens of all blocks of all pages, from which `Wording`s are learned."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.labels = np.concatenate([example.labels for example in examples])
        self.is_original = np.array([not example.is_disguised for example in examples])
        weights = np.concatenate([example.weights for example in examples])
        self.weights = weights / weights.mean()
        self.page = np.repeat(np.arange(len(examples)), [len(example.labels) for example in examples])
        self.host = np.unique([example.group for example in examples], return_inverse=True)[1][self.page]
        self.words = sparse.vstack([_counts(text_tokens(e.texts), len(e.labels)) for e in examples], "csr")
        self.names = sparse.vstack([self._of_holders(example.outline) for example in examples], "csr")

    @staticmethod
    def _of_holders(outline: Outline) -> Any:
        at = [block.holder for block in outline.blocks]
        return _counts(holder_tokens(outline.holders), len(outline.holders))[at]

    def learned(self, pages: Any) -> Wording:
        """The weights of words and names on some pages (a mask); those in disguise hold nothing new."""
        rows = np.flatnonzero((pages & self.is_original)[self.page])
        words, words_scale, words_bias = self._fitted(self.words[rows], rows, WORDS_PENALTY)
        names, names_scale, names_bias = self._fitted(self.names[rows], rows, NAMES_PENALTY)
        return Wording(
            words=words, names=names, words_scale=words_scale, names_scale=names_scale, words_bias=words_bias,
            names_bias=names_bias,
        )  # fmt: skip

    def _fitted(self, tokens: Any, rows: Any, penalty: float) -> tuple[Any, float, float]:
        known = self._hosts(tokens, rows) >= LEAST_HOSTS
        tokens = tokens @ sparse.diags(known.astype(np.float32))
        number = np.asarray(tokens.sum(axis=1)).ravel()
        tokens = sparse.diags(1 / np.sqrt(np.maximum(1, number)).astype(np.float32)) @ tokens
        model = SGDClassifier(loss="log_loss", alpha=penalty, max_iter=4, tol=None, random_state=SEED, average=True)
        model.fit(tokens, self.labels[rows], sample_weight=self.weights[rows])
        weights = model.coef_[0]
        scale = float(np.quantile(np.abs(weights[known]), MOST_WEIGHTS)) / 127
        table = np.clip(np.rint(weights / scale), -127, 127)
        return np.where(known, table, UNKNOWN).astype(np.int8), scale, float(model.intercept_[0])

    def _hosts(self, tokens: Any, rows: Any) -> Any:
        """On how many hosts each token stands."""
        host = self.host[rows]
        one = np.ones(len(rows), dtype=np.float32)
        by_host = sparse.csr_matrix((one, (host, np.arange(len(rows))))) @ tokens
        return np.bincount(by_host.indices, minlength=1 << SLOT_BITS)


def _counts(tokens: Any, count: int) -> Any:
    rows, slots = tokens
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.coo_matrix((ones, (rows, slots)), shape=(count, 1 << SLOT_BITS)).tocsr()


def stacked(examples: Sequence[Example], fold: Any, tokens: Tokens, out: int | None) -> Any:
    """The columns of all pages, one row per block; no page's words have taught the weights that judge it.

    Some pages are shown as if none of their words were known, so that the forest learns to do without: nine in ten of
    the labelled pages are English, those to come are not. Pages of fold `out` are judged by weights of all
    other folds, as an unseen page would be.
    """
    names = feature_names()
    foreigners = np.random.RandomState(5).rand(len(examples))
    rows: list[Any] = [None] * len(examples)
    for one in range(FOLDS):
        wording = tokens.learned((fold != one) & (fold != out))
        foreign = replace(wording, words=BLANK.words)
        for n in np.flatnonzero(fold == one):
            is_foreign = foreigners[n] < FOREIGN_SHARE and fold[n] != out
            rows[n] = features(examples[n].outline, examples[n].said, names, foreign if is_foreign else wording).T
    return np.vstack(rows)


def train(columns: Any, labels: Any, weights: Any, names: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Forests that differ by their seed, and the names of the columns they ask for; their mean is the classifier."""
    sample = slice(None, None, 3)
    data = lightgbm.Dataset(columns[sample], labels[sample], weight=weights[sample])
    first = lightgbm.train(RANKING, data, 60)
    hopeful = first.predict(columns) > HOPELESS
    kept = hopeful | (np.random.RandomState(3).rand(len(labels)) < HOPELESS_SHARE)
    weights = np.where(hopeful, weights, weights / HOPELESS_SHARE)
    second = lightgbm.train(RANKING, lightgbm.Dataset(columns[kept], labels[kept], weight=weights[kept]), 80)
    chosen = np.sort(np.argsort(-second.feature_importance("gain"))[:COLUMNS])
    models = []
    for seed in SEEDS:
        model = catboost.CatBoostClassifier(
            **TREES, bootstrap_type="Bernoulli", subsample=0.7, thread_count=2, random_seed=seed, verbose=0
        )
        model.fit(np.ascontiguousarray(columns[kept][:, chosen]), labels[kept], sample_weight=weights[kept])
        models.append(model)
    return models, [names[n] for n in chosen]


def arrays(models: Sequence[Any], used: Sequence[str]) -> dict[str, Any]:
    """The mean of some forests as the plain arrays of one (see `tasks.page.trees`)."""
    written = [_written(model) for model in models]
    trees = [(tree, forest["scale_and_bias"][0]) for forest in written for tree in forest["oblivious_trees"]]
    depth = max(len(tree["splits"]) for tree, _ in trees)
    feature = np.zeros((len(trees), depth), np.int16)
    border = np.full((len(trees), depth), np.inf, np.float32)
    leaf = np.zeros((len(trees), 2**depth), np.float32)
    for n, (tree, scale) in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            feature[n, level], border[n, level] = split["float_feature_index"], split["border"]
        leaf[n, : len(tree["leaf_values"])] = np.asarray(tree["leaf_values"]) * scale / len(models)
    return {
        "names": np.array(used),
        "feature": feature,
        "border": border,
        "leaf": leaf,
        "bias": np.float32(np.mean([np.ravel(forest["scale_and_bias"][1])[0] for forest in written])),
    }


def _written(model: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return json.loads(path.read_text())


def tables(wording: Wording) -> dict[str, Any]:
    """The weights of words and names as plain arrays (see `tasks.page.wording`)."""
    return {
        "scored_words": wording.words,
        "scored_names": wording.names,
        "words_scale": np.float64(wording.words_scale),
        "names_scale": np.float64(wording.names_scale),
        "words_bias": np.float64(wording.words_bias),
        "names_bias": np.float64(wording.names_bias),
    }


def main() -> None:
    """Train on everything and write the arrays; with `--check`, cross-validate first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="cross-validate over hosts and print the scores")
    parser.add_argument("--output", type=Path, default=MODEL)
    options = parser.parse_args()
    score = scorer(corpora())
    examples = list(labelled(score))
    fold, tokens = folds(examples), Tokens(examples)
    if options.check:
        print(json.dumps(_checked(examples, fold, tokens, score), indent=1))
    labels = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([example.weights for example in examples])
    models, used = train(stacked(examples, fold, tokens, None), labels, weights, feature_names())
    wording = tokens.learned(np.ones(len(examples), dtype=bool))
    np.savez_compressed(options.output, **arrays(models, used), **tables(wording))
    print(f"{options.output}: {len(used)} columns, {len(examples)} pages, {len(labels)} blocks")


def _checked(examples: Sequence[Example], fold: Any, tokens: Tokens, score: Any) -> dict[str, Any]:
    labels = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([example.weights for example in examples])
    chance = np.zeros(len(labels))
    for one in range(FOLDS):
        columns = stacked(examples, fold, tokens, one)
        out = (fold == one)[tokens.page]
        models, used = train(columns[~out], labels[~out], weights[~out], feature_names())
        places = [feature_names().index(name) for name in used]
        chosen_columns = np.ascontiguousarray(columns[out][:, places])
        raw = np.mean([model.predict(chosen_columns, prediction_type="RawFormulaVal") for model in models], axis=0)
        chance[out] = 1 / (1 + np.exp(-raw))
    return judged(examples, np.split(chance, np.cumsum([len(example.labels) for example in examples])[:-1]), score)


def judged(examples: Sequence[Example], chances: Sequence[Any], score: Any) -> dict[str, Any]:
    """The metric on each set, of the whole pipeline with the chances given."""
    texts = [_text(example, chance.astype(np.float32)) for example, chance in zip(examples, chances, strict=True)]
    members = {
        "wcxb articles": [e.is_article and not e.is_news and not e.is_disguised for e in examples],
        "fundus": [e.is_news and not e.is_disguised for e in examples],
        "wcxb": [not e.is_news and not e.is_disguised for e in examples],
        "articles in disguise": [e.is_article and e.is_disguised for e in examples],
    }
    found = {}
    for name, some in members.items():
        pages = [(e, text) for e, text, is_member in zip(examples, texts, some, strict=True) if is_member]
        gold = [{"id": e.id, "body": e.body} for e, _ in pages]
        found[name] = score.score(gold, {e.id: {"text": text} for e, text in pages})
    return found


def _text(example: Example, chance: Any) -> str:
    """What the cleaner makes of a page when the forest says this (refusals are empty texts)."""
    seen, about, url = example.outline, example.about, example.about.url
    kept, _ = chosen(seen, chance, about.types, None)
    cuts = {cut.position for cut in tail(seen, kept)} | set(head(seen, kept, example.said))
    kept = [keep and n not in cuts for n, keep in enumerate(kept)]
    refused = refuse(seen, kept, about, url, has_scripts=example.has_scripts)
    return "" if refused is not None else joined(body_blocks(seen, kept))


if __name__ == "__main__":
    main()
