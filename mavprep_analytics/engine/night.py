"""What a night touched: the values of some columns whose rows of the inputs changed, so that no others are computed.

A model that is computed student by student gives the same rows for a student whoever else is in its inputs;
so a night runs it on the rows of the touched students alone, and its result replaces theirs. A model of sums
over attempts is run on the touched attempts as they were and as they are; `sums` takes the first away and
adds the second.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
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
_FINEST = (KEY, "test_id", "attempt_key")
"""What differing rows are told apart by: any columns that a table is followed by are among these."""

Columns = tuple[str, ...]
Values = pa.Table
"""One row per combination of texts, one column each."""


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
    touched = _none_of(columns)
    for name, entry in inputs.items():
        if not follows(name, columns):
            continue
        found = _changed(lake, name, columns, before, entry)
        if found is None:
            return None
        touched = _distinct([touched, found])
    if touched.num_rows > MOST_TOUCHED * everyone:
        return None
    return _written(touched, folder / "touched.parquet")


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
) -> Values | None:
    """Return the values with a row of a table that changed since it had a digest; None: unknown."""
    digest, then = before.get(TABLE + name), _before(name, before)
    if entry is None or then is None:
        return None
    if digest == entry.digest:
        return _none_of(columns)
    told_apart = tuple(column for column in _FINEST if follows(name, (column,)))
    try:
        if digest in entry.states:
            students = _students_since(lake, entry, entry.states.index(digest))
            if columns == (KEY,):
                return students
            sides = _rows_of(lake, students, (then, entry))
        else:
            sides = [
                lake.local_files(side) if side.files else []
                for side in _different_files(then, entry)
            ]
    except LakeCorrupt:
        return None
    compared = _compared(told_apart, *(tuple(paths) for paths in sides))
    return _distinct([compared.select(list(columns))])


def _students_since(lake: Lake, entry: TableEntry, place: int) -> Values:
    """Return the students of the changes from a place on."""
    keys = [lake.local_files(TableEntry((change.keys,)))[0] for change in entry.changes[place:]]
    return _distinct([pq.read_table(path) for path in keys])


def _rows_of(lake: Lake, students: Values, entries: Iterable[TableEntry]) -> list[Sequence[Path]]:
    """Return a file of each entry's rows of these students."""
    with lake.staging() as folder:
        only = _written(students, folder / "students.parquet")
        return [[_restricted(lake, entry, only)] for entry in entries]


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
def _compared(columns: Columns, old: tuple[Path, ...], new: tuple[Path, ...]) -> Values:
    """Return the values whose rows differ; files are named by their content, so this may be remembered."""
    names = ", ".join(columns)
    with opened() as connection:
        sides = [_hashed(connection, names, paths) for paths in (old, new) if paths]
        if not (old and new):
            return _read(sides[0].project(names))
        former, latter = (s.set_alias(a) for s, a in zip(sides, ("old", "new"), strict=True))
        both = former.join(latter, names, "outer")
        return _read(both.filter("old.hash is distinct from new.hash").project(names))


def _read(relation: duckdb.DuckDBPyRelation) -> Values:
    batches: Values = relation.to_arrow_table()
    return batches


def _hashed(
    connection: duckdb.DuckDBPyConnection, names: str, paths: Sequence[Path]
) -> duckdb.DuckDBPyRelation:
    """Return a sum of row hashes per value."""
    rows = connection.read_parquet([str(path) for path in paths]).set_alias("r")
    return rows.aggregate(f"{names}, sum(hash(r)) as hash", names)


def _restricted(lake: Lake, entry: TableEntry, values: Path) -> Path:
    """Return a file of the rows with these values: the last change's if it is of the same, else made once."""
    with values.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if entry.changes and entry.changes[-1].keys.sha256 == sha256:
        return lake.local_files(TableEntry((entry.changes[-1].rows,)))[0]
    name = digest_of([entry.digest, sha256])
    target = lake.scratch / "live" / f"{name}.parquet"
    if not target.is_file():
        write_live(*lake.parts(entry), target, only=values)
    return target


def _none_of(columns: Columns) -> Values:
    return pa.table({name: pa.array([], pa.string()) for name in columns})


def _distinct(parts: Sequence[Values]) -> Values:
    values = pa.concat_tables(parts)
    distinct = values.group_by(values.column_names).aggregate([])
    return distinct.take(pc.sort_indices(distinct, [(n, "ascending") for n in values.column_names]))


def _written(values: Values, path: Path) -> Path:
    pq.write_table(values, path)
    return path
