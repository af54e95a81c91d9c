"""The sections of the report, in the order of a reader's questions: what happened, who copied whom, what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import polars as pl

from tasks.report.charts import amount_svg, chart_svg, daily, share_svg
from tasks.report.words import UNKNOWN, ago, count, day, instant, lag, link, number, plain, text

Tables = Mapping[str, pl.DataFrame]
Row = Mapping[str, Any]

SLACK = timedelta(days=1)  # it is tomorrow already in some time zones
STORIES_SHOWN = 25
OUTLETS_IN_MATRIX = 12  # more columns do not fit on a laptop's screen
ROWS_SHOWN = 200
SHADES = 4

TILES = (
    ("sources", "sources"),
    ("fetched", "pages fetched"),
    ("articles_new", "new articles"),
    ("articles_changed", "changed"),
    ("copies", "copies found"),
    ("rejects", "rejected"),
    ("failures", "failed"),
    ("seconds", "seconds"),
)
TITLE_KEYS = frozenset({"headline", "state"})
OUTCOMES = {
    "article_new": "New article",
    "article_changed": "Changed article",
    "article_unchanged": "Unchanged article",
    "reject": "Fetched, but no article",
    "failure": "Not fetched",
    "skipped": "Left alone",
}
MOODS = {
    **dict.fromkeys(("alive", "completed", "nothing new"), "good"),
    **dict.fromkeys(("failing", "failed", "crashed", "quality gate"), "bad"),
}
"""Of the states of sources and runs; all others (`quiet`, `never`, `Partial`) are fair."""

MOOD_RANKS = {"bad": 0, "fair": 1, "good": 2}  # what needs a person comes first
MATRIX_LEAD = (
    "<p class=note>Down: who had the story first. Across: who printed it later. "
    "Below the number of stories: the median delay.</p>"
)
KINDS = ("own", "wire", "copied")


def headline(tables: Tables) -> tuple[str, str]:
    """The page's title as plain escaped text, and its first lines."""
    facts = _facts(tables)
    said = plain(facts.get("headline")) or "No run has been reported yet"
    state = plain(facts.get("state"))
    badge = f'<span class="badge {_mood(state)}">{text(state)}</span> ' if state else ""
    return escape(said), f"{badge}{text(said)}"


def summary(tables: Tables, now: datetime) -> str:
    """The run in numbers."""
    facts = _facts(tables)
    tiles = "".join(
        f"<div><dt>{label}</dt><dd>{_figure(facts[key])}</dd></div>" for key, label in TILES if key in facts
    )
    shown = {key for key, _ in TILES} | TITLE_KEYS
    rest = [(_spoken(key), text(value)) for key, value in facts.items() if key not in shown]
    more = _details("More about this run", _table(("Fact", "Value"), rest)) if rest else ""
    return _section("run", "This run", (f'<dl class="tiles">{tiles}</dl>' if tiles else "") + more)


def coverage(tables: Tables, now: datetime) -> str:
    """Articles per day and outlet, drawn, and the same as a table."""
    frame = tables.get("coverage", pl.DataFrame())
    until = now.date() + SLACK
    chart = chart_svg(frame, until=until, standalone=False)
    if not chart:
        return _section("coverage", "Articles per day", "")
    days, series = daily(frame, until)
    head = ("Outlet", *(day(each) for each in days))
    body = [(text(each.name), *(count(value) for value in each.values)) for each in series]
    numbers = _details("The same as a table", _table(head, body, numeric=range(1, len(head))))
    return _section("coverage", "Articles per day", f"<figure>{chart}</figure>{numbers}")


def stories(tables: Tables, now: datetime) -> str:
    """The stories that went furthest, with who had them first."""
    rows = sorted(_rows(tables, "stories"), key=lambda row: (-number(row.get("copies")), str(row.get("cluster_id"))))
    body = [
        (
            link(row.get("title"), row.get("first_url")),
            text(row.get("first_outlet")),
            instant(row.get("first_published_at")),
            count(row.get("copies")),
            count(row.get("outlets")),
            _spread(row),
        )
        for row in rows[:STORIES_SHOWN]
    ]
    head = ("Story", "First", "Published (UTC)", "Copies", "Outlets", "Spread over")
    return _section("stories", "Stories that travelled", _table(head, body, numeric=(3, 4, 5)) + _left(rows, body))


def copying(tables: Tables, now: datetime) -> str:
    """Who copied whom: first publishers down, copiers across, the number of stories in the cell."""
    rows = [row for row in _rows(tables, "copying") if number(row.get("stories"))]
    if not rows:
        return _section("copying", "Who copies whom", "")
    names = _largest(rows)
    cells = {(plain(row.get("from_outlet")), plain(row.get("to_outlet"))): row for row in rows}
    most = max(number(row.get("stories")) for row in rows)
    givers = [name for name in names if any((name, other) in cells for other in names)]
    takers = [name for name in names if any((other, name) in cells for other in names)]
    body = [
        (f"<th scope=row>{text(giver)}</th>", *(_cell(cells.get((giver, taker)), most) for taker in takers))
        for giver in givers
    ]
    head = "".join(f"<th scope=col>{text(taker)}</th>" for taker in takers)
    lines = "".join(f"<tr>{''.join(line)}</tr>" for line in body)
    hidden = len({name for pair in cells for name in pair}) - len(names)
    note = f"<p class=note>{hidden} smaller outlets are left out.</p>" if hidden > 0 else ""
    matrix = f"<table class=matrix><thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return _section("copying", "Who copies whom", f"{MATRIX_LEAD}<div class=wide>{matrix}</div>{note}")


def own_share(tables: Tables, now: datetime) -> str:
    """What share of each outlet's articles is its own reporting."""
    sums: dict[str, Counter[str]] = {}
    for row in _rows(tables, "own_share"):
        sums.setdefault(plain(row.get("outlet")), Counter()).update(
            {kind: int(number(row.get(kind))) for kind in KINDS}
        )
    rows = sorted(sums.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    body = [
        (
            text(outlet),
            count(parts.total()),
            share_svg([(kind, parts[kind]) for kind in KINDS]),
            *(f"{parts[kind] / parts.total():.0%}" for kind in KINDS),
        )
        for outlet, parts in rows[:ROWS_SHOWN]
        if parts.total()
    ]
    head = ("Outlet", "Articles", "", *(f'<span class="key {kind}"></span> {kind.title()}' for kind in KINDS))
    return _section("own", "Own reporting", _table(head, body, numeric=(1, 3, 4, 5)) + _left(rows, body))


def outcomes(tables: Tables, now: datetime) -> str:
    """What became of every URL, and why."""
    rows = sorted(_rows(tables, "outcomes"), key=_rank)
    most = max((number(row.get("n")) for row in rows), default=0)
    body = [
        (
            escape(OUTCOMES.get(str(row.get("outcome")), "")) or text(row.get("outcome")),
            _reason(row),
            count(row.get("n")),
            amount_svg(number(row.get("n")), most),
        )
        for row in rows[:ROWS_SHOWN]
    ]
    table = _table(("Outcome", "Reason", "URLs", ""), body, numeric=(2,))
    return _section("outcomes", "What became of every URL", table + _left(rows, body))


def sources(tables: Tables, now: datetime) -> str:
    """Is each source alive, and when did it last bring something new."""
    rows = sorted(
        _rows(tables, "sources"), key=lambda row: (MOOD_RANKS[_mood(row.get("state"))], plain(row.get("source")))
    )
    body = [
        (
            text(row.get("source")),
            f'<span class="badge {_mood(row.get("state"))}">{text(row.get("state"))}</span>',
            ago(row.get("last_success_at"), now),
            ago(row.get("last_new_at"), now),
            *(count(row.get(name)) for name in ("fetched", "articles", "failures")),
        )
        for row in rows[:ROWS_SHOWN]
    ]
    head = ("Source", "State", "Last answer", "Last new article", "Fetched", "Articles", "Failures")
    return _section("sources", "Sources", _table(head, body, numeric=(4, 5, 6)) + _left(rows, body))


SECTIONS: tuple[Callable[[Tables, datetime], str], ...] = (
    summary,
    coverage,
    stories,
    copying,
    own_share,
    outcomes,
    sources,
)


@cache
def reasons() -> Mapping[str, str]:
    """What each reason means, in words for a person (`reasons.tsv`)."""
    lines = (Path(__file__).parent / "reasons.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {reason: meaning for reason, _, meaning in pairs}


def _section(anchor: str, title: str, body: str) -> str:
    shown = body or "<p class=note>Nothing to show yet.</p>"
    top = f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>'
    return f"{top}\n{shown}\n</section>"


def _table(head: Sequence[str], body: Sequence[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """A table of cells that are already escaped; empty without rows."""
    if not body:
        return ""
    right = frozenset(numeric)
    kind = [" class=n" if at in right else "" for at in range(len(head))]
    top = "".join(f"<th scope=col{kind[at]}>{label}</th>" for at, label in enumerate(head))
    lines = "\n".join(
        "<tr>" + "".join(f"<td{kind[at]}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>" for row in body
    )
    return f"<div class=wide><table><thead><tr>{top}</tr></thead><tbody>\n{lines}\n</tbody></table></div>"


def _details(label: str, body: str) -> str:
    return f"<details><summary>{label}</summary>{body}</details>"


def _left(rows: Sequence[object], shown: Sequence[object]) -> str:
    more = len(rows) - len(shown)
    return f"<p class=note>{more:,} more in the warehouse.</p>" if more > 0 else ""


def _rows(tables: Tables, name: str) -> list[Row]:
    frame = tables.get(name)
    return [] if frame is None else list(frame.iter_rows(named=True))


def _facts(tables: Tables) -> dict[str, Any]:
    """The run's facts; what the summary does not count is added up from the outcomes."""
    said = {str(row.get("key")): row.get("value") for row in _rows(tables, "summary") if row.get("key") is not None}
    counted = {
        key: sum(number(row.get("n")) for row in _rows(tables, "outcomes") if row.get("outcome") == outcome)
        for key, outcome in (("rejects", "reject"), ("failures", "failure"))
    }
    return said | {key: value for key, value in counted.items() if said and key not in said}


def _figure(value: object) -> str:
    """A tile's number; the summary's values may come as text."""
    shown = plain(value)
    try:
        return count(float(shown))
    except ValueError:
        return text(value)


def _spoken(key: str) -> str:
    return text(key.replace("_", " "))


def _mood(state: object) -> str:
    return MOODS.get(str(state or "").lower(), "fair")


def _spread(row: Row) -> str:
    hours = row.get("spread_hours")
    return lag(hours * 60) if isinstance(hours, (int, float)) else UNKNOWN


def _rank(row: Row) -> tuple[int, float, str]:
    known, outcome = list(OUTCOMES), str(row.get("outcome"))
    place = known.index(outcome) if outcome in known else len(known)
    return place, -number(row.get("n")), str(row.get("reason"))


def _reason(row: Row) -> str:
    reason = row.get("reason")
    if reason is None:
        return ""
    meaning = reasons().get(str(reason))
    return f"<b>{_spoken(str(reason))}</b>" + (f" <span class=note>{escape(meaning)}</span>" if meaning else "")


def _largest(rows: Sequence[Row]) -> list[str]:
    """The outlets that take part most, at most as many as the matrix holds."""
    weight: Counter[str] = Counter()
    for row in rows:
        for side in ("from_outlet", "to_outlet"):
            weight[plain(row.get(side))] += int(number(row.get("stories")))
    return sorted(sorted(weight), key=lambda name: -weight[name])[:OUTLETS_IN_MATRIX]


def _cell(row: Row | None, most: float) -> str:
    if row is None:
        return "<td></td>"
    shade = 1 + int(number(row.get("stories")) / most * (SHADES - 1))
    inside = f"<b>{count(row.get('stories'))}</b><br><small>{lag(row.get('median_lag_minutes'))}</small>"
    return f'<td class="s{shade}">{inside}</td>'
