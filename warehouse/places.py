"""Where the warehouse's files lie in the home folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import READ_COPY

LOCK = "warehouse.lock"


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one home folder. All on one local disk: publishing is a rename."""

    home: Path

    @property
    def writer(self) -> Path:
        """The writers' database; only ever opened under the lock."""
        return self.home / "warehouse.duckdb"

    @property
    def wal(self) -> Path:
        """The write-ahead log of the writers' database; there is one only while it is open, or after a kill."""
        return self.home / "warehouse.duckdb.wal"

    @property
    def read(self) -> Path:
        """The published copy that readers open."""
        return self.home / READ_COPY

    @property
    def lock(self) -> Path:
        """The file that writers lock."""
        return self.home / LOCK

    def orphans(self) -> list[Path]:
        """Return half-made copies and spill folders that a killed process left behind. Ask only under the lock."""
        patterns = ("warehouse.read.duckdb.*.tmp", "warehouse.duckdb.*.tmp", "warehouse.duckdb.*.tmp.wal", "spill-w-*")
        return sorted(path for pattern in patterns for path in self.home.glob(pattern))
