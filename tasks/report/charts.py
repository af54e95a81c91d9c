"""Charts as SVG text, drawn by ourselves: no library, no script, readable without colour (legend, titles, a table).

The colours are one hue per outlet in a fixed order, told apart in the common forms of colour blindness and carried by
a light and a dark page alike; the last one, grey, is "all others". A standalone chart (a data URI in a Prefect
artifact) brings its colours along; inside the report the page's own style sheet sets them.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from math import ceil, log10

import polars as pl

from tasks.report.words import count, day, number, plain

OUTLETS_SHOWN = 7  # more hues cannot be told apart; the rest is one grey series
DAYS_SHOWN = 31
LIGHT = ("#2a78d6", "#eb6834", "#1baf7a", "#eda100", "#a04bb5", "#e56b9b", "#0f9fb0", "#9aa0a6")
DARK = ("#5b9bf0", "#f08a5d", "#3cc996", "#f2b734", "#c07fd3", "#f08fb5", "#43bfce", "#80868b")
OTHERS = "All others"
GAP = 2.0  # pixels of background between two pieces of a bar
TICKS = 4
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # whatever the locale

LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 26  # margins of the plot, pixels
LEGEND_ROW = 22
SIGN_WIDTH = 6.6  # pixels of a sign of the legend's 12-pixel type, on average


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One outlet's numbers, day by day."""

    name: str
    values: tuple[float, ...]


def chart_svg(
    coverage: pl.DataFrame,
    *,
    until: date | None = None,
    width: int = 760,
    height: int = 260,
    standalone: bool = True,
) -> str:
    """Articles per day and outlet as stacked bars. Empty when there is nothing to draw."""
    days, series = daily(coverage, until)
    if not series:
        return ""
    legend, legend_height = _legend([each.name for each in series], width)
    top = nice_ceiling(max(sum(each.values[at] for each in series) for at in range(len(days))))
    plot = _grid(top, width, height) + _bars(days, series, top, width, height) + _days(days, width, height)
    label = escape(f"Articles per day and outlet, {day(days[0])} to {day(days[-1])}")
    whole = height + legend_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {whole}" role="img" '
        f'aria-label="{label}" width="{width}" height="{whole}">{_style() if standalone else ""}'
        f'{plot}<g transform="translate(0 {height})">{legend}</g></svg>'
    )


def data_uri(svg: str) -> str:
    """The chart as an address that markdown can show: `![chart](…)`. Prefect strips inline SVG, but keeps this."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def share_svg(parts: Sequence[tuple[str, float]], *, width: int = 220) -> str:
    """One bar divided in proportion: (class, amount) from left to right."""
    whole = sum(number(amount) for _, amount in parts)
    if not whole:
        return ""
    pieces, at = [], 0.0
    for name, amount in parts:
        length = number(amount) / whole * width
        if length:
            drawn = max(length - GAP, 0.5)
            pieces.append(f'<rect class="{name}" x="{at:.1f}" width="{drawn:.1f}" height="12" rx="2"/>')
        at += length
    label = ", ".join(f"{name} {number(amount) / whole:.0%}" for name, amount in parts)
    return (
        f'<svg class="share" viewBox="0 0 {width} 12" role="img" aria-label="{escape(label)}">{"".join(pieces)}</svg>'
    )


def amount_svg(value: float, most: float, *, width: int = 110) -> str:
    """A bar for a number that stands beside it, so it says nothing to those who cannot see it."""
    length = max(value / most * width, 1.0) if most else 0.0
    bar = f'<rect class="c0" width="{length:.1f}" height="10" rx="2"/>'
    return f'<svg class="amount" viewBox="0 0 {width} 10" aria-hidden="true">{bar}</svg>'


def daily(coverage: pl.DataFrame, until: date | None = None) -> tuple[tuple[date, ...], tuple[Series, ...]]:
    """The last days of the frame and each outlet's articles on them, the largest outlets first, the rest as one.

    Days without articles are days too. Pages that claim a day after `until` would otherwise push all others out.
    """
    if coverage.is_empty() or not {"day", "outlet", "articles"} <= set(coverage.columns):
        return (), ()
    table: dict[str, dict[date, float]] = {}
    for at, outlet, articles in coverage.select("day", "outlet", "articles").iter_rows():
        if isinstance(at, date) and number(articles) and (until is None or at <= until):
            of_outlet = table.setdefault(plain(outlet) or "Unknown", {})
            of_outlet[at] = of_outlet.get(at, 0.0) + number(articles)
    days = _calendar({at for row in table.values() for at in row})
    series = [Series(name=name, values=tuple(row.get(at, 0.0) for at in days)) for name, row in table.items()]
    seen = sorted((each for each in series if any(each.values)), key=lambda each: (-sum(each.values), each.name))
    return days, _grouped(seen)


def nice_ceiling(value: float) -> float:
    """The smallest of 4, 8, 20, 40, 80, 200, … that is not below: its quarters are whole numbers."""
    if value <= TICKS:
        return float(TICKS)
    scale = 10 ** ceil(log10(value) - 1)
    return float(
        next(step * scale for step in (0.4, 0.8, 2, 4, 8, 20) if step * scale >= value and step * scale >= TICKS)
    )


def _calendar(days: Collection[date]) -> tuple[date, ...]:
    """Every day from the first to the last, at most `DAYS_SHOWN` of them."""
    if not days:
        return ()
    last = max(days)
    length = min((last - min(days)).days + 1, DAYS_SHOWN)
    return tuple(last - timedelta(days=back) for back in range(length - 1, -1, -1))


def _grouped(series: Sequence[Series]) -> tuple[Series, ...]:
    if len(series) <= OUTLETS_SHOWN + 1:
        return tuple(series)
    shown, rest = series[:OUTLETS_SHOWN], series[OUTLETS_SHOWN:]
    together = tuple(sum(values) for values in zip(*(each.values for each in rest), strict=True))
    return (*shown, Series(name=f"{OTHERS} ({len(rest)})", values=together))


def _bars(days: Sequence[date], series: Sequence[Series], top: float, width: int, height: int) -> str:
    step = (width - LEFT - RIGHT) / len(days)
    thick = min(step * 0.7, 46.0)
    drawn: list[str] = []
    for at, of_day in enumerate(days):
        x, base = LEFT + step * (at + 0.5) - thick / 2, float(height - BOTTOM)
        for colour, each in enumerate(series):
            tall = each.values[at] / top * (height - TOP - BOTTOM)
            if tall:
                base -= tall
                shape = f'x="{x:.1f}" y="{base:.1f}" width="{thick:.1f}" height="{max(tall - GAP, 0.5):.1f}" rx="2"'
                told = f"{day(of_day)}, {each.name}: {count(each.values[at])}"
                drawn.append(f'<rect class="c{colour}" {shape}><title>{escape(told)}</title></rect>')
    return "".join(drawn)


def _grid(top: float, width: int, height: int) -> str:
    lines: list[str] = []
    for tick in range(TICKS + 1):
        y = height - BOTTOM - tick / TICKS * (height - TOP - BOTTOM)
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{count(top / TICKS * tick)}</text>'
        )
    return "".join(lines)


def _days(days: Sequence[date], width: int, height: int) -> str:
    step = (width - LEFT - RIGHT) / len(days)
    every = max(1, ceil(64 / step))  # pixels that a label needs
    place = f'y="{height - 8}" text-anchor="middle"'
    return "".join(
        f'<text class="tick" x="{LEFT + step * (at + 0.5):.1f}" {place}>{of_day.day} {MONTHS[of_day.month - 1]}</text>'
        for at, of_day in enumerate(days)
        if at % every == 0
    )


def _legend(names: Sequence[str], width: int) -> tuple[str, int]:
    drawn, x, row = [], float(LEFT), 0
    for colour, name in enumerate(names):
        short = name if len(name) <= 32 else name[:31] + "…"
        needed = 34 + len(short) * SIGN_WIDTH
        if x + needed > width and x > LEFT:
            x, row = float(LEFT), row + 1
        y = row * LEGEND_ROW
        drawn.append(f'<rect class="c{colour}" x="{x:.1f}" y="{y + 5}" width="12" height="12" rx="2"/>')
        drawn.append(f'<text class="name" x="{x + 18:.1f}" y="{y + 15}">{escape(short)}</text>')
        x += needed
    return "".join(drawn), (row + 1) * LEGEND_ROW + 4


def _style() -> str:
    return (
        "<style>text{font:12px system-ui,sans-serif}"
        f".tick{{fill:#5f6368}}.name{{fill:#202124}}.grid{{stroke:#dadce0}}{_fills(dict(enumerate(LIGHT)))}"
        "@media(prefers-color-scheme:dark){.tick{fill:#a8adb3}.name{fill:#e8eaed}.grid{stroke:#3c4043}"
        f"{_fills(dict(enumerate(DARK)))}}}</style>"
    )


def _fills(colours: Mapping[int, str]) -> str:
    return "".join(f".c{at}{{fill:{colour}}}" for at, colour in colours.items())
