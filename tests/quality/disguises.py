"""Labelled pages in other clothes: the same words in markup that says less, or that says it as pages once did.

The labelled pages are of one time: nine in ten name their parts (`article`, `class="related-posts"`). Pages to come
will not: style sheets made by machines have names without meaning, old sites are tables. A page in disguise teaches the
classifier what remains when names and elements are silent: words, lengths, links and neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_SILENT = re.compile(
    r"""\s(?:class|id|role|itemprop|itemtype|rel|data-[\w-]+|aria-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.I
)
_HEAD_END = re.compile(r"</head\s*>|<body", re.I)
_SECTIONS = frozenset(
    ("article", "main", "section", "aside", "nav", "header", "footer", "figure", "figcaption", "details", "address")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"))
_LINES = frozenset(("p", "ul", "ol", "dl", "dd"))
_RAW = re.compile(r"<(script|style|textarea|template|svg)\b.*?</\1\s*>", re.I | re.S)


def plain(html: str) -> str:
    """The page with `div` in place of every element that says what it holds, and no names in its body."""
    return _in_body(html, _plain_tag)


def tables(html: str) -> str:
    """The page as the year 1998 would have written it: tables for boxes, bold lines for headings, breaks between."""
    return _in_body(html, _old_tag)


def _in_body(html: str, rewritten: Callable[[str, str, str], str]) -> str:
    start = _HEAD_END.search(html)
    at = start.start() if start else 0
    body = _RAW.sub("", html[at:])
    return html[:at] + _TAG.sub(lambda tag: rewritten(tag[1], tag[2].lower(), _SILENT.sub("", tag[3])), body)


def _plain_tag(slash: str, name: str, rest: str) -> str:
    return f"<{slash}div>" if name in _SECTIONS else f"<{slash}{name}{rest}>"


def _old_tag(slash: str, name: str, rest: str) -> str:
    if name in _SECTIONS or name == "div":
        return "</td></tr></table>" if slash else "<table><tr><td>"
    if name in _HEADINGS:
        return "</b><br><br>" if slash else "<br><br><b>"
    if name in _LINES:
        return "<br><br>" if slash else ""
    if name == "li":
        return "" if slash else "<br>&bull; "
    return f"<{slash}{name}{rest}>"
