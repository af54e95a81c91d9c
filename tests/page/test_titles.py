"""The title as a reader sees it, and outlet names taken off it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tasks.page import metadata
from tasks.page.titles import likeness, outlet_keys, without_outlet

GULL = outlet_keys(["The Daily Gull"], "https://www.dailygull.example/news/bridge")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge reopens | The Daily Gull", "Bridge reopens"),
        ("Bridge reopens - The Daily Gull", "Bridge reopens"),
        ("The Daily Gull: Bridge reopens", "The Daily Gull: Bridge reopens"),
        ("The Daily Gull – Bridge reopens", "Bridge reopens"),
        ("Bridge reopens — dailygull.example", "Bridge reopens"),
        ("Bridge reopens | Daily Gull", "Bridge reopens"),
        ("Harbour bridge reopens after repairs | News", "Harbour bridge reopens after repairs"),
        ("Harbour bridge reopens after repairs | News | The Daily Gull", "Harbour bridge reopens after repairs"),
        ("Cup final: Gulls 2 - 1 Terns", "Cup final: Gulls 2 - 1 Terns"),
        ("Rise - and fall - of a bridge", "Rise - and fall - of a bridge"),
        ("Either | or", "Either | or"),
        ("The Daily Gull", "The Daily Gull"),
        ("Bridge &amp; harbour", "Bridge & harbour"),
    ],
)
def test_outlets_are_taken_off(title, expected):
    assert without_outlet(title, GULL) == expected


def chosen(head="", body=""):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return metadata.read(LexborHTMLParser(html), "https://www.dailygull.example/news/bridge").title


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s"}</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Bridge reopens | The Daily Gull</title>", "<h1>Bridge reopens</h1>", "Bridge reopens"),
        ("<title>Bridge reopens today</title>", "<h1>Dailygull</h1>", "Bridge reopens today"),
        ("<title>Bridge reopens today</title>", "<h1>Menu</h1><h1>Bridge reopens</h1>", "Bridge reopens"),
        (
            "<meta property='og:title' content='Bridge reopens' />" + LD % "Bridge reopens",
            "<h1>Harbour: Bridge reopens</h1>",
            "Bridge reopens",
        ),
        (
            "<meta property='og:title' content='You will not believe this bridge' />" + LD % "Bridge reopens",
            "<h1>Bridge reopens</h1>",
            "Bridge reopens",
        ),
        ("<title>Bridge reopens</title>", "<h1>Bri<i>dge</i> reopens</h1>", "Bridge reopens"),
        ("", "<h1>Bridge reopens</h1>", "Bridge reopens"),
        ("", "", None),
        ("<title></title>", "<svg><title>Icon</title></svg>", None),
    ],
)
def test_choices(head, body, expected):
    assert chosen(head, body) == expected


def test_likeness_is_relative_to_the_shorter_title():
    assert likeness("Bridge reopens", "Bridge reopens after repairs") == 1
    assert likeness("Bridge", "Storm") == 0
    assert likeness("港口大桥将关闭维修", "港口大桥将关闭") > 0.8
