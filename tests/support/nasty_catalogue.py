"""A small catalogue full of traps: twins, a deep tree, names that share a slug, questions off the air, a wrong key."""

import random
from collections.abc import Mapping
from typing import Any

from lake_builders import Row, uuid_of

SUBJECTS = ("algebra", "botany", "chemistry")
TOPICS = ("roots", "leaves", "acids & bases", "Acids: bases", "Ünïcode 2")
PARENTS = {"leaves": "roots", "acids & bases": "leaves", "Acids: bases": "leaves"}
QUESTIONS = 14
EASY, HARD, DULL, MISKEYED = 0, 1, 2, 3
"""Questions that nearly all get right, that nearly all get wrong, with a useless distractor, with a wrong key."""
TEMPLATES: Mapping[str, tuple[int, ...]] = {"test 0": (0, 1, 2, 3, 4), "test 1": (3, 5, 6, 7, 8)}
LABELS = ("A", "B", "C")


def catalogue(rng: random.Random) -> dict[str, list[Row]]:
    """Return the rows of every catalogue table but the closure."""
    topics = _topics()
    return {
        "catalogue_subjects": _subjects(),
        "catalogue_topics": topics,
        "catalogue_questions": [_question(rng, i, topics) for i in range(QUESTIONS)],
        "catalogue_question_options": _options(),
        "catalogue_tests": [
            {"test_template_id": uuid_of(name), "subject_id": uuid_of(SUBJECTS[0])}
            for name in (*TEMPLATES, "test without questions")
        ],
        "catalogue_test_questions": [
            {
                "test_template_id": uuid_of(name),
                "question_id": uuid_of(f"question {number}"),
                "order_index": place,
            }
            for name, numbers in TEMPLATES.items()
            for place, number in enumerate(numbers)
        ],
    }


def _subjects() -> list[Row]:
    return [
        {"subject_id": uuid_of(n), "code": f" {n[:3].upper()}10 ", "name": n.title()}
        for n in SUBJECTS
    ] + [{"subject_id": uuid_of(f"twin {i}"), "code": f"TWIN{i}", "name": "Twins"} for i in (1, 2)]


def _topics() -> list[Row]:
    return [
        {
            "topic_id": uuid_of(f"{subject}/{topic}"),
            "subject_id": uuid_of(subject),
            "parent_topic_id": uuid_of(f"{subject}/{PARENTS[topic]}") if topic in PARENTS else None,
            "name": topic,
            "slug": slug(topic),
        }
        for subject in SUBJECTS
        for topic in TOPICS
    ]


def _question(rng: random.Random, number: int, topics: list[Row]) -> Row:
    return {
        "question_id": uuid_of(f"question {number}"),
        "topic_id": rng.choice(topics)["topic_id"],
        "difficulty": rng.choice(("easy", "medium", "hard", None)),
        "is_active": rng.random() < 0.8,
    }


def _options() -> list[Row]:
    return [
        {
            "question_id": uuid_of(f"question {number}"),
            "option_label": label,
            "is_key": label == ("B" if number == MISKEYED else "A"),
        }
        for number in range(QUESTIONS - 2)
        for label in LABELS[: 2 if number == HARD else 3]
    ]


def slug(text: str) -> str:
    """Return lower case with each run of other than letters and digits as one `-`, letter by letter."""
    out = ""
    for letter in text.lower():
        out += letter if letter.isalnum() else "" if out.endswith("-") else "-"
    return out


def chosen_option(rng: random.Random, number: int, *, is_correct: bool) -> Any:
    """Return the option that goes with an answer, or None where it was not recorded."""
    if rng.random() < 0.1:
        return None
    if is_correct:
        return "A"
    return "B" if number == DULL or rng.random() < 0.6 else rng.choice("CD")
