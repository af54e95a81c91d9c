"""Erasing from an archive file: some records go, in others some words are blotted out, the rest is copied as it is.

    old file ──record by record──▶ keep, drop or blot ──▶ a new file beside it, under a new name

The new file has a name of its own, so that there is no moment at which an index points into the wrong file: whoever
keeps the index points it to the new file in one transaction, and removes the old one then.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tasks.web import warc_file, warc_record
from tasks.web.warc import SUFFIX, UNFINISHED, Place, parsed
from tasks.web.warc_record import Record

Verdict = Callable[[int, Record], Record | None]
"""Takes a record and its offset; returns the same record to keep it, another one to blot it out, `None` to drop it."""

_SERIAL = re.compile(r"-e(\d+)$")
_NAMES = {
    "warc-type": "WARC-Type",
    "warc-record-id": "WARC-Record-ID",
    "warc-date": "WARC-Date",
    "warc-target-uri": "WARC-Target-URI",
    "warc-filename": "WARC-Filename",
    "warc-payload-digest": "WARC-Payload-Digest",
    "warc-block-digest": "WARC-Block-Digest",
    "warc-ip-address": "WARC-IP-Address",
    "content-type": "Content-Type",
    warc_record.OURS.lower(): warc_record.OURS,
    warc_record.CHAIN.lower(): warc_record.CHAIN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What became of a file. `moved` is the new place of each record that stays, by its old offset."""

    target: Path
    moved: dict[int, Place]
    dropped: tuple[int, ...]
    blotted: tuple[int, ...]


def erase(path: Path, verdict: Verdict) -> Erased | None:
    """Write the file anew without what the verdict drops, under a name of its own; `None` when nothing has to go.

    A torn record at the end, and anything that is no record, goes too: it might hold what must go.
    """
    target = path.with_name(next_name(path.name))
    beside = target.with_name(target.name + UNFINISHED)
    moved: dict[int, Place] = {}
    dropped: list[int] = []
    blotted: list[int] = []
    end = 0
    with beside.open("wb") as out:
        try:
            for offset, packed, unpacked in warc_file.members(path):
                record = parsed(unpacked)
                left = verdict(offset, record) if record is not None else None
                if record is None or left is None:
                    dropped.append(offset)
                    continue
                if left is not record:
                    blotted.append(offset)
                written = packed if left is record else _member(left)
                out.write(written)
                moved[offset] = Place(file=target.name, offset=end, length=len(written))
                end += len(written)
        except warc_file.BrokenFileError as error:
            dropped.append(error.offset)
        out.flush()
        os.fsync(out.fileno())
    if not dropped and not blotted:
        beside.unlink()
        return None
    beside.replace(target)
    return Erased(target=target, moved=moved, dropped=tuple(dropped), blotted=tuple(blotted))


def blotted_out(record: Record, blot: Callable[[bytes], bytes]) -> Record:
    """Return the record with its block passed through `blot`, which keeps its length; itself if nothing changes."""
    block = blot(record.block)
    if block == record.block:
        return record
    fields = dict(record.fields)
    head = warc_record.END_OF_HEAD.search(block)
    if "warc-payload-digest" in fields and head is not None:
        fields["warc-payload-digest"] = warc_record.digest(block[head.end() :])
    if "warc-block-digest" in fields:
        fields["warc-block-digest"] = warc_record.digest(block)
    return replace(record, fields=fields, block=block)


def _member(record: Record) -> bytes:
    named = [(_NAMES.get(name, name), value) for name, value in record.fields.items() if name != "content-length"]
    return warc_record.member(named, record.block)


def next_name(name: str) -> str:
    """Return the name of a file's next writing: `web-0.warc.gz`, `web-0-e1.warc.gz`, `web-0-e2.warc.gz`, …"""
    stem = name.removesuffix(SUFFIX)
    found = _SERIAL.search(stem)
    number = int(found[1]) + 1 if found else 1
    return f"{_SERIAL.sub('', stem)}-e{number}{SUFFIX}"
