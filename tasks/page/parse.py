"""Bytes to a parsed tree, with guards against pages built to hurt.

Parsing is linear except where HTML's own rules are not: a start tag looks for an open `<p>` through all open elements
(100,000 nested `<div>` took 7.6 s), and a tag compares each attribute with all before it (50,000 attributes took 3 s).
Both are found beforehand on the bytes, only on pages large enough for it to matter, and cut down to what browsers
accept (512 levels) or to nothing a reader would miss.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from tasks.page.compiled import native
from tasks.records import Reject, Rejecting
from tasks.web.charset import decode

# The largest page read. Ten times the largest genuine article page seen in the development sets (4 MB).
MOST_BYTES = 40 * 1024 * 1024
# Each tag costs about 150 bytes of tree for itself and as much for its text: 600,000 tags stay under 200 MB.
MOST_TAGS = 600_000
# A page of more blocks than this is a list or an attack; judging it would take 300 MB.
MOST_BLOCKS = 100_000
# Fewer tags than this cannot cost more than half a second even when all are nested.
_TAGS_WORTH_A_LOOK = 20_000
_DEEPEST = 512
_LARGE = 300_000
_MANY_ATTRIBUTES = 20_000
# A single tag with more bytes than this is generated state; its attributes are dropped.
_LONGEST_TAG = 100_000

_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]{0,50})[^<>]*>")
_UNCLOSED = frozenset(
    (b"p", b"li", b"br", b"img", b"hr", b"input", b"meta", b"link", b"area", b"base", b"col", b"embed", b"source")
    + (b"track", b"wbr", b"td", b"th", b"tr", b"dt", b"dd", b"option", b"optgroup", b"thead", b"tbody", b"tfoot")
    + (b"rp", b"rt", b"colgroup")
)
_HUGE_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9-]{0,50})\s[^<>]{%d,}>" % _LONGEST_TAG)


def parse(html: bytes, url: str | None = None) -> LexborHTMLParser | Reject:
    """The tree of a page, or why it is none."""
    if not html.strip():
        return Reject(url=url, reason=Rejecting.EMPTY, detail="the page has no bytes")
    if len(html) > MOST_BYTES:
        return Reject(url=url, reason=Rejecting.TOO_LARGE, detail=f"{len(html)} bytes, at most {MOST_BYTES} are read")
    if not looks_like_html(html):
        return Reject(url=url, reason=Rejecting.NOT_HTML, detail=f"begins with {html[:8]!r}")
    decoded = decode(html)
    markup = html.removeprefix(BOM_UTF8) if decoded.is_utf8 else decoded.text.encode("utf-8", "ignore")
    signs = np.frombuffer(markup, dtype=np.uint8)
    tags = int(np.count_nonzero(signs == ord("<")))  # a tenth of the time of `bytes.count`
    if tags > MOST_TAGS:
        return Reject(url=url, reason=Rejecting.TOO_LARGE, detail=f"{tags} tags, at most {MOST_TAGS} are read")
    if tags > _TAGS_WORTH_A_LOOK:
        markup = _flattened(markup)
    if _may_have_a_huge_tag(signs):
        markup = _HUGE_TAG.sub(rb"<\1>", markup)
    try:
        return LexborHTMLParser(markup)
    except Exception as error:  # noqa: BLE001 — the parser's own errors have no common class
        return Reject(url=url, reason=Rejecting.BROKEN, detail=str(error)[:200])


def _may_have_a_huge_tag(signs: npt.NDArray[np.uint8]) -> bool:
    """Whether there are many attributes, and somewhere nothing but one tag could stand for so long."""
    if len(signs) <= _LARGE or np.count_nonzero(signs == ord("=")) <= _MANY_ATTRIBUTES:
        return False
    return bool(np.diff(np.flatnonzero(signs == ord("<")), append=len(signs)).max(initial=0) > _LONGEST_TAG)


# What the first bytes of files that are not pages look like (file(1) magic numbers).
_MAGIC = (
    b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"ID3", b"OggS", b"BM6", b"Rar!",  # noqa: E501
    b"\x00\x00\x01\x00", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90", b"wOFF", b"wOF2", b"\x00asm", b"{\\rtf", b"%!PS",
    b"\xca\xfe\xba\xbe", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp", b"II*\x00", b"MM\x00*",
)  # fmt: skip
_FEED = re.compile(
    rb"^\s*<(\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)?(<\?xml-stylesheet[^>]*>\s*)*"
    rb"<?(rss|feed|rdf:RDF|urlset|sitemapindex)\b",
    re.S,
)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?>)", re.I)


def looks_like_html(html: bytes) -> bool:
    """Whether the bytes may be an HTML page: not a known binary, feed, JSON or script, and with some tag in them."""
    head = html[:4096]
    if head.startswith(_MAGIC):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, whose every other byte is NUL
        return True
    if head.count(b"\x00") > len(head) // 10:
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"[") or _FEED.match(start[:1000]):
        return False
    return _MARKUP.search(html[:200_000]) is not None or _MARKUP.search(html) is not None


def _flattened(markup: bytes) -> bytes:
    """The page without the start tags that lie deeper than browsers go (and without their end tags)."""
    if (native.nesting(markup, tuple(_UNCLOSED)) if native is not None else _depth(markup)) <= _DEEPEST:
        return markup
    pieces: list[bytes] = []
    depth = end = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _UNCLOSED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST or (match[1] and depth == _DEEPEST):
            pieces.append(markup[end : match.start()])
            end = match.end()
    pieces.append(markup[end:])
    return b"".join(pieces)


def _depth(markup: bytes) -> int:
    """The most tags that are open at once."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _UNCLOSED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest
