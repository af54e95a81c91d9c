"""Where a story came from: the agency that filed it, and the address where it first appeared.

Five places speak, in this order: the dateline of the story's own first blocks; JSON-LD's source organisation; the
byline; credit and copyright lines; links to the first publication. A dateline inside a removed block says nothing, for
teasers of other stories carry theirs. An agency that is merely mentioned ("told Reuters"), that took the picture, or
whose name something else shares is not an origin: every rule therefore asks for a whole line, a bracket or a label.

An agency that only "contributed" is reported too, marked as a contribution: an analyst counts it apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tasks.page import authors, wire_agencies, wire_datelines
from tasks.page.metadata import Metadata
from tasks.page.wire_agencies import Agency
from tasks.page.wire_datelines import Dateline
from tasks.records import Evidence
from tasks.text.openings import Openings

FIRST_BLOCKS = 3
"""A standfirst and a byline may stand before the paragraph with the dateline."""
LAST_BLOCKS = 5
"""Credits stand at the end: reporting, editing, copyright, sign-off, contact."""
MAX_END = 600
"""Characters of a block's beginning and of its end that can hold a dateline or a credit."""
MAX_REMOVED = 60
MAX_CREDIT = 260
"""Characters of a credit line; Reuters' longest of the development sets has 231."""
MAX_BYLINE = 140

_REUTERS = re.compile(
    r"^\W{0,10}(?:additional\s+)?(?:reporting|report)\b.{0,60}?\bby\b.{2,400}?\bediting\s+by\b", re.I | re.S
)
_REUTERS_OTHERS = re.compile(
    # The same closing line in Reuters' Spanish, Portuguese, French, German, Italian, Turkish, Russian services.
    r"^\W{0,10}(?:reporte de|reportaje de|reportagem de|bericht von|\(?geschrieben von|redigiert von|version française|"
    r"tradotto da|reportage de).{2,300}?(?:editado|edición|edição|edición de|redigiert|édité par|editing)",
    re.I | re.S,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)(?:[\s©]|copyright)*(?P<year>(?:19|20)\d{2}(?:\s?[-–]\s?\d{2,4})?)?\s*,?\s*(?:by\s+)?(?P<rest>.{2,120})",
    re.I,
)
_YEAR_AFTER = re.compile(r"^(?P<name>.{2,60}?)\s*,?\s*(?:19|20)\d{2}\b")
_SIGN_OFF = re.compile(
    r"[.!?…»”\"'’)）。]\s*(?:(?:--|[-–—])\s?(?P<dash>[^()\[\]/]{2,30})|[(\[（/](?P<round>[^()\[\]]{2,40})[)\]）/]"
    r"|(?<=\s)(?P<bare>[A-Z]{3,9}))\s*\.?$"
)
_FILED = re.compile(
    r"^\W{0,10}this (?:report|story|article) (?:by|from) (?P<name>.{2,50}?) was (?:first|originally) published\b", re.I
)
_WRITERS = re.compile(
    r"^\W{0,10}(?P<name>[A-Z][\w .-]{1,40}?) (?:[a-z]+ )?(?:writers?|reporters?|journalists?|correspondents?)\b"
    r".* contributed\b"
)
_DPA_NUMBER = re.compile(r"\bdpa:\d{6}-\d{2,3}-\d+")
"""The number that dpa-infocom's copyright line carries."""
_BARE_SIGN = re.compile(r"^\s*(?:--|[-–—])?\s*[(\[（/]?\s*(?P<name>[^()\[\]（）]{2,60}?)\s*[)\]）/]?\s*\.?\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class WireOrigin:
    """What is known about a story's origin, with the evidence; all empty for an outlet's own story."""

    dateline: str | None = None
    """The dateline as it stands in the text."""
    dateline_place: str | None = None
    dateline_date: date | None = None
    wire_agency: str | None = None
    is_contribution: bool = False
    """Whether the agency only contributed to another newsroom's story."""
    is_based_on_url: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sign:
    agency: Agency
    kind: str
    text: str
    confidence: float
    is_contribution: bool = False


def recognise(
    body_blocks: Sequence[str],
    metadata: Metadata,
    *,
    removed: Sequence[str] = (),
    links: Sequence[tuple[str, str]] = (),
) -> WireOrigin:
    """Return where a story came from.

    `removed` are texts of blocks that the cleaner took out as byline, legal or source lines; `links` are pairs of the
    words and the address of links in the body and in those blocks.
    """
    language = metadata.language
    if len(body_blocks) > FIRST_BLOCKS + LAST_BLOCKS:
        body_blocks = [*body_blocks[:FIRST_BLOCKS], *body_blocks[-LAST_BLOCKS:]]
    body_blocks = [_ends(block) for block in body_blocks]
    removed = [_ends(block) for block in removed[:MAX_REMOVED]]
    dateline, dateline_block = _dateline(body_blocks, metadata)
    signs = [
        *_from_dateline(dateline, dateline_block),
        *_from_declarations(metadata),
        *_from_bylines(body_blocks, metadata, removed),
        *_from_credits(body_blocks, removed, language),
    ]
    original, original_text = _original(body_blocks, metadata, removed, links)
    signs += _from_original(original, original_text)
    best = max(signs, key=lambda sign: (not sign.is_contribution, sign.confidence), default=None)
    around = metadata.published_at.date() if metadata.published_at else None
    return WireOrigin(
        dateline=dateline.text if dateline else None,
        dateline_place=dateline.place if dateline else None,
        dateline_date=dateline.day_near(around) if dateline else None,
        wire_agency=best.agency.name if best else None,
        is_contribution=best.is_contribution if best else False,
        is_based_on_url=original,
        evidence=tuple(_evidence(dateline, dateline_block, signs, original, original_text)),
    )


def _ends(block: str) -> str:
    """A block's beginning and end, which are all that is looked at; bounds the time that a giant block takes."""
    return block if len(block) <= 2 * MAX_END else f"{block[:MAX_END]} {block[-MAX_END:]}"


def _dateline(body_blocks: Sequence[str], metadata: Metadata) -> tuple[Dateline | None, str]:
    """The first dateline with an agency in the story's beginning, else the first without."""
    plain: tuple[Dateline | None, str] = (None, "")
    for block in (*body_blocks[:FIRST_BLOCKS], metadata.description or ""):
        found = wire_datelines.read(block, metadata.language)
        if found is None:
            continue
        if found.agency is not None:
            return found, block
        if plain[0] is None and body_blocks and block is body_blocks[0]:
            plain = (found, block)
    return plain


def _from_dateline(dateline: Dateline | None, block: str) -> Iterator[_Sign]:
    if dateline is not None and dateline.agency is not None:
        yield _Sign(agency=dateline.agency, kind="dateline", text=block, confidence=0.97)


def _from_declarations(metadata: Metadata) -> Iterator[_Sign]:
    agency = wire_agencies.named(metadata.source_organization or "", metadata.language)
    if agency is not None:
        yield _Sign(agency=agency, kind="json_ld", text=metadata.source_organization or "", confidence=0.95)


def _from_bylines(body_blocks: Sequence[str], metadata: Metadata, removed: Sequence[str]) -> Iterator[_Sign]:
    """Agencies among the declared authors, and in lines such as "By The Associated Press" or "Ann Lee, AP"."""
    raw = list(metadata.authors)
    raw += [note.text for note in metadata.evidence if note.field == "authors"]
    for text in dict.fromkeys(name[:300] for name in raw):
        yield from _in_byline(text, metadata.language, 0.9)
    for text in (*body_blocks[:FIRST_BLOCKS], *removed):
        if len(text) <= MAX_BYLINE and authors.without_by(text) != text and not _is_picture(text):
            yield from _in_byline(text, metadata.language, 0.85)


def _in_byline(text: str, language: str | None, confidence: float) -> Iterator[_Sign]:
    bare = authors.without_by(text.strip())
    whole = wire_agencies.named(bare, language)
    if whole is not None:
        yield _Sign(agency=whole, kind="byline", text=text, confidence=confidence)
        return
    parts = [
        part
        for part in re.split(r"\s*[;|/,•·–—]\s*|\s+(?:and|und|et|y|e|och|og|en|with|mit|avec|con)\s+|\s-\s", bare)
        if part
    ]
    named = [wire_agencies.named(part, language) for part in parts[:12]]
    for agency in named:
        if agency is not None:
            others = sum(found is None for found in named)
            yield _Sign(agency=agency, kind="byline", text=text, confidence=confidence - (0.1 if others else 0.0))
            return


def _from_credits(body_blocks: Sequence[str], removed: Sequence[str], language: str | None) -> Iterator[_Sign]:
    tail = body_blocks[-LAST_BLOCKS:]
    for block in (*body_blocks[:1], *tail, *removed):
        yield from _in_credit(block, language)
    if tail:
        yield from _in_sign_off(tail[-1], language)
        yield from _in_bare_sign(tail[-1], language, 0.85)
    for block in (*tail[:-1], *removed):
        yield from _in_bare_sign(block, language, 0.8) if _is_enclosed(block) else ()


def _in_credit(block: str, language: str | None) -> Iterator[_Sign]:
    """A line that is a credit and nothing else, or a last paragraph's closing credit."""
    line = block.strip()
    if _closes_reuters(line):
        yield _Sign(agency=_agency("Reuters"), kind="credit", text=line, confidence=0.93)
        return
    closing = _CLOSING.search(line) if line.rstrip(" .").endswith((")", "]", "）")) else None
    for text in (line, closing[1] if closing else ""):
        if not 3 <= len(text) <= MAX_CREDIT:
            continue
        found = [sign for rule in _CREDIT_RULES for sign in rule(text, language)]
        if found and not _is_picture(text):
            yield from found


_CLOSING = re.compile(r"[(\[（]([^()\[\]（）]{4,200})[)\]）]\s*\.?$")


def _closes_reuters(line: str) -> bool:
    if _REUTERS_OTHERS.match(line):
        return True
    return bool(_REUTERS.match(line) and re.search(r";|\bin\s+[A-Z]", line))


def _labelled(text: str, language: str | None) -> Iterator[_Sign]:
    """ "Quelle: dpa/AFP", "来源：新华社"."""
    match = _source_label().match(text) if _opens(text, "source") else None
    if match is None or len(match["names"]) > 80:
        return
    for agency in wire_agencies.among(match["names"], language):
        yield _Sign(agency=agency, kind="credit", text=text, confidence=0.88)
        return


def _copyright(text: str, language: str | None) -> Iterator[_Sign]:
    """ "© 2026 AFP": a year or reserved rights make it a text's; a bare "© AFP" is a picture's."""
    is_claim = "©" in text or "(c)" in text or "(C)" in text or "opyright" in text or "OPYRIGHT" in text
    match = _COPYRIGHT.search(text) if is_claim else None
    if match is None:
        return
    is_whole = wire_agencies.is_long(match["rest"]) and match.start() <= 2
    is_reserved = is_whole or any(phrase in text.casefold() for phrase in phrases("rights"))
    after = _YEAR_AFTER.match(match["rest"])
    if not (match["year"] or after or is_reserved):
        return
    name = after["name"] if after and not match["year"] else re.split(r"[.;|(]|\s[-–—]\s|,\s", match["rest"])[0]
    agency = wire_agencies.named(name, language)
    if agency is not None:
        yield _Sign(agency=agency, kind="copyright", text=text, confidence=0.88)


def _contribution(text: str, language: str | None) -> Iterator[_Sign]:
    writers = _WRITERS.match(text) if " contributed" in text else None
    agency = wire_agencies.named(writers["name"], language) if writers else None
    if agency is not None:
        yield _Sign(agency=agency, kind="credit", text=text, confidence=0.8, is_contribution=True)
        return
    folded = text.casefold().strip(" .*()[]")
    if not folded.startswith(_before()) and not folded.endswith(_after()):
        return
    for before, after in _contributions():
        if not folded.startswith(before) or not folded.endswith(after) or len(folded) <= len(before) + len(after):
            continue
        start = text.casefold().find(before) + len(before) if before else len(text) - len(text.lstrip(" .*()[]"))
        inside = text[start:].strip(" .*()[]")
        inside = inside[: len(inside) - len(after)] if after else inside
        for agency in wire_agencies.among(inside.strip(), language):
            yield _Sign(agency=agency, kind="credit", text=text, confidence=0.8, is_contribution=True)
            return


def _filed(text: str, language: str | None) -> Iterator[_Sign]:
    """ "This report by The Canadian Press was first published Nov. 5, 2026."""
    match = _FILED.match(text) if " was " in text else None
    agency = wire_agencies.named(match["name"], language) if match else None
    if agency is None and "dpa:" in text and _DPA_NUMBER.search(text):
        agency = _agency("dpa")
    if agency is not None:
        yield _Sign(agency=agency, kind="credit", text=text, confidence=0.92)


_CREDIT_RULES = (_labelled, _copyright, _contribution, _filed)


def _in_sign_off(block: str, language: str | None) -> Iterator[_Sign]:
    """The last paragraph's sign-off: "… he said. (dpa)", "… — AFP", "… /ritzau/"."""
    match = _SIGN_OFF.search(block.strip()[-70:])
    if match is None or _is_picture(block[-60:]) and len(block) < 200:
        return
    for agency in wire_agencies.among(match["dash"] or match["round"] or match["bare"], language):
        yield _Sign(agency=agency, kind="sign_off", text=block[-120:], confidence=0.86)
        return


def _in_bare_sign(block: str, language: str | None, confidence: float) -> Iterator[_Sign]:
    """A block that is an agency's name and nothing else."""
    match = _BARE_SIGN.match(block) if len(block) <= 70 and not _is_picture(block) and "©" not in block else None
    if match is None:
        return
    for agency in wire_agencies.among(match["name"], language):
        yield _Sign(agency=agency, kind="sign_off", text=block, confidence=confidence)
        return


def _is_enclosed(block: str) -> bool:
    return block.lstrip()[:1] in _OPENING_MARKS and bool(
        re.match(r"^\s*(?:[(\[（/].{2,40}[)\]）/]|(?:--|[-–—])\s?\S.{1,40})\s*\.?\s*$", block)
    )


_OPENING_MARKS = frozenset("([（/-–—")


def _agency(name: str) -> Agency:
    return next(agency for agency in wire_agencies.table() if agency.name == name)


def _is_picture(text: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+\.?", text.casefold()))
    return bool(words & phrases("picture")) or any(
        mark in text for mark in ("写真", "사진", "图片", "圖片", "摄", "攝")
    )


@cache
def phrases(kind: str) -> frozenset[str]:
    """Return the phrases of one kind from the table beside this module, case folded."""
    lines = Path(__file__).with_name("wire_phrases.tsv").read_text(encoding="utf8").splitlines()
    return frozenset(line.split("\t")[2].casefold() for line in lines if line.startswith(f"{kind}\t"))


@cache
def _openings(kind: str) -> Openings:
    return Openings(phrases(kind))


def _opens(text: str, kind: str) -> bool:
    """Whether a text begins, some marks aside, with a phrase of a kind: spares most lines a long alternation."""
    first = _LETTER.search(text)
    return first is not None and _openings(kind).begin(text[first.start() :] if first.start() else text)


_LETTER = re.compile(r"\w")


@cache
def _source_label() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(phrases("source"), key=len, reverse=True))
    return re.compile(rf"^\W{{0,10}}(?:{words})\s*[:：/|–-]\s*(?P<names>\S.*?)\W*$", re.I)


@cache
def _contributions() -> tuple[tuple[str, str], ...]:
    """Words before and after the agencies that contributed, the longest pairs first."""
    pairs = (phrase.strip("()*").partition("{}") for phrase in phrases("contribution"))
    return tuple(sorted(((b.lstrip("*("), a.rstrip(")")) for b, _, a in pairs), key=lambda p: -len(p[0]) - len(p[1])))


@cache
def _before() -> tuple[str, ...]:
    return tuple({before for before, _ in _contributions() if before})


@cache
def _after() -> tuple[str, ...]:
    return tuple({after for before, after in _contributions() if not before})


@cache
def _original_phrase() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(phrases("original"), key=len, reverse=True))
    return re.compile(rf"^\W{{0,10}}(?P<phrase>{words})(?P<rest>\b.*|\W.*|)$", re.I | re.S)


def _original(
    body_blocks: Sequence[str], metadata: Metadata, removed: Sequence[str], links: Sequence[tuple[str, str]]
) -> tuple[str | None, str]:
    """The address of the first publication and the words that name it."""
    if metadata.is_based_on_url:
        return metadata.is_based_on_url, "isBasedOn"
    lines = [line for line in (*body_blocks[-LAST_BLOCKS:], *body_blocks[:2], *removed) if len(line) <= MAX_CREDIT]
    named = [line for line in lines if _opens(line, "original") and _original_phrase().match(line)]
    for words, target in links:
        label = words[:200].strip()
        if _is_original_label(label):
            line: str | None = label
        else:
            line = next((line for line in named if len(label) > 2 and label in line and not _is_picture(line)), None)
        address = _elsewhere(target, metadata) if line is not None else None
        if line is not None and address is not None:
            return address, line
    return None, ""


def _is_original_label(label: str) -> bool:
    match = _original_phrase().match(label) if _opens(label, "original") else None
    return match is not None and len(label) <= 80 and (len(match["rest"]) <= 40 or len(match["phrase"]) > 12)


def _elsewhere(target: str, metadata: Metadata) -> str | None:
    """The absolute address of a link that leaves the page's own site."""
    here = metadata.url or metadata.canonical_url or metadata.og_url
    try:
        address = urljoin(here, target) if here else target
        host = (urlsplit(address).hostname or "").lower()
        own = (urlsplit(here).hostname or "").lower() if here else ""
    except ValueError:
        return None
    if not address.startswith(("http://", "https://")) or not host:
        return None
    return None if own and _site(own) == _site(host) else address


def _site(host: str) -> str:
    """Roughly the registrable name: the longest label of the last three, for `bbc.co.uk` and `news.bbc.co.uk` agree."""
    labels = host.removeprefix("www.").split(".")[-3:]
    return max(labels[:-1] or labels, key=len)


def _from_original(address: str | None, words: str) -> Iterator[_Sign]:
    agency = wire_agencies.of_host(urlsplit(address).hostname or "") if address else None
    if agency is not None:
        yield _Sign(agency=agency, kind="link", text=f"{words} {address}", confidence=0.75)


def _evidence(
    dateline: Dateline | None, block: str, signs: Sequence[_Sign], original: str | None, words: str
) -> Iterator[Evidence]:
    if dateline is not None:
        yield Evidence(field="dateline", value=dateline.text, kind="dateline", text=block[:300], confidence=0.9)
    seen: set[tuple[str, str, str]] = set()
    for sign in signs:
        key = (sign.agency.name, sign.kind, sign.text[:300])
        if key not in seen:
            seen.add(key)
            yield Evidence(
                field="wire_contribution" if sign.is_contribution else "wire_agency",
                value=sign.agency.name,
                kind=sign.kind,
                text=sign.text[:300],
                confidence=round(sign.confidence, 2),
            )
    if original is not None:
        kind = "json_ld" if words == "isBasedOn" else "link"
        yield Evidence(field="is_based_on_url", value=original, kind=kind, text=words[:300], confidence=0.85)
