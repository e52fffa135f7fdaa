"""What a lake holds, in forms that tests compare: rows of a table, digests of all core tables."""

from pathlib import Path
from typing import Any

from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import core


def rows(lake: Lake, table: str) -> list[dict[str, Any]]:
    """All rows of a table of the newest version."""
    return lake.read(lake.head().tables[table]).to_pylist()


def core_digests(lake: Lake) -> dict[str, str]:
    """The digest of every core table's bytes."""
    tables = lake.head().tables
    return {table.name: tables[table.name].digest for table in core.TABLES}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, to prove that nothing changed."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
