"""When a URL is asked for again, decided from what became of it so far.

A page that came is not asked for again here: how articles are re-checked for edits is decided from their age. A failure
that may pass is tried again after a pause that doubles; one that will not pass (gone, refused for good) is not. A URL
costs a publisher at most `MOST_ATTEMPTS` vain requests.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tasks.records import Failing, Failure

FIRST_PAUSE = timedelta(minutes=15)
"""Doubled with every attempt: 15 and 30 minutes, 1, 2, 4, 8 and 16 hours, then a day."""
LONGEST_PAUSE = timedelta(days=1)
MOST_ATTEMPTS = 10
"""About four days of asking; feeds and sitemaps have moved on by then."""
MOST_ATTEMPTS_MISSING = 3
"""A 404 may be a page that was named before it was published; three days later it is a dead link."""

FOR_GOOD = frozenset({Failing.GONE, Failing.BAD_URL, Failing.ADDRESS, Failing.TOO_LARGE, Failing.BOMB})
"""The same request would end the same way."""
DAILY = frozenset(
    {Failing.CLIENT_ERROR, Failing.ROBOTS, Failing.REDIRECT_LOOP, Failing.REDIRECTS, Failing.BAD_REDIRECT}
)
"""Someone has to change something at the site first."""


def next_attempt_at(failure: Failure, attempts: int, now: datetime) -> datetime | None:
    """Return when to ask again after the failure of attempt number `attempts`; `None`: never."""
    if failure.reason in FOR_GOOD:
        return None
    if failure.reason is Failing.DEADLINE:
        return now
    if failure.reason in DAILY:
        return now + LONGEST_PAUSE if attempts < MOST_ATTEMPTS_MISSING else None
    if attempts >= MOST_ATTEMPTS:
        return None
    pause: timedelta = min(FIRST_PAUSE * 2 ** max(attempts - 1, 0), LONGEST_PAUSE)
    return now + max(pause, timedelta(seconds=failure.retry_after_seconds or 0.0))
