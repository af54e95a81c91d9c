"""The exceptions of Wirehouse. What is expected to go wrong with a page is a value (see `records`), not one of these.

    WirehouseError
    ├── ConfigurationError      a setting or a source declaration is wrong (exit code 4)
    └── InputError              a file or an argument given by the user cannot be read (exit code 2)

The warehouse imports nothing of ours, so its exceptions stand in `warehouse/errors.py`.
A message is one line that names the subject, the moment and the remedy.
"""

from __future__ import annotations


class WirehouseError(Exception):
    """Root of all errors that a user may see."""


class ConfigurationError(WirehouseError):
    """A setting or a source declaration is wrong."""


class InputError(WirehouseError):
    """A file or an argument given by the user cannot be read."""
