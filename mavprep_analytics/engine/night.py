"""What a night touched: the students whose rows of the inputs changed, so that only theirs are computed again.

A model that is computed student by student gives the same rows for a student whoever else is in its inputs.
So a night runs the same models on the rows of the touched students alone, and its result replaces theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.fingerprint import FILES, TABLE, is_by_student
from mavprep_analytics.lake import Change, DataFile, Lake, TableEntry
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.lake.live import KEY, count_rows, opened, write_live
from mavprep_analytics.lake.version import digest_of
from mavprep_analytics.tables import TABLES

MOST_CHANGES = 7
"""After so many a table is computed whole again: a new week does so anyway, and reading stays quick."""
MOST_TOUCHED = 0.3
"""Share of the students above which the whole costs as little."""
_HASHES = "select user_id, sum(hash(r)) as hash from r group by user_id"
_EVERYONE_OLD, _EVERYONE_NEW = "select user_id from old", "select user_id from new"
_DIFFERENT = """
select coalesce(old.user_id, new.user_id)
from old full join new on old.user_id = new.user_id
where old.hash is distinct from new.hash
"""


def may_be_partial(current: Mapping[str, TableEntry], digests: Mapping[str, str]) -> bool:
    """Whether some tables, built together, differ from what they were built from in students' rows alone."""
    if not all(name in TABLES and TABLES[name].by_student for name in current):
        return False
    before = [entry.inputs for entry in current.values()]
    return all(
        _apart_from_students(inputs) == _apart_from_students(digests) for inputs in before
    ) and all(len(entry.changes) < MOST_CHANGES for entry in current.values())


def touched_students(
    lake: Lake, before: Mapping[str, str], inputs: Inputs, everyone: int, folder: Path
) -> Path | None:
    """Write the ids of all students whose rows of an input changed, and return the file.

    Args:
        lake: holds the inputs.
        before: what the current rows were built from.
        inputs: what they are to be built from.
        everyone: how many students there are.
        folder: where the file goes.

    Returns:
        None when that cannot be told, or when so many changed that a whole run costs as little.
    """
    touched: set[str] = set()
    for name, entry in inputs.items():
        if not is_by_student(name):
            continue
        found = _changed(lake, name, before, entry)
        if found is None:
            return None
        touched.update(found)
    if len(touched) > MOST_TOUCHED * everyone:
        return None
    path = folder / "touched.parquet"
    pq.write_table(pa.table({KEY: pa.array(sorted(touched), pa.string())}), path)
    return path


def files_of_students(lake: Lake, inputs: Inputs, students: Path, folder: Path) -> Files:
    """Return the inputs' files: of tables of students only the rows of these."""
    return {
        name: [_restricted(lake, entry, students)]
        if entry is not None and entry.files and is_by_student(name)
        else local_paths(name, entry, lake, folder)
        for name, entry in inputs.items()
    }


def changed_entry(
    lake: Lake,
    name: str,
    current: TableEntry,
    rows: Sequence[Path],
    students: Path,
    digests: Mapping[str, str],
) -> TableEntry:
    """Return the entry with the new rows of these students in place of their old ones."""
    if pq.read_metadata(students).num_rows == 0:
        return TableEntry(current.files, digests, current.changes)
    hidden = count_rows(*lake.parts(current), students)
    (path,) = rows
    keys = lake.add_copy(name, students)
    change = Change(lake.add_file(name, path), keys, hidden)
    return TableEntry(current.files, digests, (*current.changes, change))


def _apart_from_students(inputs: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in inputs.items()
        if not name.startswith((TABLE, FILES)) or not is_by_student(name.split(" ", 1)[1])
    }


def _changed(
    lake: Lake, name: str, before: Mapping[str, str], entry: TableEntry | None
) -> Iterable[str] | None:
    """Return the students whose rows of a table changed since it had a digest; None: unknown."""
    digest = before.get(TABLE + name)
    if entry is None or digest is None:
        return None
    if digest in entry.states:
        since = entry.changes[entry.states.index(digest) :]
        paths = [lake.local_files(TableEntry((change.keys,)))[0] for change in since]
        return [key for path in paths for key in _keys(path)]
    if entry.changes or FILES + name not in before:
        return None
    return _different(lake, name, before[FILES + name].split(), entry)


def _different(
    lake: Lake, name: str, shas: Sequence[str], entry: TableEntry
) -> Iterable[str] | None:
    """Return the students whose rows differ between files, by a sum of hashes of their rows."""
    now = {file.sha256 for file in entry.files}
    old = [DataFile(f"data/{name}/{sha}.parquet", 0, 0, sha) for sha in shas if sha not in now]
    new = [file for file in entry.files if file.sha256 not in shas]
    try:
        sides = [lake.local_files(TableEntry(tuple(files))) for files in (old, new)]
    except LakeCorrupt:
        return None
    return _compared(*(tuple(paths) for paths in sides))


@lru_cache(maxsize=32)
def _compared(old: tuple[Path, ...], new: tuple[Path, ...]) -> list[str]:
    """Return the students whose rows differ; files are named by their content, so this may be remembered."""
    with opened() as connection:
        for side, paths in (("old", old), ("new", new)):
            if paths:
                connection.read_parquet([str(path) for path in paths]).create_view("r")
                connection.sql(_HASHES).create(side)
                connection.execute("drop view r")
        if not (old and new):
            users = connection.sql(_EVERYONE_OLD if old else _EVERYONE_NEW)
        else:
            users = connection.sql(_DIFFERENT)
        return [user for (user,) in users.fetchall()]


def _restricted(lake: Lake, entry: TableEntry, students: Path) -> Path:
    """Return a file of the rows of these students, made once per table and students."""
    name = digest_of([entry.digest, *_keys(students)])
    target = lake.scratch / "live" / f"{name}.parquet"
    if not target.is_file():
        write_live(*lake.parts(entry), target, only=students)
    return target


def _keys(path: Path) -> list[str]:
    keys: list[Any] = pq.read_table(path)[KEY].to_pylist()
    return keys
