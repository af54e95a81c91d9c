"""Thirty days of three hundred synthetic sources: adaptive polling against a fixed interval with as many requests.

    python -m tests.benchmarks.polling [--seed N] [--write]

Prints the table of `docs/polling.md`; `--write` puts it there and draws `docs/polling.svg` anew. Nothing here is timed:
the clock is the simulation's, so that the figures are the same on every machine.

What a source is. A rhythm (a rate for every minute of the week, in the source's own time zone), perhaps bursts on top,
a feed that shows its newest entries only (an entry that scrolled out before a poll is lost), entries with or without
dates, and days on which it is silent or answers with errors. The scheduler wakes every five minutes; fixed polling may
act at any second, which favours it a little.
"""

from __future__ import annotations

import argparse
import heapq
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from tasks.records import Weight
from tasks.web import polling
from tasks.web.polling import PollResult, PollState
from tests.benchmarks.polling_plot import plot

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
TICK = timedelta(minutes=5)
PACE_EVERY = 7_200.0
DOCS = Path(__file__).parents[2] / "docs"

# Share of a day's articles by local hour: a night desk of few, a morning peak, a long afternoon (shape chosen by hand).
NEWSROOM = (1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4, 3, 2)
OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 6, 10, 10, 9, 5, 7, 9, 9, 7, 2, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthetic:
    """A source of the simulation: all that it will publish, and when it fails."""

    name: str
    kind: str
    published: tuple[float, ...]
    """Seconds from the start, ascending."""
    window: int = 30
    is_dated: bool = True
    outage: tuple[float, float] = (0.0, 0.0)
    """Seconds from the start, from and to, in which every poll fails."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """What polling made of one source."""

    source: Synthetic
    delays: tuple[float, ...]
    """Seconds from publication to landing, infinite for what was lost."""
    polls: int
    longest_gap: float
    """Seconds between two polls."""


def rhythm(random: Random, per_day: float, hours: tuple[int, ...], weekend: float, days: float) -> Iterator[float]:
    """Yield the instants of an inhomogeneous Poisson process, by thinning."""
    zone = random.choice((-8, -5, 0, 0, 1, 1, 2, 5, 8, 9))
    mean = sum(hours) / 24.0
    peak = per_day * max(hours) / mean / 86_400.0
    at = random.expovariate(peak)
    while at < days * 86_400.0:
        local = at / 3600.0 + zone
        share = hours[int(local % 24)] / max(hours) * (weekend if int(local // 24) % 7 >= 5 else 1.0)
        if random.random() < share:
            yield at
        at += random.expovariate(peak)


def batch(random: Random, days: int, every: tuple[int, ...]) -> Iterator[float]:
    """Yield an edition: some articles at about the same time on the given weekdays."""
    hour, size = random.uniform(0, 24), random.randint(1, 6)
    for day in range(days):
        if day % 7 in every:
            at = (day * 24 + hour) * 3600.0 + random.gauss(0, 900)
            yield from (max(at + random.expovariate(1 / 60), 0.0) for _ in range(size))


def burst(random: Random, days: int) -> Iterator[float]:
    """Yield live events: twenty to sixty articles in about three hours, every few days."""
    at = random.expovariate(1 / 4)
    while at < days:
        yield from (at * 86_400.0 + random.gammavariate(2, 5400) for _ in range(random.randint(20, 60)))
        at += random.expovariate(1 / 4)


def busy(random: Random, days: int) -> Iterator[float]:
    return rhythm(random, math.exp(random.gauss(4.0, 0.6)), NEWSROOM, 0.55, days)


def regional(random: Random, days: int) -> Iterator[float]:
    return rhythm(random, math.exp(random.gauss(2.0, 0.6)), NEWSROOM, 0.4, days)


def office(random: Random, days: int) -> Iterator[float]:
    return rhythm(random, random.uniform(1, 8), OFFICE, 0.0, days)


def daily(random: Random, days: int) -> Iterator[float]:
    return batch(random, days, random.choice(((0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (2,))))


def bursty(random: Random, days: int) -> Iterator[float]:
    yield from rhythm(random, 1.0, NEWSROOM, 0.4, days)
    yield from burst(random, days)


def dying(random: Random, days: int) -> Iterator[float]:
    end = random.choice((0, 0, 3, 6)) * 86_400.0
    return (at for at in regional(random, days) if at < end)


def reviving(random: Random, days: int) -> Iterator[float]:
    start, end = sorted((random.uniform(0, days / 3), random.uniform(days / 2, days * 0.8)))
    return (at for at in regional(random, days) if not start * 86_400.0 < at < end * 86_400.0)


# Of three hundred sources. The mix is a guess at a broad list of feeds: few are busy, many are quiet, some are gone.
MIX: tuple[tuple[str, int, Callable[[Random, int], Iterator[float]]], ...] = (
    ("busy", 60, busy),
    ("regional", 80, regional),
    ("daily", 50, daily),
    ("office hours", 30, office),
    ("bursty", 30, bursty),
    ("dead", 30, dying),
    ("reviving", 10, reviving),
    ("down for ten days", 10, regional),
)


def sources(seed: int, days: int = 30, share: float = 1.0) -> list[Synthetic]:
    """Return the synthetic sources; `share` of them for a smaller run."""
    random = Random(seed)
    made = []
    for kind, count, publish in MIX:
        for number in range(math.ceil(count * share)):
            down = random.uniform(3, max(days - 15, 4)) * 86_400.0
            made.append(
                Synthetic(
                    name=f"{kind} {number}",
                    kind=kind,
                    published=tuple(sorted(at for at in publish(random, days) if at < days * 86_400.0)),
                    window=random.choice((20, 30, 50, 100)),
                    is_dated=random.random() < 0.8,
                    outage=(down, down + 10 * 86_400.0) if kind == "down for ten days" else (0.0, 0.0),
                )
            )
    return made


def fresh(source: Synthetic, since: float, now: float) -> tuple[int, int, int]:
    """Return which articles a poll finds new: indexes from, to, and the first that the feed still shows."""
    first, last = bisect_right(source.published, since), bisect_right(source.published, now)
    return first, last, max(first, last - source.window)


class Collected:
    """The polls of one source so far."""

    def __init__(self, source: Synthetic) -> None:
        self.source = source
        self.since = -1.0
        self.at = 0.0
        self.polls = 0
        self.longest_gap = 0.0
        self.delays: list[float] = []

    def poll(self, at: float) -> PollResult:
        self.polls += 1
        self.longest_gap = max(self.longest_gap, at - self.at)
        self.at = at
        if self.source.outage[0] <= at < self.source.outage[1]:
            return PollResult(weight=Weight.HARD)
        first, last, shown = fresh(self.source, self.since, at)
        self.since = at
        found = self.source.published[shown:last]
        self.delays += [math.inf] * (shown - first) + [at - moment for moment in found]
        dates = tuple(START + timedelta(seconds=moment) for moment in found) if self.source.is_dated else ()
        return PollResult(new=len(found), published_at=dates, entries=min(self.source.window, last))

    def landing(self, end: float) -> Landing:
        late = len(self.source.published) - bisect_left(self.source.published, self.since)
        return Landing(
            source=self.source,
            delays=(*self.delays, *[end - at for at in self.source.published[len(self.source.published) - late :]]),
            polls=self.polls,
            longest_gap=max(self.longest_gap, end - self.at),
        )


def adaptive(synthetic: list[Synthetic], days: int, per_day: float) -> list[Landing]:
    """Poll as `tasks.web.polling` says; the pace is set anew every two hours."""
    collected = [Collected(source) for source in synthetic]
    states = [PollState(source=source.name) for source in synthetic]
    pace = polling.pace(states, per_day, START)
    agenda = [(number / len(states) * 3600.0, number) for number in range(len(states))]  # the first hour: everyone once
    again, end = PACE_EVERY, days * 86_400.0
    heapq.heapify(agenda)
    while agenda and agenda[0][0] < end:
        at, number = heapq.heappop(agenda)
        now = START + timedelta(seconds=at)
        if at >= again:
            pace, again = polling.pace(states, per_day, now), again + PACE_EVERY
        states[number] = polling.observe(states[number], collected[number].poll(at), now)
        due = round((polling.next_poll_at(states[number], pace, now) - START) / TICK)
        heapq.heappush(agenda, (max(due, math.floor(at / TICK.total_seconds()) + 1) * TICK.total_seconds(), number))
    return [each.landing(end) for each in collected]


def fixed(synthetic: list[Synthetic], days: int, requests: int) -> list[Landing]:
    """Poll every source at one interval, such that all polls together are as many as given."""
    end = days * 86_400.0
    interval = end * len(synthetic) / requests
    collected = [Collected(source) for source in synthetic]
    for number, each in enumerate(collected):
        at = interval * (number + 0.5) / len(collected)
        while at < end:
            each.poll(at)
            at += interval
    return [each.landing(end) for each in collected]


def waits(landings: list[Landing], kind: str | None = None) -> list[float]:
    """Return the delays in minutes, ascending."""
    return sorted(d / 60 for each in landings if kind in (None, each.source.kind) for d in each.delays)


def at_share(values: list[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)] if values else math.nan


def table(ours: list[Landing], theirs: list[Landing]) -> list[str]:
    """Return the comparison as the lines of a Markdown table."""
    lines = [
        "| sources | articles | median delay, fixed | adaptive | times | 90 %, fixed | adaptive "
        "| lost, fixed | adaptive | polls a day and source | longest gap |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for kind in (*(name for name, _, _ in MIX), None):
        mine, other = waits(ours, kind), waits(theirs, kind)
        group = [each for each in ours if kind in (None, each.source.kind)]
        polls = sum(each.polls for each in group) / len(group) / 30
        gap = max(each.longest_gap for each in group) / 3600
        lost = [sum(value == math.inf for value in values) for values in (other, mine)]
        halves, tails = [at_share(v, 0.5) for v in (other, mine)], [at_share(v, 0.9) for v in (other, mine)]
        lines.append(
            f"| {kind or '**all**'} | {len(mine):,} | {halves[0]:.1f} min | {halves[1]:.1f} min "
            f"| {halves[0] / halves[1]:.1f} | {tails[0]:.1f} min | {tails[1]:.1f} min | {lost[0]} | {lost[1]} "
            f"| {polls:.1f} | {gap:.1f} h |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=7_200.0, help="requests a day; 7200 is once an hour and source")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    synthetic = sources(options.seed)
    ours = adaptive(synthetic, 30, options.budget)
    requests = sum(each.polls for each in ours)
    theirs = fixed(synthetic, 30, requests)
    print(f"{requests:,} requests in 30 days, {requests / 30:,.0f} a day of {options.budget:,.0f} allowed")
    print("\n".join(table(ours, theirs)))
    print(f"median over sources of the median delay: {over_sources(theirs):.1f} -> {over_sources(ours):.1f} min")
    if options.write:
        write(ours, theirs)


def write(ours: list[Landing], theirs: list[Landing]) -> None:
    """Put the table into `docs/polling.md` and draw `docs/polling.svg`."""
    page = DOCS / "polling.md"
    head, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->\n")
    tail = rest.partition("<!-- /table -->")[2]
    page.write_text(
        "\n".join([f"{head}<!-- table -->", *table(ours, theirs), f"<!-- /table -->{tail}"]), encoding="utf-8"
    )
    dots = [(max(len(each.delays) / 30, 0.1), each.polls / 30) for each in ours]
    even = theirs[0].polls / 30
    (DOCS / "polling.svg").write_text(plot(waits(theirs), waits(ours), dots, even), encoding="utf-8")


def over_sources(landings: list[Landing]) -> float:
    return median(median(each.delays) / 60 for each in landings if each.delays)


if __name__ == "__main__":
    main()
