"""What a data engineer writes first: json, boto3's TypeDeserializer and pandas, file by file, no checks."""

import gzip
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from boto3.dynamodb.types import TypeDeserializer

from mavprep_analytics.tables import TABLES

_DESERIALIZE = TypeDeserializer().deserialize
Row = dict[str, Any]


def convert(exports: Path, out: Path) -> None:
    """Write every full export's items as one Parquet file per data file and table."""
    for path in sorted(exports.rglob("*.json.gz")):
        rows: dict[str, list[Row]] = defaultdict(list)
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                typed = json.loads(line)["Item"]
                item = {name: _DESERIALIZE(value) for name, value in typed.items()}
                for table, row in _rows(item):
                    rows[table].append(row)
        for table, found in rows.items():
            schema = pa.schema(list(TABLES[table].arrow_schema)[:-1])
            frame = pd.DataFrame(found, columns=schema.names, dtype=object)
            (out / table).mkdir(parents=True, exist_ok=True)
            content = pa.Table.from_pandas(frame, schema, preserve_index=False)
            pq.write_table(content, out / table / f"{path.stem}.parquet", compression="zstd")


def _rows(item: Row) -> list[tuple[str, Row]]:
    owner, sk = item["PK"].split("#", 1)[1], item["SK"].split("#")
    make = {
        "PROFILE": _profile,
        "SETTINGS": _settings,
        "REPUTATION": _reputation,
        "PROGRESS": _attempt,
        "DAILY": _daily,
        "FLASHCARD": _flashcard,
        "DECK": _deck,
        "PLAN": _plan,
        "POST": _post,
        "COMMENT": _comment,
    }
    return make[sk[0]](item, owner, sk)


def _profile(item: Row, owner: str, _sk: list[str]) -> list[tuple[str, Row]]:
    profile = {
        "user_id": owner,
        "university": item.get("university"),
        "timezone": item.get("timezone"),
        "is_email_verified": item["emailVerified"],
        "created_at_micros": _micros(item.get("created")),
    }
    person = {"user_id": owner, "email": item.get("email"), "name": item.get("name")}
    return [("core_profiles", profile), ("core_identities", person)]


def _settings(item: Row, owner: str, _sk: list[str]) -> list[tuple[str, Row]]:
    told, seen = item.get("notifications") or {}, item.get("privacy") or {}
    row = {
        "user_id": owner,
        "wants_email": told.get("email", False),
        "wants_weekly_report": told.get("weeklyReport", False),
        "is_profile_visible": seen.get("profileVisible", False),
        "shares_progress": seen.get("shareProgress", False),
        "is_anonymous_in_community": seen.get("anonymousCommunity", False),
        "language": (item.get("preferences") or {}).get("language"),
    }
    return [("core_settings", row)]


def _reputation(item: Row, owner: str, _sk: list[str]) -> list[tuple[str, Row]]:
    ranks, history, badges = (item.get(n) for n in ("subjectRanks", "reputationHistory", "badges"))
    row = {
        "user_id": owner,
        "reputation": int(item["reputation"]),
        "global_rank": _int(item.get("globalRank")),
        "university_rank": _int(item.get("universityRank")),
        "subject_ranks": None
        if ranks is None
        else [{"subject_id": s, "rank": int(r)} for s, r in sorted(ranks.items())],
        "ranks_as_of": item.get("ranksAsOf"),
        "history": None
        if history is None
        else [
            {"earned_on": _day(h["date"]), "change": int(h["change"]), "reason": h.get("reason")}
            for h in history
        ],
        "badges": None
        if badges is None
        else [{"badge_id": b["id"], "earned_on": _day(b.get("earnedDate"))} for b in badges],
    }
    return [("core_reputations", row)]


def _attempt(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    answers, topics = item.get("answers"), item.get("topicPerformance")
    row = {
        "user_id": owner,
        "test_id": sk[1],
        "attempt_key": sk[2],
        "attempt_id": item.get("attemptId"),
        "subject_ref": item["subjectId"],
        "subject_name": item.get("subjectName"),
        "score": item["score"],
        "percentage_score": item["percentageScore"],
        "total_questions": int(item["totalQuestions"]),
        "correct_answers": int(item["correctAnswers"]),
        "incorrect_answers": int(item["incorrectAnswers"]),
        "skipped_questions": int(item["skippedQuestions"]),
        "started_at_micros": _micros(item["startTime"]),
        "ended_at_micros": _micros(item.get("endTime")),
        "time_spent_seconds": item["timeSpentSeconds"],
        "is_completed": item["completed"],
        "is_graded": item["graded"],
        "answers": None if answers is None else [_answer(n, a) for n, a in enumerate(answers, 1)],
        "topic_performance": None
        if topics is None
        else [
            {"topic_ref": t, "correct": int(p["correct"]), "total": int(p["total"])}
            for t, p in sorted(topics.items())
        ],
    }
    levels = item.get("difficultyBreakdown")
    for level in ("easy", "medium", "hard"):
        for name in ("correct", "total"):
            found = None if levels is None else int((levels.get(level) or {}).get(name, 0))
            row[f"{level}_{name}"] = found
    return [("core_attempts", row)]


def _answer(position: int, answer: Row) -> Row:
    seconds: Decimal | None = answer.get("timeSpent")
    return {
        "position": position,
        "question_ref": answer["questionId"],
        "selected_option": answer.get("selectedOption"),
        "is_correct": answer["correct"],
        "seconds": seconds if seconds is not None and 0 <= seconds <= 14_400 else None,
    }


def _daily(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    row = {
        "user_id": owner,
        "activity_date": date.fromisoformat(sk[1]),
        "tests_completed": int(item["testsCompleted"]),
        "questions_answered": int(item["questionsAnswered"]),
        "correct_answers": int(item["correctAnswers"]),
        "study_time_minutes": item["studyTimeMinutes"],
        "videos_watched": int(item["videosWatched"]),
        "flashcards_reviewed": int(item["flashcardsReviewed"]),
    }
    return [("core_daily_activities", row)]


def _flashcard(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    row = {
        "user_id": owner,
        "card_id": sk[1],
        "deck_id": item.get("deckId"),
        "interval_days": item["interval"],
        "repetition": int(item["repetition"]),
        "ease_factor": item.get("easeFactor"),
        "next_review_at_micros": _micros(item.get("nextReview")),
        "last_reviewed_at_micros": _micros(item.get("lastReviewed")),
        "review_count": int(item["reviewCount"]),
        "correct_count": int(item["correctCount"]),
        "incorrect_count": int(item["incorrectCount"]),
        "tags": item.get("tags"),
    }
    return [("core_flashcards", row)]


def _deck(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    row = {"user_id": owner, "deck_id": sk[1], "subject_ref": item.get("subjectId")}
    return [("core_decks", row)]


def _plan(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    subjects, milestones = item.get("subjects"), item.get("milestones")
    row = {
        "user_id": owner,
        "plan_id": sk[1],
        "plan_name": item.get("planName"),
        "status": item["status"],
        "exam_at_micros": _micros(item.get("examDate")),
        "target_score": item.get("targetScore"),
        "tasks_completed": int(item["tasksCompleted"]),
        "tasks_total": int(item["tasksTotal"]),
        "tasks": None
        if subjects is None
        else [_task(s, t) for s in subjects for t in s.get("topics") or ()],
        "milestones": None
        if milestones is None
        else [
            {
                "due_on": _day(m["date"]),
                "description": m.get("description"),
                "is_completed": m.get("completed", False),
                "completed_on": _day(m.get("completedDate")),
            }
            for m in milestones
        ],
        "created_at_micros": _micros(item.get("created")),
    }
    return [("core_study_plans", row)]


def _task(subject: Row, topic: Row) -> Row:
    return {
        "subject_ref": subject.get("subjectId"),
        "subject_name": subject.get("subjectName"),
        "topic_ref": topic.get("topicId"),
        "topic_name": topic.get("topicName"),
        "scheduled_on": _day(topic.get("scheduledDate")),
        "is_completed": topic.get("completed", False),
    }


def _post(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    row = {
        "parent_kind": item["PK"].split("#")[0],
        "parent_id": owner,
        "post_key": sk[1],
        "post_id": sk[2],
        "user_id": item["userId"],
        "subject_ref": item.get("subjectId"),
        "subject_name": item.get("subjectName"),
        "likes": int(item["likes"]),
        "is_reported": item["isReported"],
        "created_at_micros": _micros(item.get("created") or sk[1]),
    }
    return [("core_posts", row)]


def _comment(item: Row, owner: str, sk: list[str]) -> list[tuple[str, Row]]:
    row = {
        "post_id": owner,
        "comment_key": sk[1],
        "comment_id": sk[2],
        "user_id": item["userId"],
        "likes": int(item["likes"]),
        "is_answer": item["isAnswer"],
        "is_reported": item["isReported"],
        "created_at_micros": _micros(item.get("created") or sk[1]),
    }
    return [("core_comments", row)]


def _int(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text[:10])


def _micros(text: str | None) -> int | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000_000)
