"""What the answer to a request for robots.txt allows (RFC 9309 §2.3.1), and for how long it is believed (§2.4).

| answer | access | why |
|---|---|---|
| 2xx | parse | §2.3.1.1 |
| more than five redirects, a redirect to nowhere | allow all | §2.3.1.2: "unavailable" |
| 4xx, also 401 and 403 | allow all | §2.3.1.3 |
| 429 | disallow all | §2.3.1.3 only says "may"; the server asks for less traffic, and Google counts it as 5xx |
| 5xx | disallow all | §2.3.1.4 |
| no answer: DNS, connect, TLS, timeout, reset | disallow all | §2.3.1.4 |
| anything else (1xx, 304 without a stored copy, 999) | disallow all | not understood is not permitted |

A 304 to a conditional request confirms the stored copy and is the caller's to recognise. A disallow because of 5xx
lasts while the site keeps failing, but a server that has answered 5xx to robots.txt for 30 days is alive and will not
mend that file: then it counts as unavailable (§2.3.1.4's "reasonably long period", which is also Google's). A host
that does not answer at all is never assumed to allow anything: its pages could not be had either.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

MAX_REDIRECTS = 5
"""RFC 9309 §2.3.1.2: "at least five consecutive redirects"."""
LIFETIME = timedelta(hours=24)
"""RFC 9309 §2.4: a stored copy should not be used for more than 24 hours."""
FAILING_LIFETIME = timedelta(hours=1)
"""A refusal by accident is asked about again soon: at most one hour of news is late after a passing fault."""
LONG_OUTAGE = timedelta(days=30)


class RobotsAccess(StrEnum):
    """What may be fetched from a host, as far as its robots.txt can be had."""

    PARSE = "parse"
    ALLOW_ALL = "allow_all"
    DISALLOW_ALL = "disallow_all"


def verdict(status: int | None, *, failing_for: timedelta = timedelta(0)) -> RobotsAccess:
    """Return what the final status means; `None`: no answer. `failing_for`: how long robots.txt has answered 5xx.

    A status of 3xx means that redirects were followed up to `MAX_REDIRECTS`, or that one led nowhere.
    """
    if status is None:
        return RobotsAccess.DISALLOW_ALL
    if 200 <= status < 300:
        return RobotsAccess.PARSE
    if status == 304 or status == 429:
        return RobotsAccess.DISALLOW_ALL
    if 300 <= status < 500:
        return RobotsAccess.ALLOW_ALL
    if 500 <= status < 600 and failing_for >= LONG_OUTAGE:
        return RobotsAccess.ALLOW_ALL
    return RobotsAccess.DISALLOW_ALL


def expires_at(fetched_at: datetime, access: RobotsAccess) -> datetime:
    """Return until when an answer is believed."""
    return fetched_at + (FAILING_LIFETIME if access is RobotsAccess.DISALLOW_ALL else LIFETIME)
