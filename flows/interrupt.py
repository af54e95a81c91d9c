"""Ctrl-C for a command that runs flows in processes of their own.

A terminal sends Ctrl-C to every process of its foreground group, and so a flow run that was just importing Prefect died
with a traceback on the screen. A *blocked* signal is inherited over `exec`, unlike a handler: here it is blocked before
anything else is started, a thread of this process takes it, and the flow runs wait to be told by Prefect's runner,
which cancels them on SIGTERM and ends in order.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def is_interrupted_query(said: object) -> bool:
    """Tell whether an error, or what is told of it, is what DuckDB makes of a signal during a query: it swallows what
    the signal's handler raised, and raises a `RuntimeError` of its own."""
    return str(said).endswith("Query interrupted")


@contextmanager
def ctrl_c_reaches_only_this_process() -> Iterator[None]:
    """Turn Ctrl-C into a SIGTERM of the main thread: `KeyboardInterrupt`, until Prefect's runner takes it over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handled = signal.signal(signal.SIGTERM, _interrupted)
    ended = threading.Event()
    thread = threading.Thread(target=_pass_on, args=(ended,), daemon=True, name="ctrl-c")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        assert thread.ident is not None
        signal.pthread_kill(thread.ident, signal.SIGINT)  # wakes it; sent to the process, another thread might take it
        thread.join()
        signal.signal(signal.SIGTERM, handled)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pass_on(ended: threading.Event) -> None:
    """Pass every Ctrl-C on; the second one ends a runner that is about to end at once."""
    main = threading.main_thread().ident
    while signal.sigwait({signal.SIGINT}) and not ended.is_set():
        if main is not None:
            signal.pthread_kill(main, signal.SIGTERM)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
