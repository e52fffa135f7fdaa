"""PLAN items: exam plans over the student's subjects, with topics to study and milestones."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue
from mavprep_analytics.campus.curriculum import COURSES
from mavprep_analytics.campus.population import Population, random_uuids
from mavprep_analytics.campus.term_calendar import Term

_STATUSES = ("active", "completed", "paused", "abandoned")


def study_plan_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    population: Population,
    students: range,
    term: Term,
) -> Iterator[dict[str, object]]:
    """Yield a plan for about 45 % of the students."""
    ids = random_uuids(rng, len(students))
    has_plan = rng.random(len(students)) < 0.45
    for student, plan_id, wanted in zip(students, ids, has_plan.tolist(), strict=True):
        if wanted:
            subjects = np.flatnonzero(population.enrolled[student])[:2].tolist()
            user_id = population.user_ids[student]
            yield _plan(rng, catalogue, user_id, plan_id, subjects, term)


def _plan(
    rng: np.random.Generator,
    catalogue: Catalogue,
    user_id: str,
    plan_id: str,
    subjects: list[int],
    term: Term,
) -> dict[str, object]:
    exam = term.until + timedelta(days=int(rng.integers(-7, 40)))
    parts = [
        _subject(rng, catalogue, subject, place, term) for place, subject in enumerate(subjects, 1)
    ]
    done = [topic["completed"] for _, topics in parts for topic in topics]
    is_over = exam <= term.until
    return {
        "PK": f"USER#{user_id}",
        "SK": f"PLAN#{plan_id}",
        "planId": plan_id,
        "planName": f"{COURSES[subjects[0]].name} Exam Prep",
        "examDate": f"{exam}T09:00:00Z",
        "daysUntilExam": max(0, (exam - term.until).days),
        "targetScore": int(rng.integers(70, 100)),
        "subjects": [part for part, _ in parts],
        "milestones": _milestones(exam, term),
        "overallProgress": 100 * sum(map(bool, done)) // len(done),
        "tasksCompleted": sum(map(bool, done)),
        "tasksTotal": len(done),
        "studyHoursPerDay": int(rng.integers(1, 4)),
        "studyDaysPerWeek": int(rng.integers(3, 7)),
        "preferredStudyTime": "evening",
        "status": "completed" if is_over else _STATUSES[int(rng.choice(4, p=(0.8, 0, 0.1, 0.1)))],
        "created": f"{term.first_day}T10:00:00Z",
        "lastUpdated": f"{term.until - timedelta(days=1)}T14:00:00Z",
    }


def _subject(
    rng: np.random.Generator, catalogue: Catalogue, subject: int, priority: int, term: Term
) -> tuple[dict[str, object], list[dict[str, object]]]:
    topics: list[dict[str, object]] = []
    for topic in [t for t in catalogue.leaf_topics if t.subject == subject]:
        scheduled = term.until + timedelta(days=int(rng.integers(-40, 25)))
        completed = scheduled <= term.until and bool(rng.random() < 0.7)
        topics.append(
            {
                "topicId": topic.id,
                "topicName": topic.name,
                "scheduledDate": scheduled.isoformat(),
                "completed": completed,
                "performance": int(rng.integers(40, 101)) if completed else None,
                "timeSpent": int(rng.integers(20, 180)) if completed else 0,
            }
        )
    part: dict[str, object] = {
        "subjectId": catalogue.subject_ids[subject],
        "subjectName": COURSES[subject].name,
        "priority": priority,
        "currentMastery": int(rng.integers(30, 90)),
        "targetMastery": 90,
        "topics": topics,
    }
    return part, topics


def _milestones(exam: date, term: Term) -> list[object]:
    milestones: list[object] = []
    for weeks_before in (4, 2, 1):
        day = exam - timedelta(weeks=weeks_before)
        milestone: dict[str, object] = {
            "date": day.isoformat(),
            "description": f"Ready {weeks_before} weeks before the exam",
            "completed": day < term.until,
        }
        if day < term.until:
            milestone["completedDate"] = max(day, term.first_day).isoformat()
        milestones.append(milestone)
    return milestones
