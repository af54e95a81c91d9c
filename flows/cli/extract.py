"""`wirehouse extract`: the cleaner alone, on files."""

from __future__ import annotations

import base64
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import app
from flows.cli.options import DebugOption, progress
from tasks.errors import InputError

if TYPE_CHECKING:
    from tasks.page.many import RawPage
    from tasks.records import Article, Reject


@app.command()
def extract(
    pages: Annotated[Path, typer.Argument(metavar="INPUT", help="page.html, pages.jsonl[.gz] or archive.warc[.gz]")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here instead of to standard output (.gz compresses).")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to clean with.")] = 1,
    debug: DebugOption = False,
) -> None:
    """Clean saved pages: one JSON line per page, with the text and every block that was left out.

    INPUT is a page (.html), lines of JSON with `id`, `url` and `html` (or `html_b64`), or a web archive.

    Example: wirehouse extract pages.jsonl.gz --output articles.jsonl --jobs 2
    """
    from tasks.page.many import clean_many

    if not pages.is_file():
        raise InputError(f"extract: there is no file {pages}")
    with ExitStack() as stack:
        sink = stack.enter_context(_opened_for_writing(output)) if output else sys.stdout
        for line in progress("cleaning", clean_many(read_pages(pages), jobs=jobs, finish=as_line)):
            sink.write(line)


def as_line(page: RawPage, result: Article | Reject) -> str:
    """Return the JSON line of one cleaned page."""
    from tasks.page.row import row

    return json.dumps(row(page.id, result), ensure_ascii=False, default=str) + "\n"


def read_pages(path: Path) -> Iterator[RawPage]:
    """Yield the pages of a file; raises `InputError` naming the line that cannot be read."""
    suffixes = "".join(path.suffixes[-2:]).lower()
    if suffixes.endswith((".html", ".htm")):
        return iter([_html_page(path)])
    if suffixes.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".json.gz")):
        return _json_lines(path)
    if suffixes.endswith((".warc", ".warc.gz", ".arc", ".arc.gz")):
        return _archived(path)
    raise InputError(f"extract: {path} is not .html, .jsonl[.gz] or .warc[.gz]; rename or convert it")


def _html_page(path: Path) -> RawPage:
    from tasks.page.many import RawPage

    return RawPage(id=path.stem, url=None, html=path.read_bytes())


def _json_lines(path: Path) -> Iterator[RawPage]:
    from tasks.page.many import RawPage

    for number, line in enumerate(lines_of(path), start=1):
        try:
            fields = json.loads(line)
            yield RawPage(id=str(fields["id"]), url=fields.get("url"), html=_html(fields))
        except KeyError as error:
            raise InputError(f"extract: {path} line {number}: has no {error}; a page needs id, url and html") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(
                f"extract: {path} line {number}: not a page ({error}); it needs id, url and html"
            ) from error


def _html(fields: dict[str, Any]) -> bytes:
    """The page's bytes; a `null` is an empty page, which the cleaner refuses by name without stopping the others."""
    from tasks.page.row import as_bytes

    if "html_b64" in fields:
        return base64.b64decode(fields["html_b64"] or b"")
    return as_bytes(fields["html"]) if fields["html"] is not None else b""


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the non-empty lines of a text file, which may be gzipped."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as source:
            for line in source:
                if line.strip():
                    yield line
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read to its end ({error})") from error


def _archived(path: Path) -> Iterator[RawPage]:
    from tasks.page.many import RawPage
    from tasks.records import Page
    from tasks.web.warc import pages

    def found() -> Iterable[RawPage]:
        for number, page in enumerate(pages(path)):
            if isinstance(page, Page):
                yield RawPage(id=f"{path.name}#{number}", url=page.url, html=page.body)
            else:
                typer.echo(f"wirehouse: {page.url}: {page.detail}", err=True)

    return iter(found())


def _opened_for_writing(path: Path) -> IO[str]:
    try:
        return _opened(path)
    except OSError as error:
        raise InputError(f"extract: {path} cannot be written ({error.strerror or error})") from error


def _opened(path: Path) -> IO[str]:
    return gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8")
