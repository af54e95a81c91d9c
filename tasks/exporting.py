"""Exports: the tables as files, whole or not at all, within what the pages' own declarations allow; and remembered.

read copy ──rights of each article──▶ a folder beside the target ──manifest──▶ renamed onto the target
                                                                  └──▶ exports.json, so that erasure can reach it
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tasks.errors import InputError
from tasks.page.rights import Profile, allows, from_json
from warehouse.connection import reading
from warehouse.export import Exported, write
from warehouse.places import Places
from warehouse.queries import ask

MANIFEST = "manifest.json"
REGISTRY = "exports.json"
"""In the home folder: where the exports are, and how they were made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """One export: where it lies, and what is in it."""

    folder: Path
    file_format: str
    profile: str | None
    files: tuple[Exported, ...]
    left_out: dict[str, int]
    """Articles that the profile does not allow, by reason."""


def export(home: Path, folder: Path, file_format: str, profile: Profile | None, *, now: datetime) -> Export:
    """Write an export and remember it. A folder that holds something else is refused."""
    folder = folder.absolute()
    temporary = _beside(folder)
    try:
        with reading(home) as con:
            allowed, left_out = (None, {}) if profile is None else _allowed(con, profile, now)
            files = tuple(write(con, temporary, file_format, allowed=allowed))
        made = Export(
            folder=folder,
            file_format=file_format,
            profile=profile.value if profile else None,
            files=files,
            left_out=left_out,
        )
        (temporary / MANIFEST).write_text(json.dumps(manifest(made, now), indent=2) + "\n", "utf-8")
        _remember(home, made)
        _swap(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return made


def _beside(folder: Path) -> Path:
    """Make and return the folder that will take the place of `folder`, if that may be an export."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
            raise InputError(f"export: {folder} holds something that is no export of ours; choose an empty folder")
        temporary.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"export: {folder} cannot be written ({error.strerror}); choose another place") from error
    return temporary


def manifest(made: Export, now: datetime) -> dict[str, Any]:
    """Return what the manifest says: what is in the export, and by which rule something is not."""
    return {
        "made_at": now.isoformat(),
        "format": made.file_format,
        "profile": made.profile,
        "articles_left_out": made.left_out,
        "files": [asdict(one) for one in made.files],
    }


def renew(home: Path) -> int:
    """Write every export that is still there anew from the read copy, and return how many there were."""
    known = _registry(home)
    there = {name: how for name, how in known.items() if (Path(name) / MANIFEST).exists()}
    for name, how in there.items():
        if Places(home).read.exists():
            profile = Profile(how["profile"]) if how["profile"] else None
            export(home, Path(name), how["format"], profile, now=datetime.now(UTC))
    return len(there)


def _allowed(con: Any, profile: Profile, now: datetime) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the articles none of whose pages forbids the profile, and why the others stay behind."""
    refused: dict[str, str] = {}
    names: set[str] = set()
    for name, reason in _judged(ask(con, "articles_rights"), profile, now):
        names.add(name)
        if reason is not None:
            refused.setdefault(name, reason)
    frame = pl.DataFrame({"article_id": sorted(names - refused.keys())}, schema={"article_id": pl.String})
    return frame, dict(Counter(refused.values()))


def _judged(rows: pl.DataFrame, profile: Profile, now: datetime) -> Iterator[tuple[str, str | None]]:
    for name, declared, license_ in rows.iter_rows():
        rights = from_json(declared)
        is_allowed, reason = allows(replace(rights, license=rights.license or license_), profile, now=now)
        yield name, None if is_allowed else reason


def _swap(temporary: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _registry(home: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads((home / REGISTRY).read_text("utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _remember(home: Path, made: Export) -> None:
    known = {name: how for name, how in _registry(home).items() if Path(name).exists()}
    known[str(made.folder)] = {"format": made.file_format, "profile": made.profile}
    temporary = home / f"{REGISTRY}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(known, indent=2) + "\n", "utf-8")
    temporary.replace(home / REGISTRY)
