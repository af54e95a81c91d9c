"""The edge of the process: whatever goes wrong is one line on stderr, and a traceback only when asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.command import command, environment, wirehouse


@pytest.mark.slow
def test_a_home_that_cannot_be_made_is_one_line() -> None:
    said = wirehouse("run", "--demo", "--home", "/proc/none")
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "/proc/none" in said.stderr


@pytest.mark.slow
def test_debug_shows_where() -> None:
    said = wirehouse("run", "--demo", "--home", "/proc/none", "--debug")
    assert said.returncode == 1
    assert "Traceback" in said.stderr


@pytest.mark.slow
def test_ctrl_c_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.opml")
    arguments = command("sources", "import", str(tmp_path / "list.opml"), "--home", str(tmp_path))
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment(None))
    with (tmp_path / "list.opml").open("wb"):  # returns when the command has begun to read
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.startswith("wirehouse: stopped by Ctrl-C; ")
    assert said.count("\n") == 1


INTERRUPTED = """
import signal, duckdb
from flows.interrupt import is_interrupted_query

con = duckdb.connect()
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
try:
    con.execute("SELECT count(*) FROM range(100000000) a, range(100000000) b").fetchall()
except Exception as error:
    print(is_interrupted_query(error))
"""


@pytest.mark.slow
def test_ctrl_c_during_a_query_is_known_as_such() -> None:
    said = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60)
    assert said.stdout == "True\n", said.stderr
