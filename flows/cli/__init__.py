"""The console script `wirehouse`: one module per command, all of them thin.

Exit codes: 0 done, 1 failed, 2 usage, 3 done in part (some sources failed), 4 bad configuration, 5 a quality check
failed; 130 stopped by Ctrl-C. A command imports what it needs when it runs, so that `--help` answers at once and only
the commands that run a flow pay for Prefect.
"""

from __future__ import annotations

import errno
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from flows.cli.options import DebugSwitch
from flows.interrupt import is_interrupted_query
from tasks.errors import ConfigurationError, InputError, WirehouseError
from warehouse.errors import CheckFailedError, QueryError, WarehouseError

app = typer.Typer(
    name="wirehouse",
    help="Fetch news pages, keep the article, find the copies, and land it all in DuckDB.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ExitCode:
    """What the process tells its caller."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    CONFIGURATION = 4
    CHECK_FAILED = 5
    INTERRUPTED = 130
    """By Ctrl-C: 128 and the signal's number, as shells have it."""


STATE_EXIT_CODES = {"Partial": ExitCode.PARTIAL, "Quality gate": ExitCode.CHECK_FAILED, "Failed": ExitCode.FAILED}
"""The exit code of a command whose flow ended in a state; all other states are done."""


def _say_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version as installed

        typer.echo(f"wirehouse {installed('wirehouse')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the console script; an expected error is one line on stderr, a traceback comes only with `--debug`."""
    from flows.cli import commands  # noqa: F401 - the import registers them

    try:
        app()
    except (WirehouseError, WarehouseError) as error:
        _tell(error)
        sys.exit(exit_code(error))
    except Exception as error:  # noqa: BLE001 - the edge of the process: a person gets one line, a developer --debug
        if is_interrupted_query(error):
            _stop()
        _tell(foreseen(error), cause=error)
        sys.exit(ExitCode.FAILED)
    except KeyboardInterrupt:
        _stop()
    except SystemExit as ended:
        if ended.code == ExitCode.INTERRUPTED:  # Typer has taken the interrupt, and said nothing
            _stop()
        raise


def _stop() -> NoReturn:
    typer.echo("wirehouse: stopped by Ctrl-C; what was committed stays, and the next run goes on from there", err=True)
    sys.exit(ExitCode.INTERRUPTED)


EXIT_CODES: dict[type[Exception], int] = {
    ConfigurationError: ExitCode.CONFIGURATION,
    InputError: ExitCode.USAGE,
    QueryError: ExitCode.USAGE,
    CheckFailedError: ExitCode.CHECK_FAILED,
}


def exit_code(error: Exception) -> int:
    """Return the exit code that an error stands for."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), ExitCode.FAILED)


def foreseen(error: Exception) -> Exception:
    """Return what a person is told of an error that no command caught."""
    if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno == errno.EROFS):
        return WirehouseError(f"{error.filename}: {error.strerror}; change its rights, or choose another --home")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return WirehouseError(f"{error.filename}: the disk is full; free some space and run again, nothing was lost")
    return error if isinstance(error, OSError) else UnexpectedError(f"{type(error).__name__}: {error}")


class UnexpectedError(WirehouseError):
    """An error that nobody foresaw: a fault of ours, told in one line all the same."""

    def __str__(self) -> str:
        """Return the error with what helps."""
        return f"unexpected {super().__str__()}; `--debug` shows where, and what was committed stays"


def _tell(error: Exception, *, cause: Exception | None = None) -> None:
    if DebugSwitch.is_on:
        traceback.print_exception(cause or error)
    first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
    typer.echo(f"wirehouse: {first_line}", err=True)
