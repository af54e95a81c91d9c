# ruff: noqa: E501 - texts
"""Made-up news for the tests: paragraphs of words that share nothing by chance, and pieces written by hand."""

from __future__ import annotations

import random

SYLLABLES = [first + second for first in "bdfgklmnprstv" for second in "aeiou"]


def paragraph(number: int, words: int = 40) -> str:
    """The paragraph of this number: always the same, and unlike all others."""
    rng = random.Random(f"paragraph {number}")
    chosen = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(words)]
    return " ".join(chosen).capitalize() + "."


HARBOUR = """The harbour authority of Westhaven said on Tuesday that it would close the old north pier to all vessels from
the first of March while engineers replace forty metres of corroded steel. Captain Ines Vidal, who runs the port, told
reporters the work had been put off twice for want of money and could not wait for another winter.

Ferries to the islands will leave from the fish market instead, and the crossing will take about ten minutes longer. The
repair is expected to cost 3.4 million euros, most of it paid by the regional government. Fishermen who land their catch
at the pier have been offered berths in the marina at no charge until the autumn."""

LIBRARY = """A retired bus driver has given his collection of nine thousand railway timetables to the county library, which
plans to show a part of them in the reading room from June. Walter Osei began to collect in 1961, when his father brought
him a timetable of the Gold Coast railway, and never stopped.

The librarian, Petra Lund, said that historians had already asked to see the pre-war volumes, some of which are not held
by any other public collection. Volunteers will begin to photograph the oldest sheets in April."""

BRIDGE = """Engineers who inspected the suspension bridge at Carrow found hairline cracks in two of the main hangers, the
roads department announced, and lorries above twelve tonnes will be turned back from Friday morning. A detour through
Millbrook adds eighteen kilometres. The department's chief engineer, Yusuf Demir, said the cracks were old and had not
grown since the last inspection, but that nobody would take a risk before the hangers had been tested in a laboratory.

The bridge carries about nine thousand vehicles a day. Shopkeepers on the southern bank fear for their trade."""

QUOTE = """"We have listened to every family that wrote to us, and we have heard the same thing again and again: the buses
come too late, the fares are too high, and nobody answers the telephone," the minister told parliament. "That will change
this year, and I will resign if it does not." """

FURNITURE = """Sign up for the Westhaven Courier newsletter and get the best of the day every evening at six. Copyright
Westhaven Courier. No part of this page may be reprinted without permission. Read also: five walks for a rainy weekend."""
