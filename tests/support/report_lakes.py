"""Lakes and databases that weekly reports are made from: students with every flag, and a week's numbers.

The week is 2026-11-09, the numbers are as of its Sunday.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from lake_builders import Row, add_tables, make_lake, utc, uuid_of

from mavprep_analytics.lake import Lake

WEEK = date(2026, 11, 9)
SUNDAY = WEEK + timedelta(days=6)
TOPICS = ("Cell biology", "Genetics", "Enzyme kinetics", "Thermodynamics")
BIOLOGY = uuid_of("Biology")
_MARTS = ("student_week", "topic_mastery", "topic_recall", "rankings")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def report_lake(folder: Path, students: Iterable[str], **tables: list[Row]) -> Lake:
    """Return a lake in which every student had the same active week; tables replace or add rows."""
    users = list(students)
    lake = make_lake(
        folder,
        {
            "core_profiles": tables.get("core_profiles") or [profile(user) for user in users],
            "core_settings": tables.get("core_settings") or [wishes(user) for user in users],
            "core_identities": tables.get("core_identities") or [identity(user) for user in users],
            "core_study_plans": tables.get("core_study_plans") or [],
            "time_zone_offsets": [utc(), zone("America/Chicago"), zone("Asia/Tokyo")],
            **catalogue(),
        },
    )
    marts: dict[str, list[Row]] = {
        "student_week": [row for user in users for row in weeks(user)],
        "topic_mastery": [
            mastery(user, topic, n) for user in users for n, topic in enumerate(TOPICS)
        ],
        "topic_recall": [recall(user) for user in users],
        "rankings": [rank(user, n + 1, len(users)) for n, user in enumerate(users)],
    }
    given = {name: tables.get(name, marts[name]) for name in _MARTS}
    add_tables(lake, {**given, "core_attempts": tables.get("core_attempts", [])})
    return lake


def publish(database_url: str, lake: Lake, as_of: date = SUNDAY) -> None:
    """Note the lake's newest version as published."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "insert into analytics_publications (sequence, as_of, export_chain, code_version,"
            " lake_version, lake_commit_id, tables, commit_id)"
            " select coalesce(max(sequence), 0) + 1, %s, '{}', 'test', %s, %s, '{}',"
            " gen_random_uuid()::text from analytics_publications",
            (as_of, lake.head().number, lake.head().commit_id),
        )


def catalogue() -> dict[str, list[Row]]:
    """One subject with four topics, ten questions each, and a lesson for two of them."""
    topics = [uuid_of(name) for name in TOPICS]
    return {
        "catalogue_subjects": [{"subject_id": BIOLOGY, "name": "Biology", "is_active": True}],
        "catalogue_topics": [
            {"topic_id": uuid_of(name), "subject_id": BIOLOGY, "name": name} for name in TOPICS
        ],
        "catalogue_questions": [
            {"question_id": uuid_of(f"{topic} {n}"), "topic_id": topic, "is_active": True}
            for topic in topics
            for n in range(10)
        ],
        "catalogue_videos": [
            {
                "video_id": uuid_of(f"lesson {n}"),
                "topic_id": topic,
                "title": f"{TOPICS[n]}, an introduction",
                "duration_seconds": 450,
            }
            for n, topic in enumerate(topics)
            if n > 1
        ],
        "topic_closure": [
            {"topic_id": t, "ancestor_id": t, "ancestor_depth": 1, "subject_id": BIOLOGY}
            for t in topics
        ],
    }


def zone(name: str) -> Row:
    """Return a time zone; its offsets do not matter here."""
    return {**utc(), "timezone": name}


def profile(user: str, **more: Any) -> Row:
    """Return a profile with a verified address."""
    return {"user_id": user, "timezone": "America/Chicago", "is_email_verified": True, **more}


def wishes(user: str, **more: Any) -> Row:
    """Return settings that want the report."""
    return {"user_id": user, "wants_email": True, "wants_weekly_report": True, **more}


def identity(user: str, **more: Any) -> Row:
    """Return a name and an address."""
    return {"user_id": user, "email": f"{user}@example.org", "name": f"Maya {user}", **more}


def weeks(user: str) -> list[Row]:
    """Return two active weeks."""
    return [week(user), week(user, start=WEEK - timedelta(days=7), tests=4, monday=30)]


def week(user: str, start: date = WEEK, **more: Any) -> Row:
    """Return an active week of 2 h 5 min, or with the given numbers."""
    minutes = dict(zip(_DAYS, (42, 0, 65, 18, 0, 0, 0), strict=True))
    minutes |= {day: more.pop(day) for day in _DAYS if day in more}
    return {
        "user_id": user,
        "week_start": start,
        "tests": 6,
        "questions": 84,
        "correct": 62,
        "study_minutes": sum(minutes.values()),
        **{f"minutes_{day}": value for day, value in minutes.items()},
        "active_days": sum(1 for value in minutes.values() if value),
        "streak_days": 3,
        "longest_streak_days": 9,
        "is_active": True,
        "is_active_in_four_weeks": True,
        "cards_due": 18,
        **more,
    }


def quiet_week(user: str, start: date = WEEK, **more: Any) -> Row:
    """Return a week without activity that still counts for the audience."""
    zeros = dict.fromkeys(_DAYS, 0)
    row = week(user, start, **zeros, tests=0, questions=0, correct=0, streak_days=0)
    return {**row, "is_active": False, **more}


def mastery(user: str, topic: str, number: int = 0, **more: Any) -> Row:
    """Return a reading; the number varies it."""
    now = Decimal(78 - 12 * number) / 100
    return {
        "user_id": user,
        "topic_id": uuid_of(topic),
        "subject_id": BIOLOGY,
        "mastery": now,
        "mastery_low": now - Decimal("0.08"),
        "mastery_high": now + Decimal("0.07"),
        "level": "developing",
        "answers": 20 + number,
        "last_answered_on": SUNDAY - timedelta(days=9 * number),
        "previous_mastery": now - Decimal(9 - 3 * number) / 100,
        **more,
    }


def recall(user: str, **more: Any) -> Row:
    """Return due cards of one topic."""
    return {"user_id": user, "topic_id": uuid_of("Enzyme kinetics"), "cards": 40, "due": 18, **more}


def rank(user: str, place: int, population: int, **more: Any) -> Row:
    """Return a rank among everyone that moved up three places."""
    return {
        "metric": "reputation",
        "scope": "global",
        "scope_key": "",
        "user_id": user,
        "rank": place,
        "dense_rank": place,
        "tie_size": 1,
        "population": population,
        "percentile": Decimal(50),
        "value": Decimal(10),
        "previous_rank": place + 3,
        "moved_by_self": 3,
        "moved_by_others": 0,
        "moved_by_joiners": 0,
        "moved_by_leavers": 0,
        **more,
    }
