from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from mavprep_analytics.engine.duckdb_output import copy_parquet
from mavprep_analytics.engine.model import ModelRefused
from mavprep_analytics.tables import TABLES
from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DATE,
    EXACT,
    TEXT,
    TIMESTAMP,
    Column,
    Layer,
    Table,
)

TABLE = TABLES["unresolved_references"]
VALUES = {
    "kind": "'test'",
    "reference": "'x'",
    "occurrences": "3::bigint",
    "first_seen": "0",
    "last_seen": "5000000::bigint",
}


def written(folder: Path, values: dict[str, str], table: Table = TABLE) -> Path:
    columns = ", ".join(f"{value} as {name}" for name, value in values.items())
    path = folder / "it's.parquet"
    with duckdb.connect(":memory:") as connection:
        connection.execute("set timezone = 'UTC'")
        result = connection.sql(f"select {columns}")
        result.create_view("result")
        order = ", ".join(table.order)
        connection.execute(copy_parquet(table, result, order, path))
    return path


def test_micros_become_instants_and_the_columns_are_the_declared_ones(tmp_path: Path) -> None:
    path = written(tmp_path, VALUES)
    (row,) = pq.read_table(path).to_pylist()
    assert row["last_seen"].isoformat() == "1970-01-01T00:00:05+00:00"
    schema = pq.read_schema(path)
    assert (schema.names, schema.types) == (TABLE.arrow_schema.names, TABLE.arrow_schema.types)


def test_every_declared_type_is_read_back_as_declared(tmp_path: Path) -> None:
    types = {"a": BIGINT, "b": BOOLEAN, "c": DATE, "d": EXACT, "e": TEXT, "f": TIMESTAMP}
    columns = tuple(Column(name, kind, "A.") for name, kind in types.items())
    table = Table("t", Layer.MART, "g", "thing", ("a",), columns)
    values = {"a": "1::hugeint", "b": "true", "c": "20000", "d": "1.5::decimal(9, 1)"}
    path = written(tmp_path, {**values, "e": "null", "f": "null"}, table)
    assert pq.read_schema(path).types == table.arrow_schema.types
    (row,) = pq.read_table(path).to_pylist()
    assert (row["a"], str(row["c"]), row["d"]) == (1, "2024-10-04", Decimal("1.5"))


@pytest.mark.parametrize("value", ["1.0::double", "1.5", "'1'", "true"])
def test_a_type_that_cannot_be_cast_exactly_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ModelRefused, match=r"unresolved_references\.occurrences"):
        written(tmp_path, VALUES | {"occurrences": value})


def test_a_number_that_does_not_fit_is_an_error_and_not_another_number(tmp_path: Path) -> None:
    with pytest.raises(duckdb.ConversionException):
        written(tmp_path, VALUES | {"occurrences": "power(2, 63)::hugeint"})


def test_a_surplus_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="differ in surplus"):
        written(tmp_path, {**VALUES, "surplus": "1"})
