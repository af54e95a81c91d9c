"""Web archives of pages written by us, made with `warcio` as any crawler would."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from deployments.demo.outlets import outlets
from deployments.demo.site import sites

SAVED_AT = "2026-11-20T08:00:00Z"


def demo_pages() -> dict[str, bytes]:
    """Every HTML page of the demo web, by its address."""
    bases = {key: f"http://{key}.example" for key in outlets()}
    return {
        bases[key] + target: answer.body
        for key, site in sites(bases).items()
        for target, answer in site.items()
        if answer.status == 200 and answer.content_type.startswith("text/html") and answer.first is None
    }


def write_warc(path: Path, pages: Mapping[str, bytes], *, saved_at: str = SAVED_AT) -> Path:
    """Write the pages, by address, as one gzipped WARC file."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in pages.items():
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": saved_at}
            )
            writer.write_record(record)
    return path


def write_folder(folder: Path, pages: Mapping[str, bytes]) -> Path:
    """Write the pages as files named by their number."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(pages.values()):
        (folder / f"page-{number:03}.html").write_bytes(body)
    return folder
