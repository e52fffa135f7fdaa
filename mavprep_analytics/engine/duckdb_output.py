"""Writing a result of DuckDB as Parquet: exactly the declared schema, and bytes that depend on the rows alone."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mavprep_analytics.engine.model import ModelRefused
from mavprep_analytics.engine.output import ROW_GROUP_ROWS, refuse_other_columns
from mavprep_analytics.tables import Table

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_ANYTHING = '"NULL"'


def copy_parquet(table: Table, result: duckdb.DuckDBPyRelation, order: str, path: Path) -> str:
    """Return the statement that writes the result, its columns cast exactly to the declared types.

    Day numbers become dates and epoch microseconds become instants where the declaration says so.

    Args:
        table: the declaration.
        result: the rows, a view named `result`.
        order: columns to sort by, or empty when the rows come in order.
        path: the file to write.

    Raises:
        ModelRefused: the columns are not the declared ones, or a type cannot be cast exactly.
    """
    refuse_other_columns(table, result.columns)
    types = dict(zip(result.columns, map(str, result.types), strict=True))
    columns = ", ".join(
        f'{_cast(table.name, field, types[field.name])} as "{field.name}"'
        for field in table.arrow_schema
    )
    ordered = f"order by {order}" if order else ""
    target = str(path).replace("'", "''")
    rows = f"select {columns} from result {ordered}"  # noqa: S608 - names of declared columns
    how = f"format parquet, compression zstd, compression_level 1, row_group_size {ROW_GROUP_ROWS}"
    return f"copy ({rows}) to '{target}' ({how})"


def _cast(table: str, field: "pa.Field[Any]", source: str) -> str:
    name, target = f'result."{field.name}"', _duckdb_type(field.type)
    if source == target:
        return name
    if source == _ANYTHING or (source in _INTEGERS and not _is_time(field.type)):
        return f"cast({name} as {target})"
    if source in _INTEGERS:
        days = f"date '1970-01-01' + cast({name} as integer)"
        return days if pa.types.is_date(field.type) else f"make_timestamptz(cast({name} as bigint))"
    if _keeps_digits(source, field.type):
        return f"cast({name} as {target})"
    raise ModelRefused(
        f"{table}.{field.name} is {source} and cannot be {target}: that would not be exact",
        "Cast it in the model",
    )


def _keeps_digits(source: str, target: pa.DataType) -> bool:
    """Whether a decimal has no more decimals than the target; too many digits fail in the cast itself."""
    found = _DECIMAL.fullmatch(source)
    if found is None:
        return False
    scale = target.scale if isinstance(target, pa.Decimal128Type) else 0
    return int(found[2]) <= scale and (pa.types.is_decimal(target) or pa.types.is_integer(target))


def _is_time(kind: pa.DataType) -> bool:
    return pa.types.is_date(kind) or pa.types.is_timestamp(kind)


def _duckdb_type(kind: pa.DataType) -> str:
    if isinstance(kind, pa.Decimal128Type):
        return f"DECIMAL({kind.precision},{kind.scale})"
    names = {
        pa.string(): "VARCHAR",
        pa.int64(): "BIGINT",
        pa.bool_(): "BOOLEAN",
        pa.float64(): "DOUBLE",
        pa.date32(): "DATE",
    }
    return names.get(kind, "TIMESTAMP WITH TIME ZONE")
