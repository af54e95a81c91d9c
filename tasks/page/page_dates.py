"""When it was published, and when it was last changed: opinions first, then the most believable one.

Observed on two development sets: JSON-LD's `datePublished` and the `article:published_time` family are right on 97 % of
the pages that have them; an address with a day in it is as good; `<time>` elements are right beside the title and wrong
in lists of other articles; a visible date is right where it stands with the byline. A third of the wider web declares
nothing, hence the last two. A date that says "updated", "modified", "accepted" or "©" is not a publication date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from tasks.page import json_ld
from tasks.page.metadata_head import Head
from tasks.page.metadata_near import Line
from tasks.page.page_dates_text import Moment, machine, visible

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before the first news sites; scanned archives carry the digitising date or none."""
AHEAD = timedelta(days=1)
"""An outlet east of us may already write tomorrow's date."""

# Names seen in the development sets and in the documentation of the systems that write them: Facebook's article
# vocabulary, Parse.ly, Sailthru, Cxense, Highwire (Google Scholar), Dublin Core, and habits of publishing systems.
PUBLISHED_METAS = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time",
    "rnews:datepublished", "datepublished", "article.published", "published_time", "published-date",
    "publisheddate", "published_at", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "publishdate", "publish-date", "publish_date", "publication_date",
    "publication-date", "pubdate", "article_date_original", "article:post_date", "article:create_at",
    "article:publicationdate", "vr:published_time", "lp.article:published_time", "dc.date.issued", "dcterms.issued",
    "dcterms.date", "dcterms.created", "dc.date.created", "dc.date", "dc:date", "prism.publicationdate",
    "citation_publication_date", "citation_online_date", "citation_date", "date_published", "date", "created",
    "last-published", "video:release_date", "og:pubdate", "sort_date", "timestamp", "weibo:article:create_at",
    "bt:pubdate",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "og:article:modified_time",
    "datemodified", "last-modified", "lastmod", "last_modified", "modified_time", "dc.date.modified",
    "dcterms.modified", "revised", "article.updated", "cxenseparse:recs:lastmodified", "updated_time",
    "date.modified", "lp.article:modified_time",
)  # fmt: skip
PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate", "datecreated", "datepublished")

_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<s>[/_.-]?)(?P<m>0?[1-9]|1[0-2]|[A-Za-z]{3})(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"
)
_MODIFIED = re.compile(
    # The words for "updated" in the press of each language, before or after a date.
    r"updat|modifi|revis|edited|review|aktualis|geändert|stand:|mis à jour|mise à jour|actualiz|atualiz|aggiornat"
    r"|bijgewerkt|gewijzigd|uppdater|opdateret|oppdater|päivit|zaktual|aktualiz|frissít|обновл|оновл|ενημ|güncell"
    r"|diperbarui|cập nhật|更新|수정|تحديث|עודכן|अपडेट",
    re.I,
)
_PUBLISHED = re.compile(
    r"publish|posted|publi[éc]|veröffentlicht|erschienen|gepubliceerd|publicer|publiser|julkaistu|opublik|publikov"
    r"|közzé|опублик|опубл|yayın|diterbitkan|xuất bản|发布|發布|公開|掲載|입력|등록|نشر|פורסם|प्रकाशित"
    r"|pubblicat|written|date:|created",
    re.I,
)
_REFUSED = re.compile(
    r"©|\(c\)|copyright|accepted|received|accessed|retrieved|expires?|all rights|deadline|event|born", re.I
)
_OTHERS = re.compile(
    r"relat|recommend|sidebar|footer|comment|teaser|card|widget|popular|latest|trending|more-|nav\b|menu|promo"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DateOpinion:
    """One date that the page shows for itself, with where it stands and how far it is believed."""

    kind: str
    moment: Moment
    text: str
    confidence: float
    is_modified: bool = False


def is_possible(moment: Moment, now: datetime) -> bool:
    """Return whether an article of the web can have appeared then."""
    return EARLIEST <= moment.at <= now + AHEAD


def opinions(head: Head, about: Sequence[json_ld.Node], url: str | None, now: datetime) -> tuple[DateOpinion, ...]:
    """Return the declared dates that are possible, the most believable kinds first."""
    found = [*_from_json_ld(about), *_from_metas(head), *_from_items(head.items), *_from_url(url)]
    return tuple(opinion for opinion in found if is_possible(opinion.moment, now))


def _from_json_ld(about: Sequence[json_ld.Node]) -> Iterator[DateOpinion]:
    for node in about[:6]:
        confidence = (0.97, 0.85, 0.9, 0.5)[json_ld.rank(node)]
        for key in PUBLISHED_KEYS:
            yield from _stated("json_ld", json_ld.text(node.get(key)), confidence, is_modified=False)
        yield from _stated("json_ld", json_ld.text(node.get("dateModified")), confidence, is_modified=True)


def _from_metas(head: Head) -> Iterator[DateOpinion]:
    for names, is_modified in ((PUBLISHED_METAS, False), (MODIFIED_METAS, True)):
        for name in names:
            for value in head.metas.get(name, ())[:2]:
                yield from _stated("meta", value, 0.95 if ":" in name else 0.85, is_modified=is_modified)


def _stated(kind: str, value: str | None, confidence: float, *, is_modified: bool) -> Iterator[DateOpinion]:
    moment = (machine(value) or visible(value)) if value else None
    if moment and value:
        yield DateOpinion(kind=kind, moment=moment, text=value[:100], confidence=confidence, is_modified=is_modified)


def _from_items(items: Iterable[LexborNode]) -> Iterator[DateOpinion]:
    """Microdata's dates; only the first, for the rest belong to comments and lists."""
    for wanted, is_modified in (("datepublished", False), ("datecreated", False), ("datemodified", True)):
        for node in items:
            attributes = node.attributes
            if (attributes.get("itemprop") or "").lower() == wanted:
                value = attributes.get("content") or attributes.get("datetime") or node.text()
                yield from _stated("microdata", json_ld.clean(value[:100]), 0.9, is_modified=is_modified)
                break


def _from_url(url: str | None) -> Iterator[DateOpinion]:
    if not url:
        return
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return
    match = _URL_DAY.search(path)
    if match is None:
        return
    if not match["s"] and not 6 <= len(match[0]) == 8:
        return
    text = f"{match['y']}-{match['m']}-{match['d']}"
    moment = machine(text) if match["m"].isdigit() else visible(f"{match['d']} {match['m']} {match['y']}", "en")
    if moment:
        yield DateOpinion(kind="url", moment=moment, text=match[0], confidence=0.9)


def from_times(times: Sequence[LexborNode], language: str | None, now: datetime) -> tuple[DateOpinion, ...]:
    """Return the dates of `time` elements that can be this page's: the first one that is not in a list of others."""
    found: list[DateOpinion] = []
    for node in times[:20]:
        attributes = node.attributes
        hints = _ancestry(node)
        if _OTHERS.search(hints):
            continue
        label = f"{hints} {_label(node)}"
        moment = machine(attributes.get("datetime") or "") or visible(json_ld.clean(node.text()[:200]), language)
        if moment is None or not is_possible(moment, now) or _REFUSED.search(label):
            continue
        is_published = "pubdate" in attributes or bool(_PUBLISHED.search(label))
        is_modified = bool(_MODIFIED.search(label)) and not is_published
        found.append(
            DateOpinion(
                kind="time",
                moment=moment,
                text=(attributes.get("datetime") or node.text())[:100].strip(),
                confidence=0.85 if is_published else 0.75,
                is_modified=is_modified,
            )
        )
    return tuple(found[:4])


def _ancestry(node: LexborNode) -> str:
    hints: list[str] = []
    current: LexborNode | None = node
    for _ in range(8):
        if current is None or current.tag in ("body", "html", "main"):
            break
        hints += [current.tag or "", current.attributes.get("class") or "", current.attributes.get("id") or ""]
        current = current.parent
    return " ".join(hints).lower()[:800]


def _label(node: LexborNode) -> str:
    """The words just before the element: "Updated", "Published on"."""
    before = node.prev
    words = before.text() if before is not None else ""
    return f"{words[-60:]} {node.text()[:100]}"


def from_lines(
    lines: Sequence[Line], language: str | None, region: str | None, now: datetime
) -> tuple[DateOpinion, ...]:
    """Return the dates of the lines around the title, the labelled and the nearer ones first."""
    found: list[tuple[float, DateOpinion]] = []
    for line in lines:
        if not any(character.isdigit() for character in line.text) or _OTHERS.search(line.hints):
            continue
        moment = visible(line.text, language, region)
        if moment is None or not is_possible(moment, now) or _REFUSED.search(line.text):
            continue
        score = _line_score(line)
        if score > 0:
            opinion = DateOpinion(
                kind="text",
                moment=moment,
                text=line.text[:100],
                confidence=round(min(0.85, score), 2),
                is_modified=bool(_MODIFIED.search(line.text)) and not _PUBLISHED.search(line.text),
            )
            found.append((-score, opinion))
    found.sort(key=lambda item: item[0])
    return tuple(opinion for _, opinion in found[:4])


def _line_score(line: Line) -> float:
    """A line that is little more than a date, labelled or marked as one, near the title."""
    score = 0.55 - 0.01 * abs(line.distance)
    if _PUBLISHED.search(line.text):
        score += 0.2
    if re.search(r"date|time|publish|posted|meta|byline|author|stamp", line.hints):
        score += 0.15
    if len(line.text) > 120:
        score -= 0.35
    elif len(line.text) > 60:
        score -= 0.1
    return score


def choose(found: Sequence[DateOpinion], url_day: Moment | None = None) -> DateOpinion | None:
    """Return the publication date: the first opinion, or the one that the day in the address confirms."""
    published = [opinion for opinion in found if not opinion.is_modified]
    if not published:
        return None
    if url_day is not None:
        for opinion in published:
            if opinion.kind != "url" and abs(opinion.moment.at - url_day.at) <= timedelta(days=2):
                return opinion
    return published[0]


def choose_modified(found: Sequence[DateOpinion], published: DateOpinion | None) -> DateOpinion | None:
    """Return the last change, which cannot lie before the publication."""
    modified = [opinion for opinion in found if opinion.is_modified]
    if published is not None:
        modified = [o for o in modified if o.moment.at >= published.moment.at or o.moment.day == published.moment.day]
    return modified[0] if modified else None
