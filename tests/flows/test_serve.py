"""`wirehouse serve`: server, UI and schedules with one command; a scheduled run is seen through Prefect's own API."""

from __future__ import annotations

import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest

from flows.server import free_port
from tests.flows.command import start
from tests.flows.prefect_api import artifacts, asked, flow_runs, processes_of, until

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

KEYS = {"ingest-report", "ingest-sources", "rejects"}
END_SECONDS = 60
"""From Ctrl-C to the end of the last process: a run under way is waited for."""


def test_a_run_begins_at_once_others_follow_and_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    home, log, port = tmp_path / "home", tmp_path / "said.txt", free_port()
    api = f"http://127.0.0.1:{port}/api"
    process = start("serve", "--demo", "--every", "30", "--port", str(port), "--home", str(home), log=log)
    try:
        # The first run does not wait for the schedule.
        [ended, *_] = until(lambda: flow_runs(api, auto_scheduled=False, state_name="Completed"), process)

        assert ended["name"].startswith("ingest ")
        assert ended["state_type"] == "COMPLETED"
        assert re.match(r"6\d new articles from 5 sources, \d+ copies found", ended["state"]["message"])
        left = artifacts(api, ended["id"])
        assert set(left) == KEYS
        assert left["ingest-report"]["description"] == ended["state"]["message"]
        assert left["ingest-report"]["data"].startswith("#")
        tasks = asked(api, "/task_runs/filter", flow_runs={"id": {"any_": [ended["id"]]}})
        assert 5 <= len(tasks) <= 50

        names = {one["name"] for one in asked(api, "/deployments/filter")}
        assert names == {"every-quarter-hour", "nightly"}
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert b"<html" in page.read().lower()

        # A later one finds every source resting, and says so.
        [later, *_] = until(lambda: flow_runs(api, auto_scheduled=True, state_name="Nothing new"), process)
        assert later["state"]["message"] == "Nothing new: no source was due"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        code = process.wait(timeout=END_SECONDS)
    assert processes_of(home) == []
    said = log.read_text("utf-8")
    assert code == 0, said
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{port}/v2/runs" in said
    assert "ingest/every-quarter-hour: now, then every 30 s\n  maintain/nightly: cron 30 3 * * * UTC" in said
