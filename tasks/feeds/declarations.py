"""Sources as text: `[[source]]` tables of a TOML file, read strictly and written back.

    [[source]]
    name = "Harbour Gazette"
    kind = "feed"
    url = "https://gazette.example/rss.xml"
    exclude = ["/video/"]

A misspelt key that is silently ignored is the worst kind of setting: `exlude` would fetch what it was meant to leave.
So every key is known or refused, and the message names file, source, key and the nearest valid spelling. The table
`KEYS` is the format: the key, the field of `Source` that it fills, and the check that its value passes.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tasks.errors import ConfigurationError
from tasks.feeds.rules import rule
from tasks.records import Kind, Source

LONGEST_NAME = 100
"""Characters; the name stands in run names, tables and reports."""

KINDS_BY_URL = frozenset({Kind.FEED, Kind.SITEMAP, Kind.LISTING, Kind.HOME, Kind.URLS})
KINDS_BY_PATH = frozenset({Kind.WARC, Kind.FOLDER, Kind.URLS})

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2: token

_HEADERS_OF_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "range"})
"""Header fields that the fetcher alone can set rightly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """What a file declares: the valid sources, and what is wrong with the others."""

    sources: tuple[Source, ...]
    problems: tuple[tuple[str, str], ...]
    """(source name, message) of each declaration that was refused."""


def read(text: str, name: str) -> tuple[Source, ...]:
    """Return the sources declared in a TOML text; `name` is the file's, for messages. Raises `ConfigurationError`."""
    declared = read_each(text, name)
    if declared.problems:
        raise ConfigurationError(declared.problems[0][1])
    return declared.sources


def read_each(text: str, name: str) -> Declared:
    """Return the valid sources and one problem for each other; raises `ConfigurationError` when it is not such a file.

    One misspelt key must not stop the other sources of a scheduled run.
    """
    sources: dict[str, Source] = {}
    problems: list[tuple[str, str]] = []
    for index, table in enumerate(_tables(text, name), start=1):
        label = _label(table, index)
        try:
            source = from_table(table, f"{name}: {label}")
            if source.name in sources:
                raise ConfigurationError(f"{name}: two sources are named {source.name!r}; names must differ")
            sources[source.name] = source
        except ConfigurationError as error:
            problems.append((str(table.get("name") or label), str(error)))
    return Declared(sources=tuple(sources.values()), problems=tuple(problems))


def _tables(text: str, name: str) -> list[dict[str, Any]]:
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{name}: not valid TOML: {error}") from error
    for key in document:
        if key != "source":
            raise ConfigurationError(f"{name}: unknown table {key!r}{_nearest(key, ['source'])}; write [[source]]")
    tables = document.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigurationError(f"{name}: write [[source]] with two brackets, once for each source")
    return tables


def write(sources: Iterable[Source]) -> str:
    """Return the TOML text that `read` turns into the same sources."""
    return "\n".join(_block(declared) for declared in sources)


def _label(table: Mapping[str, Any], index: int) -> str:
    name = table.get("name")
    return f"source {name!r}" if isinstance(name, str) and name else f"source number {index}"


def _nearest(word: str, valid: Sequence[str]) -> str:
    found = difflib.get_close_matches(word.lower(), valid, n=1, cutoff=0.55)
    return f" (did you mean {found[0]!r}?)" if found else ""


def from_table(table: Mapping[str, Any], where: str) -> Source:
    """Return the source that one table declares; `where` names it in messages. Raises `ConfigurationError`."""
    for key in table:
        if key not in KEYS:
            raise ConfigurationError(
                f"{where}: unknown key {key!r}{_nearest(key, list(KEYS))}; known: {', '.join(KEYS)}"
            )
    for key in ("name", "kind"):
        if key not in table:
            raise ConfigurationError(f"{where}: the key {key!r} is missing")
    fields: dict[str, Any] = {}
    for key, value in table.items():
        field, check = KEYS[key]
        try:
            fields[field] = check(value)
        except ValueError as error:
            raise ConfigurationError(f"{where}: {key}: {error}") from error
    _check_location(table, fields["kind"], where)
    return Source(**fields)


def _check_location(table: Mapping[str, Any], kind: Kind, where: str) -> None:
    given = [key for key in ("url", "path") if key in table]
    allowed = [key for key, kinds in (("url", KINDS_BY_URL), ("path", KINDS_BY_PATH)) if kind in kinds]
    if len(given) > 1:
        raise ConfigurationError(f"{where}: give either url or path, not both")
    if not given:
        raise ConfigurationError(f"{where}: the key {' or '.join(map(repr, allowed))} is missing")
    if given[0] not in allowed:
        raise ConfigurationError(f"{where}: a source of kind {kind.value!r} has a {allowed[0]}, not a {given[0]}")
    if "link_selector" in table and kind not in (Kind.LISTING, Kind.HOME):
        raise ConfigurationError(f"{where}: link_selector: only sources of kind 'listing' or 'home' have one")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {_kind_of(value)}")
    if not value.strip():
        raise ValueError("must not be empty")
    if _CONTROL.search(value):
        raise ValueError("must not contain line breaks or control characters")
    return value


def _name(value: Any) -> str:
    text = _text(value)
    if len(text) > LONGEST_NAME:
        raise ValueError(f"must be at most {LONGEST_NAME} characters")
    if text != text.strip():
        raise ValueError("must not begin or end with a space")
    return text


def _kind(value: Any) -> Kind:
    text = _text(value)
    kinds = [kind.value for kind in Kind]
    if text not in kinds:
        raise ValueError(f"unknown kind {text!r}{_nearest(text, kinds)}; known: {', '.join(kinds)}")
    return Kind(text)


def _url(value: Any) -> str:
    text = _text(value).strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is not a URL: {error}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError(f"{text!r} must begin with https:// or http://")
    if not host:
        raise ValueError(f"{text!r} names no host")
    if parts.username or parts.password:
        raise ValueError("must not contain a user name or password; use headers")
    return text


def _language(value: Any) -> str:
    text = _text(value)
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a language code such as 'en' or 'pt-BR'")
    return text


def _country(value: Any) -> str:
    text = _text(value)
    if not _COUNTRY.fullmatch(text):
        raise ValueError(f"{text!r} is not a two-letter country code such as 'US'")
    return text


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'must be a list of strings, such as ["one"], not {_kind_of(value)}')
    return tuple(_text(item) for item in value)


def _rules(value: Any) -> tuple[str, ...]:
    patterns = _texts(value)
    for pattern in patterns:
        try:
            rule(pattern)
        except ValueError as error:
            raise ValueError(f"{pattern!r}: {error}") from error
    return patterns


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_kind_of(value)}")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number of seconds, not {_kind_of(value)}")
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"must be zero or more seconds, not {value}")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be a whole number, not {_kind_of(value)}")
    if value < 1:
        raise ValueError(f"must be at least 1, not {value}")
    return value


def _headers(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f'must be a table, such as {{ "Accept-Language" = "fr" }}, not {_kind_of(value)}')
    for key, text in value.items():
        if not _HEADER_NAME.fullmatch(key):
            raise ValueError(f"{key!r} is not a header name")
        if key.lower() in _HEADERS_OF_OURS:
            raise ValueError(f"{key!r} is set by the fetcher")
        if not isinstance(text, str) or _CONTROL.search(text):
            raise ValueError(f"the value of {key!r} must be a string of one line")
    return dict(value)


_TOML_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


def _kind_of(value: Any) -> str:
    return next((words for kind, words in _TOML_TYPES if isinstance(value, kind)), "a date")


KEYS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", _name),
    "kind": ("kind", _kind),
    "url": ("location", _url),
    "path": ("location", _text),
    "outlet": ("outlet", _text),
    "language": ("language", _language),
    "country": ("country", _country),
    "tags": ("tags", _texts),
    "enabled": ("is_enabled", _flag),
    "include": ("include", _rules),
    "exclude": ("exclude", _rules),
    "link_selector": ("link_selector", _text),
    "allow_private": ("allow_private", _flag),
    "allow_other_hosts": ("allow_other_hosts", _flag),
    "min_interval_seconds": ("min_interval_seconds", _seconds),
    "max_pages": ("max_pages", _count),
    "headers": ("headers", _headers),
}
"""Key of a `[[source]]` table → the field it fills, and the check and conversion of its value, in writing order."""


def _location_key(declared: Source) -> str:
    if declared.kind not in KINDS_BY_PATH:
        return "url"
    if declared.kind not in KINDS_BY_URL:
        return "path"
    return "url" if declared.location.lower().startswith(("http://", "https://")) else "path"


def to_table(declared: Source) -> dict[str, Any]:
    """Return the table that declares the source: keys in order, defaults left out, tuples as lists."""
    default = Source(name="", kind=declared.kind, location="")
    other = {"url": "path", "path": "url"}[_location_key(declared)]
    found: dict[str, Any] = {}
    for key, (field, _) in KEYS.items():
        value = getattr(declared, field)
        if key != other and (key in ("name", "kind") or value != getattr(default, field)):
            found[key] = list(value) if isinstance(value, tuple) else value
    return found


def _block(declared: Source) -> str:
    lines = (f"{key} = {_toml(value)}" for key, value in to_table(declared).items())
    return "\n".join(("[[source]]", *lines)) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _toml_string(value)
    if isinstance(value, Mapping):
        pairs = (f"{_toml_string(key)} = {_toml(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f"{value:g}" if isinstance(value, float) and value == int(value) else repr(value)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _toml_string(text: str) -> str:
    def escaped(match: re.Match[str]) -> str:
        return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"

    return '"' + re.sub(r'["\\\x00-\x1f\x7f]', escaped, text) + '"'
