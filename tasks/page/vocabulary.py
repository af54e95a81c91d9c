"""Words that tell what an element is for: tag groups and the words of class names and ids.

Every group is one bit. An element's own bits come from its tag, `role`, `class` and `id`; the bits of its ancestors are
inherited by the segmenter. The words were collected from the markup conventions of common publishing systems
(WordPress, Drupal, Ghost, Arc, Blogger, schema.org and ARIA names) and from general knowledge of European news sites'
markup; none was taken from one site.
"""

from __future__ import annotations

import re
from importlib.resources import files


def _tags(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# Elements that flow inside a line of text: they never end a block.
INLINE_TAGS = frozenset(
    _tags(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q ruby rt rp s samp small span "
        "strike strong sub sup time tt u var wbr nobr label bdi area map picture source center-inline"
    )
)
# Elements whose content a reader of the page never sees as text.
UNSEEN_TAGS = frozenset(
    _tags(
        "script style template svg math iframe object embed applet canvas audio video head title meta link base "
        "noframes noembed param track"
    )
)

# One word list per group; a class or id belongs to a group when one of its words does (whole words after splitting
# at punctuation and camelCase), or when one of the longer stems below occurs anywhere in it.
GROUP_WORDS = {
    group: words.split()
    for group, words in (
        line.split("\t")
        for line in files("tasks.page").joinpath("vocabulary_groups.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
}
GROUPS = tuple(GROUP_WORDS)
GROUP_BIT = {name: 1 << n for n, name in enumerate(GROUPS)}

_BITS_OF_WORD: dict[str, int] = {}
for _name, _words in GROUP_WORDS.items():
    for _word in _words:
        _BITS_OF_WORD[_word] = _BITS_OF_WORD.get(_word, 0) | GROUP_BIT[_name]

# Stems that stand inside run-together names ("articlebodytext", "relatedposts", "sharebuttons").
_STEMS = re.compile(
    r"(articlebody|articlecontent|article-body|article_body|story-body|entry-content|post-content|bodytext|maincontent)"
    r"|(comment)|(related|recommend|recirc|youmay|mostread|popular|trending|readmore|read-more|taboola|outbrain)"
    r"|(share|social)|(navi|menu|breadcrumb|paginat)|(footer)|(sidebar)|(advert|sponsor|promo)"
    r"|(newsletter|subscri|sign-?up|donat)|(author)|(byline|timestamp|pubdate|publish)|(caption)|(teaser)"
    r"|(cookie|consent|paywall|popup|modal)|(headline|subtitle)",
)
_STEM_GROUPS = (
    "body",
    "comments",
    "related",
    "share",
    "nav",
    "footer",
    "aside",
    "ad",
    "signup",
    "bio",
    "byline",
    "caption",
    "teaser",
    "modal",
    "title",
)
_STEM_BITS = tuple(GROUP_BIT[name] for name in _STEM_GROUPS)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|h1")
# An attribute with more words than this is generated (atomic CSS, state); its first words say what can be said.
MOST_NAMES = 40
# Class names return on every page of a site: remembered by the word, forgotten all at once when they fill memory.
_MOST_REMEMBERED = 100_000
_LONGEST_REMEMBERED = 200
REMEMBERED: dict[str, int] = {}


def name_bits(names: str) -> int:
    """The groups that the words of a class, id or role attribute belong to, as bits."""
    known = REMEMBERED.get(names)
    if known is not None:
        return known
    bits = 0
    for name in names.split(None, MOST_NAMES)[:MOST_NAMES]:
        bits |= _remember(name)
    if len(names) < _LONGEST_REMEMBERED:
        REMEMBERED[names] = bits
    return bits


def _remember(name: str) -> int:
    known = REMEMBERED.get(name)
    if known is not None:
        return known
    bits = 0
    name = name[:_LONGEST_REMEMBERED]
    for word in _WORD.findall(name):
        bits |= _BITS_OF_WORD.get(word.lower(), 0)
    for match in _STEMS.finditer(name.lower()):
        bits |= _STEM_BITS[match.lastindex - 1] if match.lastindex else 0
    if len(REMEMBERED) >= _MOST_REMEMBERED:
        REMEMBERED.clear()
    REMEMBERED[name] = bits
    return bits


# Tags that say where a block stands, each one bit of their own word.
PLACE_TAGS = _tags(
    "article main aside nav footer header form section ul ol li table td th tr figure figcaption blockquote p div pre "
    "h1 h2 h3 h4 h5 h6 dl dt dd details summary button address a span body hgroup fieldset select option textarea "
    "label caption center em strong noscript"
)
TAG_BIT = {name: 1 << n for n, name in enumerate(PLACE_TAGS)}

# What the walk over the tree does at a tag, and the tag's bit.
BLOCK, INLINE, UNSEEN, CELL, BREAK, ANCHOR, STRONG, PICTURE = range(8)
_DOINGS = (
    dict.fromkeys(INLINE_TAGS, INLINE)
    | dict.fromkeys(UNSEEN_TAGS, UNSEEN)
    | {"td": CELL, "th": CELL, "br": BREAK, "a": ANCHOR, "b": STRONG, "strong": STRONG, "img": PICTURE}
    | {"-comment": UNSEEN}
)
DOING = {tag: (_DOINGS.get(tag, BLOCK), TAG_BIT.get(tag, 0)) for tag in {*_DOINGS, *TAG_BIT}}
UNKNOWN_TAG = (BLOCK, 0)
