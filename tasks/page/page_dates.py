"""When it was published, and when it was last changed: opinions first, then the most believable one.

Observed on two development sets: JSON-LD's `datePublished` and the `article:published_time` family are right on 97 % of
the pages that have them; a day in the address is as good; `<time>` elements are right beside the title and wrong in
lists of other articles; a visible date is right where it stands with the byline (`page_dates_visible`). A third of the
wider web declares nothing, hence the last two. "Updated", "modified", "accepted" and "©" are not publication dates.

Two known lies: systems that write the time of their last build into `datePublished` (then it equals `dateModified`, and
an earlier visible date is the true one), and pages that show only the date of the last change (then that stands in,
with a confidence that says so). A guide of the wider web that shows only the day of its last change, unlabelled, but
declares an older publication, is labelled by either as often (8 and 7 development pages): the declaration stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from tasks.page import json_ld
from tasks.page.metadata_head import Head
from tasks.page.page_dates_text import Moment, machine, visible

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before the first news sites; scanned archives carry the digitising date or none."""
AHEAD = timedelta(days=1)
"""An outlet east of us may already write tomorrow's date."""
PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate", "datecreated", "datepublished")
STAND_IN = 0.4
"""Confidence of a date of the last change where no publication date is shown; right on 12 of 22 development pages."""

_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<s>[/_.-]?)(?P<m>0?[1-9]|1[0-2]|[A-Za-z]{3,9})(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"
)
_UNLISTED = re.compile(r"publish|pub[-_]?date|posted|release[-_]?date|issued|date[-_]?created")


@dataclass(frozen=True, kw_only=True, slots=True)
class DateOpinion:
    """One date that the page shows for itself, with where it stands and how far it is believed."""

    kind: str
    moment: Moment
    text: str
    confidence: float
    is_modified: bool = False


Reader = Callable[..., Iterator[DateOpinion]]
"""Reads one declared value: kind, value, confidence, is_modified."""


def as_written(at: datetime, offset_minutes: int | None) -> str:
    """Return an instant in ISO 8601, in the zone in which the outlet wrote it where that is known."""
    zone = UTC if not offset_minutes else timezone(timedelta(minutes=offset_minutes))
    return at.astimezone(zone).isoformat()


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of one kind from the table beside this module, in its order."""
    lines = Path(__file__).with_name("page_dates_words.tsv").read_text(encoding="utf8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(dict.fromkeys(row[2].casefold() for row in rows if row[0] == kind))


@cache
def _order(kind: str) -> dict[str, int]:
    return {name: position for position, name in enumerate(words(kind))}


def holds(kind: str, text: str) -> bool:
    """Return whether a case-folded text holds any word of a kind.

    Plain search for each word: an alternation of 60 words that ignores case took 0.3 ms a line.
    """
    return any(word in text for word in words(kind))


def first(kind: str, text: str) -> int | None:
    """Return where in a case-folded text the first word of a kind stands."""
    return min((at for at in map(text.find, words(kind)) if at >= 0), default=None)


def is_possible(moment: Moment, now: datetime) -> bool:
    """Return whether an article of the web can have appeared then."""
    return EARLIEST <= moment.at <= now + AHEAD


def opinions(
    head: Head, about: Sequence[json_ld.Node], url: str | None, place: tuple[str | None, str | None], now: datetime
) -> tuple[DateOpinion, ...]:
    """Return the declared dates that are possible, the most believable kinds first; `place` is language and region."""
    read = partial(_stated, place=place)
    found = [*_from_json_ld(about, read), *_from_metas(head, read), *_from_items(head.items, read)]
    if all(opinion.is_modified for opinion in found):
        found += [*_from_unlisted_metas(head, read), *_from_titles(head, read)]
    found += _from_url(url)
    return tuple(opinion for opinion in found if is_possible(opinion.moment, now))


def _from_json_ld(about: Sequence[json_ld.Node], read: Reader) -> Iterator[DateOpinion]:
    for node in about[:6]:
        confidence = (0.97, 0.85, 0.9, 0.5)[json_ld.rank(node)]
        for key in PUBLISHED_KEYS:
            yield from read("json_ld", json_ld.text(node.get(key)), confidence, is_modified=False)
        yield from read("json_ld", json_ld.text(node.get("dateModified")), confidence, is_modified=True)


def _from_metas(head: Head, read: Reader) -> Iterator[DateOpinion]:
    for kind, is_modified in (("published_meta", False), ("modified_meta", True)):
        order = _order(kind)
        for name in sorted(order.keys() & head.metas.keys(), key=order.__getitem__):
            for value in head.metas[name][:2]:
                yield from read("meta", value, 0.95 if ":" in name else 0.85, is_modified=is_modified)


def _from_unlisted_metas(head: Head, read: Reader) -> Iterator[DateOpinion]:
    """Names that no list has, but that say what they are: `w-published-date`, `cms:publishdate`."""
    for name, values in head.metas.items():
        if _UNLISTED.search(name) and not holds("modified", name):
            yield from read("meta", values[0], 0.7, is_modified=False)


def _from_titles(head: Head, read: Reader) -> Iterator[DateOpinion]:
    """Some outlets end the page's title with the day: "Headline | Outlet | 28.04.2026"."""
    for title in (head.meta("og:title"), head.title):
        tail = re.split(r"[|,–—]|\s-\s", title or "")[-1].strip()
        if len(tail) <= 20 and sum(map(str.isdigit, tail)) >= 5:
            yield from read("text", tail, 0.8, is_modified=False)


def _stated(
    kind: str, value: str | None, confidence: float, *, is_modified: bool, place: tuple[str | None, str | None]
) -> Iterator[DateOpinion]:
    moment = (machine(value) or visible(value, *place)) if value else None
    if moment and value:
        yield DateOpinion(kind=kind, moment=moment, text=value[:100], confidence=confidence, is_modified=is_modified)


def _from_items(items: Iterable[LexborNode], read: Reader) -> Iterator[DateOpinion]:
    """Microdata's dates; only the first, for the rest belong to comments and lists."""
    owed = {"datepublished": False, "datecreated": False, "datemodified": True}
    for node in items:
        attributes = node.attributes
        for name in (attributes.get("itemprop") or "").lower().split():
            if name in owed:
                value = attributes.get("content") or attributes.get("datetime") or node.text()
                is_modified = owed.pop(name)
                yield from read("microdata", json_ld.clean(value[:100]), 0.9, is_modified=is_modified)


def _from_url(url: str | None) -> Iterator[DateOpinion]:
    if not url:
        return
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return
    match = _URL_DAY.search(path)
    if match is None or (not match["s"] and len(match[0]) != 8):
        return
    text = f"{match['y']}-{match['m']}-{match['d']}"
    moment = machine(text) if match["m"].isdigit() else visible(f"{match['d']} {match['m']} {match['y']}", "en")
    if moment:
        yield DateOpinion(kind="url", moment=moment, text=match[0], confidence=0.9)


def choose(found: Sequence[DateOpinion]) -> DateOpinion | None:
    """Return the publication date: the first opinion, or the one that the day in the address confirms."""
    published = [opinion for opinion in found if not opinion.is_modified]
    if not published:
        return None
    url_day = next((opinion.moment for opinion in published if opinion.kind == "url"), None)
    for opinion in published if url_day else ():
        if url_day and opinion.kind != "url" and abs(opinion.moment.at - url_day.at) <= timedelta(days=2):
            return opinion
    return published[0]


def is_build_time(published: DateOpinion | None, found: Sequence[DateOpinion]) -> bool:
    """Return whether the declared publication is word for word the declared change: perhaps the site's last build.

    Days only: of instants that agree, nearly all are articles that nobody touched.
    """
    if published is None or published.kind not in ("json_ld", "meta") or not published.moment.is_day_only:
        return False
    return any(o.is_modified and o.kind == published.kind and o.text == published.text for o in found)


def earlier(published: DateOpinion, shown: Sequence[DateOpinion]) -> DateOpinion:
    """Return the visible date where it lies before a declared one that may be a build time, else the declared one."""
    for opinion in shown:
        if not opinion.is_modified and opinion.confidence >= 0.6:
            is_before = opinion.moment.day < published.moment.day - timedelta(days=1)
            return opinion if is_before else published
    return published


def stand_in(found: Sequence[DateOpinion]) -> DateOpinion | None:
    """Return the date of the last change as the only date that a page shows; `meta` alone is not shown to anybody."""
    for opinion in found:
        if opinion.is_modified and opinion.kind != "meta":
            return DateOpinion(kind=opinion.kind, moment=opinion.moment, text=opinion.text, confidence=STAND_IN)
    return None


def choose_modified(found: Sequence[DateOpinion], published: DateOpinion | None) -> DateOpinion | None:
    """Return the last change, which cannot lie before the publication."""
    modified = [opinion for opinion in found if opinion.is_modified]
    if published is not None:
        modified = [o for o in modified if o.moment.at >= published.moment.at or o.moment.day == published.moment.day]
    return modified[0] if modified else None
