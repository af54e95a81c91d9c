"""The language of a page: what it declares, checked against its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.page import json_ld
from tasks.page.metadata_head import Head

ALIASES = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "gr": "el", "ua": "uk",
    "cz": "cs", "dk": "da", "kr": "ko", "se": "sv",
}  # fmt: skip
"""Old codes (RFC 5646, section 2.2.1) and country codes that pages write in the place of a language."""
NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es",
    "portuguese": "pt", "português": "pt", "italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl",
    "polish": "pl", "polski": "pl", "russian": "ru", "turkish": "tr", "türkçe": "tr", "arabic": "ar", "chinese": "zh",
    "japanese": "ja", "korean": "ko", "hindi": "hi", "indonesian": "id",
}  # fmt: skip


def declared(head: Head, about: Sequence[json_ld.Node]) -> tuple[str | None, str | None]:
    """Return the declared ISO 639-1 code and region of a page."""
    stated = [json_ld.text(node.get("inLanguage")) for node in about[:3]]
    stated += [
        head.html_lang,
        head.meta("og:locale"),
        head.meta("content-language"),
        head.meta("language", "dc.language"),
    ]
    code: str | None = None
    region: str | None = None
    for value in stated:
        found, place = parse(value)
        code = code or found
        if found == code:
            region = region or place
    return code, region


def parse(tag: str | None) -> tuple[str | None, str | None]:
    """Return the language and region of a tag: `de-AT`, `en_US`, `zh-Hans-CN`, `English`."""
    if not tag:
        return None, None
    text = tag.strip().casefold()
    if text in NAMES:
        return NAMES[text], None
    match = re.match(r"^([a-z]{2})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}))?(?:$|[-_.,;\s])", text)
    if match is None:
        return None, None
    return ALIASES.get(match[1], match[1]), match[3]
