"""Datelines: where, when and by which agency a wire story was filed, read from the beginning of a block.

Observed forms, each a row of `FORMS`: place, date and agency in brackets (most of the world), the agency first (Italy,
Bloomberg), between slashes or after a dash (Russia, press-release wires), `新华社北京11月5日电` (China), `[ロンドン 5日
ロイター]` and `【ワシントン共同】` (Japan), `(서울=연합뉴스)` (Korea), and capitals with a dash but no agency.

A bracket near the start of a paragraph is mostly something else: an acronym being introduced ("Advanced Placement (AP)
classes"), a party, a unit. Hence a dateline must have a place that looks like one (capitalised words, particles aside),
a mark after the bracket or a date before it, and an agency that is not the initials of the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tasks.page.wire_agencies import Agency, forms, in_brackets, is_homonym, named, short_pattern
from tasks.text.months import month_number

MAX_HEAD = 200
"""Characters at a block's start that can hold a dateline; three places, a date and two agencies took 104."""
MAX_PLACE_WORDS = 7
PARTICLES = frozenset(
    ("de", "del", "della", "di", "da", "do", "dos", "la", "las", "le", "les", "los", "el", "al", "of", "the", "am",
     "an", "der", "den", "im", "in", "bei", "sur", "sous", "en", "upon", "on", "and", "und", "et", "y", "na", "nad",
     "над", "на", "auf", "aan", "von", "van", "zu", "i", "og", "och", "ob", "pri")
)  # fmt: skip

_MARK = r"\s*(?:\.?\s*(?:--|[-–—:=])+\s*|\.-\s*|\.\s+|$)"
_ROUND = re.compile(r"^(?P<before>[^()]{0,110}?)\s*\((?P<agency>[^()]{2,40})\)(?P<mark>" + _MARK + r")?")
_SLASHES = re.compile(r"^(?P<before>[^()/]{0,110}?)\s*/\s?(?P<agency>[^()/]{2,40}?)\s?/(?P<mark>" + _MARK + r")?")
_SQUARE = re.compile(r"^(?P<before>[^()\[\]]{0,110}?)\s*\[(?P<agency>[^()\[\]]{2,40})\](?P<mark>" + _MARK + r")?")
_AFTER_AGENCY = re.compile(r"^(?P<before>[^()–—:]{2,60}?)\s*(?:,?\s+[-–—]{1,2}\s+|\.\s*[-–—]\s*|\.-\s*|:\s+)")
_CHINESE = re.compile(
    r"^[（(【\[]?\s*(?P<agency>新华社|新華社|中新社|中新网|中央社|法新社|路透社|美联社|美聯社|塔斯社|共同社|韩联社|埃菲社|德新社|俄新社)"
    r"(?P<place>[\u4e00-\u9fff·、]{0,16}?)(?P<date>(?:\d{1,2}月)?\d{1,2}日)?(?P<end>[电電讯訊]|[综綜]合外[电電][报報][导道導])"
)
_KOREAN = re.compile(r"^[(\[【]\s*(?P<place>[^=()\[\]]{1,24}?)\s*=\s*(?P<agency>[^()\[\]=]{2,16})[)\]】]")
_JAPANESE = re.compile(r"^\s*[［\[【〔（(](?P<inner>[^］\]】〕）)]{2,40})[］\]】〕）)]")
_COUNTRY = re.compile(r"^([^()\[\]]{2,40})\s\[[^\[\]()]{2,30}\](?=,?\s)")
"""Behind the place: "New Delhi [India], …"."""
_DAY = re.compile(r"(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日|(?P<only>\d{1,2})日")
_CAPITALS = re.compile(
    r"^(?P<place>[A-ZÀ-ÞА-ЯІЇЄҐΑ-Ω][A-ZÀ-ÞА-ЯІЇЄҐΑ-Ω.'’ -]{2,30}(?:/[A-ZÀ-Þ][A-ZÀ-Þ ]{2,20})?)"
    r"(?P<rest>(?:,\s*[A-Z][\w.]{1,14})?(?:,?\s*[^\W\d_]{2,9}\.?\s\d{1,2}|,?\s*\d{1,2}\.?\s[^\W\d_]{2,10}\.?)?(?:,?\s\d{4})?)"
    r"\s*(?:\s(?:--|—|–|-)\s|:\s|--|—\s?)"
)
_BY_AND_PLACE = re.compile(r"^(?:By|Von|Par|Por|Di)\s.{3,60}?\s(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ' -]{2,30},.*)$")
"""A byline on the same line: "By Ann Lee RAJSHAHI, Dec 20"."""
_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dateline:
    """A dateline as found. `text` is the words it was read from."""

    text: str
    place: str | None
    agency: Agency | None
    month: int | None = None
    day: int | None = None

    def day_near(self, around: date | None) -> date | None:
        """Return the date of filing: the year is that of the publication, or of the one before it around New Year."""
        if around is None or self.day is None:
            return None
        month = self.month or around.month
        for year in (around.year, around.year - 1):
            try:
                filed = date(year, month, self.day)
            except ValueError:
                continue
            if (filed - around).days <= 2:
                return filed
        return None


def read(text: str, language: str | None = None) -> Dateline | None:
    """Return the dateline at the beginning of a block, if it has one."""
    head = text[:MAX_HEAD].strip().lstrip("*•·“\"'").strip()
    for form in _ASCII_FORMS if head.isascii() else FORMS:
        found = form(head, language)
        if found is not None:
            return found
    return None


def _bracketed(pattern: re.Pattern[str]) -> Callable[[str, str | None], Dateline | None]:
    opening = {_ROUND: "(", _SLASHES: "/", _SQUARE: "["}[pattern]

    def form(head: str, language: str | None) -> Dateline | None:
        if opening not in head:
            return None
        bare = _COUNTRY.sub(r"\1", head) if "[" in head else head
        match = pattern.match(bare)
        agency = in_brackets(match["agency"]) if match else None
        if match is None or agency is None:
            return None
        before = match["before"].strip().strip("-–—/ ").strip()
        by = _BY_AND_PLACE.match(before)
        before = by["place"] if by else before
        if not before:
            return _agency_first(bare, match, agency, language)
        place, month, day = place_and_day(before, language)
        if place is None and day is None:
            return None
        if place is not None and _is_initials(match["agency"], place):
            return None
        is_marked = bool(match["mark"]) or pattern is _SLASHES
        is_plain = day is None and month is None and not before.isupper()
        if is_plain and (not is_marked or is_homonym(match["agency"])):
            return None
        return Dateline(text=bare[: match.end("agency") + 1], place=place, agency=agency, month=month, day=day)

    return form


def _agency_first(head: str, match: re.Match[str], agency: Agency, language: str | None) -> Dateline | None:
    """ "(ANSA) - ROMA, 5 NOV - …", "(Bloomberg) -- …", "/PRNewswire/ -- …"."""
    if not match["mark"]:
        return None
    rest = head[match.end() :]
    place_match = _AFTER_AGENCY.match(rest)
    place, month, day = place_and_day(place_match["before"], language) if place_match else (None, None, None)
    if place_match is None or (place is None and day is None):
        return Dateline(text=head[: match.end("agency") + 1], place=None, agency=agency)
    if (
        day is None
        and place is not None
        and not place.isupper()
        and not place_match[0].strip().endswith((".-", "-", "–", "—"))
    ):
        return Dateline(text=head[: match.end("agency") + 1], place=None, agency=agency)
    text = head[: match.end() + place_match.end("before")]
    return Dateline(text=text, place=place, agency=agency, month=month, day=day)


@cache
def _dashed() -> re.Pattern[str]:
    return re.compile(
        r"^(?P<place>[^.,()–—\d/-]{2,40})[.,]?\s*"
        r"(?P<date>\d{1,2}\s+[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?\s+\d{1,2})?"
        rf"\s*[.,]?\s*[-–—/]?\s*(?P<agency>{short_pattern()})\s*(?:\.(?:RU)?\s|\.\s?[-–—]|[-–—:]|\s[-–—]|$)"
    )


@cache
def _first_words() -> frozenset[str]:
    """The first two words of each agency's name, or its only one; alone, "The" would begin every second block."""
    found = (_WORD.findall(form)[:2] for form in forms())
    return frozenset(" ".join(words) for words in found if words)


_WORD = re.compile(r"\w+")


def _names_agency(head: str) -> bool:
    """Whether any words of the head begin an agency's name: spares most blocks the long alternation."""
    words = _WORD.findall(head[:120])
    firsts = _first_words()
    return not (firsts.isdisjoint(words) and firsts.isdisjoint(map(" ".join, zip(words, words[1:], strict=False))))


def _after_dash(head: str, language: str | None) -> Dateline | None:
    """ "МОСКВА, 5 ноя - РИА Новости.", "Москва. 5 ноября. INTERFAX.RU - ", "دبي - رويترز:"."""
    match = _dashed().match(head) if _names_agency(head) else None
    agency = in_brackets(match["agency"]) if match else None
    if match is None or agency is None:
        return None
    place, month, day = place_and_day(f"{match['place'].strip()}, {match['date'] or ''}".strip(", "), language)
    has_mark = re.search(r"[-–—/.,]\s*$", head[: match.start("agency")])
    has_dash = re.search(r"[-–—]\s*$", match[0])
    if place is None or not has_mark or (day is None and place[:1].isascii() and not place.isupper() and not has_dash):
        return None
    return Dateline(text=head[: match.end("agency")], place=place, agency=agency, month=month, day=day)


def _chinese(head: str, language: str | None) -> Dateline | None:
    match = _CHINESE.match(head)
    agency = in_brackets(match["agency"]) if match else None
    if match is None or agency is None or not (match["place"] or match["date"]):
        return None
    month, day = _cjk_day(match["date"] or "")
    place = re.sub(r"^(?:记者|記者)[\u4e00-\u9fff]{0,4}(?=[\u4e00-\u9fff]{2})", "", match["place"]) or None
    return Dateline(text=match[0].strip("（(【["), place=place, agency=agency, month=month, day=day)


def _korean(head: str, language: str | None) -> Dateline | None:
    match = _KOREAN.match(head)
    agency = in_brackets(match["agency"]) if match else None
    if match is None or agency is None:
        return None
    place = re.sub(r"\s*(?:AFP|AP|EPA|로이터|신화|교도|타스|UPI|dpa)$", "", match["place"]).strip() or None
    return Dateline(text=match[0], place=place, agency=agency)


def _japanese(head: str, language: str | None) -> Dateline | None:
    match = _JAPANESE.match(head)
    if match is None or not re.search(
        r"[\u3040-\u30ff\u3400-\u9fff]", match["inner"] + head[match.end() : match.end() + 40]
    ):
        return None
    inner = match["inner"].strip()
    month, day = _cjk_day(inner)
    bare = _DAY.sub(" ", inner).strip()
    found = re.search(rf"(?P<agency>{short_pattern()})(?:[=＝/]\S+)?$", bare)
    agency = in_brackets(found["agency"]) if found else None
    if found is None or agency is None:
        return None
    place = bare[: found.start()].strip(" 　、,・") or None
    return Dateline(text=match[0], place=place, agency=agency, month=month, day=day)


def _cjk_day(text: str) -> tuple[int | None, int | None]:
    match = _DAY.search(text)
    if match is None:
        return None, None
    return (int(match["month"]) if match["month"] else None), int(match["day"] or match["only"])


def _capitals(head: str, language: str | None) -> Dateline | None:
    """A place in capitals and a dash: a dateline without an agency."""
    match = _CAPITALS.match(head)
    if match is None or len(head) < match.end() + 10:
        return None
    before = f"{match['place']}{match['rest']}".strip()
    words = [word.strip(" .'’").casefold() for word in match["place"].split()]
    is_dated = bool(_NUMBER.search(match["rest"]))
    if labels() & {" ".join(words), *words} or len(words) > 3 or (not is_dated and len(match["place"].strip()) < 4):
        return None
    place, month, day = place_and_day(before, language)
    if place is None:
        return None
    return Dateline(text=before, place=place, agency=None, month=month, day=day)


def _bare_agency(head: str, language: str | None) -> Dateline | None:
    """ "AGI - Il vertice …", "ТАСС, 5 ноября. Ученые …": not in English: "Reuters - the agency - said" is prose."""
    match = _leading().match(head) if language != "en" and _names_agency(head) else None
    agency = named(match["agency"], language) if match else None
    if match is None or agency is None:
        return None
    _, month, day = place_and_day(match["date"] or "", language)
    return Dateline(text=match[0].strip(" .-–—"), place=None, agency=agency, month=month, day=day)


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"^(?P<agency>{short_pattern()})(?:\s+[-–—]\s|,\s(?P<date>\d{{1,2}}\s[^\W\d_]{{3,10}})\.)")


FORMS: tuple[Callable[[str, str | None], Dateline | None], ...] = (
    _chinese,
    _korean,
    _japanese,
    _bracketed(_ROUND),
    _bracketed(_SLASHES),
    _bracketed(_SQUARE),
    _bare_agency,
    _after_dash,
    _capitals,
)
"""The forms of datelines, the most telling first."""
_ASCII_FORMS = tuple(form for form in FORMS if form not in (_chinese, _japanese))


@cache
def labels() -> frozenset[str]:
    """Return words that stand before a dash or colon and are no places, from the table of phrases."""
    lines = Path(__file__).with_name("wire_phrases.tsv").read_text(encoding="utf8").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line.startswith("label\t"))


def place_and_day(before: str, language: str | None) -> tuple[str | None, int | None, int | None]:
    """Return place, month and day in the words before an agency: "ROSEMONT, Ill., Nov 4"."""
    parts = [
        part.strip()
        for part in re.split(r"[,،、]|(?<=[^\W\d_]{5})\.\s+(?=\d)|\s+[-–—]\s*(?=\d)", before)
        if part.strip()
    ]
    place: list[str] = []
    month: int | None = None
    day: int | None = None
    for part in parts:
        found = _day_in(part, language)
        if found and month is None and day is None:
            month, day, rest = found
            place += [rest] if rest else []
        elif day is not None and part[:1].islower():
            continue  # the weekday, or "via agency": nothing of the place follows the date
        elif not re.fullmatch(r"\d{4}\s?(?:г|р|m)?\.?", part):
            place.append(part)
    text = ", ".join(place).strip(" .,-")
    if text and not looks_like_place(text):
        return None, None, None
    return (text or None), month, day


def _day_in(part: str, language: str | None) -> tuple[int | None, int | None, str] | None:
    """Month, day and what is left of a part such as "Nov 4", "5 NOV", "05 nov 2026", "Paris le 5 novembre"."""
    if not _NUMBER.search(part) and part.isascii():
        return None
    tokens = [token.strip(",;") for token in part.split()]
    numbers = [token for token in tokens if re.fullmatch(r"\d{1,2}\.?", token)]
    month: int | None = None
    rest: list[str] = []
    for token in tokens:
        named = month_number(token, language) or month_number(token, "en") if not token[0].isdigit() else None
        if named and month is None:
            month = named
        elif not token[0].isdigit():
            rest.append(token)
    if not numbers and month is not None and len(tokens) == 2 and not part.isascii():
        return month, None, ""  # "पांच नवंबर": the day as a word
    if not numbers or not 1 <= int(numbers[0].rstrip(".")) <= 31:
        return None
    if month is None and len(rest) > 2:
        return None
    left = " ".join(
        word for word in rest if word.casefold().rstrip(".") not in ("le", "de", "den", "on", "del", "г", "في")
    )
    if month is None and left:
        return None  # "Studio 54", "Formel 1"
    return month, int(numbers[0].rstrip(".")), left


def looks_like_place(text: str) -> bool:
    """Return whether words can be a place: few, each capitalised or a particle, or in a script without capitals."""
    words = [word for word in re.split(r"[\s/]+", text) if word]
    if not words or len(words) > MAX_PLACE_WORDS or len(text) > 70 or re.search(r"[!?\"“”«»;%$€£\d]", text):
        return False
    first = words[0].strip("'’.([")
    if not first or not first[0].isalpha():
        return False
    for word in words:
        letter = next((character for character in word if character.isalpha()), "")
        if letter and letter.islower() and word.casefold().strip(".,") not in PARTICLES:
            return False
    return not first[0].islower()


def _is_initials(agency: str, place: str) -> bool:
    """ "Advanced Placement (AP)": an acronym that is being introduced."""
    letters = re.sub(r"\W", "", agency).casefold()
    words = re.findall(r"\w+", place.casefold())
    initials = "".join(word[0] for word in words)
    without = "".join(word[0] for word in words if word not in PARTICLES)
    return len(letters) >= 2 and letters in (initials, without)
