"""What the answer to a request for robots.txt allows, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.web.robots_access import RobotsAccess, expires_at, verdict

PARSE, ALLOW, DISALLOW = RobotsAccess.PARSE, RobotsAccess.ALLOW_ALL, RobotsAccess.DISALLOW_ALL


@pytest.mark.parametrize(
    ("status", "access"),
    [
        (200, PARSE),
        (204, PARSE),
        (206, PARSE),
        (301, ALLOW),
        (302, ALLOW),
        (308, ALLOW),
        (304, DISALLOW),
        (400, ALLOW),
        (401, ALLOW),
        (403, ALLOW),
        (404, ALLOW),
        (410, ALLOW),
        (451, ALLOW),
        (499, ALLOW),
        (429, DISALLOW),
        (500, DISALLOW),
        (503, DISALLOW),
        (599, DISALLOW),
        (None, DISALLOW),
        (0, DISALLOW),
        (100, DISALLOW),
        (999, DISALLOW),
    ],
)
def test_verdict(status: int | None, access: RobotsAccess) -> None:
    assert verdict(status) is access


def test_only_a_server_that_answers_is_given_up_after_a_month() -> None:
    assert verdict(500, failing_for=timedelta(days=29)) is DISALLOW
    assert verdict(500, failing_for=timedelta(days=30)) is ALLOW
    assert verdict(None, failing_for=timedelta(days=300)) is DISALLOW
    assert verdict(429, failing_for=timedelta(days=300)) is DISALLOW


def test_a_day_for_answers_an_hour_for_accidents() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert expires_at(now, PARSE) == expires_at(now, ALLOW) == now + timedelta(days=1)
    assert expires_at(now, DISALLOW) == now + timedelta(hours=1)
