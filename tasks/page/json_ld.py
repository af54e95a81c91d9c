"""Linked data in `<script type="application/ld+json">`: forgiving reading, and which object is about this page.

Seen in the wild: comments and CDATA around the JSON, trailing commas, raw line breaks inside strings, entities in the
place of quotes, several objects one after the other, `@graph`, authors by `@id` reference, and articles of *other*
pages (related lists, live-blog entries). Each repair below answers one of these; what no repair makes readable is
searched for the few fields worth having.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

Node = Mapping[str, Any]

MAX_SCRIPTS = 40
MAX_CHARS = 1_500_000
"""Over all scripts of a page; a live blog with all its entries was seen at 900,000."""
MAX_NODES = 4_000
MAX_DEPTH = 24


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# schema.org/Article and its subtypes (release 29), and what blogs and forums use in its stead.
ARTICLE_TYPES = _set(
    "article newsarticle reportagenewsarticle opinionnewsarticle analysisnewsarticle backgroundnewsarticle "
    "reviewnewsarticle askpublicnewsarticle satiricalarticle advertisercontentarticle report scholarlyarticle "
    "medicalscholarlyarticle techarticle apireference blogposting liveblogposting socialmediaposting "
    "discussionforumposting"
)
WORK_TYPES = _set(
    "videoobject audioobject podcastepisode recipe howto review claimreview event interview qapage question "
    "medicalwebpage newsmediaobject creativework photograph imagegallery course book movie"
)
PAGE_TYPES = _set("webpage itempage aboutpage collectionpage profilepage faqpage")
# Keys under which a page's object holds the objects of other pages.
OTHERS_KEYS = _set(
    "liveBlogUpdate itemListElement hasPart isPartOf comment citation mentions relatedLink subjectOf review "
    "associatedArticle blogPost significantLink suggestedAnswer workExample recordedIn isBasedOn"
)
SALVAGED_KEYS = ("headline", "datePublished", "dateModified", "description", "inLanguage", "articleSection", "url")

_WRAPPERS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_COMMENT_LINES = re.compile(r"(?m)^\s*(?://[^\n]*|/\*[^*]*\*/)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DOUBLE_COMMA = re.compile(r",(?:\s*,)+")
_PAIR = re.compile(r'"(%s)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"' % "|".join(SALVAGED_KEYS))  # noqa: UP031 - braces
_BEFORE_NAME = re.compile(r"^.*[/#:]", re.S)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w{1,40})"')


def read(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Return every typed object of a page's JSON-LD scripts, in document order, references by `@id` resolved."""
    roots: list[Any] = []
    budget = MAX_CHARS
    for count, script in enumerate(scripts):
        budget -= len(script)
        if count >= MAX_SCRIPTS or budget < 0:
            break
        roots.extend(parse(script))
    nodes = list(_typed(roots))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    return tuple(_resolved(node, known) for node in nodes) if known else tuple(nodes)


def parse(script: str) -> list[Any]:
    """Return the JSON values in a script: as it stands, or repaired, or what can be salvaged; never raises."""
    for repair in _REPAIRS:
        values = _decode(repair(script))
        if values:
            return values
    return _salvage(script)


def _decode(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)  # raw control characters inside strings are common
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < MAX_SCRIPTS:
        while at < len(text) and text[at] in " \t\r\n;,\ufeff":
            at += 1
        if at >= len(text):
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        values.append(value)
    return values


def _tidy(script: str) -> str:
    text = _WRAPPERS.sub("", script.strip())
    text = _COMMENT_LINES.sub("", text)
    text = _DOUBLE_COMMA.sub(",", text)
    return _TRAILING_COMMA.sub(r"\1", text)


_REPAIRS: tuple[Callable[[str], str], ...] = (str, _tidy, lambda script: _tidy(html.unescape(script)))
"""From the least to the most invasive."""


def _salvage(script: str) -> list[Any]:
    """A headline with a bare quote breaks the whole object; its dates are still legible."""
    declared = _TYPE.search(script)
    found: dict[str, str] = {}
    for key, value in _PAIR.findall(script[:200_000]):
        found.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    if declared is None or not found:
        return []
    return [{"@type": declared.group(1), **found}]


def _typed(roots: Sequence[Any]) -> Iterator[Node]:
    """Objects with a type, breadth first would lose the order: a stack, so that no nesting exhausts the interpreter."""
    stack = [(root, 0) for root in reversed(roots)]
    seen = 0
    while stack and seen < MAX_NODES:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            stack.extend((item, depth + 1) for item in reversed(value[:MAX_NODES]))
        elif isinstance(value, dict):
            seen += 1
            if "@type" in value:
                yield value
            stack.extend(
                (item, depth + 1)
                for key, item in reversed(value.items())
                if key not in OTHERS_KEYS and isinstance(item, (dict, list))
            )


def _resolved(node: Node, known: Mapping[str, Node]) -> Node:
    """The node with its direct `{"@id": …}` references replaced by the objects they name."""

    def follow(value: Any) -> Any:
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return known.get(value["@id"], value)
        if isinstance(value, list):
            return [follow(item) for item in value[:100]]
        return value

    return {key: follow(value) for key, value in node.items()}


def types(node: Node) -> tuple[str, ...]:
    """Return the declared types of a node, without vocabulary prefixes."""
    declared = node.get("@type")
    values = declared if isinstance(declared, list) else [declared]
    return tuple(_BEFORE_NAME.sub("", value) for value in values if isinstance(value, str) and value)


def rank(node: Node) -> int:
    """Return how near a node's type is to an article: 0 article, 1 another work, 2 a page, 3 none of them."""
    names = {name.lower() for name in types(node)}
    if names & ARTICLE_TYPES:
        return 0
    if names & WORK_TYPES:
        return 1
    return 2 if names & PAGE_TYPES else 3


def about(nodes: Sequence[Node], url: str | None, titles: Sequence[str]) -> tuple[Node, ...]:
    """Return the nodes that speak about this page, the most telling first.

    A node that names another address *and* another headline than the page is somebody else's article. One that says
    neither is believed when its type is right, for most sites declare exactly one.
    """
    here = _place(url)
    seen = [words for words in map(_words, titles) if words]
    scored = []
    for position, node in enumerate(nodes):
        kind = rank(node)
        if kind > 2:
            continue
        address = _addresses(node)
        same_address = here is not None and here in address
        agreement = _agreement(node, seen)
        if kind < 2 and not same_address and agreement == 0 and (address or seen) and (here or seen) and _speaks(node):
            continue
        scored.append((kind, -(2 * same_address + 2 * agreement), -len(node) // 6, position, node))
    scored.sort(key=lambda item: item[:4])
    return tuple(item[4] for item in scored)


def _speaks(node: Node) -> bool:
    return bool(text(node.get("headline")) or text(node.get("name")))


def _agreement(node: Node, titles: Sequence[frozenset[str]]) -> float:
    """Share of the shorter headline's words that the page's own titles have too, 0 when under a third."""
    best = 0.0
    for key in ("headline", "name", "alternativeHeadline"):
        words = _words(text(node.get(key)) or "")
        for other in titles:
            if words:
                best = max(best, len(words & other) / min(len(words), len(other)))
    return best if best >= 1 / 3 else 0.0


def _words(title: str) -> frozenset[str]:
    words = re.findall(r"\w+", title.casefold()[:600])
    if len(words) < 3 and title:  # scripts without spaces: pairs of characters
        letters = re.sub(r"\W", "", title)
        return frozenset(letters[i : i + 2] for i in range(len(letters) - 1)) or frozenset(words)
    return frozenset(words)


def _addresses(node: Node) -> set[str]:
    found = set()
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        place = _place(value) if isinstance(value, str) else None
        if place:
            found.add(place)
    return found


def _place(url: str | None) -> str | None:
    """The path of a URL, the part that names an article; hosts vary (`www`, `m`, `amp`)."""
    if not url or not url.startswith(("http", "/")):
        return None
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    return path.rstrip("/").casefold() or None


def text(value: Any, limit: int = 2_000) -> str | None:
    """Return the words of a JSON-LD value: a string, `@value`, `name`, or the first of a list."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url")
    if isinstance(value, str):
        return clean(value[: limit * 2])[:limit] or None
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def texts(value: Any, limit: int = 100) -> tuple[str, ...]:
    """Return the words of each member of a JSON-LD value."""
    members = value if isinstance(value, list) else [value]
    return tuple(words for words in map(text, members[:limit]) if words)


def clean(words: str) -> str:
    """Return words without entities, markup, soft hyphens and runs of white space."""
    if "&" in words:
        words = html.unescape(html.unescape(words))
    if "<" in words:
        words = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", words)
    if not words.isascii():
        words = words.replace("\xad", "").replace("\u200b", "").replace("\ufeff", "")
    return " ".join(words.split())
