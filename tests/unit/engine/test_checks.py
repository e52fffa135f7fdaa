"""Every promise of a declaration, broken once."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mavprep_analytics.engine.checks import (
    TableRefused,
    check_collapse,
    check_table,
    require_declared,
)
from mavprep_analytics.lake import DataFile, Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES
from mavprep_analytics.tables.declaration import TEXT, UUID, Column, Layer, Table, decimal

BOARD = Table(
    "board",
    Layer.MART,
    "boards",
    "student and topic",
    ("user_id", "topic_id"),
    (
        Column("user_id", TEXT, "Student."),
        Column("topic_id", UUID, "Topic.", references="topics.id"),
        Column("share", decimal(5, 4), "Share.", minimum=0, maximum=1),
        Column("level", TEXT, "Level; null: none.", nullable=True, allowed=("low", "high")),
    ),
)
GOOD: list[dict[str, Any]] = [
    {"user_id": "a", "topic_id": "t1", "share": "0.5", "level": "low"},
    {"user_id": "a", "topic_id": "t2", "share": "0", "level": None},
    {"user_id": "b", "topic_id": "t1", "share": "1", "level": "high"},
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")


def write(lake: Lake, table: Table, rows: list[dict[str, Any]], together: int = 2) -> TableEntry:
    text = pa.RecordBatch.from_pylist(
        rows, pa.schema([(c.name, pa.string()) for c in table.columns])
    )
    typed = pa.Table.from_batches([text]).cast(table.arrow_schema)
    return lake.write(table.name, table.arrow_schema, typed.to_batches(max_chunksize=together), {})


def violations(lake: Lake, rows: list[dict[str, Any]]) -> list[str]:
    topics = TABLES["catalogue_topics"]
    names = [{"topic_id": t, "subject_id": "s", "name": t, "slug": t} for t in ("t1", "t2")]
    changes = {"board": write(lake, BOARD, rows), topics.name: write(lake, topics, names)}
    return [str(v) for v in check_table(BOARD, lake, lake.commit(changes, base=lake.head()))]


def test_a_table_that_keeps_its_declaration_has_no_violation(lake: Lake) -> None:
    assert violations(lake, GOOD) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"share": None}, "share: is null (1 rows)"),
        ({"share": "1.5"}, "share: is above 1 (1 rows)"),
        ({"share": "-0.1"}, "share: is below 0 (1 rows)"),
        ({"level": "middling"}, "level: is none of its allowed values (1 rows)"),
        ({"topic_id": "t9"}, "topic_id: is not in topics.id (1 rows)"),
    ],
)
def test_a_broken_promise_is_named_with_its_column(
    lake: Lake, change: dict[str, Any], expected: str
) -> None:
    assert violations(lake, [*GOOD[:2], GOOD[2] | change]) == [expected]


@pytest.mark.parametrize("order", [[0, 1, 1], [0, 1, 2, 2], [1, 0, 2], [2, 1]])
def test_a_key_twice_or_out_of_order_is_a_violation(lake: Lake, order: list[int]) -> None:
    (only,) = violations(lake, [GOOD[n] for n in order])
    assert only.startswith("user_id, topic_id: is no rising key")


def test_a_key_that_comes_again_in_the_next_batch_is_a_violation(lake: Lake) -> None:
    count = 131_072
    rows = [GOOD[0] | {"user_id": f"user-{n:06d}"} for n in range(count)]
    for more, found in (([], 0), ([rows[-1]], 1)):
        entry = write(lake, BOARD, rows + more, count)
        version = lake.commit({"board": entry}, base=lake.head())
        assert [v.rows for v in check_table(BOARD, lake, version)] == [1] * found


def test_every_row_with_a_value_that_is_not_allowed_counts(lake: Lake) -> None:
    rows = [GOOD[n] | {"level": "middling"} for n in range(3)]
    assert violations(lake, rows) == ["level: is none of its allowed values (3 rows)"]


def test_a_column_of_another_type_is_a_violation(lake: Lake) -> None:
    schema = pa.schema([("user_id", pa.string())])
    entry = lake.write(
        "board", schema, [pa.RecordBatch.from_pydict({"user_id": ["a"]}, schema)], {}
    )
    (only,) = check_table(BOARD, lake, lake.commit({"board": entry}, base=lake.head()))
    assert only.column == "schema"


def rows(count: int) -> TableEntry:
    return TableEntry((DataFile("k", count, 1, "x"),))


@pytest.mark.parametrize(("before", "now", "count"), [(1000, 499, 1), (1000, 500, 0), (999, 0, 0)])
def test_losing_more_than_half_of_a_large_table_is_a_collapse(
    before: int, now: int, count: int
) -> None:
    assert len(check_collapse(rows(before), rows(now))) == count


def test_a_new_table_cannot_collapse() -> None:
    assert check_collapse(None, rows(0)) == []
    assert Version(0).tables == {}


def test_a_table_that_breaks_its_declaration_is_refused_by_name(lake: Lake) -> None:
    table = TABLES["catalogue_topics"]
    rows = [{"topic_id": "t1", "subject_id": None, "name": "T", "slug": "t"}]
    entry = write(lake, table, rows)
    with pytest.raises(
        TableRefused, match=r"catalogue_topics breaks its declaration: subject_id: is null"
    ):
        require_declared(table.name, entry, lake, lake.head())
