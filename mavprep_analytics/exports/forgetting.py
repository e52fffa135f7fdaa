"""Takes erased students out of the state: their rows leave the core tables, whatever an export still holds.

Run after every ingest, for an old export, a replay or a late item may bring an erased student back. Files
without his rows are left as they are. Tables that hide replaced rows are computed whole the next time, so
that no hidden row names him; nor does what a table tells of its last night. Which ids are erased is told by
the caller.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.exports.merging import write_rows
from mavprep_analytics.exports.state import CHAIN_FACT
from mavprep_analytics.lake import DataFile, Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES, Pii, Table, core

Erased = Callable[[Collection[str]], Collection[str]]
"""Returns those of the given user ids that are erased."""

_UNREAD, _UNREAD_ITEM = "raw_unrecognised", "item_json"
_OWNER = r'"PK"\s*:\s*\{\s*"S"\s*:\s*"USER#(?P<user>[^"]*)"'


def forget(lake: Lake, erased: Erased) -> Version:
    """Rewrite the files that hold rows of erased students, in one commit, and return the head.

    Raises:
        Overtaken: another run changed these tables meanwhile.
    """
    base = lake.head()
    renamed: dict[str, DataFile] = {}
    told: set[str] = set()
    known: dict[str, bool] = {}
    with lake.staging() as folder:
        for table in _with_people():
            entry = base.tables.get(table.name, TableEntry(()))
            for file in entry.named_files:
                path = lake.local_files(TableEntry((file,)))[0]
                people = _erased_in(table, path, erased, known)
                if people and file in entry.files:
                    renamed[file.key] = _without(lake, table, path, people, folder)
                elif people:
                    told.add(table.name)
    if not renamed and not told:
        return base
    changes = {
        name: TableEntry(_not_empty([renamed.get(f.key, f) for f in entry.files]), entry.inputs)
        for name, entry in base.tables.items()
        if name in told or any(f.key in renamed for f in entry.files)
    }
    return lake.commit({**_stale(base), **changes}, _facts(base, renamed), base=base)


def _stale(base: Version) -> dict[str, TableEntry]:
    """Return the tables of a night's changes as built from nothing known; their rows stay until they are built."""
    return {
        name: replace(entry, inputs={})
        for name, entry in base.tables.items()
        if name in TABLES and TABLES[name].has_changes
    }


def _with_people() -> list[Table]:
    held = [table for table in core.TABLES if _columns(table)]
    return [*held, TABLES[_UNREAD]]


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.pii is Pii.PSEUDONYM]


def _people(table: Table, rows: pa.Table) -> list["pa.ChunkedArray[Any]"]:
    """Return the columns of user ids, aligned with the rows."""
    if table.name != _UNREAD:
        return [rows[name] for name in _columns(table)]
    return [pc.struct_field(pc.extract_regex(rows[_UNREAD_ITEM], _OWNER), "user")]


def _erased_in(table: Table, path: Path, erased: Erased, known: dict[str, bool]) -> list[str]:
    """Return the erased students of a file; each id is asked for once in all files."""
    read = [_UNREAD_ITEM] if table.name == _UNREAD else _columns(table)
    columns = _people(table, pq.read_table(path, columns=read))
    ids = {user for column in columns for user in pc.unique(column).to_pylist() if user is not None}
    new = ids - known.keys()
    known.update(dict.fromkeys(new, False), **dict.fromkeys(erased(new), True))
    return [user for user in ids if known[user]]


def _without(
    lake: Lake, table: Table, path: Path, people: Collection[str], folder: Path
) -> DataFile:
    target = folder / f"{table.name}-{path.name}"
    wanted = pa.array(sorted(people), pa.string())

    def kept(rows: pa.Table) -> pa.Table:
        for column in _people(table, rows):
            if pc.any(pc.is_in(column, wanted)).as_py():
                return kept(rows.filter(pc.invert(pc.is_in(column, wanted))))
        return rows

    with pq.ParquetFile(path) as file:
        batches = file.iter_batches()
        write_rows(table, target, (kept(pa.Table.from_batches([batch])) for batch in batches))
    return lake.add_file(table.name, target)


def _not_empty(files: list[DataFile]) -> tuple[DataFile, ...]:
    """Return the files with rows; an empty table has one file without."""
    return tuple(file for file in files if file.rows) or tuple(files[:1])


def _facts(base: Version, renamed: Mapping[str, DataFile]) -> dict[str, Any]:
    """Return the chain fact with the new files in their buckets; a bucket without rows has none."""
    fact = base.facts[CHAIN_FACT]
    emptied = {key for key, file in renamed.items() if not file.rows}
    buckets = {
        table: {
            bucket: renamed[key].key if key in renamed else key
            for bucket, key in held.items()
            if key not in emptied
        }
        for table, held in fact["buckets"].items()
    }
    return {CHAIN_FACT: {**fact, "buckets": buckets}}
