from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lake_builders import Rows, add_tables, attempt, make_lake, rows_in, write_rows

from mavprep_analytics.engine import (
    DuckDBEngine,
    InputMissing,
    ModelRefused,
    build,
    build_all,
    run_parameters,
)

PARAMETERS = run_parameters(date(2025, 4, 6), "UTC")
ENGINE = DuckDBEngine()
ATTEMPTS = {"core_attempts": [attempt("u", "t", at=1e9)]}


def test_a_table_is_built_once_from_the_same_inputs(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, ATTEMPTS)
    first = build("eligible_attempts", lake, ENGINE, PARAMETERS)
    number = lake.head().number
    second = build("eligible_attempts", lake, ENGINE, PARAMETERS)
    assert (first.unchanged, first.rows) == (False, 1)
    assert (second.unchanged, second.rows, second.entry) == (True, 1, first.entry)
    assert lake.head().number == number


def test_a_changed_input_builds_again(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, ATTEMPTS)
    build("eligible_attempts", lake, ENGINE, PARAMETERS)
    add_tables(lake, {"core_profiles": [{"user_id": "u"}]})
    assert not build("eligible_attempts", lake, ENGINE, PARAMETERS).unchanged
    assert rows_in(lake, "eligible_attempts")[0]["is_known_user"]


def test_only_parameters_that_the_model_names_build_again(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, ATTEMPTS)
    build("eligible_attempts", lake, ENGINE, PARAMETERS)
    later = {**PARAMETERS, "as_of_day": 30000}
    assert build("eligible_attempts", lake, ENGINE, later).unchanged
    lake_zones = [{"timezone": z, "from_micros": -(10**17), "to_micros": 10**17} for z in "AB"]
    add_tables(lake, {"time_zone_offsets": lake_zones})
    build("eligible_attempts", lake, ENGINE, {**PARAMETERS, "default_timezone": "A"})
    elsewhere = {**PARAMETERS, "default_timezone": "B"}
    assert not build("eligible_attempts", lake, ENGINE, elsewhere).unchanged


def test_an_input_that_is_not_in_the_lake_is_named(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    with pytest.raises(InputMissing, match="test_leaderboard reads best_attempts"):
        build("test_leaderboard", lake, ENGINE, PARAMETERS)


def test_a_missing_parameter_is_named_before_anything_runs(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    with pytest.raises(ModelRefused, match=r"eligible_attempts needs \$default_timezone"):
        build("eligible_attempts", lake, ENGINE, {})


def test_an_input_of_an_older_version_is_passed_or_left_empty(tmp_path: Path) -> None:
    people: Rows = {
        "core_profiles": [{"user_id": "u"}],
        "core_reputations": [{"user_id": "u", "reputation": 5}],
        "subject_mastery": [],
    }
    lake = make_lake(tmp_path, people)
    build("rankings", lake, ENGINE, PARAMETERS, extra={"previous_rankings": None})
    assert rows_in(lake, "rankings")[0]["previous_rank"] is None
    board = {"metric": "reputation", "scope": "global", "user_id": "u", "rank": 3}
    older = write_rows(lake, "previous_rankings", [board])
    again = build("rankings", lake, ENGINE, PARAMETERS, extra={"previous_rankings": older})
    assert not again.unchanged
    assert rows_in(lake, "rankings")[0]["previous_rank"] == 3


def test_tables_are_built_in_the_given_order(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, ATTEMPTS)
    built = build_all(["mastery_tree", "question_numbers"], lake, ENGINE, PARAMETERS)
    assert [(b.name, b.rows) for b in built] == [("mastery_tree", 4), ("question_numbers", 0)]


def test_parameters_of_a_run_are_days_and_instants_of_its_week() -> None:
    parameters = run_parameters(date(2025, 4, 3), "Europe/Berlin")
    assert parameters["as_of_day"] == (date(2025, 4, 3) - date(1970, 1, 1)).days
    assert parameters["week_start_day"] == (date(2025, 3, 31) - date(1970, 1, 1)).days
    assert parameters["reading_day"] == (date(2025, 4, 6) - date(1970, 1, 1)).days
    assert parameters["previous_reading_day"] == (date(2025, 3, 30) - date(1970, 1, 1)).days
    assert parameters["until_micros"] == int(datetime(2025, 4, 4, tzinfo=UTC).timestamp()) * 10**6
    assert parameters["default_timezone"] == "Europe/Berlin"
