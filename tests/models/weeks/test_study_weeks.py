"""Weeks from the table that a night follows: right on any day of the week, and computed for whom the night touched."""

from datetime import timedelta
from pathlib import Path

import pytest
from lake_builders import Row, add_tables, attempt, rows_in
from metric_lakes import assert_same_rows, build_metrics
from nasty_lakes import AS_OF, DEFAULT_ZONE, nasty_tables, previous_rankings
from oracle_rankings import rankings
from oracle_weeks import student_weeks

from mavprep_analytics.engine import Built, DuckDBEngine, build_all, run_parameters
from mavprep_analytics.lake import Lake

MONDAY = AS_OF - timedelta(days=6)
BEFORE = ["eligible_attempts", "study_days"]
WEEKS = ["study_weeks", "student_week"]


def built_on(lake: Lake, days: int, names: list[str] = WEEKS) -> dict[str, Built]:
    parameters = run_parameters(MONDAY + timedelta(days=days), DEFAULT_ZONE)
    return {built.name: built for built in build_all(names, lake, DuckDBEngine(), parameters)}


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))]
)
def test_one_table_gives_the_weeks_of_every_day_until_sunday(tmp_path: Path, seed: int) -> None:
    tables = nasty_tables(seed, students=24)
    previous = previous_rankings(seed, tables)
    lake = build_metrics(tmp_path, tables, previous)
    ranks = rankings(tables, previous)
    for days in range(7):
        built = built_on(lake, days)
        assert built["study_weeks"].unchanged
        weeks = student_weeks(tables, DEFAULT_ZONE, MONDAY + timedelta(days=days), ranks)
        assert_same_rows("student_week", lake, weeks)


def studied(user: str, *days: int) -> list[Row]:
    """Return an attempt at noon of each of these days after Monday."""
    noon = (MONDAY.toordinal() - 719_163) * 86_400 + 43_200
    return [attempt(user, f"t{day}", at=noon + day * 86_400) for day in days]


def test_a_night_computes_the_weeks_of_its_students_alone(tmp_path: Path) -> None:
    users = [f"u{i}" for i in range(20)]
    tables = {
        "core_profiles": [{"user_id": user} for user in users],
        "core_attempts": [row for user in users for row in studied(user, -9, -1, 0)],
    }
    lake = build_metrics(tmp_path / "nights", tables, None)
    built_on(lake, 1, BEFORE + WEEKS)
    tables["core_attempts"] += studied("u3", 1, 2)
    add_tables(lake, {"core_attempts": tables["core_attempts"]})
    (change,) = built_on(lake, 2, BEFORE + WEEKS)["study_weeks"].entry.changes
    whole = build_metrics(tmp_path / "whole", tables, None)
    built_on(whole, 2, WEEKS)
    assert change.keys.rows == 1
    assert rows_in(lake, "student_week") == rows_in(whole, "student_week")
    (three,) = (r for r in rows_in(lake, "student_week") if r["streak_days"] == 4)
    assert (three["user_id"], three["week_start"]) == ("u3", MONDAY)


def test_a_new_week_is_computed_for_everybody(tmp_path: Path) -> None:
    tables = {"core_profiles": [{"user_id": "u"}], "core_attempts": studied("u", 0)}
    lake = build_metrics(tmp_path, tables, None)
    built = built_on(lake, 7)
    assert not built["study_weeks"].unchanged
    weeks = {row["week_start"]: row["tests"] for row in rows_in(lake, "student_week")}
    assert (max(weeks), weeks[MONDAY]) == (MONDAY + timedelta(days=7), 1)
