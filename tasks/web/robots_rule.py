"""One allow or disallow rule of robots.txt: how its pattern is written, and what it covers.

RFC 9309 and Google differ in one matter, percent-encoding. Google compares octets (`/%62` is not `/b`, a raw `ツ` in a
URL is not `%E3%83%84`); RFC 9309 §2.2.2 has both sides normalised first. Here an `allow` opens only what Google's
reading opens, and a `disallow` closes what either reading closes: where authorities differ, the site gets the benefit
of the doubt. In both, `%2A` and `%24` mean the characters `*` and `$` themselves (§2.2.3).

Time is linear: patterns are cut at their stars and the pieces searched left to right (leftmost is always right for
a star), so a hostile `*a*a*a…` cannot backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One allow or disallow line, ready to be matched."""

    is_allow: bool
    priority: int
    """Length of the pattern in octets; 0 (an empty pattern) says nothing."""
    exact: tuple[str, ...]
    """Pieces between the stars, as Google compares them."""
    loose: tuple[str, ...]
    """The same after RFC 9309 §2.2.2's normalisation; counts only for a disallow."""
    is_anchored: bool
    """Whether the pattern ended with `$`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A path with its query, in both readings."""

    exact: str
    loose: str


def rules_of(is_allow: bool, value: bytes) -> Iterator[Rule]:
    """Yield the rules that one line makes: none for an empty pattern, two for an allowed index page."""
    pattern = _upper("".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in value))
    if pattern:
        yield _rule(is_allow, pattern)
    head, slash, tail = pattern.rpartition("/")
    if is_allow and slash and tail.startswith("index.htm"):  # an allowed index page opens its folder (google/robotstxt)
        yield _rule(is_allow, f"{head}/$")


def _rule(is_allow: bool, pattern: str) -> Rule:
    is_anchored = pattern.endswith("$")
    inner = pattern[:-1] if is_anchored else pattern
    return Rule(
        is_allow=is_allow,
        priority=len(pattern),
        exact=_pieces(inner),
        loose=_pieces(_normal(inner)),
        is_anchored=is_anchored,
    )


def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(_literal(piece) for piece in pattern.split("*"))


def asked(url: str) -> Asked:
    """Return the question for a URL or a path; `/` when it has none."""
    path = _path(url)
    return Asked(exact=_literal(_upper(path)), loose=_literal(_normal(path)))


def covers(rule: Rule, question: Asked) -> bool:
    """Return whether the rule speaks about what is asked."""
    if _covers(rule.exact, question.exact, rule.is_anchored):
        return True
    return not rule.is_allow and _covers(rule.loose, question.loose, rule.is_anchored)


def _covers(pieces: tuple[str, ...], path: str, is_anchored: bool) -> bool:
    """Return whether the pieces occur in the path in order, the first at its start, the last at its end if anchored."""
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    if len(pieces) == 1:
        return not is_anchored or at == len(path)
    middle = pieces[1:-1] if is_anchored else pieces[1:]
    for piece in middle:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not is_anchored or (len(path) - len(pieces[-1]) >= at and path.endswith(pieces[-1]))


def _path(url: str) -> str:
    """Return path and query of a URL as text, without parsing it further; `/` when there is none."""
    url = url.partition("#")[0]
    start = 2 if url.startswith("//") else 0
    early = re.search(r"[/?;]", url[start:])
    scheme = url.find("://", start)
    if scheme >= 0 and early is not None and early.start() + start > scheme:
        start = scheme + 3
    elif start == 0 and not _begins_with_host(url):
        return url if url.startswith("/") else f"/{url}"
    found = re.search(r"[/?;]", url[start:])
    if found is None:
        return "/"
    path = url[start + found.start() :]
    return path if path.startswith("/") else f"/{path}"


def _begins_with_host(url: str) -> bool:
    """Return whether text without a scheme reads `example.com/a`; `a/b` and `page.html` are paths."""
    first, slash, _ = url.partition("/")
    return bool(slash) and "." in first and "?" not in first


def _upper(text: str) -> str:
    return _ESCAPE.sub(lambda match: match[0].upper(), text) if "%" in text else text


def _normal(text: str) -> str:
    """Return the text with octets outside ASCII escaped and escaped unreserved characters plain (RFC 9309 §2.2.2)."""
    if not text.isascii():
        octets = text.encode("utf-8", "surrogatepass")
        text = "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)
    return _ESCAPE.sub(_plain, text) if "%" in text else text


def _plain(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _literal(text: str) -> str:
    """Return the text with escaped stars and dollars plain: here they mean themselves (RFC 9309 §2.2.3)."""
    return text.replace("%2A", "*").replace("%24", "$")
