"""The news agencies of the world, from the table beside this module, and how to recognise their names.

Short names are homonyms of much else (AP classes, a woman called Petra, `PA` for Pennsylvania): they count only where a
dateline or a bracket stands around them, and those marked with `?` outside datelines only in the agency's own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = {
    "GB": ("en",), "US": ("en",), "CA": ("en", "fr"), "SE": ("sv",), "TR": ("tr",), "SI": ("sl",), "DE": ("de",),
    "AR": ("es",), "ES": ("es",), "CU": ("es",), "MA": ("fr", "ar"), "TN": ("fr", "ar"), "RS": ("sr",), "HR": ("hr",),
    "BA": ("bs", "hr", "sr"), "SK": ("sk",), "IT": ("it",), "NG": ("en",), "GH": ("en",), "PH": ("en",),
    "PK": ("en", "ur"), "SA": ("ar", "en"), "EG": ("ar",), "SY": ("ar",), "JO": ("ar",), "IN": ("en", "hi"),
    "LV": ("lv",), "FI": ("fi",), "NO": ("no",), "AU": ("en",),
}  # fmt: skip
"""Languages of the countries whose agencies have ambiguous short names."""


MAX_NAME = 120
"""Characters; the longest name of the table has 68."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """One agency. `short` forms are as written; `ambiguous` ones among them need a dateline or the right language."""

    name: str
    country: str
    kind: str
    short: tuple[str, ...]
    ambiguous: frozenset[str]
    long: tuple[str, ...]
    domains: tuple[str, ...]


@cache
def table() -> tuple[Agency, ...]:
    """Return all agencies, in the table's order."""
    lines = Path(__file__).with_name("wire_agencies.tsv").read_text(encoding="utf8").splitlines()
    return tuple(_row(line.split("\t")) for line in lines if not line.startswith(("#", "agency\t")))


def _row(cells: list[str]) -> Agency:
    forms = cells[3].split(";")
    return Agency(
        name=cells[0],
        country=cells[1],
        kind=cells[2],
        short=tuple(form.rstrip("?") for form in forms),
        ambiguous=frozenset(form[:-1] for form in forms if form.endswith("?")),
        long=tuple(cells[4].split(";")),
        domains=tuple(cells[5].split(";")),
    )


@cache
def _by_short() -> Mapping[str, Agency]:
    found: dict[str, Agency] = {}
    for agency in table():
        for form in (agency.name, *agency.short, *agency.long):
            found.setdefault(form, agency)
            if len(form) > 4:
                found.setdefault(form.upper(), agency)
    return found


@cache
def _by_long() -> Mapping[str, Agency]:
    return {_key(form): agency for agency in table() for form in agency.long}


def forms() -> tuple[str, ...]:
    """Return all short and long forms, longest first."""
    return tuple(sorted(_by_short(), key=len, reverse=True))


@cache
def short_pattern() -> str:
    """Return an alternation of all forms, longest first."""
    return "|".join(map(re.escape, forms()))


def _key(text: str) -> str:
    folded = re.sub(r"\s*\([^)]*\)\s*$", "", text.strip().casefold())
    return re.sub(r"^the\s+", "", re.sub(r"[\s.]+", " ", folded)).strip(" -–—:;,")


def is_long(text: str) -> bool:
    """Return whether a string is an agency's full name, which nothing else shares."""
    return _key(text) in _by_long()


def in_brackets(text: str) -> Agency | None:
    """Return the agency that the inside of a dateline's bracket names: `Reuters`, `dpa/lno`, `APA/dpa`, `AFP=時事`."""
    inside = text.strip().strip("/").strip()
    exact = _by_short().get(inside)
    if exact is not None:
        return exact
    for part in re.split(r"\s*[/,;+=＝·|]\s*|\s+(?:and|und|et|y|e|och|og)\s+|(?<=\w)-(?=\w)", inside)[:4]:
        if part in _by_short():
            return _by_short()[part]
    return None


def named(text: str, language: str | None) -> Agency | None:
    """Return the agency that a whole string names outside a dateline: a byline, a credit, an organisation."""
    stripped = text[:MAX_NAME].strip(" \t()[]/*.,;:–—-|©")
    agency = _by_long().get(_key(stripped))
    if agency is not None:
        return agency
    agency = _by_short().get(stripped)
    if agency is None or (stripped in agency.ambiguous and not _speaks(agency, language)):
        return None
    return agency


def _speaks(agency: Agency, language: str | None) -> bool:
    return language in LANGUAGES.get(agency.country, ())


def is_homonym(form: str) -> bool:
    """Return whether a short form is also something else: a first name, a state, a word."""
    agency = _by_short().get(form)
    return agency is not None and form in agency.ambiguous


def among(text: str, language: str | None) -> Iterator[Agency]:
    """Yield the agencies that a list of names holds: "AFP, Reuters", "jki/dpa", "ANP en Belga".

    Anything else in the list than agencies, editors' initials and outlets' domains makes it another kind of list:
    "Reuters, company data" stands under a chart, "REUTERS/Ann Lee" under a picture.
    """
    whole = named(text, language)
    if whole is not None:
        yield whole
        return
    parts = re.split(r"\s*[/,;+|&·、，]\s*|\s+(?:and|und|et|y|e|och|og|en|i|и|та|ve|dan)\s+", text.strip(" ()[]/."))[:8]
    found = [(part, named(part, language)) for part in parts if part]
    if all(agency is not None or _is_initials(part) for part, agency in found):
        yield from (agency for _, agency in found if agency is not None)


def _is_initials(part: str) -> bool:
    return bool(re.fullmatch(r"[a-zäöüß]{1,5}|[\w-]+\.[a-z]{2,3}", part)) or part.casefold() in (
        "agencies",
        "agenturen",
    )


def of_host(host: str) -> Agency | None:
    """Return the agency on whose site a host lies."""
    host = host.lower()
    for agency in table():
        if any(host == domain or host.endswith(f".{domain}") for domain in agency.domains):
            return agency
    return None
