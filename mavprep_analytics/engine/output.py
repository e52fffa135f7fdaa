"""Writing a result as Parquet: exactly the declared schema, and bytes that depend on the rows alone."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.engine.model import ModelRefused
from mavprep_analytics.tables import Table

ROW_GROUP_ROWS = 1 << 17


class OutOfOrder(Exception):  # noqa: N818 - tells the engine to sort; no user sees it
    """Rows came in another order than that of the key."""


def write_parquet(
    table: Table, batches: Iterable[pa.RecordBatch], path: Path, *, prove_order: bool = False
) -> int:
    """Write ordered batches and return the number of rows.

    Row groups have a fixed number of rows, whatever the batches, so equal rows are equal bytes. Day
    numbers become dates and epoch microseconds become timestamps where the declaration says so.

    Raises:
        ModelRefused: the columns are not the declared ones, or a value does not fit its type exactly.
        OutOfOrder: only if asked for proof: a key is not greater than the one before it.
    """
    schema, rows = table.arrow_schema, 0
    last: pa.Table | None = None
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for group in _regroup(batches):
            writer.write_table(_conform(table, group), row_group_size=ROW_GROUP_ROWS)
            rows += group.num_rows
            if prove_order:
                last = _prove_order(group.select(list(table.key)), last)
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


def _conform(table: Table, result: pa.Table) -> pa.Table:
    declared = [column.name for column in table.columns]
    if sorted(result.column_names) != sorted(declared):
        odd = sorted(set(result.column_names) ^ set(declared)) or result.column_names
        raise ModelRefused(
            f"{table.name}.sql and the declaration differ in {', '.join(odd)}", "Make them agree"
        )
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


def _prove_order(keys: pa.Table, last: pa.Table | None) -> pa.Table:
    """Return the last key of a group after showing that each is greater than the one before it."""
    before, after = keys.slice(0, keys.num_rows - 1), keys.slice(1)
    if not _rises(before, after) or (last is not None and not _rises(last, keys.slice(0, 1))):
        raise OutOfOrder
    return keys.slice(keys.num_rows - 1)


def _rises(before: pa.Table, after: pa.Table) -> bool:
    """Whether each row of `after` is greater: by the first column, ties by the second, and so on."""
    for name in before.column_names:
        low, high = before[name], after[name]
        equal = pc.equal(low, high)
        ties = _true(equal)
        if _true(pc.less(low, high)) + ties < before.num_rows:
            return False
        if ties < before.num_rows:
            before, after = before.filter(equal), after.filter(equal)
    return before.num_rows == 0


def _true(flags: Any) -> int:
    return int(pc.sum(flags).as_py() or 0)


def empty_parquet(table: Table, path: Path) -> None:
    """Write a file of the declared schema without rows."""
    write_parquet(table, (), path)
