"""The version of the cleaner: it changes whenever its rules, its tables or its model change."""

from __future__ import annotations

CLEANER_VERSION = "2"
