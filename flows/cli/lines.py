"""Lines of a text file that a person points at: gzipped or not, bounded, and numbered as an editor does it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tasks.errors import InputError

MOST_BYTES = 256 << 20
"""Of one line: the largest page that is cleaned (40 MiB) with every character written as `\\uXXXX`."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; raises `InputError` where the file cannot be read on.

    A line that is too long is cut off, so that it is no JSON any more, and the next one is the next line.
    """
    number = 0
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as source:
            while line := source.readline(MOST_BYTES):
                number += 1
                if len(line) == MOST_BYTES:
                    _pass_over_the_rest(source.readline)
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read to its end ({error})") from error


def _pass_over_the_rest(read_line: Callable[[int], bytes]) -> None:
    while (piece := read_line(MOST_BYTES)) and not piece.endswith(b"\n"):
        pass
