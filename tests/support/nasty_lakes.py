"""Small random campuses as plain rows, full of what goes wrong: ties, unknown names, odd zones, nulls.

The same seed gives the same rows. Everything happens in the ten weeks around a change of summer time.
"""

import random
from datetime import date, timedelta
from decimal import Decimal

from item_spellings import spelled
from lake_builders import DAY, MICROS, Row, uuid_of
from nasty_attempts import attempts, maybe, moment, subject_ref
from nasty_catalogue import SUBJECTS, TOPICS, catalogue

AS_OF = date(2025, 4, 6)
"""A Sunday, one week after Europe's change of summer time and the day of Lord Howe's."""
DEFAULT_ZONE = "America/New_York"

_ZONES = ("Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")
_ODD_ZONES = (None, "", "Mars/Olympus", "Pacific/Pago_Pago")
Tables = dict[str, list[Row]]


def nasty_tables(seed: int, students: int = 12) -> Tables:
    """Return rows of the core and catalogue tables that the metrics read."""
    rng = random.Random(seed)
    users = [f"user-{i:03}" for i in range(students)]
    known = [user for user in users if rng.random() < 0.85]
    return {
        **catalogue(rng),
        **_students(rng, known),
        "core_attempts": attempts(rng, users),
        "core_daily_activities": _daily(rng, users),
        "core_flashcards": _cards(rng, users),
        "core_decks": _decks(rng, users),
        "core_study_plans": _plans(rng, users),
        **_community(rng, users),
        **_mastery(rng, users),
    }


def previous_rankings(seed: int, tables: Tables) -> list[Row]:
    """Return rows of an older rankings table: many of today's students, some gone, values with ties."""
    rng = random.Random(seed + 1)
    boards = [("reputation", "global", ""), ("reputation", "university", "Uni A")]
    boards += [("reputation", "subject", uuid_of("algebra"))]
    boards += [("performance", "subject", uuid_of(name)) for name in SUBJECTS]
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


def _students(rng: random.Random, users: list[str]) -> Tables:
    return {
        "core_profiles": [
            {
                "user_id": user,
                "university": rng.choice(("Uni A", "Uni B", "", " ", None)),
                "timezone": rng.choice(_ZONES + _ODD_ZONES),
                "is_email_verified": rng.random() < 0.8,
            }
            for user in users
        ],
        "core_identities": [
            {"user_id": user, "email": f"{user}@x.example", "name": maybe(rng, f"Name {user}")}
            for user in users
        ],
        "core_settings": [
            {
                "user_id": user,
                "wants_email": rng.random() < 0.8,
                "wants_weekly_report": rng.random() < 0.8,
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


def _day(rng: random.Random, back: int = 70) -> date:
    return AS_OF - timedelta(days=rng.randrange(-2, back))


def _daily(rng: random.Random, users: list[str]) -> list[Row]:
    rows = {}
    for user in [*users, "no-profile"]:
        for _ in range(rng.choice((0, 2, 10, 30))):
            day = min(_day(rng, rng.choice((7, 21, 70))), AS_OF + timedelta(days=1))
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
    tags = [*(topic.upper() for topic in TOPICS), "roots", "nothing", "Leaves"]
    return [
        {
            "user_id": user,
            "card_id": f"card {i}",
            "deck_id": maybe(rng, f"deck {rng.randrange(0, 3)}"),
            "interval_days": Decimal(rng.choice(("0", "1", "6", "15.5", "400"))),
            "repetition": rng.randrange(0, 2),
            "next_review_at_micros": maybe(rng, round((moment(rng) + 10 * DAY) * MICROS)),
            "last_reviewed_at_micros": maybe(rng, round(moment(rng) * MICROS)),
            "review_count": rng.randrange(0, 4),
            "correct_count": rng.randrange(0, 2),
            "tags": maybe(rng, rng.sample(tags, rng.randrange(0, 4))),
        }
        for user in users
        for i in range(rng.choice((0, 3, 12)))
    ]


def _decks(rng: random.Random, users: list[str]) -> list[Row]:
    return [
        {"user_id": user, "deck_id": f"deck {i}", "subject_ref": maybe(rng, subject_ref(rng)[0])}
        for user in users
        for i in range(rng.randrange(0, 3))
    ]


def _plans(rng: random.Random, users: list[str]) -> list[Row]:
    return [
        {
            "user_id": user,
            "plan_id": f"plan {i}",
            "status": rng.choice(("active", "Active", "paused", "completed")),
            "tasks": maybe(
                rng,
                [
                    {"scheduled_on": maybe(rng, _day(rng)), "is_completed": rng.random() < 0.5}
                    for _ in range(rng.randrange(0, 8))
                ],
            ),
            "milestones": maybe(
                rng,
                [
                    {
                        "due_on": _day(rng, 30) + timedelta(days=14),
                        "description": maybe(rng, f"milestone {rng.randrange(0, 3)}"),
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
    for i in range(15 + len(users) // 4):
        author, subject = rng.choice(users), rng.choice(SUBJECTS)
        reference, name = subject_ref(rng)
        for kind, parent in (
            ("COMMUNITY", rng.choice((uuid_of(subject), f"{subject[:3]}10", "void"))),
            ("TOPIC", rng.choice((uuid_of(f"{subject}/roots"), "void"))),
        ):
            if rng.random() < 0.7:
                created = round(moment(rng) * MICROS)
                own = f" {parent.upper()} " if kind == "COMMUNITY" else reference
                posts.append(
                    {
                        "parent_kind": kind,
                        "parent_id": parent,
                        "post_key": spelled(rng, created),
                        "post_id": f"post {i}",
                        "user_id": author,
                        "subject_ref": maybe(rng, own),
                        "subject_name": name,
                        "likes": rng.randrange(0, 3),
                        "is_reported": rng.random() < 0.1,
                        "created_at_micros": created,
                    }
                )
    comments = [
        {
            "post_id": f"post {rng.randrange(0, 17 + len(users) // 4)}",
            "comment_key": spelled(rng, round(moment(rng) * MICROS)),
            "comment_id": f"comment {i}",
            "user_id": rng.choice(users),
            "likes": rng.randrange(0, 3),
            "is_answer": rng.random() < 0.3,
            "is_reported": rng.random() < 0.15,
        }
        for i in range(40 + len(users))
    ]
    return {"core_posts": posts, "core_comments": comments}


def _mastery(rng: random.Random, users: list[str]) -> Tables:
    topics = [
        {
            "user_id": user,
            "topic_id": uuid_of(f"topic {i}"),
            "mastery": _share(rng),
            "previous_mastery": maybe(rng, _share(rng)),
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
        for subject in SUBJECTS
    ]
    return {"topic_mastery": topics, "subject_mastery": subjects}


def _share(rng: random.Random) -> Decimal:
    return Decimal(rng.randrange(0, 10001)) / 10000
