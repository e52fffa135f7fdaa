from pathlib import Path

from lake_builders import Row, answer, attempt, rows_in, uuid_of
from metric_lakes import METRICS, build_metrics


def test_empty_tables_give_empty_metrics(tmp_path: Path) -> None:
    lake = build_metrics(tmp_path, {}, None)
    assert {name: rows_in(lake, name) for name in METRICS} == {name: [] for name in METRICS}


def test_one_student_with_one_answer_has_every_metric(tmp_path: Path) -> None:
    subject, question = uuid_of("s"), uuid_of("q")
    tables: dict[str, list[Row]] = {
        "core_profiles": [{"user_id": "u"}],
        "core_reputations": [{"user_id": "u", "reputation": 0}],
        "catalogue_subjects": [{"subject_id": subject, "code": "S", "name": "S"}],
        "catalogue_questions": [{"question_id": question, "topic_id": uuid_of("t")}],
        "core_attempts": [
            attempt("u", "t", at=1e9, subject_ref="s", answers=[answer(1, question, True)])
        ],
    }
    lake = build_metrics(tmp_path, tables, [])
    counts = {name: len(rows_in(lake, name)) for name in METRICS}
    assert counts == {
        "eligible_attempts": 1,
        "attempt_levels": 1,
        "topic_results": 0,
        "subject_performance": 1,
        "best_attempts": 1,
        "test_leaderboard": 1,
        "rankings": 1,
        "study_days": 1,
        "study_weeks": 6,
        "student_week": 6,
        "missing_references": 1,
        "unknown_students": 0,
        "unresolved_references": 1,
    }
