"""Last week's predictions: measured as the slow oracle does, once, from what was known before; and when to warn."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from answer_lakes import Size, lake_of, random_rows
from lake_builders import Row, rows_in
from mastery_oracle import Oracle
from oracle_quality import ece, log_loss, predicted

from mavprep_analytics.engine import DuckDBEngine, build_all, run_parameters
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery import build_quality
from mavprep_analytics.mastery.build import BEFORE
from mavprep_analytics.mastery.quality import miscalibration

SUNDAY = date(2025, 4, 6)
EPOCH = date(1970, 1, 1)
SIZE = Size(students=20, questions=250, attempts=500)


def lake_with_answers(folder: Path, seed: int) -> Lake:
    lake = lake_of(folder, random_rows(seed, SIZE))
    build_all(BEFORE, lake, DuckDBEngine(), run_parameters(SUNDAY, "UTC"))
    return lake


def measured(lake: Lake, as_of: date, fewest: int = 1) -> dict[str, Row]:
    parameters = run_parameters(as_of, "UTC")
    build_quality(lake, DuckDBEngine(), parameters, fewest_answers=fewest)
    return {row["model"]: row for row in rows_in(lake, "mastery_quality")}


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(n, marks=pytest.mark.long) for n in (3, 4))])
def test_the_measures_are_those_of_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    lake = lake_with_answers(tmp_path, seed)
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    oracle = Oracle({name: rows_in(lake, name) for name in names})
    for model, marks in predicted(oracle, (SUNDAY - EPOCH).days).items():
        row = measured(lake, SUNDAY)[model]
        assert (row["week_start"], row["answers"]) == (SUNDAY - timedelta(days=6), len(marks))
        assert row["answers"] > 30
        assert float(row["ece"]) == pytest.approx(ece(marks), abs=0.000_06)
        assert float(row["log_loss"]) == pytest.approx(log_loss(marks), abs=0.000_06)


def test_a_week_is_measured_on_its_sunday_and_stands_until_the_next(tmp_path: Path) -> None:
    lake = lake_with_answers(tmp_path, 1)
    sunday = measured(lake, SUNDAY)
    version = lake.head().number
    for days in range(1, 7):
        assert measured(lake, SUNDAY + timedelta(days=days)) == sunday
    assert lake.head().number == version
    assert measured(lake, SUNDAY + timedelta(days=7)) != sunday


def test_what_was_answered_in_the_week_changes_no_prediction_of_it(tmp_path: Path) -> None:
    """All wrong instead of right: the loss moves, and the chances that were given stay."""
    rows = random_rows(1, SIZE)
    (tmp_path / "a").mkdir()
    oracle = Oracle(rows_of(lake_of(tmp_path / "a", rows)))
    monday = (SUNDAY - EPOCH).days * 86_400_000_000 - 6 * 86_400_000_000
    for attempt in rows["core_attempts"]:
        ended = attempt["ended_at_micros"]
        if (attempt["started_at_micros"] if ended is None else ended) >= monday:
            for answer in attempt["answers"] or []:
                answer["is_correct"] = False
    (tmp_path / "b").mkdir()
    wrong = lake_of(tmp_path / "b", rows)
    build_all(BEFORE, wrong, DuckDBEngine(), run_parameters(SUNDAY, "UTC"))
    for model, marks in predicted(oracle, (SUNDAY - EPOCH).days).items():
        expected = log_loss([(0, chance) for _, chance in marks])
        found = float(measured(wrong, SUNDAY)[model]["log_loss"])
        assert found == pytest.approx(expected, abs=0.000_06)


def rows_of(lake: Lake) -> dict[str, list[Row]]:
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    return {name: rows_in(lake, name) for name in names}


def test_with_too_few_answers_only_they_are_counted(tmp_path: Path) -> None:
    lake = lake_with_answers(tmp_path, 1)
    answers = measured(lake, SUNDAY)["mastery"]["answers"]
    enough = measured(lake, SUNDAY, fewest=answers)["mastery"]
    assert None not in (enough["ece"], enough["log_loss"])
    row = measured(lake, SUNDAY, fewest=answers + 1)["mastery"]
    assert (row["answers"], row["ece"], row["log_loss"]) == (answers, None, None)


def test_a_week_without_answers_has_no_measures(tmp_path: Path) -> None:
    found = measured(lake_with_answers(tmp_path, 1), date(2020, 1, 5))
    assert {m: (r["answers"], r["students"], r["ece"]) for m, r in found.items()} == {
        "mastery": (0, 0, None),
        "percent_correct": (0, 0, None),
    }


@pytest.mark.parametrize(
    ("ece_of_mastery", "told"), [(None, None), ("0.0300", None), ("0.0301", "off by 3.0%")]
)
def test_a_person_is_told_above_three_points(ece_of_mastery: str | None, told: str | None) -> None:
    value = None if ece_of_mastery is None else Decimal(ece_of_mastery)
    rows = [
        {"model": model, "week_start": SUNDAY, "answers": 9_000, "ece": value}
        for model in ("mastery", "percent_correct")
    ]
    problem = miscalibration(rows)
    assert (problem is None) == (told is None)
    assert told is None or (problem is not None and told in problem)
