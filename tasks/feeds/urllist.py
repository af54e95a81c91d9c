"""Lists of URLs: plain text (one to a line, `#` for comments), and tables (CSV, TSV and the like).

A text sitemap (sitemaps.org) is such a list too. A table's URL column is found by its heading, or else as the column
whose cells are URLs; columns of titles and dates, where they are named, become hints.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from tasks.feeds import links, markup
from tasks.feeds.found import Format, Found
from tasks.records import Candidate
from tasks.text import dates

MOST_LINES = 200_000
"""Lines read of one list: four full sitemaps."""

_DELIMITERS = "\t,;|"
_SAMPLE_LINES = 20

_COLUMNS = {
    "url": frozenset({"url", "urls", "link", "links", "loc", "href", "address", "uri", "permalink", "page_url"}),
    "title": frozenset({"title", "headline", "name", "titel", "titre"}),
    "date": frozenset({"date", "published", "published_at", "publish_date", "pubdate", "publication_date", "datetime"}),
}
"""What a column holds → headings that say so (Media Cloud's, newspaper4k's and trafilatura's exports among them)."""


def urllist(text: str, url: str, source: str = "") -> Found:
    """Return the URLs of a plain list or a table; other text is of unknown format."""
    lines = text.splitlines()
    overflow = max(0, len(lines) - MOST_LINES)
    del lines[MOST_LINES:]
    delimiter = _delimiter(lines)
    if delimiter:
        return _table(lines, delimiter, url, source, overflow)
    return _plain(lines, url, source, overflow)


def _plain(lines: Sequence[str], url: str, source: str, overflow: int) -> Found:
    entries = [line.split()[0] for line in lines if line.strip() and not line.lstrip().startswith("#")]
    found = [link for entry in entries if links.is_http(entry) and (link := links.resolve(None, entry))]
    if not found:
        return Found(format=Format.UNKNOWN, problems=("text without URLs",) if entries else ())
    others = len(entries) - len(found)
    return Found(
        format=Format.URL_LIST,
        candidates=tuple(Candidate(url=link, source=source, found_in=url) for link in found),
        problems=(f"{others} lines that are not URLs",) if others else (),
        entry_count=len(entries),
        overflow=overflow,
    )


def _delimiter(lines: Sequence[str]) -> str | None:
    """Return what separates the columns: the same number of them on every line of the sample, one of them URLs."""
    sample = [line for line in lines[: _SAMPLE_LINES * 2] if line.strip() and not line.startswith("#")][:_SAMPLE_LINES]
    for delimiter in _DELIMITERS:
        rows = list(_rows(sample, delimiter))
        if not rows or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
            continue
        if _heading(rows[0]) or (len(rows) > 1 and _url_column(rows) is not None):
            return delimiter
    return None


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from (row for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter) if any(row))
    except csv.Error:  # a cell of more than 128 KiB
        return


def _heading(row: Sequence[str]) -> dict[str, int]:
    """Return the column of the URL, and of title and date where named; empty when the row is no heading."""
    names = [cell.strip().strip('"').casefold() for cell in row]
    found = {
        meaning: next(index for index, name in enumerate(names) if name in headings)
        for meaning, headings in _COLUMNS.items()
        if any(name in headings for name in names)
    }
    return found if "url" in found else {}


def _url_column(rows: Sequence[Sequence[str]]) -> int | None:
    for index in range(len(rows[0])):
        cells = [row[index].strip() for row in rows if index < len(row)]
        if sum(map(links.is_http, cells)) * 2 > len(rows):
            return index
    return None


def _table(lines: Sequence[str], delimiter: str, url: str, source: str, overflow: int) -> Found:
    rows = list(_rows([line for line in lines if not line.startswith("#")], delimiter))
    columns = _heading(rows[0])
    if columns:
        rows = rows[1:]
    else:
        columns = {"url": _url_column(rows) or 0}
    candidates: list[Candidate] = []
    for row in rows:
        cells = {meaning: row[index].strip() for meaning, index in columns.items() if index < len(row)}
        link = links.resolve(None, cells.get("url"))
        if link and links.is_http(link):
            candidates.append(
                Candidate(
                    url=link,
                    source=source,
                    found_in=url,
                    title=markup.words(cells.get("title")),
                    published_at=dates.instant(cells.get("date")),
                )
            )
    others = len(rows) - len(candidates)
    return Found(
        format=Format.TABLE,
        candidates=tuple(candidates),
        problems=(f"{others} rows without a URL",) if others else (),
        entry_count=len(rows),
        overflow=overflow,
    )
