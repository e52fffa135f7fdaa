from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_metrics import AS_OF, metric
from lake_builders import Row, attempt

MONDAY = date(2025, 3, 31)


def done(on: date, hour: float = 12, **more: Any) -> Row:
    at = datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp() + hour * 3600
    return {**attempt("u", "t", at=at), "time_spent_seconds": Decimal(600), **more}


def weeks(folder: Path, *attempts: Row, zone: str | None = None, **tables: Any) -> dict[date, Row]:
    given = {
        "core_profiles": [{"user_id": "u", "timezone": zone}],
        "core_attempts": list(attempts),
        **tables,
    }
    rows = metric("student_week", folder, given)
    return {row["week_start"]: row for row in rows}


def daily(on: date, **counts: Any) -> Row:
    return {"user_id": "u", "activity_date": on, **counts}


def test_an_idle_student_has_six_weeks_of_nothing(tmp_path: Path) -> None:
    rows = weeks(tmp_path)
    assert sorted(rows) == [MONDAY - timedelta(days=7 * i) for i in range(5, -1, -1)]
    assert {row["study_minutes"] for row in rows.values()} == {0}
    assert not any(row["is_active_in_four_weeks"] for row in rows.values())
    assert rows[MONDAY]["cards_due"] == 0
    assert rows[MONDAY - timedelta(days=7)]["cards_due"] is None


def card(number: int, **more: Any) -> Row:
    return {"user_id": "u", "card_id": f"card {number}", "repetition": 0, **more}


def midnight(on: date) -> int:
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("micros", "lapses"),
    [
        (midnight(MONDAY) - 1, 0),
        (midnight(MONDAY), 1),
        (midnight(MONDAY + timedelta(days=7)) - 1, 1),
        (midnight(MONDAY + timedelta(days=7)), 0),
    ],
)
def test_a_card_lapses_from_monday_until_the_next(tmp_path: Path, micros: int, lapses: int) -> None:
    cards = [card(1, last_reviewed_at_micros=micros), card(2)]
    known = card(3, last_reviewed_at_micros=micros) | {"repetition": 1}
    row = weeks(tmp_path, core_flashcards=[*cards, known])[MONDAY]
    assert row["cards_lapsed"] == lapses


@pytest.mark.parametrize(("micros", "due"), [(-1, 1), (0, 0)])
def test_a_card_is_due_until_next_monday_is_over(tmp_path: Path, micros: int, due: int) -> None:
    tuesday = midnight(MONDAY + timedelta(days=8))
    cards = [card(1, next_review_at_micros=tuesday + micros), card(2)]
    assert weeks(tmp_path, core_flashcards=cards)[MONDAY]["cards_due"] == due


def test_a_daily_item_replaces_the_attempts_of_its_date_only(tmp_path: Path) -> None:
    counts = {"tests_completed": 3, "study_time_minutes": Decimal("12.5")}
    attempts = [done(MONDAY, correct_answers=4), done(AS_OF, correct_answers=4)]
    row = weeks(tmp_path, *attempts, core_daily_activities=[daily(MONDAY, **counts)])[MONDAY]
    assert (row["tests"], row["correct"]) == (4, 4)
    assert (row["minutes_monday"], row["minutes_sunday"], row["study_minutes"]) == (13, 10, 23)


def test_an_empty_daily_item_is_no_activity(tmp_path: Path) -> None:
    row = weeks(tmp_path, core_daily_activities=[daily(AS_OF)])[MONDAY]
    assert (row["is_active"], row["active_days"], row["streak_days"]) == (False, 0, 0)


def test_a_streak_ends_today_or_yesterday(tmp_path: Path) -> None:
    streaks = {
        (0, 1, 2): (3, 3),
        (1, 2): (2, 2),
        (2, 3, 4): (0, 3),
        (0, 2, 3): (1, 2),
        (): (0, 0),
    }
    users = [f"u{i}" for i in range(len(streaks))]
    attempts = [
        done(AS_OF - timedelta(days=days), user_id=user)
        for user, days_ago in zip(users, streaks, strict=True)
        for days in days_ago
    ]
    profiles = [{"user_id": user} for user in users]
    rows = metric("student_week", tmp_path, {"core_profiles": profiles, "core_attempts": attempts})
    found = [
        (row["streak_days"], row["longest_streak_days"])
        for row in rows
        if row["week_start"] == MONDAY
    ]
    assert found == list(streaks.values())


def test_the_evening_of_a_wednesday_is_not_thursday_yet(tmp_path: Path) -> None:
    tables = {
        "core_profiles": [{"user_id": "u", "timezone": None}],
        "core_attempts": [done(MONDAY + timedelta(days=1))],
    }
    rows = metric("student_week", tmp_path, tables, as_of=MONDAY + timedelta(days=2))
    assert [r["streak_days"] for r in rows if r["week_start"] == MONDAY] == [1]


def test_a_past_week_shows_the_streak_as_it_stood(tmp_path: Path) -> None:
    attempts = [done(MONDAY + timedelta(days=days)) for days in range(-3, 3)]
    rows = weeks(tmp_path, *attempts)
    assert rows[MONDAY - timedelta(days=7)]["streak_days"] == 3
    assert rows[MONDAY]["longest_streak_days"] == 6


def test_an_attempt_that_waits_for_its_grade_keeps_the_streak_but_is_no_test(
    tmp_path: Path,
) -> None:
    row = weeks(tmp_path, done(AS_OF, is_graded=False))[MONDAY]
    assert (row["streak_days"], row["tests"], row["is_active"]) == (1, 0, False)


@pytest.mark.parametrize(
    ("zone", "monday"),
    [("Pacific/Kiritimati", MONDAY), ("America/New_York", MONDAY - timedelta(days=7))],
)
def test_a_week_begins_at_the_local_monday(tmp_path: Path, zone: str, monday: date) -> None:
    sunday_noon = done(MONDAY - timedelta(days=1), 12)
    rows = weeks(tmp_path, sunday_noon, zone=zone)
    assert [week for week, row in rows.items() if row["tests"]] == [monday]


def test_a_week_with_a_change_of_summer_time_loses_nothing(tmp_path: Path) -> None:
    """An attempt at every full hour, that of the change included, of a week of 167 hours and one more."""
    start = datetime(2025, 3, 23, 23, tzinfo=UTC).timestamp()
    attempts = [attempt("u", "t", at=start + 3600 * hour) for hour in range(168)]
    rows = weeks(tmp_path, *attempts, zone="Europe/Berlin")
    assert rows[MONDAY - timedelta(days=7)]["tests"] == 167
    assert rows[MONDAY]["tests"] == 1


def test_four_quiet_weeks_end_the_activity(tmp_path: Path) -> None:
    rows = weeks(tmp_path, done(MONDAY - timedelta(days=22)))
    assert rows[MONDAY - timedelta(days=7)]["is_active_in_four_weeks"]
    assert not rows[MONDAY]["is_active_in_four_weeks"]


def test_a_task_of_sunday_belongs_to_the_week_that_it_ends(tmp_path: Path) -> None:
    sunday = MONDAY - timedelta(days=1)
    days = [sunday - timedelta(days=6), sunday, sunday, MONDAY, None]
    plan = {
        "user_id": "u",
        "plan_id": "p",
        "status": "ACTIVE",
        "tasks": [{"scheduled_on": day, "is_completed": day == sunday} for day in days],
    }
    rows = weeks(tmp_path, core_study_plans=[plan])
    found = {week: (r["plan_tasks_planned"], r["plan_tasks_done"]) for week, r in rows.items()}
    assert found[MONDAY - timedelta(days=7)] == (3, 2)
    assert found[MONDAY] == (1, 0)


def test_the_next_milestone_is_the_earliest_open_one_of_an_active_plan(tmp_path: Path) -> None:
    def plan(number: int, status: str, *milestones: Row) -> Row:
        return {
            "user_id": "u",
            "plan_id": str(number),
            "status": status,
            "milestones": list(milestones),
        }

    def due(days: int, *, done: bool = False) -> Row:
        on = AS_OF + timedelta(days=days)
        return {"due_on": on, "description": f"in {days}", "is_completed": done}

    plans = [plan(1, "active", due(-1), due(1, done=True), due(5)), plan(2, "paused", due(2))]
    row = weeks(tmp_path, core_study_plans=plans)[MONDAY]
    assert (row["next_milestone_on"], row["next_milestone"]) == (AS_OF + timedelta(days=5), "in 5")


def test_a_milestone_of_today_is_still_ahead_and_one_of_yesterday_is_not(tmp_path: Path) -> None:
    milestones = [
        {
            "due_on": AS_OF - timedelta(days=days),
            "description": f"{days} ago",
            "is_completed": False,
        }
        for days in (1, 0)
    ]
    plan = {"user_id": "u", "plan_id": "p", "status": "active", "milestones": milestones}
    assert weeks(tmp_path, core_study_plans=[plan])[MONDAY]["next_milestone"] == "0 ago"
