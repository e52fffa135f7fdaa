"""Small random campuses as plain rows, full of what goes wrong: ties, unknown names, odd zones, nulls.

The same seed gives the same rows. Everything happens in the ten weeks around a change of summer time.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lake_builders import DAY, MICROS, Row, answer, attempt, uuid_of

AS_OF = date(2025, 4, 6)
"""A Sunday, one week after Europe's change of summer time and the day of Lord Howe's."""
DEFAULT_ZONE = "America/New_York"

_ZONES = ("Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")
_ODD_ZONES = (None, "", "Mars/Olympus", "Pacific/Pago_Pago")
_SUBJECTS = ("algebra", "botany", "chemistry")
_TOPICS = ("roots", "leaves", "acids & bases", "Acids: bases", "Ünïcode 2")
_QUESTIONS = 12
_END = int((datetime(2025, 4, 7, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())

Tables = dict[str, list[Row]]


def nasty_tables(seed: int, students: int = 12) -> Tables:
    """Return rows of the core and catalogue tables that the metrics read."""
    rng = random.Random(seed)
    users = [f"user-{i:03}" for i in range(students)]
    known = [user for user in users if rng.random() < 0.85]
    return {
        **_catalogue(rng),
        **_students(rng, known),
        "core_attempts": _attempts(rng, users),
        "core_daily_activities": _daily(rng, users),
        "core_flashcards": _cards(rng, users),
        "core_study_plans": _plans(rng, users),
        **_community(rng, users),
        **_mastery(rng, users),
    }


def previous_rankings(seed: int, tables: Tables) -> list[Row]:
    """Return rows of an older rankings table: many of today's students, some gone, values with ties."""
    rng = random.Random(seed + 1)
    boards = [("reputation", "global", ""), ("reputation", "university", "Uni A")]
    boards += [("reputation", "subject", uuid_of("algebra"))]
    boards += [("performance", "subject", uuid_of(name)) for name in _SUBJECTS]
    users = sorted({row["user_id"] for row in tables["core_attempts"]} | {"gone-1", "gone-2"})
    rows = []
    for metric, scope, key in boards:
        members = [user for user in users if rng.random() < 0.7]
        values = {user: Decimal(rng.randrange(0, 8)) * 10 for user in members}
        for user in members:
            rank = 1 + sum(1 for other in values.values() if other > values[user])
            row = {"metric": metric, "scope": scope, "scope_key": key, "user_id": user}
            rows.append({**row, "rank": rank, "value": values[user]})
    return rows


def _maybe(rng: random.Random, value: Any, chance: float = 0.7) -> Any:
    return value if rng.random() < chance else None


def _catalogue(rng: random.Random) -> Tables:
    subjects = [
        {"subject_id": uuid_of(n), "code": f" {n[:3].upper()}10 ", "name": n.title()}
        for n in _SUBJECTS
    ]
    twins = [
        {"subject_id": uuid_of(f"twin {i}"), "code": f"TWIN{i}", "name": "Twins"} for i in (1, 2)
    ]
    topics = [
        {
            "topic_id": uuid_of(f"{subject}/{topic}"),
            "subject_id": uuid_of(subject),
            "name": topic,
            "slug": slug(topic),
        }
        for subject in _SUBJECTS
        for topic in _TOPICS
    ]
    questions = [
        {
            "question_id": uuid_of(f"question {i}"),
            "topic_id": rng.choice(topics)["topic_id"],
            "difficulty": rng.choice(("easy", "medium", "hard", None)),
        }
        for i in range(_QUESTIONS)
    ]
    tests = [
        {"test_template_id": uuid_of(f"test {i}"), "subject_id": uuid_of(_SUBJECTS[0])}
        for i in (0, 1)
    ]
    return {
        "catalogue_subjects": subjects + twins,
        "catalogue_topics": topics,
        "catalogue_questions": questions,
        "catalogue_tests": tests,
    }


def slug(text: str) -> str:
    """Return lower case with each run of other than letters and digits as one `-`, letter by letter."""
    out = ""
    for letter in text.lower():
        out += letter if letter.isalnum() else "" if out.endswith("-") else "-"
    return out


def _students(rng: random.Random, users: list[str]) -> Tables:
    return {
        "core_profiles": [
            {
                "user_id": user,
                "university": rng.choice(("Uni A", "Uni B", "", " ", None)),
                "timezone": rng.choice(_ZONES + _ODD_ZONES),
            }
            for user in users
        ],
        "core_identities": [
            {"user_id": user, "name": _maybe(rng, f"Name {user}")} for user in users
        ],
        "core_settings": [
            {
                "user_id": user,
                "is_profile_visible": rng.random() < 0.6,
                "shares_progress": rng.random() < 0.6,
            }
            for user in users
            if rng.random() < 0.8
        ],
        "core_reputations": [
            {"user_id": user, "reputation": rng.choice((0, 10, 10, 40, 70, -5))}
            for user in [*users, "no-profile"]
            if rng.random() < 0.8
        ],
    }


def _subject_ref(rng: random.Random) -> tuple[str, str | None]:
    name = rng.choice(_SUBJECTS)
    return rng.choice(
        (
            (uuid_of(name), None),
            (uuid_of(name).upper(), "Twins"),
            (f"{name[:3]}10 ", None),
            ("unknown", f" {name.upper()}"),
            ("unknown", "Twins"),
            ("", None),
            ("TWIN1", "nonsense"),
        )
    )


def _when(rng: random.Random) -> float:
    """Return seconds since 1970 in the last weeks, often exactly at a midnight or a change of offset."""
    back = rng.choice((14, 14, 42, 70)) * DAY
    at = _END - rng.randrange(1, back)
    edge = rng.choice((0, 0, 0, DAY, 6 * 3600, 3600))
    at = at - at % edge if edge else at
    return at + rng.choice((0, 0, -0.000001, 0.5))


def _attempts(rng: random.Random, users: list[str]) -> list[Row]:
    return [
        _attempt(rng, user, number)
        for user in users
        for number in range(rng.choice((0, 1, 3, 8, 20)))
    ]


def _attempt(rng: random.Random, user: str, number: int) -> Row:
    reference, name = _subject_ref(rng)
    test = rng.choice((uuid_of("test 0"), uuid_of("test 1").upper(), "gone", "gone 2"))
    has_answers = rng.random() < 0.7
    has_levels = rng.random() < 0.5
    row = attempt(
        user,
        test,
        at=_when(rng),
        key=f"key {number}",
        answers=_answers(rng) if has_answers else rng.choice((None, [])),
    )
    levels = {
        f"{level}_{count}": rng.randrange(0, 5) if has_levels else None
        for level in ("easy", "medium", "hard")
        for count in ("correct", "total")
    }
    correct, wrong = rng.randrange(0, 9), rng.randrange(0, 9)
    return {
        **row,
        **levels,
        "subject_ref": reference,
        "subject_name": name,
        "attempt_id": _maybe(rng, f"attempt {rng.randrange(0, 5)}"),
        "score": Decimal(rng.choice((10, 10, 20, 30))) / rng.choice((1, 4)),
        "percentage_score": rng.choice(_PERCENTAGES),
        "total_questions": 20,
        "correct_answers": correct,
        "incorrect_answers": wrong,
        "skipped_questions": rng.randrange(0, 3),
        "time_spent_seconds": Decimal(rng.choice(("30", "90", "90", "600.5", "29.999999"))),
        "ended_at_micros": _maybe(rng, row["ended_at_micros"], 0.8),
        "is_completed": rng.random() < 0.9,
        "is_graded": rng.random() < 0.9,
        "topic_performance": _maybe(rng, _topic_performance(rng)),
    }


_PERCENTAGES = [
    Decimal(text)
    for text in ("85.125", "85.135", "0.005", "100", "0", "66.66666666666666666667", "72.5")
]


def _answers(rng: random.Random) -> list[Row]:
    names = [f"question {rng.randrange(0, _QUESTIONS + 2)}" for _ in range(rng.randrange(0, 6))]
    letters: list[Callable[[str], str]] = [str, str.upper]
    return [
        answer(
            position,
            rng.choice(letters)(uuid_of(name)),
            rng.random() < 0.6,
            selected_option=_maybe(rng, rng.choice("ABC")),
            seconds=_maybe(rng, Decimal(rng.randrange(1, 100))),
        )
        for position, name in enumerate(names, start=1)
    ]


def _topic_performance(rng: random.Random) -> list[Row]:
    names = [
        *_TOPICS,
        "nothing",
        "ROOTS",
        uuid_of("algebra/roots"),
        uuid_of("botany/leaves").upper(),
    ]
    chosen = sorted(rng.sample(names, rng.randrange(0, 4)))
    return [{"topic_ref": name, "correct": 1, "total": 2} for name in chosen]


def _day(rng: random.Random, back: int = 70) -> date:
    return AS_OF - timedelta(days=rng.randrange(-2, back))


def _daily(rng: random.Random, users: list[str]) -> list[Row]:
    rows = {}
    for user in [*users, "no-profile"]:
        for _ in range(rng.choice((0, 2, 10, 30))):
            day = _day(rng, rng.choice((7, 21, 70)))
            rows[user, day] = {
                "user_id": user,
                "activity_date": day,
                "tests_completed": rng.choice((0, 0, 2)),
                "questions_answered": rng.choice((0, 0, 15)),
                "correct_answers": rng.choice((0, 0, 7)),
                "study_time_minutes": Decimal(rng.choice(("0", "0", "12.5", "45", "0.4"))),
                "videos_watched": rng.choice((0, 0, 0, 1)),
                "flashcards_reviewed": rng.choice((0, 0, 9)),
            }
    return list(rows.values())


def _cards(rng: random.Random, users: list[str]) -> list[Row]:
    return [
        {
            "user_id": user,
            "card_id": f"card {i}",
            "repetition": rng.randrange(0, 2),
            "next_review_at_micros": _maybe(rng, round((_when(rng) + 10 * DAY) * MICROS)),
            "last_reviewed_at_micros": _maybe(rng, round(_when(rng) * MICROS)),
        }
        for user in users
        for i in range(rng.choice((0, 3, 12)))
    ]


def _plans(rng: random.Random, users: list[str]) -> list[Row]:
    return [
        {
            "user_id": user,
            "plan_id": f"plan {i}",
            "status": rng.choice(("active", "Active", "paused", "completed")),
            "tasks": _maybe(
                rng,
                [
                    {"scheduled_on": _maybe(rng, _day(rng)), "is_completed": rng.random() < 0.5}
                    for _ in range(rng.randrange(0, 8))
                ],
            ),
            "milestones": _maybe(
                rng,
                [
                    {
                        "due_on": _day(rng, 30) + timedelta(days=14),
                        "description": _maybe(rng, f"milestone {rng.randrange(0, 3)}"),
                        "is_completed": rng.random() < 0.4,
                    }
                    for _ in range(rng.randrange(0, 5))
                ],
            ),
        }
        for user in users
        for i in range(rng.choice((0, 1, 2)))
    ]


def _community(rng: random.Random, users: list[str]) -> Tables:
    posts: list[Row] = []
    for i in range(15):
        author, subject = rng.choice(users), rng.choice(_SUBJECTS)
        reference, name = _subject_ref(rng)
        for kind, parent in (
            ("COMMUNITY", rng.choice((uuid_of(subject), f"{subject[:3]}10", "void"))),
            ("TOPIC", rng.choice((uuid_of(f"{subject}/roots"), "void"))),
        ):
            if rng.random() < 0.7:
                posts.append(
                    {
                        "parent_kind": kind,
                        "parent_id": parent,
                        "post_key": f"{i}",
                        "post_id": f"post {i}",
                        "user_id": author,
                        "subject_ref": _maybe(rng, reference),
                        "subject_name": name,
                        "likes": rng.randrange(0, 3),
                        "is_reported": rng.random() < 0.1,
                        "created_at_micros": round(_when(rng) * MICROS),
                    }
                )
    comments = [
        {
            "post_id": f"post {rng.randrange(0, 17)}",
            "comment_key": f"{i}",
            "comment_id": f"comment {i}",
            "user_id": rng.choice(users),
            "likes": rng.randrange(0, 3),
            "is_answer": rng.random() < 0.3,
            "is_reported": rng.random() < 0.15,
        }
        for i in range(40)
    ]
    return {"core_posts": posts, "core_comments": comments}


def _mastery(rng: random.Random, users: list[str]) -> Tables:
    topics = [
        {
            "user_id": user,
            "topic_id": uuid_of(f"topic {i}"),
            "mastery": _share(rng),
            "previous_mastery": _maybe(rng, _share(rng)),
        }
        for user in users
        for i in range(rng.randrange(0, 5))
    ]
    subjects = [
        {
            "user_id": user,
            "subject_id": uuid_of(subject),
            "mastery_low": rng.choice((Decimal("0.5"), Decimal("0.25"), _share(rng))),
            "level": rng.choice(("not_enough_data", "starting", "mastered")),
        }
        for user in users
        for subject in _SUBJECTS
    ]
    return {"topic_mastery": topics, "subject_mastery": subjects}


def _share(rng: random.Random) -> Decimal:
    return Decimal(rng.randrange(0, 10001)) / 10000
