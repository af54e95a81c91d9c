"""What real wire copies do (cuts, new tops, house style, noise, growing versions), and daily pieces that are none."""

from __future__ import annotations

import random

import pytest

from tasks.duplicates.explain import explain
from tests.duplicates import newswire as wire

STORY = f"{wire.FIRST_LEAD}\n\n{wire.BACKGROUND}"
PARAGRAPHS = STORY.split("\n\n")
LOCAL = (
    "In Brenton, the mayor's office said the county's fruit growers would be hit hardest, as their early pears travel "
    "through the port in the first two weeks of the season.\n\nGrower Tom Ashby said he had forty tonnes in the cold "
    "store and nowhere to send it."
)
NEW_TOP = (
    "The country's biggest port faces its first walkout in nearly a decade. Here is what it would mean for growers."
)


def noisy(text: str, rate: float, seed: int = 1) -> str:
    """The text as a bad scan has it: so many of its characters are other ones."""
    rng = random.Random(seed)
    return "".join(rng.choice("abcdefghijklmnop .,") if rng.random() < rate else letter for letter in text)


def styled(text: str) -> str:
    """The text in another house's style."""
    for ours, theirs in (
        ("on Monday", "Monday"),
        ("on Thursday", "Thursday"),
        ("labour", "labor"),
        ('"', "”"),
        ("'", "’"),
        ("a fifth", "20 per cent"),
        ("forty", "40"),
        ("nine years", "9 years"),
        ("610 million crowns", "$58m"),
    ):
        text = text.replace(ours, theirs)
    return text


COPIES = {
    "a flash and its first lead": (wire.FLASH, STORY),
    "a version that grew by a paragraph": (wire.FIRST_LEAD, STORY),
    "a new version that keeps half": (STORY, f"{wire.SECOND_DAY}\n\n{PARAGRAPHS[1]}\n\n{wire.BACKGROUND}"),
    "cut to the first paragraph, with a byline": (STORY, f"PORT ELLERY (Wire) — {PARAGRAPHS[0]} “Read more.”"),
    "cut to two paragraphs": (STORY, "PORT ELLERY, Tuesday — " + "\n\n".join(PARAGRAPHS[:2])),
    "another house's style and units": (STORY, styled(STORY)),
    "a bad scan": (STORY, noisy(STORY, 0.03)),
    "two bad scans": (noisy(STORY, 0.02, 2), noisy(STORY, 0.02)),
    "local paragraphs put in": (STORY, "\n\n".join([PARAGRAPHS[0], LOCAL, *PARAGRAPHS[1:]])),
    "another top": (STORY, "\n\n".join([NEW_TOP, *PARAGRAPHS[1:]])),
    "all capitals": (STORY, STORY.upper()),
    "a corrected dividend": (wire.DIVIDEND, f"CORRECTED - {wire.DIVIDEND.replace('17 cts', '18 cts')}"),
    "a corrected quarter": (wire.QUARTER, f"CORRECTED - {wire.QUARTER.replace('8,214', '8,241')}"),
    "a corrected bulletin": (wire.MONEY, wire.MONEY.replace("450 mln", "440 mln")),
    "a bulletin cut": (wire.MONEY, wire.MONEY.rsplit(". ", 1)[0] + "."),
}
OTHERS = {
    "two days of one running story": (
        f"{wire.SECOND_DAY}\n\n{wire.BACKGROUND}",
        f"{wire.THIRD_DAY}\n\n{wire.BACKGROUND}",
    ),
    "first and third day": (STORY, f"{wire.THIRD_DAY}\n\n{wire.BACKGROUND}"),
    "two days of the money market": (wire.MONEY, wire.MONEY_NEXT),
    "two companies' dividends": (wire.DIVIDEND, wire.DIVIDEND_OTHER),
    "two quarters of one company": (wire.QUARTER, wire.QUARTER_NEXT),
    "two weeks of one crop report": (wire.CROP, wire.CROP_NEXT),
}


@pytest.mark.parametrize("name", COPIES)
def test_copies(name):
    told = explain(*COPIES[name])
    assert told.is_copy, told.measures


@pytest.mark.parametrize("name", OTHERS)
def test_no_copies(name):
    told = explain(*OTHERS[name])
    assert not told.is_copy, told.measures
