"""Time that only goes forward, whatever is done to the machine's clock while a run lasts."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Time in UTC: the wall's when made, carried on by the monotonic clock.

    `speed` makes it run faster than real time, for tests: a pause of a second is then over after 1 / `speed` seconds.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Begin now."""
        self._speed = speed
        self._wall = datetime.now(UTC)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """The time."""
        return self._wall + timedelta(seconds=(time.monotonic() - self._begun) * self._speed)

    def real_seconds(self, until: datetime) -> float:
        """How long to wait for `until`, in seconds of the real world, not less than 0."""
        return max((until - self.now()).total_seconds() / self._speed, 0.0)
