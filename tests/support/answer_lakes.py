"""Small random lakes of attempts over a small random catalogue, with the cases that break careless statistics.

Everything comes from one seed: topics of any depth, parents with own questions, inactive and unresolved
questions, two topics of one name, repeats within an attempt and across attempts, attempts without answers or
without the end time, attempts that sum up the answers they hold, students without PROFILE, several attempts at
one instant, attempts on the days where a week ends.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake_builders import Row, answer, attempt, make_lake, uuid_of

from mavprep_analytics.catalogue.topics import Topic, closure, slug
from mavprep_analytics.engine import DuckDBEngine, build_all
from mavprep_analytics.lake import Lake

DAY = 86_400
FIRST_DAY, LAST_DAY = 20_100, 20_240
READING_DAY = 20_205
"""A Sunday; the days about it and about the Sundays before it are as likely as all others together."""
BANDS = ("easy", "medium", "hard", None)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    students: int = 12
    subjects: int = 2
    topics: int = 9
    questions: int = 40
    tests: int = 5
    attempts: int = 80


def catalogue_rows(rng: random.Random, size: Size) -> dict[str, list[Row]]:
    """Return the catalogue tables: a random forest of topics per subject, and their questions."""
    subjects = [uuid_of(f"subject {i}") for i in range(size.subjects)]
    topics: list[Topic] = []
    for i in range(size.topics):
        subject = rng.choice(subjects)
        own = [t.id for t in topics if t.subject_id == subject]
        parent = rng.choice(own) if own and rng.random() < 0.6 else None
        name = f"Topic, {i % 8}"
        topics.append(Topic(uuid_of(f"topic {i}"), subject, parent, name, i))
    questions = [
        {
            "question_id": uuid_of(f"question {i}"),
            "topic_id": rng.choice(topics).id,
            "difficulty": rng.choice(BANDS),
            "is_active": rng.random() < 0.8,
        }
        for i in range(size.questions)
    ]
    return {
        "catalogue_subjects": [
            {"subject_id": s, "code": f"C{i}", "name": f"Subject {i}", "is_active": True}
            for i, s in enumerate(subjects)
        ],
        "catalogue_topics": [_topic_row(t) for t in topics],
        "topic_closure": [vars(link) for link in closure(topics)],
        "catalogue_questions": questions,
        "catalogue_question_options": [
            {"question_id": q["question_id"], "option_label": label, "is_key": label == "A"}
            for q in questions
            for label in "ABCD"
        ],
    }


def _topic_row(topic: Topic) -> Row:
    return {
        "topic_id": topic.id,
        "subject_id": topic.subject_id,
        "parent_topic_id": topic.parent,
        "name": topic.name,
        "slug": slug(topic.name),
        "order_index": topic.order_index,
    }


def attempt_rows(rng: random.Random, size: Size, catalogue: dict[str, list[Row]]) -> list[Row]:
    """Return random attempts, some of them odd in one of the ways named above."""
    skill = {f"u{i}": rng.random() for i in range(size.students)}
    return [_attempt(rng, i, size, catalogue, skill) for i in range(size.attempts)]


def _attempt(
    rng: random.Random,
    number: int,
    size: Size,
    catalogue: dict[str, list[Row]],
    skill: dict[str, float],
) -> Row:
    user = rng.choice(sorted(skill))
    week_ends = [READING_DAY - 7 * weeks + after for weeks in range(5) for after in (0, 1)]
    day = rng.choice([rng.randint(FIRST_DAY, LAST_DAY), rng.choice(week_ends)])
    seconds = rng.choice([0, 3600, 50_000.25, DAY - 1])
    odd: dict[str, Any] = {}
    if rng.random() < 0.2:
        odd["ended_at_micros"] = None
    if rng.random() < 0.5:
        odd["attempt_id"] = f"attempt {rng.randint(0, 999)}"
    if rng.random() < 0.1:
        odd[rng.choice(["is_completed", "is_graded"])] = False
    subject = rng.choice(catalogue["catalogue_subjects"])
    if rng.random() < 0.4:
        odd["topic_performance"] = _topic_performance(rng, catalogue)
    answers: list[Row] | None = _answers(rng, catalogue["catalogue_questions"], skill[user])
    if "topic_performance" in odd and rng.random() < 0.6:
        answers = rng.choice([None, []])
    return attempt(
        user,
        uuid_of(f"test {rng.randrange(size.tests)}"),
        at=day * DAY + seconds,
        key=f"{number:05}",
        subject_ref=rng.choice(
            [subject["subject_id"].upper(), f" {subject['code'].lower()} ", "?"]
        ),
        subject_name=rng.choice([None, subject["name"]]),
        answers=answers,
        **odd,
    )


def _answers(rng: random.Random, questions: list[Row], skill: float) -> list[Row]:
    chosen = rng.choices(questions, k=rng.randint(1, 12))
    rows = []
    for place, question in enumerate(chosen, start=1):
        correct = rng.random() < 0.2 + 0.7 * skill
        ref = question["question_id"]
        rows.append(
            answer(
                place,
                rng.choice([ref, ref, ref.upper(), "gone"]),
                correct,
                selected_option=rng.choice(["A" if correct else rng.choice("BCD"), None]),
                seconds=rng.choice([None, rng.randint(1, 90)]),
            )
        )
    return rows


def _topic_performance(rng: random.Random, catalogue: dict[str, list[Row]]) -> list[Row]:
    rows = []
    for topic in rng.sample(catalogue["catalogue_topics"], k=2):
        total = rng.randint(0, 5)
        spellings = (topic["topic_id"], topic["topic_id"].upper(), topic["name"])
        ref = rng.choice([*spellings, topic["slug"].upper(), "unheard of"])
        rows.append({"topic_ref": ref, "correct": rng.randint(0, total), "total": total})
    return sorted(rows, key=lambda row: row["topic_ref"])


def random_rows(seed: int, size: Size | None = None) -> dict[str, list[Row]]:
    """Return the core and catalogue rows of one random lake; every fifth student has no PROFILE."""
    rng, size = random.Random(seed), size or Size()
    catalogue = catalogue_rows(rng, size)
    profiles = [{"user_id": f"u{i}"} for i in range(size.students) if i % 5 != 4]
    return {
        **catalogue,
        "core_profiles": profiles,
        "core_attempts": attempt_rows(rng, size, catalogue),
    }


PARAMETERS: dict[str, int | str] = {"default_timezone": "UTC"}


def lake_of(folder: Path, rows: dict[str, list[Row]]) -> Lake:
    """Return a lake of these rows with eligible_attempts built."""
    lake = make_lake(folder, rows)
    build_all(("eligible_attempts",), lake, DuckDBEngine(), PARAMETERS)
    return lake
