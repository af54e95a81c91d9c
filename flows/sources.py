"""The declared sources of a run: the valid ones, and one line for each that is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flows.settings import Settings
from tasks.errors import ConfigurationError
from tasks.feeds.declarations import Declared, read_each
from tasks.records import Kind, Source


def read_sources(settings: Settings, names: list[str]) -> Declared:
    """Return the enabled sources, or those named. Raises `ConfigurationError` when nothing valid is left to run."""
    path, found = settings.sources_file, declared(settings)
    sources, problems = found.sources, found.problems
    if names:
        known = {source.name for source in sources} | {name for name, _ in problems}
        for name in names:
            if name not in known:
                raise ConfigurationError(f"{path}: there is no source {name!r}; `wirehouse sources list` shows them")
        sources = tuple(source for source in sources if source.name in names)
        problems = tuple(problem for problem in problems if problem[0] in names)
    else:
        sources = tuple(source for source in sources if source.is_enabled)
    if not sources and problems:
        raise ConfigurationError(problems[0][1])
    if not sources:
        raise ConfigurationError(
            f"{path}: no source is enabled; set `enabled = true` on one, or try `wirehouse run --demo`"
        )
    return Declared(sources=sources, problems=problems)


def declared(settings: Settings) -> Declared:
    """Return everything that the sources file declares, relative paths resolved against its folder."""
    path = settings.sources_file
    found = read_each(_text(path), str(path))
    return replace(found, sources=tuple(_with_absolute_path(source, path.parent) for source in found.sources))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"there is no source file {path}; write one, or try `wirehouse run --demo`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from error


def _with_absolute_path(source: Source, folder: Path) -> Source:
    """Return the source with a relative path resolved against the file that declares it."""
    is_path = source.kind in {Kind.WARC, Kind.FOLDER} or (source.kind is Kind.URLS and "://" not in source.location)
    if not is_path or Path(source.location).is_absolute():
        return source
    return replace(source, location=str((folder / source.location).absolute()))
