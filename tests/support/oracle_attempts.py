"""The slow, obvious reading of attempts: who counts, which subject, which test, which local date. Plain rows only."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

_ZONES = available_timezones()
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def happened(attempt: Row) -> int:
    """Return endTime, else startTime."""
    ended: int | None = attempt["ended_at_micros"]
    return attempt["started_at_micros"] if ended is None else ended


def known_users(tables: Tables) -> set[str]:
    return {row["user_id"] for row in tables["core_profiles"]}


def zone_of(tables: Tables, user: str, default: str) -> ZoneInfo:
    names = [row["timezone"] for row in tables["core_profiles"] if row["user_id"] == user]
    name = names[0] if names and names[0] in _ZONES else default
    return ZoneInfo(name)


def local_date(tables: Tables, user: str, micros: int, default: str) -> date:
    return instant(micros).astimezone(zone_of(tables, user, default)).date()


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _only(found: Iterable[str]) -> str | None:
    ids = list(found)
    return ids[0] if len(ids) == 1 else None


def resolve_subject(tables: Tables, reference: str, name: str | None) -> str | None:
    """Return the subject that an id, else a code, else a name stands for, or None."""
    subjects = tables["catalogue_subjects"]

    def where(test: Callable[[Row], bool]) -> str | None:
        return _only(row["subject_id"] for row in subjects if test(row))

    wanted = reference.strip(" ").lower()
    by_id = where(lambda row: row["subject_id"] == reference.lower())
    by_code = where(lambda row: row["code"].strip(" ").lower() == wanted)
    by_name = where(
        lambda row: name is not None and row["name"].strip(" ").lower() == name.strip(" ").lower()
    )
    return by_id or by_code or by_name


def resolve_test(tables: Tables, test: str) -> str | None:
    ids = {row["test_template_id"] for row in tables["catalogue_tests"]}
    return test.lower() if test.lower() in ids else None


def question(tables: Tables, reference: str) -> Row | None:
    for row in tables["catalogue_questions"]:
        if row["question_id"] == reference.lower():
            return row
    return None


def eligible(tables: Tables) -> list[Row]:
    """Return the attempts that are completed and graded."""
    return [row for row in tables["core_attempts"] if row["is_completed"] and row["is_graded"]]


def attempt_id(attempt: Row) -> str:
    given: str | None = attempt["attempt_id"]
    return f"{attempt['test_id']}#{attempt['attempt_key']}" if given is None else given


def eligible_attempts(tables: Tables, default: str) -> list[Row]:
    """Return the rows of the table eligible_attempts."""
    same = (
        "user_id",
        "test_id",
        "attempt_key",
        "score",
        "percentage_score",
        "time_spent_seconds",
        "total_questions",
        "correct_answers",
        "incorrect_answers",
        "skipped_questions",
    )
    return [
        {
            **{name: row[name] for name in same},
            "is_known_user": row["user_id"] in known_users(tables),
            "attempt_id": attempt_id(row),
            "test_template_id": resolve_test(tables, row["test_id"]),
            "subject_id": resolve_subject(tables, row["subject_ref"], row["subject_name"]),
            "at_micros": happened(row),
            "utc_day": day_number(instant(happened(row)).date()),
            "local_day": day_number(local_date(tables, row["user_id"], happened(row), default)),
        }
        for row in eligible(tables)
    ]
