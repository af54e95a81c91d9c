"""`wirehouse extract`: the cleaner alone, on files."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from flows.cli import ExitCode, app
from flows.cli.files import refuse_database
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

    INPUT is a page (.html), lines of JSON with `id`, `url` and `html` (or `html_b64`), or a web archive. A record that
    cannot be read is a line with its reason; the others go on, and the exit code is 3 (1 when none could be read).

    Example: wirehouse extract pages.jsonl.gz --output articles.jsonl --jobs 2
    """
    from flows.cli.pages import read_pages
    from tasks.page.many import clean_many

    if not pages.is_file():
        raise InputError(f"extract: there is no file {pages}")
    seen = _Seen()
    found = seen.each(read_pages(pages))
    with ExitStack() as stack:
        sink = stack.enter_context(_opened_for_writing(output, pages)) if output else sys.stdout
        for line in progress("cleaning", clean_many(found, jobs=jobs, finish=as_line)):
            sink.write(line)
    if seen.unread:
        all_ = seen.read + seen.unread
        typer.echo(f"wirehouse: extract: {pages}: {seen.unread} of {all_} records unread; {seen.first}", err=True)
        raise typer.Exit(ExitCode.PARTIAL if seen.read else ExitCode.FAILED)


class _Seen:
    """What has been read so far: pages, and records of which no page could be made."""

    def __init__(self) -> None:
        self.read = 0
        self.unread = 0
        self.first = ""
        """Why the first of them could not be read."""

    def each(self, pages: Iterable[RawPage]) -> Iterator[RawPage]:
        """Yield the pages as they are, counting them."""
        from flows.cli.pages import Unread

        for page in pages:
            if isinstance(page, Unread):
                self.unread += 1
                self.first = self.first or page.detail
            else:
                self.read += 1
            yield page


def as_line(page: RawPage, result: Article | Reject) -> str:
    """Return the JSON line of one page: what the cleaner made of it, or why it could not be read."""
    from flows.cli.pages import Unread
    from tasks.page.row import row

    if isinstance(page, Unread):
        fields = {"id": page.id, "url": page.url, "reject": page.reason, "detail": page.detail}
    else:
        fields = row(page.id, result)
    text = json.dumps(fields, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"  # JSON may hold half a character, UTF-8 may not


def _opened_for_writing(path: Path, source: Path) -> IO[str]:
    if path.exists() and path.samefile(source):
        raise InputError(f"extract: {path} is the input itself; write to another file")
    if path.is_file():
        refuse_database(path)
    try:
        return _opened(path)
    except OSError as error:
        raise InputError(f"extract: {path} cannot be written ({error.strerror or error})") from error


def _opened(path: Path) -> IO[str]:
    return gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8")
