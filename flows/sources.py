"""The declared sources of a run: the valid ones, and one line for each that is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.settings import Settings
from tasks.errors import ConfigurationError
from tasks.feeds.declarations import read_each
from tasks.records import Kind, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """The sources of one file."""

    sources: tuple[Source, ...]
    problems: tuple[tuple[str, str], ...]
    """(source name, message) of each declaration that was refused; the others run all the same."""


def read_sources(settings: Settings, names: list[str]) -> Declared:
    """Return the enabled sources, or those named. Raises `ConfigurationError` when nothing valid is left to run."""
    path = settings.sources_file
    declared = read_each(_text(path), str(path))
    sources = tuple(_with_absolute_path(source, path.parent) for source in declared.sources)
    if names:
        known = {source.name for source in sources} | {name for name, _ in declared.problems}
        for name in names:
            if name not in known:
                raise ConfigurationError(f"{path}: there is no source {name!r}; `wirehouse sources list` shows them")
        sources = tuple(source for source in sources if source.name in names)
        problems = tuple(problem for problem in declared.problems if problem[0] in names)
    else:
        sources = tuple(source for source in sources if source.is_enabled)
        problems = declared.problems
    if not sources and problems:
        raise ConfigurationError(problems[0][1])
    if not sources:
        raise ConfigurationError(
            f"{path}: no source is enabled; set `enabled = true` on one, or try `wirehouse run --demo`"
        )
    return Declared(sources=sources, problems=problems)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"there is no source file {path}; write one, or try `wirehouse run --demo`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from error


def _with_absolute_path(source: Source, folder: Path) -> Source:
    """Return the source with a relative path resolved against the file that declares it."""
    from dataclasses import replace

    is_path = source.kind in {Kind.WARC, Kind.FOLDER} or (source.kind is Kind.URLS and "://" not in source.location)
    if not is_path or Path(source.location).is_absolute():
        return source
    return replace(source, location=str((folder / source.location).absolute()))
