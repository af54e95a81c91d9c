"""What a person sees in a browser: Prefect's pages of a scheduled run, its artifacts, its deployment, and our report.

Screenshots are left in `artifacts/`, which is not kept in the repository: look at them after a change.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.server import free_port
from tests.flows.command import start
from tests.flows.prefect_api import artifacts, asked, flow_runs, until

pytestmark = [pytest.mark.browser, pytest.mark.prefect, pytest.mark.slow]

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright: pip install -e .[dev]")

PICTURES = Path(__file__).parents[2] / "artifacts"
OUTLETS = ("Kestrel Tribune", "The Continental Review", "NewsHeap", "The Harbour Post", "Valley Gazette")
SOURCES = ("continental-review", "harbour-post", "kestrel-tribune", "newsheap", "valley-gazette")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOAD_MS = 60_000
"""Prefect's UI is a few megabytes of script, and a busy machine takes its time."""


@dataclass(frozen=True, kw_only=True)
class Served:
    ui: str
    home: Path
    run: dict[str, Any]
    artifacts: dict[str, dict[str, Any]]
    deployment: dict[str, Any]

    @property
    def headline(self) -> str:
        return str(self.run["state"]["message"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo served on a schedule, after its first run has completed."""
    home, port = tmp_path_factory.mktemp("served"), free_port()
    ui = f"http://127.0.0.1:{port}"
    process = start("serve", "--demo", "--every", "20", "--port", str(port), "--home", str(home))
    try:
        [run, *_] = until(lambda: flow_runs(f"{ui}/api", state_name="Completed"), process)
        [deployment] = [one for one in asked(f"{ui}/api", "/deployments/filter") if one["id"] == run["deployment_id"]]
        found = artifacts(f"{ui}/api", run["id"])
        yield Served(ui=ui, home=home, run=run, artifacts=found, deployment=deployment)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=90)


@pytest.fixture(scope="module")
def tab() -> Iterator[Any]:
    """One tab of a headless Chromium that talks to nobody but the pages it is sent to."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("the browser tests need Chromium on the path")
    PICTURES.mkdir(exist_ok=True)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(LOAD_MS)
        yield page
        browser.close()


def see(tab: Any, url: str, picture: str, *texts: str) -> None:
    """Open a page, wait until all the texts are visible, and keep a picture of it."""
    tab.goto(url, timeout=LOAD_MS)
    try:
        for text in texts:
            tab.get_by_text(text).locator("visible=true").first.wait_for(timeout=LOAD_MS)
    finally:
        tab.screenshot(path=PICTURES / f"{picture}.png", full_page=True)


@pytest.mark.parametrize("version", ["", "/v2"])
def test_the_run_page_has_a_speaking_name_a_state_and_named_tasks(tab: Any, served: Served, version: str) -> None:
    url = f"{served.ui}{version}/runs/flow-run/{served.run['id']}"
    shown = (served.run["name"], "Completed", "every-quarter-hour", "Beginning flow run", "harbour-post: 13 links")
    see(tab, url, f"run{version.replace('/', '-')}", *shown)
    see(tab, f"{served.ui}{version}/runs", f"runs{version.replace('/', '-')}", served.run["name"], "Completed")


def test_the_details_of_the_run_tell_the_headline(tab: Any, served: Served) -> None:
    url = f"{served.ui}/v2/runs/flow-run/{served.run['id']}?tab=Details"
    see(tab, url, "run-details", served.headline)


def test_the_list_of_artifacts_has_all_three(tab: Any, served: Served) -> None:
    see(tab, f"{served.ui}/v2/artifacts", "artifacts", "ingest-report", "ingest-sources", "rejects")


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("ingest-report", ("Sources", *SOURCES)),
        ("ingest-sources", ("articles", *SOURCES)),
        ("rejects", ("http_gone", "robots_disallow", "paywall_stub")),
    ],
)
def test_an_artifact_is_read_at_a_glance(tab: Any, served: Served, key: str, texts: tuple[str, ...]) -> None:
    url = f"{served.ui}/v2/artifacts/artifact/{served.artifacts[key]['id']}"
    see(tab, url, f"artifact-{key}", served.headline, *texts)
    if key == "ingest-report":
        chart = tab.locator("main img, article img, img[src^='data:image/svg']").first
        assert chart.evaluate("picture => picture.naturalWidth") > 300


def test_the_deployment_shows_its_schedule_and_its_runs(tab: Any, served: Served) -> None:
    url = f"{served.ui}/v2/deployments/deployment/{served.deployment['id']}"
    see(tab, url, "deployment", "every-quarter-hour", "ingest", "Completed")


def test_the_report_needs_no_network(tab: Any, served: Served) -> None:
    asked_for: list[str] = []
    tab.on("request", lambda request: asked_for.append(request.url))
    see(tab, (served.home / "reports" / "latest.html").as_uri(), "report", served.headline, "Stories that travelled")
    for outlet in OUTLETS:
        assert tab.get_by_text(outlet).count() > 0
    assert tab.locator("svg").count() > 0
    assert {url for url in asked_for if not url.startswith(("file:", "data:"))} == set()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
