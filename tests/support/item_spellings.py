"""Core rows written as DynamoDB items, each in one of the ways that mean the same: offsets, NULL or absent, drift."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

Row = dict[str, Any]
Item = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSETS = (0, 345, -210, 840)


def spelled(rng: random.Random, micros: int) -> str:
    """Return an instant as ISO 8601: with `Z`, with some offset, or without one, which means UTC."""
    at = _EPOCH + timedelta(microseconds=micros)
    style = rng.choice(("Z", "offset", "plain"))
    if style == "offset":
        return at.astimezone(timezone(timedelta(minutes=rng.choice(_OFFSETS)))).isoformat()
    return at.replace(tzinfo=None).isoformat() + ("Z" if style == "Z" else "")


class Speller:
    """Writes rows as items; one source of randomness decides how."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def items(self, tables: Mapping[str, list[Row]]) -> Iterator[Item]:
        """Yield the items of all core tables."""
        names = {row["user_id"]: row for row in tables["core_identities"]}
        for row in tables["core_profiles"]:
            yield self._profile(row, names[row["user_id"]])
        for table, spell in self._spells().items():
            for row in tables[table]:
                yield self._drifted(spell(row))

    def _spells(self) -> dict[str, Callable[[Row], Item]]:
        return {
            "core_settings": self._settings,
            "core_reputations": _reputation,
            "core_attempts": self._attempt,
            "core_daily_activities": _daily,
            "core_flashcards": self._flashcard,
            "core_decks": self._deck,
            "core_study_plans": self._plan,
            "core_posts": self._post,
            "core_comments": self._comment,
        }

    def _drifted(self, item: Item) -> Item:
        return {**item, "appVersion": "7.1"} if self._rng.random() < 0.1 else item

    def _optional(self, **attributes: Any) -> Item:
        """Leave out what is None, or write it as NULL."""
        return {k: v for k, v in attributes.items() if v is not None or self._rng.random() < 0.5}

    def _at(self, micros: int | None) -> str | None:
        return None if micros is None else spelled(self._rng, micros)

    def _flags(self, **flags: bool) -> Item:
        """Leave out some flags that are false."""
        return {k: v for k, v in flags.items() if v or self._rng.random() < 0.5}

    def _profile(self, row: Row, identity: Row) -> Item:
        return {
            **_keys(f"USER#{row['user_id']}", "PROFILE"),
            "userId": row["user_id"],
            "emailVerified": row["is_email_verified"],
            **self._optional(
                email=identity["email"],
                name=identity["name"],
                university=row["university"],
                timezone=row["timezone"],
            ),
        }

    def _settings(self, row: Row) -> Item:
        told = self._flags(email=row["wants_email"], weeklyReport=row["wants_weekly_report"])
        seen = self._flags(
            profileVisible=row["is_profile_visible"], shareProgress=row["shares_progress"]
        )
        maps = {"notifications": told, "privacy": seen}
        return {
            **_keys(f"USER#{row['user_id']}", "SETTINGS"),
            **{k: v for k, v in maps.items() if v or self._rng.random() < 0.5},
        }

    def _attempt(self, row: Row) -> Item:
        answers = row["answers"]
        topics = row["topic_performance"]
        return {
            **_keys(f"USER#{row['user_id']}", f"PROGRESS#{row['test_id']}#{row['attempt_key']}"),
            "testId": row["test_id"],
            "subjectId": row["subject_ref"],
            "score": row["score"],
            "percentageScore": row["percentage_score"],
            "totalQuestions": row["total_questions"],
            "correctAnswers": row["correct_answers"],
            "incorrectAnswers": row["incorrect_answers"],
            "skippedQuestions": row["skipped_questions"],
            "startTime": self._at(row["started_at_micros"]),
            "timeSpentSeconds": row["time_spent_seconds"],
            "completed": row["is_completed"],
            "graded": row["is_graded"],
            **self._optional(
                attemptId=row["attempt_id"],
                subjectName=row["subject_name"],
                endTime=self._at(row["ended_at_micros"]),
                answers=None if answers is None else [self._answer(a) for a in answers],
                topicPerformance=None
                if topics is None
                else {t["topic_ref"]: _score(t) for t in topics},
                difficultyBreakdown=self._levels(row),
            ),
        }

    def _answer(self, row: Row) -> Item:
        seconds = row["seconds"]
        if seconds is None and self._rng.random() < 0.2:
            seconds = 14_401
        return {
            "questionId": row["question_ref"],
            "correct": row["is_correct"],
            **self._optional(selectedOption=row["selected_option"], timeSpent=seconds),
        }

    def _levels(self, row: Row) -> Item | None:
        """Leave out some levels of which nothing was asked."""
        if row["easy_total"] is None:
            return None
        found = {}
        for level in ("easy", "medium", "hard"):
            score = _score({n: row[f"{level}_{n}"] for n in ("correct", "total")})
            if score["correct"] or score["total"] or self._rng.random() < 0.5:
                found[level] = score
        return found

    def _flashcard(self, row: Row) -> Item:
        return {
            **_keys(f"USER#{row['user_id']}", f"FLASHCARD#{row['card_id']}"),
            "cardId": row["card_id"],
            "interval": row["interval_days"],
            "repetition": row["repetition"],
            "reviewCount": row["review_count"],
            "correctCount": row["correct_count"],
            "incorrectCount": row["incorrect_count"],
            **self._optional(
                deckId=row["deck_id"],
                nextReview=self._at(row["next_review_at_micros"]),
                lastReviewed=self._at(row["last_reviewed_at_micros"]),
            ),
            **({} if row["tags"] is None else {"tags": row["tags"]}),
        }

    def _deck(self, row: Row) -> Item:
        return {
            **_keys(f"USER#{row['user_id']}", f"DECK#{row['deck_id']}"),
            "deckId": row["deck_id"],
            **self._optional(subjectId=row["subject_ref"]),
        }

    def _plan(self, row: Row) -> Item:
        tasks, milestones = row["tasks"], row["milestones"]
        written: Item = {}
        if tasks is not None:
            topics = [
                {
                    **self._optional(scheduledDate=_date(task["scheduled_on"])),
                    **self._flags(completed=task["is_completed"]),
                }
                for task in tasks
            ]
            written["subjects"] = [{"topics": topics[:2]}, {"topics": topics[2:]}, {}]
        if milestones is not None:
            written["milestones"] = [
                {
                    "date": _date(m["due_on"]),
                    **self._optional(description=m["description"]),
                    **self._flags(completed=m["is_completed"]),
                }
                for m in milestones
            ]
        return {
            **_keys(f"USER#{row['user_id']}", f"PLAN#{row['plan_id']}"),
            "planId": row["plan_id"],
            "status": row["status"],
            "tasksCompleted": 0,
            "tasksTotal": len(tasks or ()),
            **written,
        }

    def _post(self, row: Row) -> Item:
        keys = _keys(
            f"{row['parent_kind']}#{row['parent_id']}", f"POST#{row['post_key']}#{row['post_id']}"
        )
        return {
            **keys,
            "postId": row["post_id"],
            "userId": row["user_id"],
            "likes": row["likes"],
            "isReported": row["is_reported"],
            **self._optional(subjectId=row["subject_ref"], subjectName=row["subject_name"]),
        }

    def _comment(self, row: Row) -> Item:
        keys = _keys(f"POST#{row['post_id']}", f"COMMENT#{row['comment_key']}#{row['comment_id']}")
        return {
            **keys,
            "commentId": row["comment_id"],
            "userId": row["user_id"],
            "likes": row["likes"],
            "isAnswer": row["is_answer"],
            "isReported": row["is_reported"],
            **self._optional(created=None),
        }


def _keys(pk: str, sk: str) -> Item:
    return {"PK": pk, "SK": sk}


def _date(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _score(row: Row) -> Item:
    return {"correct": row["correct"], "total": row["total"], "percentage": 50}


def _reputation(row: Row) -> Item:
    return {**_keys(f"USER#{row['user_id']}", "REPUTATION"), "reputation": row["reputation"]}


def _daily(row: Row) -> Item:
    on = row["activity_date"].isoformat()
    return {
        **_keys(f"USER#{row['user_id']}", f"DAILY#{on}"),
        "date": on,
        "testsCompleted": row["tests_completed"],
        "questionsAnswered": row["questions_answered"],
        "correctAnswers": row["correct_answers"],
        "studyTimeMinutes": row["study_time_minutes"],
        "videosWatched": row["videos_watched"],
        "flashcardsReviewed": row["flashcards_reviewed"],
    }
