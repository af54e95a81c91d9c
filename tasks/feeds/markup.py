"""XML as the web writes it: bytes to text, and text to tags, whatever is wrong with them.

A strict parser gives up at the first bare `&`; a recovering one is needed for one feed in ten. This one is a scanner:
it reports tags and text in order, keeps no tree, and never refuses. It is also what makes hostile XML harmless. There
is no DTD: a document type's internal subset is dropped, so entities cannot multiply, nothing external is named, and
nothing is fetched. There is no stack, so depth costs nothing. Every expression is possessive (no backtracking), and a
tag ends at the next `<` at the latest, so the time is linear in the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.web import charset

# -- bytes to text ------------------------------------------------------------------------------------------------

_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""XML 1.0, appendix F.1: how `<` or `<?xm` looks in encodings that are not supersets of ASCII."""


def text(body: bytes, content_type: str = "") -> str:
    """Return the body decoded: by what its first `<` looks like where that decides, or else as any other page."""
    start = body[:4] if body[:1] == b"\x00" else body[:1_000].lstrip(b" \t\r\n")[:4]
    for prefix, name in _STARTS:
        if start.startswith(prefix):
            return body.decode(name, "replace")
    return charset.decode(body, content_type or None).text


# -- prologs ------------------------------------------------------------------------------------------------------

_DOCTYPE_PART = re.compile(r"""[^\[\]>"'<]++|"[^"]*+"|'[^']*+'""")
_ENTITY = re.compile(
    r"""<!ENTITY\s{1,20}([A-Za-z][\w.-]{0,40})\s{1,20}(?:"([^"<%&]{0,16}|&\#\w{1,8};)"|'([^'<%&]{0,16})')"""
)
_REFERENCE = re.compile(r"&([A-Za-z][\w.-]{0,40});")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OPENING = re.compile(r"<(?=[A-Za-z_/!?])")

MOST_ENTITIES = 256
"""HTML 4 has 252: a feed that declares them by hand declares about as many. A longer list is no feed's."""


def content(document: str) -> str:
    """Return the document from its first element on, short plain entities of its type replaced by what they mean.

    An entity may be at most 16 characters of plain text or one character reference, so a document grows at most
    fivefold (`&a;` has three characters), and an entity that names another is never expanded (no "billion laughs").
    """
    document = _CONTROL.sub("", document)
    start = content_start(document)
    found = _ENTITY.findall(document[:start])[:MOST_ENTITIES]
    if not found:
        return document[start:]
    entities = {name: html.unescape(double or single) for name, double, single in found}
    return _REFERENCE.sub(lambda reference: _as_text(entities.get(reference[1]), reference[0]), document[start:])


def _as_text(value: str | None, otherwise: str) -> str:
    return otherwise if value is None else html.escape(value, quote=True)


def content_start(document: str) -> int:
    """Return where the first element begins, after junk, declaration, comments and document type."""
    position = 0
    while match := _OPENING.search(document, position):
        start = match.start()
        if document.startswith("<!--", start):
            position = _after("-->", document, start + 4)
        elif document[start : start + 9].lower() == "<!doctype":
            position = _doctype_end(document, start + 9)
        elif document[start + 1] in "!?":
            position = _after(">", document, start)
        else:
            return start
    return len(document)


def _after(mark: str, document: str, start: int) -> int:
    found = document.find(mark, start)
    return found + len(mark) if found >= 0 else len(document)


def _doctype_end(document: str, start: int) -> int:
    """Return where the document type ends; one that never ends takes only its own line."""
    position, depth = start, 0
    while position < len(document):
        character = document[position]
        if character == ">" and depth <= 0:
            return position + 1
        if document.startswith("<!--", position):
            position = _after("-->", document, position + 4)
            continue
        depth += {"[": 1, "]": -1}.get(character, 0)
        part = _DOCTYPE_PART.match(document, position)
        position = part.end() if part else position + 1
    return _after("\n", document, start)


# -- text to tags -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. `name` is lower-case and without its prefix; attributes too, except `xml:…`."""

    name: str
    prefix: str
    is_end: bool
    is_empty: bool
    source: str
    start: int
    """Its position in the document."""

    def attributes(self) -> dict[str, str]:
        """Return the attributes, values unescaped; the first of two with one name."""
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.source):
            key = name.lower()
            key = key if key.startswith("xml") else key.rpartition(":")[2]
            found.setdefault(key, unescape(double or single or bare).strip())
        return found


_TAG = re.compile(r"""<(/?)([A-Za-z_][\w.-]*+)(?::([\w.-]++))?((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_TAG_WITH_BAD_QUOTES = re.compile(r"<(/?)([A-Za-z_][\w.-]*+)(?::([\w.-]++))?([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""")


def tags(document: str) -> Iterator[tuple[str, Tag | None]]:
    """Yield the text before each tag, unescaped, with the tag; at the end the last text with `None`."""
    position = 0
    texts: list[str] = []
    while match := _OPENING.search(document, position):
        texts.append(unescape(document[position : match.start()]))
        start = match.start()
        if document.startswith("<![CDATA[", start):
            end = document.find("]]>", start)
            texts.append(document[start + 9 : end if end >= 0 else None])
            position = end + 3 if end >= 0 else len(document)
        elif document.startswith("<!--", start):
            position = _after("-->", document, start + 4)
        elif document[start + 1] in "!?":
            position = _after(">", document, start)
        elif found := _TAG.match(document, start) or _TAG_WITH_BAD_QUOTES.match(document, start):
            yield "".join(texts), _tag(found)
            texts = []
            position = found.end()
        else:
            texts.append("<")
            position = start + 1
    texts.append(unescape(document[position:]))
    yield "".join(texts), None


def _tag(found: re.Match[str]) -> Tag:
    end, first, second, rest = found.groups()
    is_empty = rest.endswith("/")
    return Tag((second or first).lower(), first.lower() if second else "", bool(end), is_empty, rest, found.start())


_CHARACTER = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def unescape(escaped: str) -> str:
    """Return the text with numeric and HTML's named references replaced; a bare `&` stays, as in `?a=1&copy=2`."""
    if "&" not in escaped:
        return escaped
    return _CHARACTER.sub(lambda reference: html.unescape(reference[0]), escaped)


# -- text to plain words ------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,2000}+>|<!--.{0,2000}?-->", re.DOTALL)
_SPACE = re.compile("[\\s\x00-\x1f\x7f\ud800-\udfff]+")
LONGEST_TITLE = 500
"""Characters. Headlines end at about 200; what is longer is a text in the wrong element."""


def words(value: str | None) -> str | None:
    """Return a title as plain words: without tags, references and runs of spaces; `None` when nothing is left."""
    if not value:
        return None
    plain = value[: LONGEST_TITLE * 20]
    for _ in range(2):  # twice: RSS titles arrive escaped once too often
        plain = unescape(_MARKUP.sub("", plain))
    plain = _SPACE.sub(" ", plain).strip()
    if len(plain) > LONGEST_TITLE:
        plain = plain[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    return plain or None
