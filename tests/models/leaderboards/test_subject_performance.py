from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from built_metrics import metric
from lake_builders import DAY, Row, answer, attempt, uuid_of

from mavprep_analytics.periods import micros

ALGEBRA = uuid_of("algebra")
TABLES: dict[str, list[Row]] = {
    "core_profiles": [{"user_id": "u", "timezone": "Europe/Berlin"}],
    "catalogue_subjects": [{"subject_id": ALGEBRA, "code": "ALG", "name": "Algebra"}],
}


def tried(number: int = 1, at: float = 1e9, **more: Any) -> Row:
    row = attempt("u", "t", at=at, key=f"{at} {number}", subject_ref="alg")
    return {**row, **more}


def days(folder: Path, *attempts: Row, **tables: list[Row]) -> list[Row]:
    given = {**TABLES, "core_attempts": list(attempts), **tables}
    return metric("subject_performance", folder, given)


def test_the_mean_is_rounded_half_away_from_zero(tmp_path: Path) -> None:
    means = {
        ("85.125",): "85.13",
        ("85.135",): "85.14",
        ("0.005", "0.005"): "0.01",
        ("66.66666666666666666667", "33.33333333333333333333"): "50.00",
        ("100", "100", "99.99"): "100.00",
        ("1", "1", "0"): "0.67",
    }
    attempts = [
        tried(number, at=day * DAY, percentage_score=Decimal(score))
        for day, scores in enumerate(means)
        for number, score in enumerate(scores)
    ]
    found = [str(row["average_score"]) for row in days(tmp_path, *attempts)]
    assert found == list(means.values())


def test_minutes_are_rounded_half_away_from_zero(tmp_path: Path) -> None:
    minutes = {"29.999999": 0, "30": 1, "90": 2, "0": 0}
    attempts = [
        tried(1, at=day * DAY, time_spent_seconds=Decimal(seconds))
        for day, seconds in enumerate(minutes)
    ]
    found = [row["study_time_minutes"] for row in days(tmp_path, *attempts)]
    assert found == list(minutes.values())


def test_a_local_day_of_23_hours_has_exact_ends(tmp_path: Path) -> None:
    instants = (
        "2025-03-29T22:59:59.999999+00:00",
        "2025-03-29T23:00:00+00:00",
        "2025-03-30T21:59:59.999999+00:00",
        "2025-03-30T22:00:00+00:00",
    )
    attempts = [
        tried(1, ended_at_micros=micros(datetime.fromisoformat(text)), test_id=text)
        for text in instants
    ]
    found = {row["date"]: row["tests_taken"] for row in days(tmp_path, *attempts)}
    assert found == {date(2025, 3, 29): 1, date(2025, 3, 30): 2, date(2025, 3, 31): 1}


def test_the_breakdown_of_the_attempt_wins_over_its_answers(tmp_path: Path) -> None:
    questions = [{"question_id": uuid_of("q"), "difficulty": "hard"}]
    answers = [answer(1, uuid_of("q"), True), answer(2, uuid_of("unknown"), True)]
    levels = {f"{n}_{c}": 0 for n in ("easy", "medium", "hard") for c in ("correct", "total")}
    written = tried(1, answers=answers, **{**levels, "easy_total": 4, "easy_correct": 3})
    counted = tried(2, answers=answers)
    row = days(tmp_path, written, counted, catalogue_questions=questions)[0]
    assert (row["easy_correct"], row["easy_total"]) == (3, 4)
    assert (row["hard_correct"], row["hard_total"]) == (1, 1)


def test_an_unresolved_subject_is_left_out(tmp_path: Path) -> None:
    assert days(tmp_path, tried(subject_ref="nonsense")) == []
