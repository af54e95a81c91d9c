"""Kill a command and all its children after so much work, measured in CPU time, however busy the machine is."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.02
Starting = Callable[[], "subprocess.Popen[bytes]"]
"""Starts a command in a session of its own."""


def work_seconds(session: int) -> float:
    """Return the CPU time that a session's processes have used: how far a command is."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
        except OSError:
            continue  # it ended meanwhile
        if fields and int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))  # user and system, its own and of children that ended
    return ticks / os.sysconf("SC_CLK_TCK")


def killed_after(start: Starting, seconds: float) -> bool:
    """Start a command, kill it and all its children after so much work, and tell whether it was still alive."""
    process = start()
    while work_seconds(process.pid) < seconds:
        try:
            process.wait(timeout=POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return False
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def undisturbed(start: Starting) -> float:
    """Let a command end, which must succeed, and return how much work it was, counted as `killed_after` counts it."""
    process = start()
    work = 0.0
    while process.poll() is None:
        work = max(work, work_seconds(process.pid))
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=POLL_SECONDS)
    assert process.returncode == 0, process.args
    return work
