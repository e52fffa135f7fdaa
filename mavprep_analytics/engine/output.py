"""Writing a result as Parquet: exactly the declared schema, and bytes that depend on the rows alone."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.engine.model import ModelRefused
from mavprep_analytics.tables import Table

ROW_GROUP_ROWS = 1 << 17


def write_parquet(table: Table, batches: Iterable[pa.RecordBatch], path: Path) -> int:
    """Write ordered batches and return the number of rows.

    Row groups have a fixed number of rows, whatever the batches, so equal rows are equal bytes. Day
    numbers become dates and epoch microseconds become timestamps where the declaration says so.

    Raises:
        ModelRefused: the columns are not the declared ones, or a value does not fit its type exactly.
    """
    schema, rows = table.arrow_schema, 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for group in _regroup(batches):
            writer.write_table(_conform(table, group), row_group_size=ROW_GROUP_ROWS)
            rows += group.num_rows
    return rows


def _regroup(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield tables of exactly ROW_GROUP_ROWS rows, the last one shorter, each in one chunk."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        while rows >= ROW_GROUP_ROWS:
            whole = pa.Table.from_batches(held)
            yield whole.slice(0, ROW_GROUP_ROWS).combine_chunks()
            held = whole.slice(ROW_GROUP_ROWS).to_batches()
            rows -= ROW_GROUP_ROWS
    if held:
        yield pa.Table.from_batches(held).combine_chunks()


def refuse_other_columns(table: Table, columns: Sequence[str]) -> None:
    """Raise ModelRefused, naming the columns, unless these are the declared ones in any order."""
    declared = [column.name for column in table.columns]
    if sorted(columns) != sorted(declared):
        odd = sorted(set(columns) ^ set(declared)) or columns
        raise ModelRefused(
            f"{table.name}.sql and the declaration differ in {', '.join(odd)}", "Make them agree"
        )


def _conform(table: Table, result: pa.Table) -> pa.Table:
    refuse_other_columns(table, result.column_names)
    columns = [_cast(table.name, f, result[f.name].combine_chunks()) for f in table.arrow_schema]
    return pa.Table.from_arrays(columns, schema=table.arrow_schema)


def _cast(table: str, field: "pa.Field[Any]", values: Any) -> Any:
    source, target = values.type, field.type
    if source == target:
        return values
    problem: object = "that would not be exact"
    if not (pa.types.is_floating(source) or pa.types.is_string(source)):
        try:
            if pa.types.is_integer(source):
                values = pc.cast(values, pa.int32() if pa.types.is_date32(target) else pa.int64())
            return pc.cast(values, target)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            problem = error
    raise ModelRefused(
        f"{table}.{field.name} is {source} and cannot be {target}: {problem}",
        "Cast it in the model",
    )


def empty_parquet(table: Table, path: Path) -> None:
    """Write a file of the declared schema without rows."""
    write_parquet(table, (), path)
