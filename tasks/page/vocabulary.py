"""Words that tell what an element is for: tag groups and the words of class names and ids.

Every group is one bit. An element's own bits come from its tag, `role`, `class` and `id`; the bits of its ancestors are
inherited by the segmenter. The words were collected from the markup conventions of common publishing systems
(WordPress, Drupal, Ghost, Arc, Blogger, schema.org and ARIA names) and from general knowledge of European news sites'
markup; none was taken from one site.
"""

from __future__ import annotations

import re
from importlib.resources import files

from tasks.page.compiled import native


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

# Stems that stand inside run-together names ("articlebodytext", "relatedposts", "sharebuttons"); the first that fits.
_STEM_WORDS = (
    ("body", "articlebody articlecontent article-body article_body story-body entry-content post-content"),
    ("body", "bodytext maincontent"),
    ("comments", "comment"),
    ("related", "related recommend recirc youmay mostread popular trending readmore read-more taboola outbrain"),
    ("share", "share social"),
    ("nav", "navi menu breadcrumb paginat"),
    ("footer", "footer"),
    ("aside", "sidebar"),
    ("ad", "advert sponsor promo"),
    ("signup", "newsletter subscri sign-up signup donat"),
    ("bio", "author"),
    ("byline", "byline timestamp pubdate publish"),
    ("caption", "caption"),
    ("teaser", "teaser"),
    ("modal", "cookie consent paywall popup modal"),
    ("title", "headline subtitle"),
)
_BITS_OF_STEM = {stem: GROUP_BIT[name] for name, stems in _STEM_WORDS for stem in stems.split()}
_STEMS = re.compile("|".join(map(re.escape, _BITS_OF_STEM)))

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
    for stem in _STEMS.findall(name.lower()):
        bits |= _BITS_OF_STEM[stem]
    if len(REMEMBERED) >= _MOST_REMEMBERED:
        REMEMBERED.clear()
    REMEMBERED[name] = bits
    return bits


LEXICON = (
    native.lexicon(tuple(_BITS_OF_WORD.items()), tuple(_BITS_OF_STEM.items()), MOST_NAMES, _LONGEST_REMEMBERED)
    if native is not None
    else None
)
"""All that `name_bits` knows, as the compiled walk asks for it."""

# Tags that say where a block stands, each one bit of their own word.
PLACE_TAGS = _tags(
    "article main aside nav footer header form section ul ol li table td th tr figure figcaption blockquote p div pre "
    "h1 h2 h3 h4 h5 h6 dl dt dd details summary button address a span body hgroup fieldset select option textarea "
    "label caption center em strong noscript"
)
TAG_BIT = {name: 1 << n for n, name in enumerate(PLACE_TAGS)}

# What the walk over the tree does at a tag, and the tag's bit.
BLOCK, INLINE, UNSEEN, CELL, BREAK, ANCHOR, STRONG, PICTURE = range(8)
_DOINGS: dict[str | None, int] = {
    **dict.fromkeys(INLINE_TAGS, INLINE),
    **dict.fromkeys(UNSEEN_TAGS, UNSEEN),
    **{"td": CELL, "th": CELL, "br": BREAK, "a": ANCHOR, "b": STRONG, "strong": STRONG, "img": PICTURE},
    **{"-comment": UNSEEN, None: UNSEEN},  # a processing instruction has no tag
}
UNKNOWN_TAG = (BLOCK, 0)
DOING: dict[str | None, tuple[int, int]] = {tag: (BLOCK, bit) for tag, bit in TAG_BIT.items()}
DOING |= {tag: (doing, DOING.get(tag, UNKNOWN_TAG)[1]) for tag, doing in _DOINGS.items()}
