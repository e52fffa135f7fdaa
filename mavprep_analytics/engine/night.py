"""What a night touched: the values of some columns whose rows of the inputs changed, so that no others are computed.

A model that is computed student by student gives the same rows for a student whoever else is in its inputs;
so a night runs it on the rows of the touched students alone, and its result replaces theirs; so for attempts. A
model of sums over attempts is run on the touched attempts as they were and as they are; `sums` takes the first
away and adds the second.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.fingerprint import FILES, TABLE, follows, name_of
from mavprep_analytics.engine.values import (
    Columns,
    Values,
    compared_values,
    distinct,
    none_of,
    others_than,
    written_values,
)
from mavprep_analytics.lake import DataFile, Delta, Lake, TableEntry
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.lake.live import KEY, write_live
from mavprep_analytics.lake.version import digest_of
from mavprep_analytics.tables import ATTEMPT, TABLES

MOST_CHANGES = 7
"""After so many a table is computed whole again: a new week does so anyway, and reading stays quick."""
MOST_TOUCHED = 0.3
"""Share of the students, or of the rows, above which the whole costs as little."""
_STUDENTS = "core_profiles"


def followed(tables: Iterable[str]) -> Columns:
    """Return the columns by which tables that are built together follow a night; none: not all in one way."""
    declared = [TABLES[name] for name in tables]
    ((columns, *_), *others) = {(t.followed, t.has_changes, t.first_by) for t in declared}
    return () if others else columns


def may_be_partial(current: Mapping[str, TableEntry], digests: Mapping[str, str]) -> bool:
    """Whether tables, built together, differ from what they were built from in rows that can be followed."""
    columns = followed(current)
    return bool(columns) and all(
        _not_followed(entry.inputs, columns) == _not_followed(digests, columns)
        and len(entry.changes) < MOST_CHANGES
        for entry in current.values()
    )


@dataclass(frozen=True)
class Night:
    """What changed in the inputs of some tables since these were built.

    Args:
        lake: holds the inputs.
        columns: texts that the followed inputs have, by which the tables follow.
        before: what the current rows were built from.
        inputs: what they are to be built from.
        mentions: names of columns that the models read; lists of other names are not read for them.
    """

    lake: Lake
    columns: Columns
    before: Mapping[str, str]
    inputs: Inputs
    mentions: frozenset[str]

    def touched(self, everyone: int, folder: Path) -> Path | None:
        """Write the values of the columns with a row of an input that changed, and return the file.

        Args:
            everyone: how many values there are.
            folder: where the file goes.

        Returns:
            None when that cannot be told, or when so many changed that a whole run costs as little.
        """
        values = none_of(self.columns)
        for name in self._followed():
            found = self._changed(name)
            if found is None:
                return None
            values = distinct([values, found], self.columns)
        if values.num_rows > MOST_TOUCHED * everyone:
            return None
        return written_values(values, folder / "touched.parquet")

    def files_now(self, values: Path, folder: Path) -> Files:
        """Return the inputs' files: of tables that can be followed only the rows with these values."""
        return self._files(values, folder, dict(self.inputs), "came")

    def files_before(self, values: Path, folder: Path) -> Files:
        """Return the same of the inputs as they were."""
        before = {name: _before(name, self.before) for name in self._followed()}
        return self._files(values, folder, {**self.inputs, **before}, "went")

    def _files(self, values: Path, folder: Path, entries: Inputs, side: str) -> Files:
        return {
            name: self._rows(name, entry, values, side, folder)
            if entry is not None and entry.files and follows(name, self.columns)
            else local_paths(name, entry, self.lake, folder)
            for name, entry in entries.items()
        }

    def _rows(
        self, name: str, entry: TableEntry, values: Path, side: str, folder: Path
    ) -> list[Path]:
        """Return files of the rows with these values: what a delta tells, and of others what is found."""
        delta = self._delta(name)
        if self.columns == (KEY,):
            unread = tuple(n for n in TABLES[name].lists if n not in self.mentions)
            return [restricted(self.lake, entry, values, unread)]
        if delta is None or self.columns != ATTEMPT:
            return [restricted(self.lake, entry, values)]
        told = _local(self.lake, delta.came if side == "came" else delta.went)
        others = others_than(pq.read_table(values), self._told(delta))
        if others.num_rows == 0:
            return told or local_paths(name, None, self.lake, folder)
        rest = written_values(others, folder / f"{name}-others.parquet")
        return [*told, restricted(self.lake, entry, rest)]

    def _followed(self) -> list[str]:
        return [name for name in self.inputs if follows(name, self.columns)]

    def _delta(self, name: str) -> Delta | None:
        """Return how a table differs from what it was, if that is told."""
        entry = self.inputs[name]
        delta = None if entry is None else entry.delta
        return delta if delta and delta.since == self.before.get(TABLE + name) else None

    def _told(self, delta: Delta) -> Values:
        files = _local(self.lake, (*delta.went, *delta.came))
        told = [pq.read_table(path, columns=list(self.columns)) for path in files]
        return distinct(told or [none_of(self.columns)], self.columns)

    def _changed(self, name: str) -> Values | None:
        """Return the values with a row of a table that changed since it had a digest; None: unknown."""
        entry, then = self.inputs[name], _before(name, self.before)
        digest = self.before.get(TABLE + name)
        if entry is None or then is None:
            return None
        if digest == entry.digest:
            return none_of(self.columns)
        try:
            delta = self._delta(name)
            if delta is not None:
                return self._told(delta)
            if digest in entry.states:
                place = entry.states.index(digest)
                keys = _local(self.lake, [change.keys for change in entry.changes[place:]])
                if {*self.columns} <= {*pq.read_schema(keys[0]).names}:
                    return distinct(map(pq.read_table, keys), self.columns)
                sides = _rows_of(self.lake, keys, (then, entry))
            else:
                sides = [
                    self.lake.local_files(side) if side.files else []
                    for side in _different_files(then, entry)
                ]
        except LakeCorrupt:
            return None
        told_apart = tuple(column for column in ATTEMPT if follows(name, (column,)))
        compared = compared_values(told_apart, *(tuple(paths) for paths in sides))
        return distinct([compared], self.columns)


def how_many(columns: Columns, tables: Mapping[str, TableEntry], inputs: Inputs) -> int:
    """Return how many values of the columns there are: students, or rows of the largest input."""
    if columns == (KEY,):
        return tables[_STUDENTS].rows if _STUDENTS in tables else 0
    return max((e.rows for n, e in inputs.items() if e and follows(n, columns)), default=0)


def students_of(values: Path, folder: Path) -> Path:
    """Write the students of some values, and return the file."""
    students = distinct([pq.read_table(values)], (KEY,))
    return written_values(students, folder / "students.parquet")


def restricted(lake: Lake, entry: TableEntry, values: Path, without: Columns = ()) -> Path:
    """Return a file of the rows with these values: the last change's if it is of the same, else made once.

    Args:
        lake: holds the table.
        entry: the table.
        values: of some of its columns.
        without: columns that are left out.
    """
    with values.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if entry.changes and entry.changes[-1].keys.sha256 == sha256:
        return lake.local_files(TableEntry((entry.changes[-1].rows,)))[0]
    name = digest_of([entry.digest, sha256, *without])
    target = lake.scratch / "live" / f"{name}.parquet"
    if not target.is_file():
        write_live(*lake.parts(entry), target, only=values, without=without)
    return target


def _not_followed(inputs: Mapping[str, str], columns: Columns) -> dict[str, str]:
    return {
        name: value
        for name, value in inputs.items()
        if not name.startswith((TABLE, FILES)) or not follows(name_of(name), columns)
    }


def _before(name: str, before: Mapping[str, str]) -> TableEntry | None:
    recipe = before.get(FILES + name)
    return None if recipe is None else TableEntry.from_recipe(name, recipe)


def _local(lake: Lake, files: Iterable[DataFile]) -> list[Path]:
    return lake.local_files(TableEntry(tuple(files)))


def _rows_of(
    lake: Lake, keys: Sequence[Path], entries: Iterable[TableEntry]
) -> list[Sequence[Path]]:
    """Return a file of each entry's rows of the values in some changes' keys."""
    with lake.staging() as folder:
        values = distinct(map(pq.read_table, keys), tuple(pq.read_schema(keys[0]).names))
        only = written_values(values, folder / "values.parquet")
        return [[restricted(lake, entry, only)] for entry in entries]


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
