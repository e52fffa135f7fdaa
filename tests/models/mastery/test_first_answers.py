"""Which of two answers to a question was first: by end, else start, then attemptId, then test and key."""

from pathlib import Path
from typing import Any

import pytest
from answer_lakes import lake_of
from lake_builders import MICROS, Row, answer, attempt, rows_in, uuid_of

from mavprep_analytics.engine import DuckDBEngine, build_all

NOON = 1_000_000_800
BEFORE = ("mastery_tree", "question_numbers", "first_answers")


def tried(correct: bool, **more: Any) -> Row:
    row = attempt("ada", "test", at=NOON, answers=[answer(1, uuid_of("q"), correct)])
    return {**row, "attempt_key": "key", **more}


def is_first_right(folder: Path, *attempts: Row) -> bool:
    rows = {
        "core_profiles": [{"user_id": "ada"}],
        "catalogue_questions": [{"question_id": uuid_of("q"), "topic_id": uuid_of("t")}],
        "core_attempts": list(attempts),
    }
    lake = lake_of(folder, rows)
    build_all(BEFORE, lake, DuckDBEngine(), {"default_timezone": "UTC"})
    (found,) = rows_in(lake, "first_answers")
    return bool(found["is_correct"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"attempt_key": "2", "started_at_micros": (NOON - 1) * MICROS},
            {"attempt_key": "1", "ended_at_micros": (NOON + 1) * MICROS},
        ),
        (
            {"attempt_key": "2", "started_at_micros": (NOON - 1) * MICROS, "ended_at_micros": None},
            {"attempt_key": "1"},
        ),
        ({"test_id": "z", "attempt_id": "a"}, {"test_id": "a", "attempt_id": "b"}),
        ({"test_id": "z", "attempt_id": "s"}, {"test_id": "test", "attempt_id": None}),
        ({"test_id": "test", "attempt_id": None}, {"test_id": "a", "attempt_id": "test$"}),
        (
            {"test_id": "a", "attempt_id": "x", "attempt_key": "2"},
            {"test_id": "b", "attempt_id": "x", "attempt_key": "1"},
        ),
        ({"attempt_key": "1", "attempt_id": "x"}, {"attempt_key": "2", "attempt_id": "x"}),
    ],
)
def test_the_first_answer_is_by_end_then_attempt_id_then_test_and_key(
    tmp_path: Path, first: Row, second: Row
) -> None:
    for place, correct in enumerate((True, False)):
        pair = tried(correct, **first), tried(not correct, **second)
        assert is_first_right(tmp_path / str(place), *pair) is correct


def test_of_one_attempt_the_lower_position_is_first(tmp_path: Path) -> None:
    twice = [answer(2, uuid_of("q"), False), answer(1, uuid_of("q"), True)]
    assert is_first_right(tmp_path, tried(True, answers=twice))
