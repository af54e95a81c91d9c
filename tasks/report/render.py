"""`render`: the report as one self-contained HTML page. Frames in, text out; knows neither Prefect nor DuckDB.

    tables ──▶ sections (a tuple of functions) ──▶ page.html ──▶ str

What it reads, by name in `tables`. A frame that is missing or empty makes its section say so; a column that is missing
counts as null. Instants are in UTC, counts are whole numbers.

    summary     key, value: one fact of the run; `headline`, `state`, `seconds` and the counts have places of their own
    coverage    day, outlet, articles: an outlet's day
    stories     cluster_id, title, first_outlet, first_published_at, copies, outlets, spread_hours, and if known
                first_url: a story and how far it went
    copying     from_outlet, to_outlet, stories, median_lag_minutes: whose stories another outlet carried
    own_share   outlet, articles, own, wire, copied: an outlet's articles by origin, in one row or one for each day
    outcomes    outcome, reason, n: what became of URLs
    sources     source, state, last_success_at, last_new_at, fetched, articles, failures: a declared source

Everything in them is hostile: titles and outlet names were written by strangers. All text is escaped, nothing is
loaded from elsewhere, there is no script, and the page's own policy forbids all of that once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from string import Template

import polars as pl

from tasks.report.charts import DARK, LIGHT
from tasks.report.sections import SECTIONS, headline
from tasks.report.words import instant

HERE = Path(__file__).parent

TABLES = ("summary", "coverage", "stories", "copying", "own_share", "outcomes", "sources")
"""The frames that the page is made of."""


def render(tables: Mapping[str, pl.DataFrame], generated_at: datetime) -> str:
    """The whole page. `tables` holds the frames named in `TABLES`."""
    page = Template((HERE / "page.html").read_text(encoding="utf-8"))
    title, top = headline(tables)
    return page.substitute(
        title=title,
        style=(HERE / "style.css").read_text(encoding="utf-8") + _colours(),
        headline=top,
        generated_at=instant(generated_at),
        sections="\n".join(section(tables, generated_at) for section in SECTIONS),
    )


def _colours() -> str:
    light = "".join(f"--c{at}:{colour};" for at, colour in enumerate(LIGHT))
    dark = "".join(f"--c{at}:{colour};" for at, colour in enumerate(DARK))
    fills = "".join(f".c{at}{{fill:var(--c{at})}}" for at in range(len(LIGHT)))
    return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{fills}"
