"""What must be known of the markup that lexbor writes for a tree, so that it can be read without a parser.

Written by the HTML Standard's rules (13.3, serialising fragments), it is as regular as a file format: every element is
closed but the void ones, every value stands between double quotes, `&`, `<`, `>` and no-break spaces are references.
Two things are not: the text of some elements is written as it is, and inside SVG and MathML such elements may hold
text that looks like tags.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from tasks.page.vocabulary import DOING, UNKNOWN_TAG

# Elements without content and end tag (HTML Standard, 13.1.2; with the former ones of 13.3).
VOID_TAGS = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link")
    + ("meta", "param", "source", "track", "wbr")
)
# Elements whose text is written without references (13.3, with scripting disabled).
RAW_TAGS = frozenset(("style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext"))
# Where they are elements of another language, which are parsed as any other.
FOREIGN_TAGS = frozenset(("svg", "math"))
# Its content is a fragment of its own, which the tree's nodes do not lead to (but to that of SVG's own `template`).
APART_TAGS = frozenset(("template",))
# The parser takes all that follows for its text; the serialiser closes it all the same.
ENDLESS_TAGS = frozenset(("plaintext",))
KEPT_AS_TYPED = frozenset(("pre", "textarea"))

# The traits as bits, in the order of walk.h.
_TRAITS = (VOID_TAGS, RAW_TAGS, FOREIGN_TAGS, APART_TAGS, ENDLESS_TAGS, KEPT_AS_TYPED)
TAGS = {
    tag: (*DOING.get(tag, UNKNOWN_TAG), sum((tag in tags) << n for n, tags in enumerate(_TRAITS)))
    for tag in {*DOING, *frozenset[str]().union(*_TRAITS)}
}
"""Of each tag: what the walk does at it, its bit, its traits."""
OTHER_TAG = (*UNKNOWN_TAG, 0)


def hides_markup(body: LexborNode, tags: set[str]) -> bool:
    """Whether text of these elements inside SVG or MathML was written as if it were markup."""
    inside = ", ".join(f"{language} {tag}" for language in sorted(FOREIGN_TAGS) for tag in sorted(tags))
    return any("<" in text or "&" in text for text in (node.text() for node in body.css(inside)))
