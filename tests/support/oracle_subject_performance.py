"""Subject performance by day, slowly, from plain rows."""

from collections import defaultdict
from fractions import Fraction

from oracle_attempts import (
    Row,
    Tables,
    eligible,
    happened,
    known_users,
    local_date,
    question,
    resolve_subject,
)
from oracle_rounding import rounded

_LEVELS = ("easy", "medium", "hard")


def subject_performance(tables: Tables, default: str) -> list[Row]:
    groups = defaultdict(list)
    for row in eligible(tables):
        subject = resolve_subject(tables, row["subject_ref"], row["subject_name"])
        if subject is not None and row["user_id"] in known_users(tables):
            day = local_date(tables, row["user_id"], happened(row), default)
            groups[row["user_id"], subject, day].append(row)
    return [_day(tables, key, attempts) for key, attempts in groups.items()]


def _day(tables: Tables, key: tuple[object, ...], attempts: list[Row]) -> Row:
    user, subject, day = key
    seconds = sum((Fraction(row["time_spent_seconds"]) for row in attempts), Fraction(0))
    percents = [Fraction(row["percentage_score"]) for row in attempts]
    counts = [_levels(tables, row) for row in attempts]
    return {
        "user_id": user,
        "subject_id": subject,
        "date": day,
        "tests_taken": len(attempts),
        "questions_answered": sum(r["correct_answers"] + r["incorrect_answers"] for r in attempts),
        "correct_answers": sum(r["correct_answers"] for r in attempts),
        "average_score": rounded(sum(percents, Fraction(0)) / len(percents), 2),
        "study_time_minutes": int(rounded(seconds / 60, 0)),
        **{name: sum(count[name] for count in counts) for name in counts[0]},
    }


def _levels(tables: Tables, row: Row) -> dict[str, int]:
    if row["easy_total"] is not None:
        return {f"{k}_{c}": row[f"{k}_{c}"] for k in _LEVELS for c in ("correct", "total")}
    counts = {f"{level}_{count}": 0 for level in _LEVELS for count in ("correct", "total")}
    for answer in row["answers"] or []:
        found = question(tables, answer["question_ref"])
        if found is not None and found["difficulty"] is not None:
            counts[f"{found['difficulty']}_total"] += 1
            counts[f"{found['difficulty']}_correct"] += answer["is_correct"]
    return counts
