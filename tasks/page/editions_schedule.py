"""When an article is looked at again: soon while it is young, rarely when it is old, sooner after changes."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_INTERVAL = timedelta(minutes=20)
"""Most silent edits of news come within hours of publication; a shorter interval would only disturb the host."""
LAST_INTERVAL = timedelta(days=30)
SHARE_OF_AGE = 0.25
"""A page is seen again after a quarter of its age: 6 hours when it is a day old, a week when it is a month old."""
GIVEN_UP_AFTER = timedelta(days=365)
MOST_CHANGES = 3
"""Changes seen beyond which the interval shrinks no further; each halves it."""


def recheck_at(published_at: datetime | None, last_seen_at: datetime, n_changes: int, now: datetime) -> datetime | None:
    """Return when an article is due again, never before `now`; `None` when it is too old to be worth the request."""
    born = min(published_at or last_seen_at, last_seen_at)
    age = max(last_seen_at - born, timedelta())
    if now - born > GIVEN_UP_AFTER:
        return None
    interval = min(max(age * SHARE_OF_AGE, FIRST_INTERVAL), LAST_INTERVAL)
    interval = max(interval / 2 ** min(max(n_changes, 0), MOST_CHANGES), FIRST_INTERVAL)
    due: datetime = max(last_seen_at + interval, now)
    return due
