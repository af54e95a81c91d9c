"""What changed between two editions of an article, sentence by sentence, and of which kind each change is.

    two texts ──sentences──▶ keys ──difflib──▶ rows (same, changed, added, removed) ──▶ kinds

A change is *cosmetic*, and makes no version, when no sentence says anything else: reflow, quotes, dashes, counters,
lists of other articles, paragraphs in another order. Otherwise each row is judged by itself: a changed sentence is a
typo when its words differ by a letter or two, figures when its numbers differ, else rewriting; an added one may be a
notice of correction or of retraction, recognised in the languages of the press by how such notices begin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from itertools import pairwise

from tasks.page.editions_sentences import key, split, words


class ChangeKind(StrEnum):
    """What a new edition did to the one before it."""

    TYPO = "typo"
    HEADLINE = "headline"
    FIGURES = "figures"
    ADDITION = "addition"
    CORRECTION = "correction_notice"
    RETRACTION = "retraction"
    REMOVAL = "removal"
    REWRITING = "rewriting"


class Op(StrEnum):
    """What became of a sentence."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a rendered difference; a changed sentence is a removed row followed by an added one."""

    op: Op
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """The difference of two editions. No kinds: the change is cosmetic."""

    kinds: tuple[ChangeKind, ...]
    rows: tuple[Row, ...]

    @property
    def is_cosmetic(self) -> bool:
        """Whether nothing that the article says has changed."""
        return not self.kinds


SIMILAR = 0.55
"""Share of words in common from which two sentences are one that was changed; at 0.4 strangers were paired."""
LETTERS = 0.7
"""Likeness of two words from which one is a misspelling of the other ("goverment"); "may"/"say" have 0.67."""
NEARLY = 0.9
"""Likeness of a run written with other gaps ("harbour side" for "harbourside")."""
MAX_CELLS = 250_000
"""Pairs of words, or of like sentences, that are compared; a sentence of 500 words is no sentence."""
MAX_ALIGNED = 400
"""Removed sentences of one stretch for which a changed counterpart is sought."""
MAX_WORD = 60
MAX_TYPO_WORDS = 3
MAX_GLUE = 3
"""Letters of a little word ("a", "the", "of") whose coming or going is a slip."""
MIN_CLAUSE = 4
"""Words that, added inside a sentence or taken from it, are an addition or a removal."""

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:[.,:'-]\d+)*|[^\w\s]")
_NUMBER_WORDS = frozenset(
    # Cardinals to twelve and round numbers: what the style guides of the press let be written in letters.
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "dozen",
     "hundred", "thousand", "million", "billion", "half", "zwei", "drei", "vier", "fünf", "sechs", "sieben",
     "acht", "neun", "zehn", "elf", "zwölf", "hundert", "tausend", "millionen", "milliarden", "deux", "trois",
     "quatre", "cinq", "sept", "huit", "neuf", "dix", "onze", "douze", "cent", "mille", "millions", "milliards",
     "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "cien", "mil", "millones", "dois",
     "três", "quatro", "sete", "oito", "nove", "dez", "due", "tre", "quattro", "cinque", "sei", "sette", "otto",
     "dieci", "cento", "mila", "twee", "drie", "vijf", "zes", "zeven", "negen", "tien", "två", "fyra", "fem",
     "sex", "sju", "åtta", "nio", "tio", "два", "две", "три", "четыре", "пять", "шесть", "семь", "восемь",
     "девять", "десять", "iki", "üç", "dört", "beş", "dwa", "trzy", "cztery", "pięć")
)  # fmt: skip


def changes(before_title: str | None, before_text: str, after_title: str | None, after_text: str) -> Change:
    """Return what the second edition changed, its kinds in a fixed order, and the rows of the difference."""
    rows: list[Row] = []
    kinds: set[ChangeKind] = set(_of_titles(before_title or "", after_title or ""))
    for old, new in _pairs(split(before_text), split(after_text)):
        if old is not None and new is not None and key(old) == key(new):
            rows.append(Row(op=Op.SAME, sentence=new))
            continue
        rows += [Row(op=Op.REMOVED, sentence=old)] if old is not None else []
        rows += [Row(op=Op.ADDED, sentence=new)] if new is not None else []
        kinds |= set(_of_sentences(old, new))
    return Change(kinds=tuple(kind for kind in ChangeKind if kind in kinds), rows=tuple(rows))


def _of_titles(before: str, after: str) -> Iterator[ChangeKind]:
    old, new = key(before).casefold(), key(after).casefold()
    if old == new or not new:
        return
    if _is_notice("retraction", after) and not _is_notice("retraction", before):
        yield ChangeKind.RETRACTION
    yield ChangeKind.HEADLINE


def _of_sentences(old: str | None, new: str | None) -> Iterator[ChangeKind]:
    if new is not None and (old is None or not _is_notice("retraction", old)) and _is_notice("retraction", new):
        yield ChangeKind.RETRACTION
    elif new is not None and (old is None or not _is_notice("correction", old)) and _is_notice("correction", new):
        yield ChangeKind.CORRECTION
    elif old is None:
        yield ChangeKind.ADDITION
    elif new is None:
        yield ChangeKind.REMOVAL
    else:
        yield from _of_changed(old, new)


def _is_notice(kind: str, sentence: str) -> bool:
    """A notice begins with one of its phrases; the longer phrases ("an earlier version of this") count anywhere."""
    folded = key(sentence).casefold().lstrip(" *[(\"'-–:•")
    for phrase, form in _notices(kind):
        if folded.startswith(form) and _is_whole(phrase, folded[len(form) :]):
            return True
        if phrase.count(" ") >= 2 and len(phrase) > 14 and form in folded:
            return True
    return False


@cache
def _notices(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((phrase, key(phrase)) for phrase in words(kind))


def _is_whole(phrase: str, rest: str) -> bool:
    """Whether a phrase at the beginning announces a notice: several words do, a single one needs a mark after it."""
    if " " in phrase or (not phrase[0].isascii() and len(phrase) >= 4 and phrase[0] >= "\u3000"):
        return not (rest[:1].isalnum() and phrase[-1].isascii())
    return re.match(r"^\s*(?:$|[:：.\-—(\[]|\w{0,12}\s?\(|der |du |on |of )", rest) is not None


def _of_changed(old: str, new: str) -> Iterator[ChangeKind]:
    """Kinds of a changed sentence, from the words that came and went."""
    before, after = _TOKEN.findall(key(old)), _TOKEN.findall(key(new))
    if len(before) * len(after) > MAX_CELLS:
        yield ChangeKind.REWRITING
        return
    runs = [
        (before[a:b], after[c:d])
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    if _numbers(before) != _numbers(after):
        yield ChangeKind.FIGURES
        runs = [run for run in runs if not _is_figures(*run)]
    slips = [run for run in runs if _is_slip(*run, before, after)]
    rest = [run for run in runs if run not in slips]
    if slips and not rest and sum(max(len(gone), len(come)) for gone, come in slips) <= MAX_TYPO_WORDS * 2:
        yield ChangeKind.TYPO
    elif rest:
        yield _of_runs(rest)


def _of_runs(runs: Sequence[tuple[list[str], list[str]]]) -> ChangeKind:
    gone = sum(token.isalnum() for run in runs for token in run[0])
    come = sum(token.isalnum() for run in runs for token in run[1])
    if gone <= 1 and come >= MIN_CLAUSE:
        return ChangeKind.ADDITION
    if come <= 1 and gone >= MIN_CLAUSE:
        return ChangeKind.REMOVAL
    return ChangeKind.REWRITING


def _numbers(tokens: Sequence[str]) -> Counter[str]:
    return Counter(token.casefold() for token in tokens if _is_number(token))


def _is_number(token: str) -> bool:
    return any(map(str.isdigit, token)) or token.casefold() in _NUMBER_WORDS


def _is_figures(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Whether a run is about numbers, units included: "3 million" → "2.8 million", "12" → "twelve people"."""
    tokens = [token for token in (*gone, *come) if any(map(str.isalnum, token))]
    return bool(tokens) and sum(map(_is_number, tokens)) * 2 >= len(tokens)


def _is_slip(gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a run is a slip of the pen: letters, capitals, punctuation, a doubled or missing little word."""
    old, new = [t for t in gone if any(map(str.isalnum, t))], [t for t in come if any(map(str.isalnum, t))]
    if not old and not new:
        return True
    if "".join(old).casefold() == "".join(new).casefold():
        return True
    if len(old) == len(new) and len(old) <= MAX_TYPO_WORDS:
        return all(_is_misspelt(a, b) for a, b in zip(old, new, strict=True))
    if len(old) + len(new) == 1:
        token = (old or new)[0]
        longer = before if old else after
        return _is_doubled(token, longer) or (len(token) <= MAX_GLUE and token.isascii() and not _is_denial(token))
    if sum(map(len, (*old, *new))) > 2 * MAX_WORD:
        return False
    return bool(old and new) and SequenceMatcher(None, "".join(old), "".join(new)).ratio() > NEARLY


def _is_doubled(token: str, tokens: Sequence[str]) -> bool:
    folded = [other.casefold() for other in tokens]
    return any(one == two == token.casefold() for one, two in pairwise(folded))


def _is_denial(token: str) -> bool:
    """Little words that turn the sense: no slips."""
    return token.casefold() in ("no", "not", "non", "ne", "kein", "nie", "не", "ni", "nem", "ej", "nu")


def _is_misspelt(one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    if _is_number(one) or _is_number(other) or max(len(one), len(other)) > MAX_WORD:
        return False
    if min(len(one), len(other)) <= 2:
        return len(one) + len(other) <= 4 and one.isascii() and bool(set(one.casefold()) & set(other.casefold()))
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= LETTERS


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield each sentence with what became of it; sentences that merely moved are the same."""
    old_keys, new_keys = [key(s) for s in old], [key(s) for s in new]
    moved = _moved(old_keys, new_keys)
    if _is_repetitive(old_keys, new_keys):
        yield from _unordered(old, new)
        return
    for tag, a, b, c, d in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
            continue
        gone = [s for s, k in zip(old[a:b], old_keys[a:b], strict=True) if not moved[k]]
        come = [(s, bool(moved[k])) for s, k in zip(new[c:d], new_keys[c:d], strict=True)]
        yield from ((s, s) for s, is_moved in come if is_moved)
        yield from _aligned(gone, [s for s, is_moved in come if not is_moved])


def _is_repetitive(old_keys: Sequence[str], new_keys: Sequence[str]) -> bool:
    """Whether sentences return so often that comparing them in order would take quadratic time."""
    counts = Counter(new_keys)
    return sum(counts[k] for k in old_keys) > MAX_CELLS


def _unordered(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """What came and went, whatever its place: for pages that repeat a sentence thousands of times."""
    gone, come = Counter(map(key, old)), Counter(map(key, new))
    yield from ((sentence, None) for sentence in dict.fromkeys(old) if gone[key(sentence)] > come[key(sentence)])
    yield from ((None, sentence) for sentence in dict.fromkeys(new) if come[key(sentence)] > gone[key(sentence)])


def _moved(old_keys: Sequence[str], new_keys: Sequence[str]) -> Counter[str]:
    """Sentences that stand in both editions."""
    return Counter(old_keys) & Counter(new_keys)


def _aligned(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Pair the sentences of a replaced stretch by their words, in order."""
    at = 0
    for count, sentence in enumerate(gone):
        if count >= MAX_ALIGNED:
            yield sentence, None
            continue
        scored = [(_likeness(sentence, other), -n) for n, other in enumerate(come[at : at + 12], at)]
        best, position = max(scored, default=(0.0, 0))
        if best < SIMILAR:
            yield sentence, None
            continue
        yield from ((None, other) for other in come[at:-position])
        yield sentence, come[-position]
        at = 1 - position
    yield from ((None, other) for other in come[at:])


def _likeness(one: str, other: str) -> float:
    """Share of the shorter sentence's words that the other has, softened by length; letters where words are few."""
    one, other = one[:4_000], other[:4_000]
    a, b = _TOKEN.findall(key(one).casefold()), _TOKEN.findall(key(other).casefold())
    shared = sum((Counter(a) & Counter(b)).values())
    score = shared / max(1, min(len(a), len(b)))
    balance = min(len(a), len(b)) / max(1, len(a), len(b))
    words_alike = score * (0.6 + 0.4 * balance)
    if len(a) > 12 or len(one) + len(other) > 400:
        return words_alike
    return max(words_alike, SequenceMatcher(None, key(one).casefold(), key(other).casefold()).ratio() - 0.15)
