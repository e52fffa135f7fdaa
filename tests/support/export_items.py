"""Valid MavPrep items of every kind, as plain Python, and ways to write them as exports."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from mavprep_analytics.campus.destinations import Destination, LocalFolder
from mavprep_analytics.campus.export_writer import (
    Change,
    ExportOptions,
    ExportWritten,
    write_full_export,
    write_incremental_export,
)
from mavprep_analytics.campus.manifests import TableIdentity, View

Item = dict[str, Any]
TABLE = "MavPrep-Users"
MORNING = datetime(2026, 1, 2, tzinfo=UTC)
"""The instant of most full exports in these tests: the end of 2026-01-01."""


def profile(user: str = "u1", **changes: Any) -> Item:
    """A PROFILE item."""
    return {
        "PK": f"USER#{user}",
        "SK": "PROFILE",
        "userId": user,
        "email": f"{user}@uta.example",
        "name": "Ana Núñez",
        "university": "UTA",
        "created": "2025-01-15T10:30:00Z",
        "timezone": "America/Chicago",
        "emailVerified": True,
        "major": "Computer Science",
        **changes,
    }


def settings(user: str = "u1", **changes: Any) -> Item:
    """A SETTINGS item."""
    return {
        "PK": f"USER#{user}",
        "SK": "SETTINGS",
        "notifications": {"email": True, "weeklyReport": True, "push": False},
        "preferences": {"theme": "dark", "language": "en"},
        "privacy": {"profileVisible": True, "shareProgress": False, "anonymousCommunity": True},
        **changes,
    }


def reputation(user: str = "u1", **changes: Any) -> Item:
    """A REPUTATION item."""
    return {
        "PK": f"USER#{user}",
        "SK": "REPUTATION",
        "reputation": 500,
        "reputationHistory": [{"date": "2025-01-20", "change": 15, "reason": "Answer accepted"}],
        "badges": [{"id": "helpful", "name": "Helpful", "earnedDate": "2025-01-15"}],
        "globalRank": 12,
        "subjectRanks": {"s2": 3, "s1": 4},
        "postsCount": 25,
        **changes,
    }


def attempt(
    user: str = "u1", test: str = "t1", at: str = "2025-12-20T15:30:00Z", **changes: Any
) -> Item:
    """A PROGRESS item with two answers."""
    return {
        "PK": f"USER#{user}",
        "SK": f"PROGRESS#{test}#{at}",
        "attemptId": f"a-{user}-{at}",
        "testId": test,
        "testName": "Midterm",
        "subjectId": "subject101",
        "subjectName": "Calculus I",
        "score": Decimal("85.5"),
        "totalQuestions": 2,
        "correctAnswers": 1,
        "incorrectAnswers": 1,
        "skippedQuestions": 0,
        "percentageScore": 50,
        "startTime": at,
        "endTime": "2025-12-20T16:45:00Z",
        "timeSpentSeconds": 4500,
        "topicPerformance": {"limits": {"correct": 1, "total": 2, "percentage": 50}},
        "difficultyBreakdown": {"easy": {"correct": 1, "total": 2, "percentage": 50}},
        "answers": [
            {"questionId": "q1", "selectedOption": "A", "correct": True, "timeSpent": 45},
            {"questionId": "q2", "selectedOption": "C", "correct": False, "timeSpent": 120},
        ],
        "completed": True,
        "graded": True,
        **changes,
    }


def daily(user: str = "u1", on: str = "2025-12-20", **changes: Any) -> Item:
    """A DAILY item."""
    return {
        "PK": f"USER#{user}",
        "SK": f"DAILY#{on}",
        "date": on,
        "testsCompleted": 3,
        "questionsAnswered": 150,
        "correctAnswers": 120,
        "studyTimeMinutes": 180,
        "videosWatched": 5,
        "flashcardsReviewed": 50,
        "topicsStudied": ["calculus"],
        **changes,
    }


def flashcard(user: str = "u1", card: str = "c1", **changes: Any) -> Item:
    """A FLASHCARD item."""
    return {
        "PK": f"USER#{user}",
        "SK": f"FLASHCARD#{card}",
        "cardId": card,
        "deckId": "d1",
        "front": "What is the derivative of x^2?",
        "back": "2x",
        "backImageUrl": None,
        "interval": 7,
        "repetition": 3,
        "easeFactor": Decimal("2.5"),
        "nextReview": "2026-01-27T10:00:00Z",
        "lastReviewed": "2025-12-20T10:00:00Z",
        "reviewCount": 5,
        "correctCount": 4,
        "incorrectCount": 1,
        "tags": ["derivatives", "calculus"],
        **changes,
    }


def deck(user: str = "u1", deck_id: str = "d1", **changes: Any) -> Item:
    """A DECK item."""
    keys = {"PK": f"USER#{user}", "SK": f"DECK#{deck_id}"}
    return {**keys, "deckId": deck_id, "subjectId": "subject101", "totalCards": 50, **changes}


def plan(user: str = "u1", plan_id: str = "p1", **changes: Any) -> Item:
    """A PLAN item with one task and one milestone."""
    topic = {"topicId": "topic1", "scheduledDate": "2026-01-22", "completed": True}
    return {
        "PK": f"USER#{user}",
        "SK": f"PLAN#{plan_id}",
        "planId": plan_id,
        "planName": "Finals",
        "examDate": "2026-05-15T09:00:00Z",
        "targetScore": 90,
        "subjects": [{"subjectId": "subject101", "subjectName": "Calculus I", "topics": [topic]}],
        "milestones": [{"date": "2026-02-01", "description": "Half way", "completed": False}],
        "tasksCompleted": 15,
        "tasksTotal": 30,
        "status": "active",
        "created": "2025-12-15T10:00:00Z",
        **changes,
    }


def post(subject: str = "subject101", post_id: str = "post1", **changes: Any) -> Item:
    """A POST item under its subject."""
    return {
        "PK": f"COMMUNITY#{subject}",
        "SK": f"POST#2025-12-20T15:30:00Z#{post_id}",
        "postId": post_id,
        "title": "Help with sin(x)",
        "userId": "u1",
        "subjectId": subject,
        "subjectName": "Calculus I",
        "likes": 12,
        "isReported": False,
        "created": "2025-12-20T15:30:00Z",
        **changes,
    }


def comment(post_id: str = "post1", comment_id: str = "c1", **changes: Any) -> Item:
    """A COMMENT item."""
    return {
        "PK": f"POST#{post_id}",
        "SK": f"COMMENT#2025-12-20T16:00:00Z#{comment_id}",
        "commentId": comment_id,
        "postId": post_id,
        "userId": "u2",
        "likes": 8,
        "isAnswer": True,
        "isReported": False,
        "created": "2025-12-20T16:00:00Z",
        "updated": None,
        **changes,
    }


def one_of_each(user: str = "u1") -> list[Item]:
    """One item of every kind; profile, settings and the rest are the user's."""
    own = [make(user) for make in (profile, settings, reputation, attempt, daily, flashcard)]
    return [*own, deck(user), plan(user), post(post_id=f"post-{user}"), comment(f"post-{user}")]


def write_full(
    place: Path | Destination,
    items: Iterable[Item],
    at: datetime = MORNING,
    table: str | TableIdentity = TABLE,
    **options: Any,
) -> ExportWritten:
    """Write a full export into a folder or bucket."""
    return write_full_export(_destination(place), table, items, at, ExportOptions(**options))


def change(new: Item | None, old: Item | None = None, at_micros: int | None = None) -> Change:
    """A change of one item: no old image is an insert, no new one a delete."""
    item = new or old or {}
    keys: Mapping[str, object] = {"PK": item["PK"], "SK": item["SK"]}
    return Change(keys, new, old, at_micros or 1_767_312_000_000_000)


def write_window(
    place: Path | Destination,
    changes: Iterable[Change],
    window: tuple[datetime, datetime],
    table: str | TableIdentity = TABLE,
    view: View = "NEW_AND_OLD_IMAGES",
    **options: Any,
) -> ExportWritten:
    """Write an incremental export into a folder or bucket."""
    options = {"seed": f"{window}", **options}
    return write_incremental_export(
        _destination(place), table, changes, window, view, ExportOptions(**options)
    )


def _destination(place: Path | Destination) -> Destination:
    return LocalFolder(place) if isinstance(place, Path) else place
