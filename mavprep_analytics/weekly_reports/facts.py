"""What is known of one student before anything is chosen: rows of the lake, typed, grouped by student.

The order of the fields is the order of the columns in `sql/weekly_reports/audience/`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class Student(NamedTuple):
    """A student of the audience; timezone is already checked, the others null when not given."""

    user_id: str
    timezone: str
    language: str | None
    created_at_micros: int | None
    university: str | None


class WeekRow(NamedTuple):
    """A row of `student_week`."""

    user_id: str
    week_start: date
    tests: int
    questions: int
    correct: int
    study_minutes: int
    monday: int
    tuesday: int
    wednesday: int
    thursday: int
    friday: int
    saturday: int
    sunday: int
    active_days: int
    flashcards_reviewed: int
    streak_days: int
    longest_streak_days: int
    plan_tasks_planned: int
    plan_tasks_done: int
    cards_due: int | None
    is_active: bool


class MasteryRow(NamedTuple):
    """A row of `topic_mastery` whose level is not `not_enough_data`."""

    user_id: str
    topic_id: str
    mastery: Decimal
    mastery_low: Decimal
    mastery_high: Decimal
    answers: int
    last_answered_on: date
    previous_mastery: Decimal | None


class RecallRow(NamedTuple):
    """A row of `topic_recall` with due cards."""

    user_id: str
    topic_id: str
    due: int


class RankRow(NamedTuple):
    """A row of `rankings`."""

    user_id: str
    metric: str
    scope: str
    scope_key: str
    rank: int
    population: int
    tie_size: int
    percentile: Decimal
    previous_rank: int | None
    moved_by_self: int | None
    moved_by_others: int | None
    moved_by_joiners: int | None
    moved_by_leavers: int | None


class PlanRow(NamedTuple):
    """An active row of `core_study_plans`; milestones are dicts as declared there, or null."""

    user_id: str
    plan_id: str
    plan_name: str | None
    exam_at_micros: int | None
    tasks_completed: int
    tasks_total: int
    milestones: list[dict[str, Any]] | None


class MissedRow(NamedTuple):
    """Answers of the last four weeks below one topic, from `core_attempts`."""

    user_id: str
    topic_id: str
    missed: int
    answered: int


@dataclass
class Facts:
    """All rows of one student."""

    student: Student
    weeks: list[WeekRow] = field(default_factory=list)
    mastery: list[MasteryRow] = field(default_factory=list)
    recall: list[RecallRow] = field(default_factory=list)
    ranks: list[RankRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    missed: list[MissedRow] = field(default_factory=list)


class VideoRow(NamedTuple):
    """A row of `catalogue_videos`, the first of its topic."""

    topic_id: str
    video_id: str
    title: str
    duration_seconds: int


class PeerGroup(NamedTuple):
    """The active students of one university in the reported week, oneself included."""

    university: str
    students: int
    minutes: int
    answering: int
    questions: int
    correct: int


@dataclass(frozen=True)
class Catalogue:
    """Names and shapes that all students share.

    Args:
        topics: topic id -> (name, subject id).
        subjects: subject id -> name.
        ancestors: topic id -> the ids above it.
        weights: topic id -> share of its subject's questions, in percent.
        videos: topic id -> the first published lesson in its subtree, nearest first.
        peers: university -> its active students of the reported week.
    """

    topics: dict[str, tuple[str, str]]
    subjects: dict[str, str]
    ancestors: dict[str, tuple[str, ...]]
    weights: dict[str, int]
    videos: dict[str, VideoRow]
    peers: dict[str, PeerGroup] = field(default_factory=dict)
