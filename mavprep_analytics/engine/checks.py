"""Checks of lake tables against their declarations: schema, nulls, values, keys, references and collapse.

They read the Parquet files in batches and hold no table in memory. A violation names columns and counts,
never values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES, Column, Table

COLLAPSE = 0.5
COLLAPSE_FLOOR = 1000
_REFERENCED = {
    "subjects.id": ("catalogue_subjects", "subject_id"),
    "topics.id": ("catalogue_topics", "topic_id"),
    "questions.id": ("catalogue_questions", "question_id"),
    "test_templates.id": ("catalogue_tests", "test_template_id"),
}


@dataclass(frozen=True)
class Violation:
    """One broken promise of a declaration: which column, what is wrong, and in how many rows."""

    column: str
    problem: str
    rows: int

    def __str__(self) -> str:
        return f"{self.column}: {self.problem} ({self.rows:,} rows)"


class TableRefused(DataRefused):
    """A built table breaks its declaration; it was not committed.

    Args:
        name: of the table.
        violations: what it breaks.
    """

    def __init__(self, name: str, violations: list[Violation]) -> None:
        self.name, self.violations = name, violations
        told = "; ".join(str(violation) for violation in violations)
        super().__init__(
            f"{name} breaks its declaration: {told}", "Look at its inputs and its model"
        )


def require_declared(name: str, entry: TableEntry, lake: Lake, base: Version) -> None:
    """Check a table that was built but is not committed yet.

    Args:
        name: of the table.
        entry: its files; of one with changes the last is new, and the rest was checked before.
        lake: holds them.
        base: the version that it was built from; a table with students may not lose half of its rows.

    Raises:
        TableRefused: it breaks its declaration, or collapsed.
    """
    table = TABLES[name]
    fresh = TableEntry((entry.changes[-1].rows,)) if entry.changes else entry
    built = Version(base.number, base.commit_id, {**base.tables, name: fresh})
    violations = check_table(table, lake, built)
    if "user_id" in table.key:
        violations += check_collapse(base.tables.get(name), entry)
    if violations:
        raise TableRefused(name, violations)


def check_table(table: Table, lake: Lake, version: Version) -> list[Violation]:
    """Return what a table of a version breaks of its declaration; empty when it keeps it.

    Args:
        table: the declaration.
        lake: holds the files.
        version: names them, and the catalogue that references are looked up in.
    """
    paths = lake.local_files(version.tables[table.name])
    if not paths:
        return []
    if not all(_same_columns(pq.read_schema(path), table.arrow_schema) for path in paths):
        return [Violation("schema", "differs from the declaration", 0)]
    data = ds.dataset([str(path) for path in paths], format=_reading(table))
    found: dict[tuple[str, str], int] = {}
    for column, problem, rows in _all_problems(table, data, _known(table, lake, version)):
        if rows:
            found[column, problem] = found.get((column, problem), 0) + rows
    return [Violation(column, problem, rows) for (column, problem), rows in found.items()]


def _same_columns(found: pa.Schema, declared: pa.Schema) -> bool:
    return found.names == declared.names and found.types == declared.types


def _reading(table: Table) -> ds.ParquetFileFormat:
    """Texts that repeat are read as numbers of a dictionary, so that each is looked at once."""
    repeating = {c.name for c in table.columns if c.allowed or c.references} | set(table.key[:-1])
    texts = (field.name for field in table.arrow_schema if pa.types.is_string(field.type))
    return ds.ParquetFileFormat(dictionary_columns=[name for name in texts if name in repeating])


def check_collapse(before: TableEntry | None, now: TableEntry) -> list[Violation]:
    """Return a violation when a table lost more than half of its rows, from 1,000 rows on."""
    if before is None or before.rows < COLLAPSE_FLOOR or now.rows >= before.rows * COLLAPSE:
        return []
    return [
        Violation("rows", f"collapsed from {before.rows:,} to {now.rows:,}", before.rows - now.rows)
    ]


Problem = tuple[str, str, int]
Values: TypeAlias = "pa.Array[Any]"


def _all_problems(table: Table, data: ds.Dataset, known: dict[str, Values]) -> Iterator[Problem]:
    for fragment in data.get_fragments():
        last: pa.RecordBatch | None = None
        for batch in fragment.to_batches():
            if batch.num_rows == 0:
                continue
            for column in table.columns:
                yield from _column_problems(column, batch.column(column.name), known)
            keys = batch.select(list(table.key))
            yield from _key_problems(table, keys, last)
            last = keys.slice(keys.num_rows - 1)


def _column_problems(column: Column, values: Values, known: dict[str, Values]) -> Iterator[Problem]:
    if not column.nullable:
        yield column.name, "is null", values.null_count
    if column.allowed:
        yield (
            column.name,
            "is none of its allowed values",
            _outside(values, pa.array(column.allowed)),
        )
    if column.minimum is not None:
        yield (
            column.name,
            f"is below {column.minimum:g}",
            _true(pc.less(values, pa.scalar(column.minimum))),
        )
    if column.maximum is not None:
        yield (
            column.name,
            f"is above {column.maximum:g}",
            _true(pc.greater(values, pa.scalar(column.maximum))),
        )
    if column.references in known:
        yield (
            column.name,
            f"is not in {column.references}",
            _outside(values, known[column.references]),
        )


def _key_problems(
    table: Table, keys: pa.RecordBatch, last: pa.RecordBatch | None
) -> Iterator[Problem]:
    """Keys must rise strictly within a file: that proves them unique there."""
    column = ", ".join(table.key)
    places = pa.record_batch(list(map(_places, keys.columns)), keys.schema.names)
    before, after = places.slice(0, keys.num_rows - 1), places.slice(1)
    yield column, "is no rising key", _not_rising(before, after)
    if last is not None:
        yield column, "is no rising key", _not_rising(_plain(last), _plain(keys.slice(0, 1)))


def _places(values: Values) -> Values:
    """Return numbers that compare as the values do."""
    if not isinstance(values, pa.DictionaryArray):
        return values
    ranks: Values = pc.rank(values.dictionary, tiebreaker="dense")
    return ranks.take(values.indices)


def _plain(keys: pa.RecordBatch) -> pa.RecordBatch:
    values = [
        v.dictionary_decode() if isinstance(v, pa.DictionaryArray) else v for v in keys.columns
    ]
    return pa.record_batch(values, keys.schema.names)


def _not_rising(before: pa.RecordBatch, after: pa.RecordBatch) -> int:
    if before.num_rows == 0:
        return 0
    equal = pa.repeat(True, before.num_rows)
    rises = []
    for low, high in zip(before.columns, after.columns, strict=True):
        rises.append(pc.and_(equal, pc.less(low, high)))
        equal = pc.and_(equal, pc.equal(low, high))
    return before.num_rows - _true(reduce(pc.or_, rises))


def _known(table: Table, lake: Lake, version: Version) -> dict[str, Values]:
    known = {}
    for references in {column.references for column in table.columns} & set(_REFERENCED):
        name, key = _REFERENCED[str(references)]
        if name in version.tables and name in TABLES:
            known[str(references)] = lake.read(version.tables[name]).column(key).combine_chunks()
    return known


def _outside(values: Values, allowed: Values) -> int:
    present = values.drop_null()
    if isinstance(present, pa.DictionaryArray):
        known: Values = pc.is_in(present.dictionary, value_set=allowed)
        return len(present) - _true(known.take(present.indices))
    return len(present) - _true(pc.is_in(present, value_set=allowed))


def _true(flags: Values) -> int:
    return int(pc.sum(flags).as_py() or 0)
