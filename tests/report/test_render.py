"""The report shows what it is given, whatever that is, and nothing in it can act."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.records import Failing, Rejecting, Skip
from tasks.report.charts import OUTLETS_SHOWN, amount_svg, chart_svg, daily, data_uri, nice_ceiling, share_svg
from tasks.report.markdown import run_report
from tasks.report.render import TABLES, render
from tasks.report.sections import reasons
from tasks.report.words import LONGEST_TEXT, ago, count, instant, lag, link, number, plain, text

NOW = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)

COLUMNS = {
    "summary": {"key": pl.String, "value": pl.String},
    "coverage": {"day": pl.Date, "outlet": pl.String, "articles": pl.Int64, "copies": pl.Int64},
    "stories": {
        "cluster_id": pl.String,
        "title": pl.String,
        "first_outlet": pl.String,
        "first_published_at": pl.Datetime("us", "UTC"),
        "copies": pl.Int64,
        "outlets": pl.Int64,
        "spread_hours": pl.Float64,
        "first_url": pl.String,
    },
    "copying": {
        "from_outlet": pl.String,
        "to_outlet": pl.String,
        "stories": pl.Int64,
        "median_lag_minutes": pl.Float64,
    },
    "own_share": {"outlet": pl.String, "articles": pl.Int64, "own": pl.Int64, "wire": pl.Int64, "copied": pl.Int64},
    "outcomes": {"outcome": pl.String, "reason": pl.String, "n": pl.Int64},
    "sources": {
        "source": pl.String,
        "state": pl.String,
        "last_success_at": pl.Datetime("us", "UTC"),
        "last_new_at": pl.Datetime("us", "UTC"),
        "fetched": pl.Int64,
        "articles": pl.Int64,
        "failures": pl.Int64,
    },
}
ROWS: dict[str, list[tuple[object, ...]]] = {
    "summary": [
        ("headline", "3 new articles from 2 sources"),
        ("state", "Completed"),
        ("fetched", "4"),
        ("run_id", "r1"),
    ],
    "coverage": [(date(2026, 11, 19), "Post", 2, 0), (date(2026, 11, 20), "Heap", 1, 1)],
    "stories": [("c1", "Ferry sails", "Post", NOW - timedelta(hours=9), 1, 2, 3.0, "http://127.0.0.1/ferry")],
    "copying": [("Post", "Heap", 1, 90.0)],
    "own_share": [("Post", 2, 1, 1, 0), ("Heap", 1, 0, 0, 1)],
    "outcomes": [("article_new", None, 3), ("failure", "robots_disallow", 1)],
    "sources": [("post", "alive", NOW - timedelta(minutes=3), NOW - timedelta(days=3), 2, 2, 0)],
}


def frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=COLUMNS[name], orient="row")


def tables() -> dict[str, pl.DataFrame]:
    return {name: frame(name, rows) for name, rows in ROWS.items()}


class Tags(HTMLParser):
    """The page's elements and attributes, as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(page: str) -> str:
    return " ".join("".join(Tags(page).text).split())


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_contract_names_every_frame() -> None:
    assert set(COLUMNS) == set(TABLES)


@pytest.mark.parametrize(
    "words",
    [
        "Completed 3 new articles from 2 sources",
        "report of 2026-11-20 18:05 UTC",
        "Ferry sails",
        "90 min",
        "3 h",
        "robots disallow The site asks robots to stay out.",
        "3 min ago",
        "3 days ago",
        "wirehouse sql",
        "50%",
    ],
)
def test_it_says(words: str) -> None:
    assert words in seen(render(tables(), NOW))


def test_it_is_self_contained() -> None:
    page = Tags(render(tables(), NOW))
    assert {"script", "link", "img", "iframe", "object"} & set(page.names) == set()
    assert [value for name, value in page.attributes if name in ("src", "srcset", "action")] == []
    assert ("content", "no-referrer") in page.attributes
    assert any("default-src 'none'" in value for _, value in page.attributes)


def test_links_within_the_page_lead_somewhere() -> None:
    page = Tags(render(tables(), NOW))
    anchors = {value for name, value in page.attributes if name == "id"}
    inner = {value[1:] for name, value in page.attributes if name == "href" and value.startswith("#")}
    assert inner <= anchors


def test_an_empty_warehouse_is_said_to_be_empty() -> None:
    page = seen(render({}, NOW))
    assert "No run has been reported yet" in page
    assert page.count("Nothing to show yet.") == len(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_without_rows_or_columns_is_nothing_to_show(name: str) -> None:
    for given_frame in (frame(name, []), pl.DataFrame()):
        assert "Nothing to show yet." in render(tables() | {name: given_frame}, NOW)


@pytest.mark.parametrize("name", TABLES)
def test_nulls_everywhere_are_survived(name: str) -> None:
    nulls = frame(name, [tuple(None for _ in COLUMNS[name])] * 3)
    assert render(tables() | {name: nulls}, NOW)


@pytest.mark.parametrize("name", TABLES)
def test_columns_may_be_missing(name: str) -> None:
    for column in COLUMNS[name]:
        assert render(tables() | {name: tables()[name].drop(column)}, NOW)


def test_own_share_by_day_adds_up() -> None:
    by_day = frame("own_share", [("Post", 1, 1, 0, 0), ("Post", 3, 0, 0, 3)])
    assert 'aria-label="own 25%, wire 0%, copied 75%"' in render({"own_share": by_day}, NOW)


def test_long_lists_end_with_what_is_left() -> None:
    many = frame("stories", [(f"c{n}", f"Story {n}", "Post", NOW, n, 2, 1.0, None) for n in range(60)])
    page = seen(render({"stories": many}, NOW))
    assert "35 more in the warehouse." in page
    assert "Story 59" in page
    assert "Story 3 " not in page


def test_a_matrix_holds_only_the_largest_outlets() -> None:
    pairs = frame("copying", [(f"Outlet {n}", "Heap", n + 1, 5.0) for n in range(40)])
    page = seen(render({"copying": pairs}, NOW))
    assert "29 smaller outlets are left out." in page


def test_sources_in_trouble_come_first() -> None:
    rows = [("a", "alive"), ("b", "failing"), ("c", "quiet")]
    page = seen(render({"sources": frame("sources", [(*row, None, None, 0, 0, 0) for row in rows])}, NOW))
    assert page.index("failing") < page.index("quiet") < page.index("alive")


def test_every_reason_has_its_meaning() -> None:
    known = {str(reason) for vocabulary in (Failing, Rejecting, Skip) for reason in vocabulary}
    assert known <= set(reasons())


# --- hostile words ------------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</style><script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onmouseover='alert(1)",
            "</svg><svg onload=alert(1)>",
            "]]><x>",
            "&lt;b&gt;",
            "$title ${style} $$",
            "javascript:alert(1)",
            "\x00\x1b[31m\u202e\ud800",
            "a" * 10_000,
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(HOSTILE, min_size=6, max_size=6))
def test_no_word_can_become_markup(words: list[str]) -> None:
    def poisoned(name: str) -> pl.DataFrame:
        row = ROWS[name][-1]
        kinds = list(COLUMNS[name].values())
        cells = [words[at % 6] if kinds[at] == pl.String else value for at, value in enumerate(row)]
        return pl.DataFrame([tuple(storable(cell) for cell in cells)], schema=COLUMNS[name], orient="row")

    facts = frame(
        "summary", [("headline", storable(words[0])), ("state", storable(words[1])), (storable(words[2]), "x")]
    )
    page = Tags(render({name: poisoned(name) for name in TABLES} | {"summary": facts}, NOW))
    usual = Tags(render(tables(), NOW))
    assert set(page.names) <= set(usual.names)
    assert {name for name, _ in page.attributes} <= {name for name, _ in usual.attributes} | {"title"}
    links = [value for name, value in page.attributes if name == "href"]
    assert all(value.startswith(("#", "http://", "https://")) for value in links)


def storable(value: object) -> object:
    """Lone surrogates cannot be stored in a frame; everything else can."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
def test_plain_text_is_one_printable_line_and_stays_so(words: str) -> None:
    shown = plain(words)
    assert len(shown) <= LONGEST_TEXT
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert plain(shown) == shown


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(HOSTILE, st.integers(-5, 10**9)), max_size=12))
def test_a_chart_is_well_formed_whatever_the_outlets_are_called(rows: list[tuple[str, int]]) -> None:
    coverage = frame(
        "coverage", [(date(2026, 11, 1 + n), storable(name), many, 0) for n, (name, many) in enumerate(rows)]
    )
    svg = chart_svg(coverage)
    assert not svg or ET.fromstring(svg).tag.endswith("svg")


# --- Markdown -----------------------------------------------------------------------------------------------------

RUN = {"headline": "3 new articles", "sources": 2, "fetched": 4, "seconds": 1.26, "peak_memory_mb": None}
SOURCES = pl.DataFrame({"source": ["post"], "outcome": ["polled"], "named": [3], "new": [3], "articles": [3]})
REASONS = pl.DataFrame({"outcome": ["reject"], "reason": ["soft_404"], "n": [1], "example": ["http://h.example/a|b"]})


def test_the_runs_page_in_markdown() -> None:
    page = run_report(RUN, SOURCES, REASONS, tables()["coverage"])
    assert page.startswith(
        "# 3 new articles\n\n| Sources | Pages fetched | Seconds |\n| --- | --- | --- |\n| 2 | 4 | 1 |"
    )
    assert "![Articles per day and outlet](data:image/svg+xml;base64," in page
    assert "| post | polled | 3 | 3 | 3 |" in page
    assert r"| reject | soft\_404 | 1 | http\://h.example/a\|b |" in page


def test_a_run_that_did_nothing_has_a_page_too() -> None:
    assert run_report({}, pl.DataFrame(), pl.DataFrame(), pl.DataFrame()).startswith("# Ingest\n")


def test_long_tables_are_cut_and_say_so() -> None:
    many = pl.DataFrame({"source": [f"s{n}" for n in range(80)], "articles": list(range(80))})
    assert "30 more in the table artifacts." in run_report(RUN, many, REASONS, pl.DataFrame())


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
def test_no_word_can_become_markdown(words: str) -> None:
    hostile = pl.DataFrame({"source": [storable(words)], "articles": [1]})
    page = run_report({"headline": words}, hostile, pl.DataFrame(), pl.DataFrame())
    assert not re.search(r"(?<!\\)<(?!br>)", page)
    row = next(line for line in page.splitlines() if line.endswith("| 1 |"))
    assert len(re.findall(r"(?<!\\)\|", row)) >= 3
    assert "\n\n\n" not in page


# --- charts -------------------------------------------------------------------------------------------------------


def test_a_chart_tells_its_numbers_without_colour() -> None:
    svg = chart_svg(tables()["coverage"])
    titles = [each.text for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["2026-11-19, Post: 2", "2026-11-20, Heap: 1"]
    assert 'aria-label="Articles per day and outlet, 2026-11-19 to 2026-11-20"' in svg
    assert "prefers-color-scheme:dark" in svg


def test_a_data_uri_holds_the_chart() -> None:
    svg = chart_svg(tables()["coverage"])
    kind, _, packed = data_uri(svg).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(packed).decode() == svg


def test_many_outlets_are_a_few_and_the_rest() -> None:
    rows = [(date(2026, 11, 20), f"Outlet {n}", n + 1, 0) for n in range(20)]
    _, series = daily(frame("coverage", rows))
    assert len(series) == OUTLETS_SHOWN + 1
    assert series[0].name == "Outlet 19"
    assert series[-1].name == "All others (13)"
    assert sum(sum(each.values) for each in series) == sum(n + 1 for n in range(20))


def test_only_the_last_days_are_drawn() -> None:
    rows = [(date(2026, 1, 1) + timedelta(days=n), "Post", 1, 0) for n in range(90)]
    days, series = daily(frame("coverage", rows))
    assert len(days) == 31
    assert days[-1] == date(2026, 3, 31)
    assert sum(series[0].values) == 31


def test_days_without_articles_are_days_too() -> None:
    days, series = daily(frame("coverage", [(date(2026, 11, 2), "Post", 1, 0), (date(2026, 11, 5), "Post", 2, 0)]))
    assert len(days) == 4
    assert series[0].values == (1, 0, 0, 2)


def test_a_day_in_the_future_pushes_nobody_out() -> None:
    rows = [(date(2026, 11, 19), "Post", 1, 0), (date(2099, 1, 1), "Heap", 1, 0)]
    days, series = daily(frame("coverage", rows), until=date(2026, 11, 21))
    assert (days, [each.name for each in series]) == ((date(2026, 11, 19),), ["Post"])


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (9, 20), (20, 20), (21, 40), (41, 80), (81, 200), (1000, 2000), (3999, 4000)],
)
def test_scales_have_whole_quarters(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == ceiling


@given(st.floats(0, 1e12))
def test_a_scale_is_never_below_its_value(value: float) -> None:
    assert value <= nice_ceiling(value) <= max(4, value * 3)


def test_shares() -> None:
    assert share_svg([("own", 0), ("wire", 0)]) == ""
    bar = share_svg([("own", 3), ("wire", 1)])
    assert 'aria-label="own 75%, wire 25%"' in bar
    assert bar.count("<rect") == 2
    assert 'width="110.0"' in amount_svg(5, 5)
    assert "rect" in amount_svg(0, 0)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0 min"), (90, "90 min"), (180, "3 h"), (4000.0, "3 days"), (-35, "−35 min"), (-600, "−10 h")],
)
def test_lags(minutes: float, shown: str) -> None:
    assert lag(minutes) == shown


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf"), "soon", True])
def test_what_is_no_length_is_not_shown_as_one(nothing: object) -> None:
    assert "unknown" in lag(nothing)


@pytest.mark.parametrize("odd", [None, "x", float("nan"), float("inf"), -3, True, 10**400])
def test_what_cannot_be_drawn_is_zero(odd: object) -> None:
    assert number(odd) == 0
    assert count(odd) == "0"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//h.example/", "http://", "http://[", None, 5, ""]
)
def test_only_web_addresses_become_links(address: object) -> None:
    assert link("words", address) == text("words")


def test_instants() -> None:
    later = NOW + timedelta(minutes=5)
    assert instant(NOW) == '<time datetime="2026-11-20T18:05:00+00:00">2026-11-20 18:05</time>'
    assert ">5 min ago<" in ago(NOW, later)
    assert "just now" in ago(later, NOW)
    assert "just now" in ago(NOW.replace(tzinfo=None), NOW)
    assert "unknown" in ago(None, NOW)
