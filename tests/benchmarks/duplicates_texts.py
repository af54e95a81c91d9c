"""Texts for measuring speed: words at random in the mix of real news, a quarter of them edited copies of the last few.

Random words share no passages by chance, so what is found is what was planted, and nothing of anybody's text is needed.
"""

from __future__ import annotations

import numpy as np

SYLLABLES = "ba be bi bo bu da de di do du fa fe ga go ha he ka ke ki ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve vi".split()  # noqa: E501, SIM905
MEAN_WORDS = 330
"""Words of a 2 KB article."""


def vocabulary(size: int = 30_000, seed: int = 0) -> np.ndarray:
    """Made-up words of the length of English ones, some capitalised, some figures, some with a mark after them."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(size):
        word = "".join(rng.choice(SYLLABLES, int(rng.integers(1, 4))))
        if number % 7 == 0:
            word = word.capitalize()
        if number % 23 == 0:
            word = str(int(rng.integers(1, 3000)))
        made.append(word + rng.choice(["", "", "", "", "", "", ",", ".", "’s", ".”"]))
    return np.array(made, dtype=object)


def articles(count: int, *, seed: int = 0, copies: float = 0.25) -> list[str]:
    """So many articles; a copy is cut, gets twenty words of its own and five changed ones."""
    rng, words = np.random.default_rng(seed), vocabulary()
    chance = 1 / np.arange(1, len(words) + 1) ** 0.8
    chance /= chance.sum()
    texts: list[str] = []
    for _ in range(count):
        if len(texts) > 20 and rng.random() < copies:
            old = texts[-int(rng.integers(1, 20))].split(" ")
            kept = old[: int(len(old) * rng.uniform(0.5, 0.95))]
            for place in rng.integers(0, len(kept), 5):
                kept[place] = words[rng.integers(len(words))]
            texts.append(" ".join([*kept, *words[rng.integers(0, len(words), 20)]]))
            continue
        length = max(40, int(rng.normal(MEAN_WORDS, 120)))
        texts.append(" ".join(words[rng.choice(len(words), length, p=chance)]))
    return texts
