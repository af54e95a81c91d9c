"""Every command of the console script, registered by importing its module."""

from __future__ import annotations

from flows.cli import (  # noqa: F401
    backfill,
    checks,
    dedupe,
    diff,
    docs,
    doctor,
    explain,
    export,
    extract,
    forget,
    maintain,
    replay,
    report,
    run,
    search,
    serve,
    sources,
    sql,
    status,
)
