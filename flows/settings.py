"""One frozen value that holds every setting, read once; the only module that reads the environment.

Order: a keyword given by the caller, then `WIREHOUSE_<NAME>` in the environment, then `settings.toml` in the home
folder, then the default written here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tasks.errors import ConfigurationError

PACKAGED_SOURCES = Path(__file__).parent.parent / "deployments" / "sources.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings of one process. Sizes and times carry their unit in the name."""

    home: Path = Path("wirehouse-home")
    """Everything that Wirehouse keeps lives below this folder."""
    sources: Path | None = None
    """The declarations; `None`: `sources.toml` in the home folder, else the packaged example."""
    user_agent: str = "Wirehouse/0.1 (news archive; set WIREHOUSE_USER_AGENT to name yourself and a contact)"
    workers: int = 32
    """Requests under way at once, over all hosts; one per host at the most."""
    min_interval_seconds: float = 1.0
    """Shortest time between two requests to one host, unless the host or the source asks for more."""
    run_seconds: float = 3600.0
    """A run fetches no longer than this; what is left is due in the next one."""
    max_pages: int = 2000
    """Most pages fetched from one source in one run."""
    jobs: int = 2
    """Processes that clean pages."""
    copies_window_days: float = 0.0
    """Articles published further apart are not compared as copies; 0: however far. Decide before the first run."""
    prefect_port: int = 4200
    """Where `wirehouse serve` puts Prefect's server and UI on this machine."""

    @property
    def sources_file(self) -> Path:
        """The declarations that are in force."""
        if self.sources is not None:
            return self.sources
        own = self.home / "sources.toml"
        return own if own.exists() else PACKAGED_SOURCES


def read(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Return the settings in force. Raises `ConfigurationError` for an unknown name or a value of the wrong type."""
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in given.items() if value is not None}
    home = Path(str(given.get("home") or environ.get("WIREHOUSE_HOME") or Settings().home)).expanduser()
    found: dict[str, Any] = {**_from_file(home / "settings.toml"), **_from_environment(environ), **given, "home": home}
    values: dict[str, Any] = {name: _within_bounds(name, _as_declared(name, value)) for name, value in found.items()}
    if home.exists() and not home.is_dir():
        raise ConfigurationError(f"home folder {home}: is a file; choose a folder with --home or WIREHOUSE_HOME")
    return Settings(**values)


def prefect_environment(settings: Settings, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that Prefect needs to be quiet, local and patient; a value the user has set wins.

    Analytics off: no calls outside, and no "database is locked" on first runs. The heartbeat is one explicit value for
    server, worker and flows, because the rule that marks dead runs must wait three times as long.
    """
    environ = os.environ if environ is None else environ
    wanted = {
        "PREFECT_HOME": str((settings.home / "prefect").absolute()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "WIREHOUSE_HOME": str(settings.home.absolute()),
    }
    return {name: environ.get(name, value) for name, value in wanted.items()}


def enter_prefect_environment(settings: Settings) -> None:
    """Put Prefect's variables in force for this process; to be called before `prefect` is first imported."""
    os.environ.update(prefect_environment(settings))


def hush_prefect_console() -> None:
    """Keep Prefect's own log lines from the terminal, unless the user asked for a level; the UI still gets them all."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", os.environ.get("PREFECT_LOGGING_LEVEL", "CRITICAL"))


def child_environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment for a child process that runs Prefect."""
    return {**os.environ, **prefect_environment(settings), **more}


def prefect_api_url() -> str | None:
    """Return the Prefect server that the user has chosen, if any."""
    return os.environ.get("PREFECT_API_URL") or None


def use_prefect_api(url: str) -> None:
    """Make this process talk to the Prefect server at `url`."""
    os.environ["PREFECT_API_URL"] = url


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML ({error}); correct or remove the file") from error
    unknown = sorted(set(values) - _names())
    if unknown:
        raise ConfigurationError(f"{path}: unknown setting {unknown[0]!r}; known are {', '.join(sorted(_names()))}")
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[variable] for name in _names() if (variable := f"WIREHOUSE_{name.upper()}") in environ}


def _names() -> set[str]:
    return {field.name for field in fields(Settings)}


def _as_declared(name: str, value: object) -> object:
    default = Settings.__dataclass_fields__[name].type
    kind = {"Path": Path, "Path | None": Path, "str": str, "int": int, "float": float}[str(default)]
    if isinstance(value, kind):
        return value
    try:
        return kind(str(value))
    except ValueError as error:
        raise ConfigurationError(f"setting {name}: {value!r} is not a {kind.__name__}") from error


def _within_bounds(name: str, value: Any) -> Any:
    least, most = _BOUNDS.get(name, (value, value))
    if not least <= value <= most:
        raise ConfigurationError(f"setting {name}: {value} is not between {least} and {most}")
    return value


_BOUNDS: dict[str, tuple[float, float]] = {
    "workers": (1, 1_000),  # a thread each
    "min_interval_seconds": (0, 86_400),
    "run_seconds": (1, 7 * 86_400),
    "max_pages": (0, 10_000_000),
    "jobs": (1, 1_000),  # a process each
    "copies_window_days": (0, 36_500),
    "prefect_port": (1, 65_535),
}
"""What a number may be; beyond, a run would wait for ever or the system would refuse without a reason."""
