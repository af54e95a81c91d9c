"""Every command of the console script, registered by importing its module."""

from __future__ import annotations

from flows.cli import (  # noqa: F401
    dedupe,
    diff,
    doctor,
    explain,
    export,
    extract,
    forget,
    replay,
    report,
    run,
    search,
    serve,
    sources,
    sql,
    status,
)
