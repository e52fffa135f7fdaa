"""A small catalogue in Postgres: two subjects, a topic tree, questions with options, a test and videos."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from mavprep_analytics.publication.migrations import upgrade


def uid(number: int) -> str:
    """The id number `number`, the same in every run."""
    return str(UUID(int=number))


@dataclass(frozen=True)
class Ids:
    """The ids of the catalogue, in the order they were made."""

    subjects: tuple[str, ...]
    topics: tuple[str, ...]
    questions: tuple[str, ...]
    tests: tuple[str, ...]


IDS = Ids(
    (uid(1), uid(2)),
    tuple(uid(10 + n) for n in range(1, 6)),
    tuple(uid(100 + n) for n in range(6)),
    (uid(50), uid(51)),
)
"""What `fill` puts in."""


def fill(database_url: str) -> None:
    """Make all tables and fill the catalogue.

    Topics: 1 > 2 > 3 and 4 in the first subject, 5 in the second. Questions stand under topic 3.
    """
    upgrade(database_url, with_catalogue=True)
    ids = IDS
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into subjects (id, code, name, university) values (%s, %s, %s, 'UTA')",
            [(ids.subjects[0], "MATH 1", "Calculus"), (ids.subjects[1], "CSE 1", "Programming")],
        )
        one, two, three, four, five = ids.topics
        cursor.executemany(
            "insert into topics (id, subject_id, parent_topic_id, name) values (%s, %s, %s, %s)",
            [
                (one, ids.subjects[0], None, "Derivatives"),
                (two, ids.subjects[0], one, "Rules & Tricks!"),
                (three, ids.subjects[0], two, "Chain Rule"),
                (four, ids.subjects[0], None, "Limits"),
                (five, ids.subjects[1], None, "Loops"),
            ],
        )
        cursor.executemany(
            "insert into questions (id, topic_id, question_text, question_type, difficulty_level)"
            " values (%s, %s, 'Why?', 'multiple_choice', %s)",
            [(q, three, ("Easy", "hard", "odd")[n % 3]) for n, q in enumerate(ids.questions)],
        )
        cursor.executemany(
            "insert into question_options (question_id, option_text, option_label, is_correct, order_index)"
            " values (%s, 'x', %s, %s, %s)",
            [(q, label, label == "A", n) for q in ids.questions for n, label in enumerate("AB")],
        )
        cursor.executemany(
            "insert into test_templates (id, subject_id, name) values (%s, %s, 'Midterm')",
            [(test, ids.subjects[0]) for test in ids.tests],
        )
        cursor.executemany(
            "insert into test_questions (test_template_id, question_id, order_index) values (%s, %s, %s)",
            [(ids.tests[0], q, n) for n, q in enumerate(ids.questions)],
        )
        cursor.executemany(
            "insert into video_lessons (topic_id, title, duration_seconds, s3_key, cloudfront_url,"
            " is_published, published_at) values (%s, 'Film', 60, 'k', 'u', %s, '2026-01-01')",
            [(three, True), (four, False)],
        )
