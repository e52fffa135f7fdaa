import hashlib
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.engine import output
from mavprep_analytics.engine.model import ModelRefused
from mavprep_analytics.engine.output import write_parquet
from mavprep_analytics.tables import TABLES

TABLE = TABLES["unresolved_references"]
ROW = {"kind": "test", "reference": "x", "occurrences": 3, "first_seen": 0, "last_seen": 5_000_000}


def batches(data: pa.Table, size: int) -> Iterator[pa.RecordBatch]:
    yield from data.to_batches(max_chunksize=size)


def written(folder: Path, **values: Any) -> dict[str, Any]:
    data = pa.Table.from_pylist([ROW]).to_pydict() | {k: [v] for k, v in values.items()}
    path = folder / "x.parquet"
    write_parquet(TABLE, pa.table(data).to_batches(), path)
    row: dict[str, Any] = pq.read_table(path).to_pylist()[0]
    return row


def test_micros_become_instants_and_the_schema_is_the_declared_one(tmp_path: Path) -> None:
    row = written(tmp_path)
    assert row["last_seen"].isoformat() == "1970-01-01T00:00:05+00:00"
    assert pq.read_schema(tmp_path / "x.parquet").equals(TABLE.arrow_schema)


def test_a_whole_decimal_becomes_a_whole_number(tmp_path: Path) -> None:
    assert written(tmp_path, occurrences=Decimal(7))["occurrences"] == 7


@pytest.mark.parametrize("value", [1.0, Decimal("1.5"), "1", Decimal(2**63)])
def test_a_value_that_does_not_fit_exactly_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(ModelRefused, match=r"unresolved_references\.occurrences"):
        written(tmp_path, occurrences=value)


def test_a_missing_or_surplus_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="differ in surplus"):
        written(tmp_path, surplus=1)


def test_no_rows_are_a_file_of_the_declared_schema(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    assert write_parquet(TABLE, (), path) == 0
    assert pq.read_table(path).schema.equals(TABLE.arrow_schema)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700))
def test_the_bytes_do_not_depend_on_the_size_of_batches(one: int, other: int) -> None:
    data = pa.Table.from_pylist([{**ROW, "reference": f"r{i:04}"} for i in range(650)])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "ROW_GROUP_ROWS", 100)
        digests = set()
        for size in (one, other):
            path = Path(folder) / f"{size}.parquet"
            assert write_parquet(TABLE, batches(data, size), path) == 650
            assert pq.read_metadata(path).num_row_groups == 7
            digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        assert len(digests) == 1
