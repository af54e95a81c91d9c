"""The links of a page with what stands around them: title, structural signature, furniture, time, section.

A page names one article several times (picture, headline, "read more"); here it is one `Link` with the best title of
them. A link's signature is the chain of elements that leads to it, classes without numbers: what a template repeats.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.feeds import links, markup
from tasks.feeds.hints import sections, times
from tasks.feeds.likeness import address, headline
from tasks.feeds.tree import MOST_PIECES, text_of, tree
from tasks.text import dates
from tasks.web import urls

MOST_ANCHORS = 5_000
"""Front pages have 200 to 800."""

_DEEPEST = 60
"""Ancestors looked at. Templates of real pages nest 15 to 35 deep."""

_SIGNATURE_LENGTH = 5
_LONGEST_TITLE = 220


_NAVIGATION = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|submenu|megamenu|footer|foot|breadcrumbs?|cookies?|consent|social|share|"
    r"sharing|login|account|pagination|pager|pages|tags?|tagcloud|tag-cloud|topics-list|toolbar|masthead|skip|legal|"
    r"copyright|newsletter|subscribe|subnav|languages?|weather|search)(?:$|[-_ ])",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(?:^|[-_ ])(?:sidebar|aside|rail|popular|trending|most|mostread|sponsored|sponsor|promo|partners?|adverts?|ads?|"
    r"recommended|recommendations|outbrain|taboola)(?:$|[-_ ])",
    re.IGNORECASE,
)
"""Words in `class` and `id` that name furniture, as theme authors write them (WordPress, Drupal, BEM blocks)."""

_POST_CLASS = re.compile(r"(?:^|(?<=\s))(?:tag|category|post|status|format|type)-(?!cloud|list|nav|menu)\S+")
"""WordPress prints an article's tags and categories as classes of its card (`post_class`): they name no furniture."""

_NAVIGATION_TAGS = frozenset({"form", "menu", "dialog"})
_NAVIGATION_ROLES = frozenset({"navigation", "menu", "menubar", "contentinfo", "search"})
_CARD_TAGS = frozenset({"article", "li", "tr", "dl", "section"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_MOST_READ = re.compile(
    r"most (?:read|popular|viewed|shared|commented|watched)|popular (?:now|stories|posts|articles)|trending|top read"
    r"|meist ?gelesen|meistgelesene|beliebt|les plus (?:lus|populaires|vus|partagés)|lo más (?:leído|visto|popular)"
    r"|más leíd|mais lid|più lett|i più letti|best gelezen|meest gelezen|mest läst|mest lest|mest læste|popularne"
    r"|najczęściej czytane|самое читаемое|популярное|nejčtenější|en çok okunan|sponsored|partner content|advertisement",
    re.IGNORECASE,
)
"""Headings of lists that repeat old articles or sell space, in the languages of the largest news markets."""

_MORE = re.compile(
    r"(?:read|see|learn|continue|view|show) (?:more|reading|all|full)|more\b.{0,15}|mehr( lesen)?|weiterlesen"
    r"|lire( la suite)?"
    r"|leer más|ver más|leia mais|saiba mais|leggi( tutto)?|lees (?:meer|verder)|läs mer|les mer"
    r"|читать далее|czytaj więcej"
    r"|\d+ comments?|comments?|kommentare?|share|watch( now)?|video|play|photos?|gallery",
    re.IGNORECASE,
)
"""What a second link to an article says instead of its title."""

_VARIABLE = re.compile(r"\d+|(?:^|[-_ ])(?:first|last|odd|even|active|current)(?:$|[-_ ])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A page that this page links to."""

    url: str
    title: str
    is_text: bool
    """Whether the title is the link's own text, not what is said of its picture."""
    signature: tuple[str, ...]
    is_heading: bool
    is_navigation: bool
    is_side: bool
    position: int
    published_at: datetime | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """What an element inherits from those around it."""

    signature: tuple[str, ...]
    is_heading: bool
    is_navigation: bool
    is_side: bool
    in_card: bool


class _Surroundings:
    """Looks up the elements around a node, each element once."""

    def __init__(self, nodes: Sequence[LexborNode], side_blocks: frozenset[int], counts: Mapping[int, int]) -> None:
        self._side_blocks = side_blocks
        self._counts = counts
        self._total = len(nodes)
        self._known: dict[int, _Around] = {}

    def of(self, node: LexborNode | None) -> _Around:
        chain: list[LexborNode] = []
        around = _Around((), is_heading=False, is_navigation=False, is_side=False, in_card=False)
        while node is not None and len(chain) < _DEEPEST:
            if node.mem_id in self._known:
                around = self._known[node.mem_id]
                break
            chain.append(node)
            node = node.parent
        for each in reversed(chain):
            around = self._known[each.mem_id] = self._step(each, around)
        return around

    def _step(self, node: LexborNode, outer: _Around) -> _Around:
        tag = node.tag or ""
        attributes = node.attributes
        names = _POST_CLASS.sub("", f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:600])
        role = attributes.get("role") or ""
        is_page = self._counts.get(node.mem_id, 0) * 2 > self._total  # what holds most of the links is not beside them
        in_card = outer.in_card or tag in _CARD_TAGS
        is_navigation = outer.is_navigation or tag == "nav" or role in _NAVIGATION_ROLES
        is_side = outer.is_side or tag == "aside" or node.mem_id in self._side_blocks
        is_navigation |= tag == "footer" and not in_card
        if not is_page and tag != "article":
            is_navigation |= tag in _NAVIGATION_TAGS or (tag == "header" and not in_card)
            is_navigation |= _NAVIGATION.search(names) is not None
            is_side |= _SIDE.search(names) is not None
        return _Around(
            (*outer.signature[1 - _SIGNATURE_LENGTH :], _step_name(tag, attributes.get("class") or "")),
            is_heading=tag in _HEADINGS or (outer.is_heading and tag not in _CARD_TAGS),
            is_navigation=is_navigation,
            is_side=is_side,
            in_card=in_card,
        )


def _step_name(tag: str, classes: str) -> str:
    first = next((name for word in classes[:200].split() if (name := _VARIABLE.sub("", word))), "")
    return f"{tag}.{first}"


def anchors(html: str, url: str) -> tuple[Link, ...]:
    """Return the pages that a page links to, in order of first mention, each once."""
    page = tree(html)
    base = _base(page, url)
    nodes = page.css("a[href]")[:MOST_ANCHORS]
    counts = _counts(nodes)
    surroundings = _Surroundings(nodes, frozenset(_side_blocks(page, counts, len(nodes))), counts)
    own = urls.canonical(url)
    best: dict[str, Link] = {}
    carriers: dict[str, list[LexborNode]] = {}
    for position, node in enumerate(nodes):
        link = _link(node, base, position, surroundings)
        if link is None or urls.canonical(link.url) == own:
            continue
        key = urls.canonical(link.url)
        best[key] = _better(best[key], link) if key in best else link
        carriers.setdefault(key, []).append(node)
    return tuple(_with_hints(page, best, carriers))


def _base(page: LexborHTMLParser, url: str) -> str:
    node = page.css_first("base[href]")
    return (links.resolve(url, node.attributes.get("href")) if node is not None else None) or url


def _link(node: LexborNode, base: str, position: int, surroundings: _Surroundings) -> Link | None:
    href = urls.resolve(base, (node.attributes.get("href") or "").strip())
    if href is None:
        return None
    around = surroundings.of(node.parent)
    title, is_text, has_heading = title_of(node)
    return Link(
        url=href,
        title=title,
        is_text=is_text,
        signature=(*around.signature, _step_name("a", node.attributes.get("class") or "")),
        is_heading=around.is_heading or has_heading,
        is_navigation=around.is_navigation,
        is_side=around.is_side,
        position=position,
    )


def title_of(node: LexborNode) -> tuple[str, bool, bool]:
    """Return what a link calls its page: its heading or text, or else a label; whether it is text; has a heading."""
    inner = list(islice(node.traverse(), MOST_PIECES))
    heading = next((each for each in inner if each.tag in _HEADINGS), None)
    image = next((each for each in inner if each.tag == "img"), None)
    texts: list[str | None] = [text_of(heading if heading is not None else node)]
    texts += [node.attributes.get("title"), node.attributes.get("aria-label")]
    texts.append(image.attributes.get("alt") if image is not None else None)
    for index, text in enumerate(texts):
        title = markup.words(text)
        if title and not _MORE.fullmatch(title.strip(" .…»›→>")):
            return title, index == 0, heading is not None
    return "", False, heading is not None


def _better(first: Link, second: Link) -> Link:
    """Return the one of two mentions that tells more: outside furniture, a heading, a longer title."""

    def worth(link: Link) -> tuple[bool, bool, bool, bool, int]:
        length = len(link.title) if len(link.title) <= _LONGEST_TITLE else 1
        is_titled = link.is_text and length > 1
        return not link.is_navigation, not link.is_side, link.is_heading and is_titled, is_titled, length

    return second if worth(second) > worth(first) else first


def _counts(nodes: Iterable[LexborNode]) -> Counter[int]:
    """Return how many links each element holds."""
    counts: Counter[int] = Counter()
    for node in nodes:
        around = node.parent
        for _ in range(_DEEPEST):
            if around is None:
                break
            counts[around.mem_id] += 1
            around = around.parent
    return counts


def _side_blocks(page: LexborHTMLParser, counts: Mapping[int, int], total: int) -> Iterator[int]:
    """Yield the elements under a heading such as "Most read", unless they are most of the page."""
    for node in page.css("h1,h2,h3,h4,h5,h6,[class*=title],[class*=head],strong,summary")[:1_000]:
        text = text_of(node, 80).strip()
        if not text or len(text) > 40 or not _MOST_READ.search(text):
            continue
        block: LexborNode | None = node.parent
        for _ in range(3):
            count = counts.get(block.mem_id, 0) if block is not None else total
            if block is None or count * 2 > total:
                break
            if count >= 2:
                yield block.mem_id
                break
            block = block.parent


def _with_hints(page: LexborHTMLParser, best: dict[str, Link], carriers: dict[str, list[LexborNode]]) -> Iterable[Link]:
    """Return the links with the time and the section that stand in the same card."""
    likely = {key: carriers[key] for key, link in best.items() if not link.is_navigation and _may_be_article(link)}
    at = times(page, likely)
    section = sections(page, likely)
    for key, link in best.items():
        named = section.get(key)
        yield dataclasses.replace(
            link,
            published_at=at.get(key) or _date_in_path(link.url),
            section=named if named != link.title else None,
        )


def _may_be_article(link: Link) -> bool:
    return headline(link.title) >= 0.5 or address(link.url) >= 0.6


_DATE_PATH = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")


def _date_in_path(url: str) -> datetime | None:
    match = _DATE_PATH.search(urlsplit(url).path)
    return dates.instant("-".join(match.groups())) if match else None
