"""Random attempts with every trap: ties, odd references, answers twice or to unknown questions, nulls, midnights."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from item_spellings import spelled
from lake_builders import DAY, Row, answer, attempt, uuid_of
from nasty_catalogue import (
    EASY,
    HARD,
    QUESTIONS,
    SUBJECTS,
    TEMPLATES,
    TOPICS,
    chosen_option,
)

END = int((datetime(2025, 4, 7, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
"""When the as-of date of the nasty lakes is over."""
_OUTSIDE = {"gone": range(QUESTIONS), "gone 2": range(9, 13)}
_TESTS = (
    uuid_of("test 0"),
    uuid_of("test 1").upper(),
    *_OUTSIDE,
    uuid_of("test without questions"),
)
_PERCENTAGES = [
    Decimal(text)
    for text in ("85.125", "85.135", "0.005", "100", "0", "66.66666666666666666667", "72.5")
]
_SECONDS = [Decimal(text) for text in ("30", "90", "90", "600.5", "29.999999")]


def maybe(rng: random.Random, value: Any, chance: float = 0.7) -> Any:
    """Return the value, or now and then None."""
    return value if rng.random() < chance else None


def moment(rng: random.Random) -> float:
    """Return seconds since 1970 in the last weeks, often exactly at a midnight or a change of offset."""
    back = rng.choice((14, 14, 42, 70)) * DAY
    at = END - rng.randrange(1, back)
    edge = rng.choice((0, 0, 0, DAY, 6 * 3600, 3600))
    at = at - at % edge if edge else at
    return at + rng.choice((0, 0, -0.000001, 0.5))


def subject_ref(rng: random.Random) -> tuple[str, str | None]:
    """Return a subject's id or code as somebody writes it, with a name; some name none, or two."""
    name = rng.choice(SUBJECTS)
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


def attempts(rng: random.Random, users: list[str]) -> list[Row]:
    """Return the attempts of some students, none of others; keys are distinct."""
    rows = {}
    for user in users:
        skill = rng.random()
        for _ in range(rng.choice((0, 1, 3, 8, 20))):
            row = _attempt(rng, user, skill)
            rows[user, row["test_id"], row["attempt_key"]] = row
    return list(rows.values())


def _attempt(rng: random.Random, user: str, skill: float) -> Row:
    reference, name = subject_ref(rng)
    test = rng.choice(_TESTS)
    at = moment(rng)
    answers = _answers(rng, test, skill) if rng.random() < 0.7 else maybe(rng, [], 0.5)
    row = attempt(user, test, at=at, answers=answers)
    return {
        **row,
        **_levels(rng),
        "attempt_key": spelled(rng, row["started_at_micros"]),
        "subject_ref": reference,
        "subject_name": name,
        "attempt_id": maybe(rng, f"attempt {rng.randrange(0, 5)}"),
        "score": Decimal(rng.choice((10, 10, 20, 30))) / rng.choice((1, 4)),
        "percentage_score": rng.choice(_PERCENTAGES),
        "total_questions": 20,
        "correct_answers": rng.randrange(0, 9),
        "incorrect_answers": rng.randrange(0, 9),
        "skipped_questions": rng.randrange(0, 3),
        "time_spent_seconds": rng.choice(_SECONDS),
        "ended_at_micros": maybe(rng, row["ended_at_micros"], 0.8),
        "is_completed": rng.random() < 0.9,
        "is_graded": rng.random() < 0.9,
        "topic_performance": maybe(rng, _topic_performance(rng)),
    }


def _levels(rng: random.Random) -> Row:
    has_levels = rng.random() < 0.5
    return {
        f"{level}_{count}": rng.randrange(0, 5) if has_levels else None
        for level in ("easy", "medium", "hard")
        for count in ("correct", "total")
    }


def _answers(rng: random.Random, test: str, skill: float) -> list[Row]:
    """Return all of the test's questions in order, or some of any test, unknown and repeated ones among them."""
    numbers = [*_questions_of(test)]
    if rng.random() < 0.6 and test != "gone 2":
        numbers = [rng.randrange(0, QUESTIONS + 2) for _ in range(rng.randrange(0, 6))]
    letters: list[Callable[[str], str]] = [str, str.upper]
    return [
        _answer(rng, place, number, rng.choice(letters)(uuid_of(f"question {number}")), skill)
        for place, number in enumerate(numbers, start=1)
    ]


def _questions_of(test: str) -> tuple[int, ...] | range:
    named = {uuid_of(name): numbers for name, numbers in TEMPLATES.items()}
    return named.get(test.lower()) or _OUTSIDE.get(test, range(4))


def _answer(rng: random.Random, place: int, number: int, reference: str, skill: float) -> Row:
    chance = {EASY: 0.995, HARD: 0.1}.get(number, 0.2 + 0.6 * skill)
    is_correct = rng.random() < chance
    seconds = Decimal(rng.choice(("1", "7.25", "60", "14400", "0", "33.333333")))
    option = chosen_option(rng, number, is_correct=is_correct)
    return answer(place, reference, is_correct, selected_option=option, seconds=maybe(rng, seconds))


def _topic_performance(rng: random.Random) -> list[Row]:
    names = [
        *TOPICS,
        "nothing",
        "ROOTS",
        uuid_of("algebra/roots"),
        uuid_of("botany/leaves").upper(),
    ]
    chosen = sorted(rng.sample(names, rng.randrange(0, 4)))
    return [{"topic_ref": name, "correct": rng.randrange(0, 3), "total": 2} for name in chosen]
