"""The console script called inside the test's own process: the same words and exit codes, in milliseconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from flows.cli import app, commands, exit_code
from tasks.errors import WirehouseError
from warehouse.errors import WarehouseError

assert commands


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command said, and how it ended."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def wirehouse(*arguments: object) -> Said:
    """Run a command as `flows.cli.main` does."""
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    error = result.exception
    if isinstance(error, WirehouseError | WarehouseError):
        return Said(exit=exit_code(error), out=result.stdout, err=f"{result.stderr}wirehouse: {error}")
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Said(exit=result.exit_code, out=result.stdout, err=result.stderr)
