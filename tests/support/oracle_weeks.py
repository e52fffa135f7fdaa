"""A student's weeks, slowly, day by day, from plain rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from oracle_attempts import Row, Tables, happened, local_date, zone_of
from oracle_rounding import rounded

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Student:
    tables: Tables
    user: str
    default: str
    as_of: date

    def rows(self, table: str) -> list[Row]:
        return [row for row in self.tables[table] if row["user_id"] == self.user]

    @cached_property
    def completed(self) -> list[tuple[date, Row]]:
        rows = [row for row in self.rows("core_attempts") if row["is_completed"]]
        return [(self.local(happened(row)), row) for row in rows]

    def local(self, micros: int) -> date:
        return local_date(self.tables, self.user, micros, self.default)

    def attempts(self, day: date, *, graded: bool) -> list[Row]:
        return [row for on, row in self.completed if on == day and (row["is_graded"] or not graded)]

    @cached_property
    def _dailies(self) -> dict[date, Row]:
        return {row["activity_date"]: row for row in self.rows("core_daily_activities")}

    def daily(self, day: date) -> Row | None:
        return self._dailies.get(day)

    def today(self) -> date:
        over = datetime.combine(self.as_of + _DAY, time(), UTC) - timedelta(microseconds=1)
        return over.astimezone(zone_of(self.tables, self.user, self.default)).date()


def student_weeks(tables: Tables, default: str, as_of: date, rankings: list[Row]) -> list[Row]:
    monday = as_of - timedelta(days=as_of.weekday())
    students = [_Student(tables, r["user_id"], default, as_of) for r in tables["core_profiles"]]
    return [
        _week(student, monday - weeks * 7 * _DAY, rankings)
        for student in students
        for weeks in range(6)
    ]


def _week(student: _Student, monday: date, rankings: list[Row]) -> Row:
    days = [monday + i * _DAY for i in range(7)]
    sums = [_day(student, day) for day in days]
    last_day = min(days[6], student.today())
    is_current = monday + 7 * _DAY > student.as_of
    four_weeks = [monday + i * _DAY for i in range(-21, 7)]
    return {
        "user_id": student.user,
        "week_start": monday,
        **{n: sum(day[n] for day in sums) for n in ("tests", "questions", "correct")},
        "study_minutes": sum(day["minutes"] for day in sums),
        **{f"minutes_{name}": day["minutes"] for name, day in zip(_NAMES, sums, strict=True)},
        "active_days": sum(_is_active(student, day) for day in days),
        "flashcards_reviewed": sum(
            (student.daily(d) or {"flashcards_reviewed": 0})["flashcards_reviewed"] for d in days
        ),
        "streak_days": _streak(student, last_day),
        "longest_streak_days": _longest(student, last_day),
        "is_active": any(_counts(student, day) for day in days),
        "is_active_in_four_weeks": any(_counts(student, day) for day in four_weeks),
        **_plans(student, monday, last_day),
        **_signals(student, monday, rankings, is_current),
    }


def _day(student: _Student, day: date) -> dict[str, int]:
    daily = student.daily(day)
    if daily is not None:
        return {
            "tests": daily["tests_completed"],
            "questions": daily["questions_answered"],
            "correct": daily["correct_answers"],
            "minutes": int(rounded(daily["study_time_minutes"], 0)),
        }
    attempts = student.attempts(day, graded=True)
    seconds = sum((Fraction(row["time_spent_seconds"]) for row in attempts), Fraction(0))
    return {
        "tests": len(attempts),
        "questions": sum(r["correct_answers"] + r["incorrect_answers"] for r in attempts),
        "correct": sum(r["correct_answers"] for r in attempts),
        "minutes": int(rounded(seconds / 60, 0)),
    }


def _is_filled(daily: Row | None) -> bool:
    counts = (
        "tests_completed",
        "questions_answered",
        "correct_answers",
        "study_time_minutes",
        "videos_watched",
        "flashcards_reviewed",
    )
    return daily is not None and any(daily[name] > 0 for name in counts)


def _is_active(student: _Student, day: date) -> bool:
    return _is_filled(student.daily(day)) or bool(student.attempts(day, graded=False))


def _counts(student: _Student, day: date) -> bool:
    return _is_filled(student.daily(day)) or bool(student.attempts(day, graded=True))


def _streak(student: _Student, last_day: date) -> int:
    day = last_day if _is_active(student, last_day) else last_day - _DAY
    length = 0
    while _is_active(student, day):
        length, day = length + 1, day - _DAY
    return length


def _longest(student: _Student, last_day: date) -> int:
    longest = length = 0
    for back in range(90, -1, -1):
        length = length + 1 if _is_active(student, last_day - back * _DAY) else 0
        longest = max(longest, length)
    return longest


def _plans(student: _Student, monday: date, last_day: date) -> Row:
    plans = [p for p in student.rows("core_study_plans") if p["status"].lower() == "active"]
    tasks = [
        task
        for plan in plans
        for task in plan["tasks"] or []
        if task["scheduled_on"] and monday <= task["scheduled_on"] <= monday + 6 * _DAY
    ]
    ahead = [
        (milestone["due_on"], milestone["description"] or "", milestone["description"])
        for plan in plans
        for milestone in plan["milestones"] or []
        if not milestone["is_completed"] and milestone["due_on"] >= last_day
    ]
    following: tuple[Any, ...] = min(ahead, key=lambda m: m[:2], default=(None, None, None))
    return {
        "plan_tasks_planned": len(tasks),
        "plan_tasks_done": sum(task["is_completed"] for task in tasks),
        "next_milestone_on": following[0],
        "next_milestone": following[2],
    }


def _signals(student: _Student, monday: date, rankings: list[Row], is_current: bool) -> Row:
    names = ("cards_due", "cards_lapsed", "mastery_change", "global_rank_change")
    if not is_current:
        return dict.fromkeys(names)
    cards = student.rows("core_flashcards")
    due = [
        card
        for card in cards
        if card["next_review_at_micros"] is not None
        and student.local(card["next_review_at_micros"]) <= monday + 7 * _DAY
    ]
    lapsed = [
        card
        for card in cards
        if card["repetition"] == 0
        and card["last_reviewed_at_micros"] is not None
        and monday <= student.local(card["last_reviewed_at_micros"]) <= monday + 6 * _DAY
    ]
    values = (len(due), len(lapsed), _mastery_change(student), _rank_change(student, rankings))
    return dict(zip(names, values, strict=True))


def _mastery_change(student: _Student) -> Decimal | None:
    changes = [
        Fraction(row["mastery"]) - Fraction(row["previous_mastery"])
        for row in student.rows("topic_mastery")
        if row["previous_mastery"] is not None
    ]
    return rounded(sum(changes, Fraction(0)) / len(changes), 4) if changes else None


def _rank_change(student: _Student, rankings: list[Row]) -> int | None:
    for row in rankings:
        if (row["metric"], row["scope"], row["user_id"]) == ("reputation", "global", student.user):
            previous = row["previous_rank"]
            return None if previous is None else previous - row["rank"]
    return None
