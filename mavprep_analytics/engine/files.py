"""From lake entries to the files that an engine reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mavprep_analytics.engine.output import empty_parquet
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import TABLES

Files = Mapping[str, Sequence[Path]]
"""Table name -> its local Parquet files."""

_PREVIOUS = "previous_"

Inputs = Mapping[str, TableEntry | None]
"""Name of each table that a model reads -> its entry; None: a table without rows."""


def local_paths(name: str, entry: TableEntry | None, lake: Lake, folder: Path) -> list[Path]:
    """Return the local files of a table; one without rows, made in the folder, where there are none."""
    if entry is not None and entry.files:
        return lake.local_files(entry)
    path = folder / f"{name}-empty.parquet"
    empty_parquet(TABLES[name.removeprefix(_PREVIOUS)], path)
    return [path]
