"""A million students with one value: one rank for all, on boards and in rankings, and nobody moves."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from lake_builders import fill, make_lake

from mavprep_analytics.engine import DuckDBEngine, build, run_parameters
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import TABLES

STUDENTS = 1_000_000
PARAMETERS = run_parameters(date(2025, 4, 6), "UTC")
TIED = {"rank": 1, "dense_rank": 1, "tie_size": STUDENTS, "percentile": Decimal("50.00")}


def written(lake: Lake, name: str, **values: object) -> TableEntry:
    """Write a table with a row per student, alike but for user_id; columns that are not given are empty."""
    table = TABLES[name.removeprefix("previous_")]
    row = fill(table, values)
    columns = {
        field.name: pa.repeat(pa.scalar(row[field.name], field.type), STUDENTS)
        for field in table.arrow_schema
    }
    columns["user_id"] = pc.utf8_lpad(pa.array(range(STUDENTS)).cast(pa.string()), 7, "0")
    data = pa.table(columns, schema=table.arrow_schema)
    return lake.write(name, table.arrow_schema, data.to_batches(), {})


def same_for_all(lake: Lake, name: str) -> dict[str, object]:
    """Return the only values of the columns of a table with a row per student."""
    found = lake.read(lake.head().tables[name]).drop_columns(["user_id"])
    assert found.num_rows == STUDENTS
    (row,) = found.group_by(found.column_names).aggregate([]).to_pylist()
    return dict(row)


def test_a_ranking_of_a_million_equal_reputations_has_one_rank(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, {"subject_mastery": []})
    board = {"metric": "reputation", "scope": "global", "scope_key": ""}
    entries = {
        "core_profiles": written(lake, "core_profiles"),
        "core_reputations": written(lake, "core_reputations", reputation=7),
    }
    lake.commit(entries, base=lake.head())
    older = written(lake, "previous_rankings", **board, rank=1, value=Decimal(3))
    extra = {"previous_rankings": older}
    build("rankings", lake, DuckDBEngine(), PARAMETERS, extra=extra)
    row = same_for_all(lake, "rankings")
    assert row | TIED | {"previous_rank": 1, "population": STUDENTS} == row
    assert {name: row[name] for name in row if name.startswith("moved_by")} == {
        f"moved_by_{part}": 0 for part in ("self", "others", "joiners", "leavers")
    }


def test_a_board_of_a_million_equal_results_has_one_rank(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    entries = {
        "best_attempts": written(lake, "best_attempts", test_id="t", attempts=1, score=Decimal(5)),
        "core_profiles": written(lake, "core_profiles"),
    }
    lake.commit(entries, base=lake.head())
    build("test_leaderboard", lake, DuckDBEngine(), PARAMETERS)
    row = same_for_all(lake, "test_leaderboard")
    assert row | TIED | {"participants": STUDENTS} == row
