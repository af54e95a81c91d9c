"""The title as a reader sees it above the article.

Observed on two development sets (918 pages): the only `h1` is the title on 80–86 % of pages, JSON-LD's `headline` on
79–85 %, `og:title` on 53–70 % (written for sharing, or with the outlet's name), `<title>` on 25–31 %. They fail
differently: an `h1` may be the outlet's logo, a section, or hold the kicker; a headline may be cut or be the one for
search engines. So every opinion is collected, stripped of the outlet's name, and the reader's version wins unless the
others show that it is not a title at all.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from tasks.page import json_ld
from tasks.page.metadata_head import Head

MAX_TITLE = 500
SEPARATORS = (
    r"\s+[|\-–—·•:›»/~]+\s+|\s*[|｜»›]\s*|\s+-{2,}\s+|(?<=\w)\s?::\s?|\s?—\s?|(?<=\w)-{2}(?=\w)"
    r"|[_＿](?=\S*$)"
)
_NOT_WORD = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(SEPARATORS)
META_TITLES = (
    "parsely-title", "sailthru.title", "citation_title", "mrf:canonical_title", "cxenseparse:recs:title",
    "dc.title", "dcterms.title", "title",
)  # fmt: skip
"""What publishing systems write for analytics services; dublin core last, it is often the `<title>`."""
GENERIC = frozenset(
    ("home", "homepage", "startseite", "accueil", "inicio", "news", "blog", "article", "articles", "untitled", "index",
     "welcome", "menu", "search", "login", "404", "error", "advertisement", "start", "hjem", "hem", "forside",
     "главная", "новости")
)  # fmt: skip
"""Headings of sites, not of articles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """One version of the title and where it was declared."""

    kind: str
    text: str


def opinions(head: Head, about: Sequence[json_ld.Node], names: frozenset[str]) -> tuple[Opinion, ...]:
    """Return every declared version, outlet names stripped, kinds in the order in which they are believed."""
    found: list[tuple[str, str | None]] = [("h1", h1_text(node)) for node in head.h1s[:12]]
    found += [("h1_main", main_text(node)) for node in head.h1s[:3]]
    for node in about[:3]:
        kind = "json_ld" if json_ld.rank(node) < 2 else "json_ld_page"
        found.append((kind, json_ld.text(node.get("headline"))))
        found.append((f"{kind}_name", json_ld.text(node.get("name"))))
    found += [("meta", head.meta(name)) for name in META_TITLES]
    found += [("og", head.meta("og:title")), ("twitter", head.meta("twitter:title")), ("title", head.title)]
    seen: dict[tuple[str, str], None] = {}
    stripped = {words: without_outlet(words, names) for words in dict.fromkeys(words for _, words in found) if words}
    for kind, words in found:
        text = stripped[words] if words else None
        if text and len(text) <= MAX_TITLE:
            seen.setdefault((kind, text))
    return tuple(Opinion(kind=kind, text=text) for kind, text in seen)


VOTES = {
    "h1": 1.1, "h1_main": 0.9, "json_ld": 1.2, "json_ld_name": 0.2, "json_ld_page": 0.7, "json_ld_page_name": 0.3,
    "meta": 0.5, "og": 0.7, "twitter": 0.2, "title": 0.3,
}  # fmt: skip
"""Weight of each kind's vote: what the reader sees outweighs the sharing title, two that agree outweigh it.
Fitted weights did no better on the other half of the hosts."""
LATER_H1 = 0.5
"""Part of its vote that an `h1` after the first keeps."""
UNSUPPORTED = 0.34
"""Share of its words that an `h1` must have in common with some declared version, else it is a logo or a section."""


def choose(found: Sequence[Opinion], names: frozenset[str]) -> tuple[Opinion, float] | None:
    """Return the version with most votes, and a confidence: its share of all votes given.

    `names` are the outlet's, by `outlet_keys`.
    """
    usable = [o for o in found if key(o.text) and key(o.text) not in names and key(o.text) not in GENERIC]
    if not usable:
        return None
    votes: dict[str, float] = {}
    for opinion, weight in _weighed(usable):
        form = key(opinion.text)
        votes[form] = votes.get(form, 0.0) + weight
    best = max(votes, key=lambda form: votes[form])  # first stated wins a tie: kinds are ordered
    if votes[best] <= 0:
        return None
    # Inline markup inside a heading reads as a space inside a word; of the same letters the fewest words are right.
    chosen = min((o for o in usable if key(o.text) == best), key=lambda o: len(o.text.split()))
    return chosen, round(votes[best] / sum(votes.values()), 2)


def _weighed(usable: Sequence[Opinion]) -> list[tuple[Opinion, float]]:
    declared = [o for o in usable if o.kind not in ("h1", "h1_main")]
    weighed: list[tuple[Opinion, float]] = []
    first = True
    given: set[tuple[str, str]] = set()
    for opinion in usable:
        weight = VOTES[opinion.kind]
        if opinion.kind == "h1":
            if declared and max(likeness(opinion.text, other.text) for other in declared) < UNSUPPORTED:
                continue
            weight *= 1.0 if first else LATER_H1
            first = False
        if (opinion.kind, key(opinion.text)) not in given:
            given.add((opinion.kind, key(opinion.text)))
            weighed.append((opinion, weight))
    return weighed


def likeness(one: str, other: str) -> float:
    """Return how far two titles are made of the same words, relative to the shorter one, 0 to 1."""
    a, b = _tokens(one), _tokens(other)
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))


@lru_cache(maxsize=256)
def _tokens(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    if any(word[0] >= "\u2e80" for word in words):  # scripts without spaces
        letters = "".join(words)
        return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))
    return frozenset(words)


@lru_cache(maxsize=2_048)
def key(text: str) -> str:
    """Return the letters and digits of a title, case folded."""
    return _NOT_WORD.sub("", text.casefold())


def h1_text(node: LexborNode) -> str | None:
    """Return the text of a heading; a space where an element ends, for kickers stand in their own `span`."""
    return json_ld.clean(node.text(separator=" ")[: MAX_TITLE * 4]) or None


def main_text(node: LexborNode) -> str | None:
    """Return a heading's longest part where it consists of several elements: the headline without its kicker."""
    parts = [json_ld.clean(child.text(separator=" ")[: MAX_TITLE * 2]) for child in node.iter()]
    parts = [part for part in parts if part]
    whole = h1_text(node) or ""
    if len(parts) < 2 or sum(map(len, parts)) < 0.9 * len(whole):
        return None
    longest = max(parts, key=len)
    return longest if len(longest) > len(whole) / 2 else None


def outlet_keys(outlets: Iterable[str], url: str | None) -> frozenset[str]:
    """Return the forms under which the outlet's name is stripped and refused as a title."""
    found = {key(name) for name in outlets if name}
    host = ""
    with contextlib.suppress(ValueError):
        host = (urlsplit(url).hostname or "") if url else ""
    if host:
        bare = re.sub(r"^(?:www\d?|m|amp|mobile)\.", "", host)
        labels = bare.split(".")
        found |= {key(bare), key(host)}
        if len(labels) >= 2:
            # `bbc.co.uk` → `bbc`, `faktencheck.afp.com` → `afp`
            found |= {key(label) for label in labels[:-1] if len(label) > 2 and label not in ("com", "net", "org")}
    return frozenset(name for name in found if name)


def without_outlet(words: str, names: frozenset[str]) -> str | None:
    """Return a title without the outlet's name (and the section before it) at its end or start."""
    text = json_ld.clean(words)
    for _ in range(4):
        shorter = _strip_once(text, names)
        if shorter is None:
            return text or None
        text = shorter
    return text or None


def _strip_once(text: str, names: frozenset[str]) -> str | None:
    pieces = list(_SEPARATOR.finditer(text))
    if not pieces:
        return None
    last, first = pieces[-1], pieces[0]
    tail, front = text[last.end() :], text[: last.start()]
    if key(front) and (is_outlet(tail, names) or _is_label(last[0], tail, front)):
        return front.strip()
    lead, rest = text[: first.start()], text[first.end() :]
    if is_outlet(lead, names) and key(rest):
        return rest.strip()
    return None


def _is_label(separator: str, tail: str, front: str) -> bool:
    """A word or two after a bar, behind a whole headline: the section or the outlet under another name."""
    return separator.strip() in ("|", "｜") and len(tail.split()) <= 2 and len(tail) <= 20 and len(front.split()) >= 4


def is_outlet(piece: str, names: frozenset[str]) -> bool:
    """Return whether words are the outlet's name, in any of its forms."""
    form = key(piece)
    if not form or len(piece) > 60:
        return False
    if form in names:
        return True
    if re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+", piece.strip()):
        return True
    # "Sky News" beside the host `news.sky.com`, "The Guardian" beside `theguardian`
    return any(
        len(name) > 3
        and len(form) > 3
        and (form in name or name in form)
        and SequenceMatcher(None, form, name).ratio() > 0.6
        for name in names
    )
