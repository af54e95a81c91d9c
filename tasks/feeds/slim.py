"""A feed cut down to what a tree of it may cost.

The parser of feeds builds objects: about 10 µs for a tag (30 at worst), 1 to 10 µs and 1 KB for an attribute, 1 µs for
an entity. Sixteen megabytes of nothing but attributes would take a minute and 2.5 GB. Three bounds, each far above
genuine feeds, keep the worst case at about six seconds: the number of tags, the characters within tags, and the length
of one tag and of one run of text.
"""

from __future__ import annotations

import re

MOST_TAGS = 200_000
"""Outside CDATA. A feed of 5,000 entries with 20 tags each has half as many."""

MOST_TAG_CHARACTERS = 3_000_000
"""Within tags, outside CDATA. A podcast's archive of 3,000 episodes has 1 KB in the tags of each."""

LONGEST_TAG = 5_000
"""Characters. The longest genuine ones, roots with all their namespaces, have about 2,000; expat is quadratic in the
attributes of one tag."""

LONGEST_RUN = 50_000
"""Characters of text between two tags that are kept. Links and titles are shorter; descriptions are not read."""

_HUGE_TAG = re.compile(rf"<[A-Za-z][\w:.-]*+\s[^<>]{{{LONGEST_TAG},}}+>?")
_RUN = re.compile("[^<]++")  # every run, long or not: an expression for the long ones would try each of their positions


def slim(content: str) -> tuple[str, tuple[str, ...]]:
    """Return the content without giant tags, giant texts cut, up to the limits; and what was wrong, in words."""
    content = _RUN.sub(lambda run: _cut(run[0]), _HUGE_TAG.sub("", content))
    if content.count("<") <= MOST_TAGS and len(content) <= MOST_TAG_CHARACTERS:
        return content, ()
    end = _end(content)
    if end is None:
        return content, ()
    return content[:end], (f"more than {MOST_TAGS} tags, or {MOST_TAG_CHARACTERS} characters in them: cut there",)


def _cut(run: str) -> str:
    """Return the beginning of a run of text, and the end of the CDATA section that it closes."""
    if len(run) <= LONGEST_RUN:
        return run
    end = run.find("]]>", LONGEST_RUN)
    return run[:LONGEST_RUN] + (run[end : end + LONGEST_RUN] if end >= 0 else "")


def _end(content: str) -> int | None:
    """Return where the tag that is too much begins; `None` when the content keeps the limits."""
    tags = characters = 0
    position = content.find("<")
    while position >= 0:
        if content.startswith("<![CDATA[", position):
            end = content.find("]]>", position)
            position = content.find("<", end) if end >= 0 else -1
            continue
        following = content.find("<", position + 1)
        end = content.find(">", position, following if following >= 0 else len(content))
        tags += 1
        characters += (end if end >= 0 else following if following >= 0 else len(content)) - position
        if tags > MOST_TAGS or characters > MOST_TAG_CHARACTERS:
            return position
        position = following
    return None
