"""What a night does to a table of sums: adds what came, takes away what went, and leaves no row of nothing."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.engine import DuckDBEngine
from mavprep_analytics.engine.sums import add_up
from mavprep_analytics.tables import TABLES

NAME = "answer_times"


def sums(path: Path, *rows: tuple[int, int, int]) -> list[Path]:
    columns = [pa.array(column, pa.int64()) for column in zip(*rows, strict=True)] or [
        pa.array([], pa.int64())
    ] * 3
    pq.write_table(pa.table(columns, schema=TABLES[NAME].arrow_schema), path)
    return [path]


def test_what_came_is_added_and_what_went_taken_away(tmp_path: Path) -> None:
    held = sums(tmp_path / "held", (1, 10, 5), (1, 20, 2), (2, 10, 1))
    went = sums(tmp_path / "went", (1, 10, 2), (1, 20, 2))
    came = sums(tmp_path / "came", (1, 30, 4), (2, 10, 1))
    add_up(DuckDBEngine(), NAME, held, went, came, tmp_path / "sums")
    assert [tuple(row.values()) for row in pq.read_table(tmp_path / "sums").to_pylist()] == [
        (1, 10, 3),
        (1, 30, 4),
        (2, 10, 2),
    ]


def test_a_night_of_nothing_leaves_the_same_bytes(tmp_path: Path) -> None:
    held = sums(tmp_path / "held", (1, 10, 5), (2, 10, 1))
    nothing = sums(tmp_path / "nothing")
    for target in ("once", "twice"):
        add_up(DuckDBEngine(), NAME, held, nothing, nothing, tmp_path / target)
        held = [tmp_path / target]
    assert (tmp_path / "once").read_bytes() == (tmp_path / "twice").read_bytes()
