"""The plot of `docs/polling.md`, drawn in plain SVG: how late articles land, and where the requests go."""

from __future__ import annotations

import math
from collections.abc import Sequence

WIDTH, HEIGHT = 920, 380
PANEL, LEFT, TOP, GAP = 360, 64, 48, 106
BOTTOM = HEIGHT - 56
FIXED, ADAPTIVE, INK, GRID = "#9a6b00", "#0b6e99", "#222", "#ddd"

Ticks = Sequence[tuple[float, str]]
MINUTES: Ticks = ((1, "1 min"), (5, "5"), (15, "15"), (60, "1 h"), (240, "4 h"), (1440, "1 day"))
PER_DAY: Ticks = ((0.1, "0.1"), (1, "1"), (10, "10"), (100, "100"))
SHARES: Ticks = ((0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %"))
POLLS: Ticks = ((1, "1"), (3, "3"), (10, "10"), (30, "30"), (100, "100"))


def plot(fixed: Sequence[float], adaptive: Sequence[float], dots: Sequence[tuple[float, float]], even: float) -> str:
    """Return the SVG of delays in minutes, ascending, and of dots: articles a day, polls a day (`even` if fixed)."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_frame(LEFT, "How late articles land", "delay from publication", MINUTES, SHARES, False),
        *_curve(fixed, FIXED, "fixed interval", "start"),
        *_curve(adaptive, ADAPTIVE, "adaptive", "end"),
        *_frame(
            LEFT + PANEL + GAP, "Where the requests go", "articles a day (a dot is a source)", PER_DAY, POLLS, True
        ),
        *_dots(dots, even),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(panel: int, value: float, ticks: Ticks) -> float:
    low, high = math.log(ticks[0][0]), math.log(ticks[-1][0]) + (0.7 if panel > LEFT else 0.0)
    share = (math.log(max(value, ticks[0][0])) - low) / (high - low)
    return panel + PANEL * min(share, 1.0)


def _y(value: float, ticks: Ticks, is_log: bool) -> float:
    if is_log:
        low, high = math.log(ticks[0][0]) - 0.2, math.log(ticks[-1][0]) + 1.0
        share = (math.log(max(value, ticks[0][0])) - low) / (high - low)
    else:
        share = value
    return BOTTOM - (BOTTOM - TOP) * min(share, 1.0)


def _frame(panel: int, title: str, below: str, across: Ticks, up: Ticks, is_log: bool) -> list[str]:
    parts = [_text(panel + PANEL / 2, TOP - 18, title, anchor="middle", size=15)]
    for value, label in across:
        x = _x(panel, value, across)
        parts += [_line(x, TOP, x, BOTTOM), _text(x, BOTTOM + 18, label, anchor="middle")]
    for value, label in up:
        y = _y(value, up, is_log)
        parts += [_line(panel, y, panel + PANEL, y), _text(panel - 8, y + 4, label, anchor="end")]
    return [*parts, _text(panel + PANEL / 2, BOTTOM + 40, below, anchor="middle")]


def _curve(delays: Sequence[float], colour: str, name: str, anchor: str) -> list[str]:
    shares = [number / 200 for number in range(200)]
    points = [(delays[int(share * len(delays))], share) for share in shares]
    path = " ".join(f"{_x(LEFT, d, MINUTES):.1f},{_y(s, SHARES, False):.1f}" for d, s in points if d < math.inf)
    middle = delays[len(delays) // 2]
    x, y = _x(LEFT, middle, MINUTES), _y(0.5, SHARES, False)
    aside = 10 if anchor == "start" else -10
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>',
        _text(x + aside, y - 6, f"{name}: {middle:.0f} min", anchor=anchor, colour=colour),
    ]


def _dots(dots: Sequence[tuple[float, float]], even: float) -> list[str]:
    panel = LEFT + PANEL + GAP
    y = _y(even, POLLS, True)
    circles = [
        f'<circle cx="{_x(panel, rate, PER_DAY):.1f}" cy="{_y(polls, POLLS, True):.1f}" r="2.6" '
        f'fill="{ADAPTIVE}" fill-opacity="0.55"/>'
        for rate, polls in dots
    ]
    line = f'<line x1="{panel}" y1="{y:.1f}" x2="{panel + PANEL}" y2="{y:.1f}" stroke="{FIXED}" stroke-width="2"/>'
    return [
        line,
        _text(panel + 6, y - 6, "polls a day, fixed interval", colour=FIXED),
        *circles,
        _text(panel + 6, TOP + 16, "polls a day, adaptive", colour=ADAPTIVE),
    ]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{GRID}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{words}</text>'
