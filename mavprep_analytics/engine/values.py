"""Values of the columns that rows are followed by: students, or attempts; and which of them have other rows now."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.lake.live import opened

Columns = tuple[str, ...]
Values = pa.Table
"""One row per combination of texts, one column each."""


@lru_cache(maxsize=32)
def compared_values(columns: Columns, old: tuple[Path, ...], new: tuple[Path, ...]) -> Values:
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


def others_than(values: Values, known: Values) -> Values:
    """Return the values that are not known."""
    return values.join(known, keys=values.column_names, join_type="left anti")


def none_of(columns: Columns) -> Values:
    """Return no values of these columns."""
    return pa.table({name: pa.array([], pa.string()) for name in columns})


def distinct(parts: Iterable[Values], columns: Columns) -> Values:
    """Return the values of these columns in any of the parts, each once, sorted."""
    values = pa.concat_tables([part.select(list(columns)) for part in parts])
    distinct = values.group_by(values.column_names).aggregate([])
    return distinct.take(pc.sort_indices(distinct, [(n, "ascending") for n in columns]))


def written_values(values: Values, path: Path) -> Path:
    """Write values and return the file."""
    pq.write_table(values, path)
    return path
