"""What a lake holds, in forms that tests compare: rows of a table, digests of all core tables."""

from collections import Counter
from pathlib import Path
from typing import Any

from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import core


def rows(lake: Lake, table: str) -> list[dict[str, Any]]:
    """All rows of a table of the newest version."""
    return lake.read(lake.head().tables[table]).to_pylist()


def core_digests(lake: Lake) -> dict[str, str]:
    """The digest of every core table's bytes."""
    tables = lake.head().tables
    return {table.name: tables[table.name].digest for table in core.TABLES}


def moved(lake: Lake, table: str) -> tuple[Counter[str], Counter[str]] | None:
    """The rows that the newest version says went and came since the one before; None: it does not say."""
    delta = lake.head().tables[table].delta
    if delta is None:
        return None
    assert delta.since == lake.version(lake.head().number - 1).tables[table].digest
    went, came = (_counted(lake, TableEntry(files)) for files in (delta.went, delta.came))
    return went, came


def difference(lake: Lake, table: str) -> tuple[Counter[str], Counter[str]]:
    """The rows of a table that the newest version lacks of the one before, and those that it has more."""
    now, then = lake.head(), lake.version(lake.head().number - 1)
    before = _counted(lake, then.tables[table]) if table in then.tables else Counter()
    after = _counted(lake, now.tables[table])
    return before - after, after - before


def _counted(lake: Lake, entry: TableEntry) -> Counter[str]:
    return Counter(map(repr, lake.read(entry).to_pylist())) if entry.files else Counter()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, to prove that nothing changed."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
