"""What a night touched: the values of some columns whose rows of the inputs changed, so that no others are computed.

A model that is computed student by student gives the same rows for a student whoever else is in its inputs;
so a night runs it on the rows of the touched students alone, and its result replaces theirs. A model of sums
over attempts is run on the touched attempts as they were and as they are; `sums` takes the first away and
adds the second.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.fingerprint import FILES, TABLE, follows, name_of
from mavprep_analytics.lake import Change, Lake, TableEntry
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.lake.live import KEY, count_rows, opened, write_live
from mavprep_analytics.lake.version import digest_of
from mavprep_analytics.tables import TABLES

MOST_CHANGES = 7
"""After so many a table is computed whole again: a new week does so anyway, and reading stays quick."""
MOST_TOUCHED = 0.3
"""Share of the students, or of the rows, above which the whole costs as little."""
_STUDENTS = "core_profiles"

Columns = tuple[str, ...]
Value = tuple[str, ...]
"""One text per column."""


def followed(tables: Iterable[str]) -> Columns:
    """Return the columns by which tables that are built together follow a night; none: they do not."""
    (columns, *others) = {TABLES[name].followed for name in tables}
    return () if others else columns


def may_be_partial(current: Mapping[str, TableEntry], digests: Mapping[str, str]) -> bool:
    """Whether tables, built together, differ from what they were built from in rows that can be followed."""
    columns = followed(current)
    return bool(columns) and all(
        _not_followed(entry.inputs, columns) == _not_followed(digests, columns)
        and len(entry.changes) < MOST_CHANGES
        for entry in current.values()
    )


def touched_values(
    lake: Lake,
    columns: Columns,
    before: Mapping[str, str],
    inputs: Inputs,
    everyone: int,
    folder: Path,
) -> Path | None:
    """Write the values of the columns with a row of an input that changed, and return the file.

    Args:
        lake: holds the inputs.
        columns: texts that the followed inputs have.
        before: what the current rows were built from.
        inputs: what they are to be built from.
        everyone: how many values there are.
        folder: where the file goes.

    Returns:
        None when that cannot be told, or when so many changed that a whole run costs as little.
    """
    touched: set[Value] = set()
    for name, entry in inputs.items():
        if not follows(name, columns):
            continue
        found = _changed(lake, name, columns, before, entry)
        if found is None:
            return None
        touched.update(found)
    if len(touched) > MOST_TOUCHED * everyone:
        return None
    return _written(columns, touched, folder / "touched.parquet")


def how_many(columns: Columns, tables: Mapping[str, TableEntry], inputs: Inputs) -> int:
    """Return how many values of the columns there are: students, or rows of the largest input."""
    if columns == (KEY,):
        return tables[_STUDENTS].rows if _STUDENTS in tables else 0
    return max((e.rows for n, e in inputs.items() if e and follows(n, columns)), default=0)


def files_of(lake: Lake, inputs: Inputs, columns: Columns, values: Path, folder: Path) -> Files:
    """Return the inputs' files: of tables that can be followed only the rows with these values."""
    return {
        name: [_restricted(lake, entry, values)]
        if entry is not None and entry.files and follows(name, columns)
        else local_paths(name, entry, lake, folder)
        for name, entry in inputs.items()
    }


def inputs_before(inputs: Inputs, columns: Columns, before: Mapping[str, str]) -> Inputs:
    """Return the entries as they were, of tables that can be followed; the others are as they were."""
    return {
        name: _before(name, before) if follows(name, columns) else entry
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
    hidden = count_rows(*lake.parts(current), students)
    (path,) = rows
    keys = lake.add_copy(name, students)
    change = Change(lake.add_file(name, path), keys, hidden)
    return TableEntry(current.files, digests, (*current.changes, change))


def _not_followed(inputs: Mapping[str, str], columns: Columns) -> dict[str, str]:
    return {
        name: value
        for name, value in inputs.items()
        if not name.startswith((TABLE, FILES)) or not follows(name_of(name), columns)
    }


def _before(name: str, before: Mapping[str, str]) -> TableEntry | None:
    recipe = before.get(FILES + name)
    return None if recipe is None else TableEntry.from_recipe(name, recipe)


def _changed(
    lake: Lake, name: str, columns: Columns, before: Mapping[str, str], entry: TableEntry | None
) -> Iterable[Value] | None:
    """Return the values with a row of a table that changed since it had a digest; None: unknown."""
    digest, then = before.get(TABLE + name), _before(name, before)
    if entry is None or then is None:
        return None
    if digest == entry.digest:
        return ()
    try:
        if digest in entry.states:
            return _since(lake, columns, then, entry, entry.states.index(digest))
        old, new = _different_files(then, entry)
        sides = [lake.local_files(side) if side.files else [] for side in (old, new)]
    except LakeCorrupt:
        return None
    return _compared(columns, *(tuple(paths) for paths in sides))


def _since(
    lake: Lake, columns: Columns, then: TableEntry, entry: TableEntry, place: int
) -> Iterable[Value]:
    """Return the values that changes from a place on touched: their students, or what differs in their rows."""
    keys = [lake.local_files(TableEntry((change.keys,)))[0] for change in entry.changes[place:]]
    students = {(user,) for path in keys for user in _column(path, KEY)}
    if columns == (KEY,):
        return students
    with lake.staging() as folder:
        only = _written((KEY,), students, folder / "students.parquet")
        sides = [_restricted(lake, side, only) for side in (then, entry)]
    return _compared(columns, *((path,) for path in sides))


def _different_files(then: TableEntry, now: TableEntry) -> tuple[TableEntry, TableEntry]:
    """Return both without the files that they share, unless changes hide rows in these."""
    if then.changes or now.changes:
        return then, now
    both = {file.sha256 for file in then.files} & {file.sha256 for file in now.files}
    old, new = (
        TableEntry(tuple(file for file in entry.files if file.sha256 not in both))
        for entry in (then, now)
    )
    return old, new


@lru_cache(maxsize=32)
def _compared(columns: Columns, old: tuple[Path, ...], new: tuple[Path, ...]) -> list[Value]:
    """Return the values whose rows differ; files are named by their content, so this may be remembered."""
    names = ", ".join(columns)
    with opened() as connection:
        sides = [_hashed(connection, names, paths) for paths in (old, new) if paths]
        if len(sides) == 2:
            former, latter = (s.set_alias(a) for s, a in zip(sides, ("old", "new"), strict=True))
            both = former.join(latter, names, "outer")
            differing = both.filter("old.hash is distinct from new.hash").project(names)
        else:
            differing = sides[0].project(names)
        return differing.fetchall()


def _hashed(
    connection: duckdb.DuckDBPyConnection, names: str, paths: Sequence[Path]
) -> duckdb.DuckDBPyRelation:
    """Return a sum of row hashes per value."""
    rows = connection.read_parquet([str(path) for path in paths]).set_alias("r")
    return rows.aggregate(f"{names}, sum(hash(r)) as hash", names)


def _restricted(lake: Lake, entry: TableEntry, values: Path) -> Path:
    """Return a file of the rows with these values, made once per table and values."""
    name = digest_of([entry.digest, *(digest_of(column) for column in _texts(values))])
    target = lake.scratch / "live" / f"{name}.parquet"
    if not target.is_file():
        write_live(*lake.parts(entry), target, only=values)
    return target


def _written(columns: Columns, values: Iterable[Value], path: Path) -> Path:
    rows = sorted(values)
    texts = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(columns))]
    pq.write_table(pa.table(texts, names=list(columns)), path)
    return path


def _texts(values: Path) -> list[list[str]]:
    return [_column(values, name) for name in pq.read_schema(values).names]


def _column(path: Path, name: str) -> list[Any]:
    texts: list[Any] = pq.read_table(path, columns=[name])[name].to_pylist()
    return texts
