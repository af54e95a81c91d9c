"""Pages that are stored but hold no article, each with its own reason.

A refusal needs two witnesses: little body text, and what the page says of itself (a phrase that only walls and error
pages show, a declared type, an address like a section's). A wrong refusal loses an article for good, a missed one only
leaves a short row that can be filtered later: so when in doubt, the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from tasks.page.blocks import Block, Outline
from tasks.page.metadata import Metadata
from tasks.page.tail import ELLIPSES
from tasks.records import Reject, Rejecting

# Characters of body under which a wall or an error page is believed; a news brief has about 400.
_SHORT_BODY = 700
# A paywall stub shows the first paragraph or two; with the publisher's own declaration a little more.
_STUB_BODY = 900
# A body under this many characters is no text at all unless the page declares an article.
_SHORTEST_BODY = 40
# An error page says so in its title or in its first lines.
_FIRST_CHARACTERS = 1_500
# A section front: this many linked headlines, and hardly a paragraph of its own.
_FRONT_HEADLINES, _FRONT_PROSE = 30, 200
# Or this many teasers that end in the middle of a sentence, and hardly a paragraph that does not.
_FRONT_TEASERS, _SHORTEST_TEASER = 5, 40
_PROSE_LENGTH = 200
_VIDEO_BODY = 300

_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|LiveBlog|Report|Review|Recipe|QAPage|DiscussionForum|HowTo|FAQ")
_MEDIA_TYPES = frozenset(("VideoObject", "ImageGallery", "MediaGallery", "AudioObject", "PodcastEpisode"))
_SLUG = re.compile(r"[^/-]+(?:-[^/-]+){3,}|\d{5,}|\.html?$|\.php|/\d{4}/\d{1,2}/")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    visible: int
    body: int
    """Characters of kept blocks; CJK characters count three."""
    prose: int
    """The same of kept paragraphs that are neither linked nor cut off."""
    headlines: int
    teasers: int
    title: str
    start: str
    """The visible text's beginning, lower case."""


def refuse(
    outline: Outline, kept: Sequence[bool], metadata: Metadata, url: str | None, has_scripts: bool
) -> Reject | None:
    """Why the page is no article, or nothing when it may be one."""
    facts = _facts(outline, kept, metadata)
    if not facts.visible:
        reason = Rejecting.SCRIPT_SHELL if has_scripts else Rejecting.EMPTY
        return Reject(url=url, reason=reason, detail="no visible text")
    if facts.body >= max(_STUB_BODY, _SHORT_BODY) and not _may_be_front(facts, metadata, url):
        return None
    for rule in (_walls, _paywall, _media, _front, _nothing):
        found = rule(facts, metadata, url, has_scripts)
        if found is not None:
            return Reject(url=url, reason=found[0], detail=found[1])
    return None


def _facts(outline: Outline, kept: Sequence[bool], metadata: Metadata) -> _Facts:
    body = prose = headlines = teasers = visible = 0
    start: list[str] = []
    for block, keep in zip(outline.blocks, kept, strict=True):
        length = len(block.text)
        if visible < _FIRST_CHARACTERS:
            start.append(block.text[:_FIRST_CHARACTERS])
        visible += length
        headlines += _is_linked_headline(block)
        if keep:
            size = length if block.text.isascii() or ord(block.text[length // 2]) < 0x2E80 else 3 * length
            body += size
            if size >= _SHORTEST_TEASER and block.text.endswith(ELLIPSES):
                teasers += 1
            elif size >= _PROSE_LENGTH and block.link_chars < 0.4 * length:
                prose += size
    return _Facts(
        visible=visible,
        body=body,
        prose=prose,
        headlines=headlines,
        teasers=teasers,
        title=(metadata.title or "").lower(),
        start="\n".join(start).lower(),
    )


def _is_linked_headline(block: Block) -> bool:
    return 25 <= len(block.text) <= 200 and block.link_chars >= 0.8 * len(block.text)


Found = tuple[Rejecting, str] | None


def _walls(facts: _Facts, metadata: Metadata, url: str | None, has_scripts: bool) -> Found:
    """Error pages, captchas, consent walls and shells: a phrase, and no body to speak of."""
    if facts.body >= _SHORT_BODY or (facts.prose and _declares_article(metadata)):
        return None
    for reason in (Rejecting.CAPTCHA, Rejecting.SOFT_404, Rejecting.CONSENT_WALL, Rejecting.SCRIPT_SHELL):
        where = facts.title if reason is Rejecting.SOFT_404 and facts.visible > 2 * _FIRST_CHARACTERS else facts.start
        for phrase in _phrases()[reason]:
            if (phrase in where or phrase in facts.title) and _is_all_there_is(reason, facts, phrase):
                return reason, f"says “{phrase}”"
    return None


def _is_all_there_is(reason: Rejecting, facts: _Facts, phrase: str) -> bool:
    """A cookie banner and a hint to enable scripts stand on articles too: then the page has other text as well."""
    if reason in (Rejecting.CONSENT_WALL, Rejecting.SCRIPT_SHELL):
        is_titled = phrase in facts.title and facts.visible < _FIRST_CHARACTERS
        return is_titled or (facts.visible < 6_000 and facts.body < 200)
    return True


def _paywall(facts: _Facts, metadata: Metadata, url: str | None, has_scripts: bool) -> Found:
    phrase = next((p for p in _phrases()[Rejecting.PAYWALL] if p in facts.start), None)
    if metadata.is_accessible_for_free is False and facts.body < _STUB_BODY and (phrase or facts.body < 300):
        return Rejecting.PAYWALL, "declared as not free" + (f", says “{phrase}”" if phrase else "")
    if phrase and facts.body < 400:
        return Rejecting.PAYWALL, f"says “{phrase}”"
    return None


def _media(facts: _Facts, metadata: Metadata, url: str | None, has_scripts: bool) -> Found:
    if facts.body >= _VIDEO_BODY:
        return None
    declared = next((name for name in metadata.types if name in _MEDIA_TYPES), None)
    if declared and not _declares_article(metadata):
        return Rejecting.MEDIA, f"declares {declared}"
    if (metadata.og_type or "").startswith(("video", "music")):
        return Rejecting.MEDIA, f"og:type is {metadata.og_type}"
    return None


def _declares_article(metadata: Metadata) -> bool:
    return metadata.og_type == "article" or any(map(_ARTICLE_TYPES.search, metadata.types))


def _may_be_front(facts: _Facts, metadata: Metadata, url: str | None) -> bool:
    is_listing = facts.headlines >= _FRONT_HEADLINES or facts.teasers >= _FRONT_TEASERS
    return is_listing and facts.prose < _FRONT_PROSE and not _declares_article(metadata)


def _front(facts: _Facts, metadata: Metadata, url: str | None, has_scripts: bool) -> Found:
    if not _may_be_front(facts, metadata, url):
        return None
    path = urlsplit(url).path if url and _is_parsable(url) else ""
    if url and _SLUG.search(path):
        return None
    detail = f"{facts.headlines} linked headlines, {facts.teasers} teasers, {facts.prose} characters of prose"
    return Rejecting.SECTION_FRONT, detail


def _is_parsable(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _nothing(facts: _Facts, metadata: Metadata, url: str | None, has_scripts: bool) -> Found:
    if not facts.body:
        return Rejecting.NO_TEXT, f"none of {facts.visible} visible characters is main text"
    if facts.body < _SHORTEST_BODY and not _declares_article(metadata):
        return Rejecting.TOO_SHORT, f"{facts.body} characters of main text"
    return None


@cache
def _phrases() -> dict[Rejecting, tuple[str, ...]]:
    table = files("tasks.page").joinpath("rejects_phrases.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {Rejecting(reason): tuple(phrases.split(" | ")) for reason, phrases in rows}
