"""Nasty campuses as real nights see them: a catalogue in Postgres, items in full exports, invalid ones among them."""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import export_items
import psycopg
from item_spellings import Item, Speller
from lake_builders import MICROS, Row
from metric_lakes import filled
from nasty_lakes import AS_OF, Tables, nasty_tables
from oracle_attempts import happened

from mavprep_analytics.publication.migrations import upgrade

STUDENTS = 200
WEEK_AGO = AS_OF - timedelta(days=7)
INVALID = 14
UNRECOGNISED = 2


def this_week(seed: int) -> Tables:
    """Return the filled rows of a campus of STUDENTS."""
    tables = nasty_tables(seed, STUDENTS)
    del tables["topic_mastery"], tables["subject_mastery"]
    return filled(tables)


def a_week_before(tables: Tables, seed: int) -> Tables:
    """Return the campus as it stood at WEEK_AGO: without some students, points and what came later."""
    rng = random.Random(seed)
    end = _micros_after(WEEK_AGO)
    points = tables["core_reputations"]
    joined = {row["user_id"] for row in points if rng.random() < 0.1}
    owners = {row["user_id"] for row in points}
    left = [row["user_id"] for row in tables["core_profiles"] if row["user_id"] not in owners][::2]
    cards = [r for r in tables["core_flashcards"] if (r["last_reviewed_at_micros"] or 0) < end]
    return {
        **tables,
        "core_attempts": [r for r in tables["core_attempts"] if happened(r) < end],
        "core_daily_activities": [
            r for r in tables["core_daily_activities"] if r["activity_date"] <= WEEK_AGO
        ],
        "core_flashcards": cards,
        "core_reputations": [
            {**row, "reputation": row["reputation"] + rng.choice((0, 0, 10, -30))}
            for row in points
            if row["user_id"] not in joined
        ]
        + [{**points[0], "user_id": user, "reputation": 10} for user in left],
        "core_posts": [r for r in tables["core_posts"] if r["created_at_micros"] < end],
        "core_comments": [r for r in tables["core_comments"] if r["comment_key"] < str(WEEK_AGO)],
    }


def _micros_after(day: date) -> int:
    return int(datetime.combine(day + timedelta(days=1), time(), UTC).timestamp()) * MICROS


def write_export(folder: Path, tables: Tables, seed: int, as_of: date) -> int:
    """Write a full export as of the end of a day, invalid and unrecognised items at random places.

    Returns:
        Its items.
    """
    items = [*Speller(seed).items(tables), *_invalid(), *_unrecognised()]
    random.Random(seed).shuffle(items)
    at = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    export_items.write_full(folder, items, at, seed=f"{seed} {as_of}")
    return len(items)


def _invalid() -> list[Item]:
    item, broken = export_items, []
    bad: list[dict[str, Any]] = [
        {"correctAnswers": 2},
        {"percentageScore": Decimal("100.01")},
        {"score": None},
        {"endTime": "2024-12-20T15:29:59Z"},
        {"startTime": "2024-12-20T15:30:01Z"},
        {"testId": "another"},
        {"totalQuestions": -1},
        {"completed": "true"},
    ]
    for number, change in enumerate(bad):
        broken.append(item.attempt("user-001", f"bad {number}", **{**_LONG_AGO, **change}))
    return [
        *broken,
        item.profile("nobody", userId="somebody"),
        item.daily("user-001", "2025-02-30"),
        item.daily("user-001", "2025-02-03", date="2025-02-04"),
        item.flashcard("user-001", "bad", nextReview="soon"),
        item.reputation("nobody", reputation="many"),
        item.comment("post 1", "bad", postId="post 2", created="2025-01-01T00:00:00Z"),
    ]


_LONG_AGO = {"at": "2024-12-20T15:30:00Z", "endTime": "2024-12-20T16:45:00Z"}


def _unrecognised() -> list[Item]:
    return [{"PK": "USER#user-001", "SK": "BADGES"}, {"PK": "CONFIG", "SK": "v1"}]


def load_catalogue(database_url: str, tables: Tables) -> None:
    """Make all tables in Postgres and fill the catalogue's."""
    upgrade(database_url, with_catalogue=True)
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        for statement, rows in _inserts(tables):
            cursor.executemany(statement, rows)


def _inserts(tables: Tables) -> list[tuple[Any, list[tuple[Any, ...]]]]:
    by_id = {topic["topic_id"]: topic for topic in tables["catalogue_topics"]}
    topics = sorted(by_id.values(), key=lambda topic: _depth(topic, by_id))
    return [
        (
            "insert into subjects (id, code, name) values (%s, %s, %s)",
            [(s["subject_id"], s["code"], s["name"]) for s in tables["catalogue_subjects"]],
        ),
        (
            "insert into topics (id, subject_id, parent_topic_id, name) values (%s, %s, %s, %s)",
            [(t["topic_id"], t["subject_id"], t["parent_topic_id"], t["name"]) for t in topics],
        ),
        (
            "insert into questions (id, topic_id, question_text, question_type, difficulty_level,"
            " is_active) values (%s, %s, 'Why?', 'multiple_choice', %s, %s)",
            [
                (
                    q["question_id"],
                    q["topic_id"],
                    {"easy": " Easy ", None: "odd"}.get(q["difficulty"], q["difficulty"]),
                    None if q["is_active"] else False,
                )
                for q in tables["catalogue_questions"]
            ],
        ),
        (
            "insert into question_options (question_id, option_text, option_label, is_correct,"
            " order_index) values (%s, 'x', %s, %s, %s)",
            [
                (o["question_id"], o["option_label"], o["is_key"] or None, place)
                for place, o in enumerate(tables["catalogue_question_options"])
            ],
        ),
        (
            "insert into test_templates (id, subject_id, name) values (%s, %s, 'Test')",
            [(t["test_template_id"], t["subject_id"]) for t in tables["catalogue_tests"]],
        ),
        (
            "insert into test_questions (test_template_id, question_id, order_index)"
            " values (%s, %s, %s)",
            [
                (t["test_template_id"], t["question_id"], t["order_index"])
                for t in tables["catalogue_test_questions"]
            ],
        ),
    ]


def _depth(topic: Row, topics: dict[str, Row]) -> int:
    parent = topic["parent_topic_id"]
    return 0 if parent is None else 1 + _depth(topics[parent], topics)
