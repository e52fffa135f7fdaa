"""Previews of tables: rows without people, and the spread of a share."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mavprep_analytics.previews import first_rows, public_columns, spread
from mavprep_analytics.tables import TABLES

MASTERY = TABLES["subject_mastery"]


def mastery(folder: Path, *values: str) -> list[Path]:
    rows = [
        {"user_id": f"canary-{n}", "mastery": Decimal(value), "level": "starting"}
        for n, value in enumerate(values)
    ]
    path = folder / "mastery.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=MASTERY.arrow_schema), path)
    return [path]


@pytest.mark.parametrize("name", TABLES)
def test_no_column_that_stands_for_a_person_is_shown(name: str) -> None:
    shown = public_columns(TABLES[name])
    assert not {"user_id", "display_name", "email", "name_of_user", "next_milestone"} & set(shown)
    assert name != "unresolved_references" or "reference" not in shown


def test_the_first_rows_name_nobody(tmp_path: Path) -> None:
    text = first_rows(MASTERY, mastery(tmp_path, *["0.5"] * 20))
    assert "| mastery" in text
    assert text.count("starting") == 8
    assert "canary" not in text


def test_the_spread_counts_each_share_once(tmp_path: Path) -> None:
    text = spread(MASTERY, mastery(tmp_path, "0.0", "0.05", "0.15", "0.95", "1"))
    counts = [int(line.split()[-1]) for line in text.splitlines()[2:-1]]
    assert counts == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert spread(TABLES["rankings"], []) == ""


def test_an_empty_table_has_no_rows_to_show(tmp_path: Path) -> None:
    assert first_rows(MASTERY, mastery(tmp_path)) == ""
