"""Every command of the console script, registered by importing its module."""

from __future__ import annotations

from flows.cli import dedupe, doctor, extract, report, run, serve, sources, sql, status  # noqa: F401
