"""The crawl of `fetching.py` as a Scrapy spider; run by a Python that has Scrapy. Prints one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

from tasks.records import Page
from tasks.web.warc import Writer

PORT, PAGES, FOLDER, HOSTS, DELAY = (
    int(sys.argv[1]),
    int(sys.argv[2]),
    Path(sys.argv[3]),
    int(sys.argv[4]),
    float(sys.argv[5]),
)


class Stories(scrapy.Spider):
    name = "stories"
    got = 0
    begun = 0.0
    ended = 0.0
    cpu = 0.0
    archive = Writer(FOLDER, "scrapy", created_at=datetime.now(UTC))
    stored = 0

    async def start(self) -> Any:
        Stories.begun, Stories.cpu = time.monotonic(), time.process_time()
        for number in range(PAGES):
            yield scrapy.Request(f"http://127.2.0.{number % HOSTS + 1}:{PORT}/story/{number}", dont_filter=True)

    def parse(self, response: Any) -> None:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        page = Page(
            url=response.url,
            final_url=response.url,
            status=response.status,
            headers=headers,
            body=response.body,
            fetched_at=datetime.now(UTC),
        )
        Stories.stored += self.archive.write(page).length
        Stories.got += 1
        Stories.ended = time.monotonic()


process = CrawlerProcess(
    {
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": DELAY,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "CONCURRENT_REQUESTS": 256,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
    }
)
process.crawl(Stories)
process.start()
Stories.archive.close()
seconds = Stories.ended - Stories.begun
print(
    json.dumps(
        {
            "version": scrapy.__version__,
            "pages": Stories.got,
            "seconds": round(seconds, 2),
            "pages_per_second": round(Stories.got / seconds, 1),
            "cpu_ms_per_page": round((time.process_time() - Stories.cpu) / Stories.got * 1000, 2),
            "stored_mb": round(Stories.stored / 1e6, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    )
)
