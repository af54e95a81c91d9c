"""Made-up sets for the duplicate finder: pieces of many templates, some of them reprinted by outlets with furniture
of their own.

Two documents are copies if they are reprints of one piece; all other pairs are hard negatives. In part of the
families the names or the wording stay the same from piece to piece (a daily series about one place).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from duplicates_templates import TEMPLATES, piece, word
from duplicates_texts import vocabulary

FURNITURE = (
    "Sign up for the {outlet} morning briefing and get the day's top stories in your inbox. You can leave at any time.",
    "{outlet} | {day}",
    "By {person}, {outlet} staff writer",
    "Copyright {year} {outlet}. All rights reserved. No part of this page may be copied without written permission.",
    "Read next: What we know so far about the storm. Five recipes for the weekend. Why house prices keep rising.",
    "{person} covers courts and local government for {outlet}. Send news tips to desk@{host}.",
    "Follow {outlet} on social media or listen to our daily podcast.",
    "Did you spot a mistake? Write to the editor at corrections@{host} and we will look into it.",
    "This story was supplied by a news agency and has not been edited by {outlet} staff.",
    "Subscribers to {outlet} can read without limits. Become a member today and support independent reporting.",
    "Updated {day}",
    "Photo: {person} / {outlet}",
)
EDITS = ("none", "none", "cut", "type", "noise", "dateline", "house", "drop")
STICKY = ("", "", "wording", "names", "names", "wording names")
"""What stays the same within a family, with its frequency."""


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """Texts, and for each the piece it prints (family and number)."""

    texts: list[str]
    pieces: list[tuple[str, int]]


def make(
    seed: int, *, sizes: tuple[int, ...], furniture: float, reprints: float = 0.35, least_words: int = 30
) -> MadeUp:
    """One set: of each family as many pieces as one of `sizes`, each reprinted again with chance `reprints`, three
    times at most.
    """
    rng = random.Random(seed)
    outlets = [f"{word('city', rng)} {rng.choice(['Gazette', 'Post', 'Herald', 'Tribune', 'Star'])}" for _ in range(30)]
    made: list[tuple[str, tuple[str, int]]] = []
    for family in TEMPLATES:
        sticky = random.Random(f"{family}{seed}").choice(STICKY)
        for number in range(rng.choice(sizes)):
            text = piece(
                family,
                rng,
                wording=random.Random(7) if "wording" in sticky else None,
                names=random.Random(11 + seed) if "names" in sticky else None,
            )
            if len(text.split()) < least_words:
                continue
            count = 1
            while count < 4 and rng.random() < reprints:
                count += 1
            for copy in range(count):
                printed = edited(text, rng) if copy else text
                made.append((wrapped(printed, rng, rng.choice(outlets), furniture), (family, number)))
    rng.shuffle(made)
    return MadeUp(texts=[text for text, _ in made], pieces=[name for _, name in made])


def wrapped(text: str, rng: random.Random, outlet: str, share: float) -> str:
    """The text between an outlet's own head and tail, each of their lines with chance `share`."""
    own = random.Random(outlet).sample(FURNITURE, 6)
    head = [_furnish(line, rng, outlet) for line in own[:3] if rng.random() < share]
    tail = [_furnish(line, rng, outlet) for line in own[3:] if rng.random() < share]
    return "\n\n".join([*head, text, *tail])


def _furnish(line: str, rng: random.Random, outlet: str) -> str:
    year = rng.randint(2010, 2024)
    return line.format(
        outlet=outlet,
        day=f"{word('month', rng)} {rng.randint(1, 28)}, {year}",
        person=f"{word('first', rng)} {word('last', rng)}",
        year=year,
        host=f"{outlet.lower().replace(' ', '')}.example",
    )


def edited(text: str, rng: random.Random) -> str:
    """The text as another newsroom might print it."""
    how = rng.choice(EDITS)
    sentences = re.split(r"(?<=[.])\s+", text)
    if how == "cut" and len(sentences) > 3:
        return " ".join(sentences[: max(2, int(len(sentences) * rng.uniform(0.6, 0.9)))])
    if how == "drop" and len(sentences) > 3:
        sentences.pop(rng.randrange(len(sentences)))
        return " ".join(sentences)
    if how == "type":
        return text.replace('"', "“").replace("'", "’").replace(" ", "\u00a0", 3)
    if how == "noise":
        letters = list(text)
        for _ in range(len(letters) // 100):
            letters[rng.randrange(len(letters))] = rng.choice("abcdeinorst. ")
        return "".join(letters)
    if how == "dateline":
        return f"{word('city', rng).upper()}, {word('month', rng)} {rng.randint(1, 28)} - {text}"
    if how == "house":
        return text.replace(" percent", "%").replace(" pct", "%").replace("million", "mln").replace(" dlrs", "")
    return text


def blocks(seed: int, groups: int = 300) -> tuple[list[str], dict[tuple[int, int], int], list[str]]:
    """Texts of words at random that share a stated part; the truth about pairs (1, -1 not judged, 0); their groups.

    Clean texts without furniture, in which the share of the smaller text alone decides: below .38 it is a shared quote
    or background, from .5 a copy, between them nobody's business.
    """
    rng = random.Random(seed)
    every = vocabulary(seed=seed).tolist()
    plain = [token for token in every if token[0].islower()]
    stock = every
    texts: list[str] = []
    truth: dict[tuple[int, int], int] = {}
    names: list[str] = []

    def fresh(count: int) -> str:
        return " ".join(rng.choices(stock, k=count))  # `stock` is that of the group

    for group in range(groups):
        stock = plain if group % 3 == 0 else every
        size, shared = rng.randint(60, 400), rng.uniform(0.1, 0.95)
        block = fresh(int(size * shared))
        rest = size - int(size * shared)
        cut = rng.randint(0, rest)
        small = f"{fresh(cut)} {block} {fresh(rest - cut)}"
        extra = rng.randint(rest, rest + 400)
        split = rng.randint(0, extra)
        large = f"{fresh(split)} {block} {fresh(extra - split)}"
        if shared >= 0.38:
            truth[len(texts), len(texts) + 1] = 1 if shared >= 0.5 else -1
        texts += [small, large]
        names += [f"blocks {seed} {group}"] * 2
    return texts, truth, names
