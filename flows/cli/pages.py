"""Saved pages from a file, one by one: a page, lines of JSON, or a web archive.

What cannot be read is a value as well, in its place among the pages: the others go on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.cli.lines import numbered_lines
from tasks.errors import InputError
from tasks.page.many import RawPage
from tasks.page.row import as_bytes
from tasks.records import Failing, Page, Rejecting
from tasks.web.warc import pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread(RawPage):
    """A record of which no page could be made, and why. Its `html` is empty: the cleaner has no work with it."""

    html: bytes = b""
    reason: str = Rejecting.BROKEN.value
    detail: str


def read_pages(path: Path) -> Iterator[RawPage]:
    """Yield the pages of a file, and an `Unread` for what is none; raises `InputError` for a file of another kind."""
    suffixes = "".join(path.suffixes[-2:]).lower()
    if suffixes.endswith((".html", ".htm")):
        return iter([RawPage(id=path.stem, url=None, html=path.read_bytes())])
    if suffixes.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".json.gz")):
        return _json_lines(path)
    if suffixes.endswith((".warc", ".warc.gz", ".arc", ".arc.gz")):
        return _archived(path)
    raise InputError(f"extract: {path} is not .html, .jsonl[.gz] or .warc[.gz]; rename or convert it")


def _json_lines(path: Path) -> Iterator[RawPage]:
    number = 0
    try:
        for number, line in numbered_lines(path):
            yield from_line(line, f"line {number}")
    except InputError as error:  # what the file still held is lost, what came before it is not
        yield Unread(id=f"line {number + 1}", url=None, reason=Failing.UNREADABLE.value, detail=str(error))


def from_line(line: bytes, where: str) -> RawPage:
    """Return the page of one line of JSON, or why it is none; `where` names a page that does not name itself."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unread(id=where, url=None, detail=f"{where}: not JSON ({_why(error)})")
    if not isinstance(fields, dict):
        return Unread(id=where, url=None, detail=f"{where}: not an object with id, url and html")
    id_, url = fields.get("id"), fields.get("url")
    name = str(id_) if isinstance(id_, _NAMES) else where
    address = url if isinstance(url, str) else None
    if fault := _fault(fields):
        return Unread(id=name, url=address, detail=f"{where}: {fault}")
    try:
        return RawPage(id=name, url=address, html=_html(fields))
    except ValueError as error:
        return Unread(id=name, url=address, detail=f"{where}: html_b64 is not base64 ({error})")


def _why(error: Exception) -> str:
    """What the JSON reader stumbled over; its own words count lines inside the line."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.removesuffix(' at')} at character {error.pos + 1}"
    return str(error)


_NAMES = (str, int, float)
"""What an id may be in JSON; it is written as text."""


def _fault(fields: dict[str, Any]) -> str | None:
    """Why an object is no page, or nothing when it is one. A `null` is an empty page, which the cleaner refuses."""
    if "id" not in fields:
        return "has no 'id'"
    if not isinstance(fields["id"], _NAMES):
        return f"id is {_kind(fields['id'])}, not text"
    if not isinstance(fields.get("url"), str | None):
        return f"url is {_kind(fields['url'])}, not text"
    name = "html_b64" if "html_b64" in fields else "html"
    if name not in fields:
        return "has no 'html'"
    if not isinstance(fields[name], str | None):
        return f"{name} is {_kind(fields[name])}, not text"
    return None


def _kind(value: Any) -> str:
    """What JSON calls a value."""
    names = {bool: "a boolean", int: "a number", float: "a number", list: "an array", dict: "an object"}
    return names.get(type(value), "null")


def _html(fields: dict[str, Any]) -> bytes:
    """The page's bytes; text without a visible character stays empty, for a byte order mark would make it a binary."""
    if "html_b64" in fields:
        return base64.b64decode("".join((fields["html_b64"] or "").split()), validate=True)
    html = fields["html"] or ""
    return as_bytes(html) if html.strip() else b""


def _archived(path: Path) -> Iterator[RawPage]:
    for number, page in enumerate(pages(path)):
        name = f"{path.name}#{number}"
        if isinstance(page, Page):
            yield RawPage(id=name, url=page.url, html=page.body)
        else:
            url = page.url if page.url != str(path) else None
            yield Unread(id=name, url=url, reason=page.reason.value, detail=page.detail)
