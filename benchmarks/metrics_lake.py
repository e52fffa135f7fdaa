"""A synthetic lake of any size for the metric benchmarks: attempts of 50 answers, all within three months.

Students have one ability, questions one difficulty; that is enough for the work to be real. The simulator
of the product makes truer students, but takes minutes for what is wanted here in seconds.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.exports.merging import NESTED_ROW_GROUP_ROWS
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import TABLES

ANSWERS, ATTEMPTS = 50, 10
"""Answers per attempt, and attempts per student unless told otherwise."""
AS_OF = date(2025, 3, 30)
_SUBJECTS, _TOPICS, _QUESTIONS, _TESTS = 8, 100, 4000, 200
_MONTHS = 3
END_MICROS = 1_743_379_200_000_000
DAY_MICROS = 86_400_000_000

Columns = dict[str, Any]


def make_lake(folder: Path, answers: int, attempts: int = ATTEMPTS, seed: int = 1) -> Lake:
    """Write a lake with about so many answers, from students with so many attempts each, and return it."""
    rng = np.random.default_rng(seed)
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    students = max(1, answers // (ANSWERS * attempts))
    users = pa.array([f"user-{i:031d}" for i in range(students)])
    tables = {**_catalogue(), **_people(rng, users)}
    entries = {name: _entry(lake, name, [columns]) for name, columns in tables.items()}
    entries["core_attempts"] = _attempts_entry(lake, rng, users, attempts)
    missing = [
        n for n, t in TABLES.items() if t.group in ("core", "catalogue") and n not in entries
    ]
    entries |= {name: _entry(lake, name, []) for name in missing}
    lake.commit(entries, base=lake.head())
    build_time_zone_offsets(lake, "UTC")
    return lake


def _ids(kind: str, count: int) -> list[str]:
    return [f"{kind}{i:07x}-0000-4000-8000-000000000000" for i in range(count)]


def _catalogue() -> dict[str, Columns]:
    subjects, topics, questions = _ids("a", _SUBJECTS), _ids("b", _TOPICS), _ids("c", _QUESTIONS)
    subject_of = [subjects[i % _SUBJECTS] for i in range(_TOPICS)]
    tests = _ids("d", _TESTS)
    return {
        "catalogue_subjects": {
            "subject_id": subjects,
            "code": [f"SUB{i}" for i in range(_SUBJECTS)],
            "name": [f"Subject {i}" for i in range(_SUBJECTS)],
            "is_active": [True] * _SUBJECTS,
        },
        "catalogue_topics": {
            "topic_id": topics,
            "subject_id": subject_of,
            "name": topics,
            "slug": topics,
        },
        "catalogue_questions": {
            "question_id": questions,
            "topic_id": [topics[i % _TOPICS] for i in range(_QUESTIONS)],
            "difficulty": [("easy", "medium", "hard")[i % 3] for i in range(_QUESTIONS)],
            "is_active": [True] * _QUESTIONS,
            "question_type": ["single"] * _QUESTIONS,
        },
        "catalogue_question_options": {
            "question_id": [q for q in questions for _ in "ABCD"],
            "option_label": [*"ABCD"] * _QUESTIONS,
            "is_key": [True, False, False, False] * _QUESTIONS,
        },
        "catalogue_tests": {
            "test_template_id": tests,
            "subject_id": [subjects[i % _SUBJECTS] for i in range(_TESTS)],
            "name": tests,
        },
        "topic_closure": {
            "topic_id": topics,
            "ancestor_id": topics,
            "distance": [0] * _TOPICS,
            "ancestor_depth": [1] * _TOPICS,
            "subject_id": subject_of,
        },
    }


def _people(rng: np.random.Generator, users: Any) -> dict[str, Columns]:
    count = len(users)
    arn = ["arn:aws:dynamodb:eu-west-1:1:table/MavPrep-Users"] * count
    zones = np.array(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Sydney"])
    return {
        "core_profiles": {
            "user_id": users,
            "university": [f"University {i % 20}" for i in range(count)],
            "timezone": zones[rng.integers(0, len(zones), count)],
            "is_email_verified": [True] * count,
            "table_arn": arn,
        },
        "core_identities": {"user_id": users, "name": users, "email": users, "table_arn": arn},
        "core_settings": {
            "user_id": users,
            **{
                name: rng.random(count) < 0.6
                for name in (
                    "wants_email",
                    "wants_weekly_report",
                    "is_profile_visible",
                    "shares_progress",
                    "is_anonymous_in_community",
                )
            },
            "table_arn": arn,
        },
        "core_reputations": {
            "user_id": users,
            "reputation": rng.integers(0, 2000, count),
            "table_arn": arn,
        },
    }


def _attempts_entry(
    lake: Lake, rng: np.random.Generator, users: Any, of_a_student: int
) -> TableEntry:
    """One file per month, sorted by user, as ingestion leaves them."""
    ability = rng.normal(0, 1, len(users))
    difficulty = rng.normal(0, 1, _QUESTIONS)
    files = []
    for month in range(_MONTHS):
        attempts = of_a_student // _MONTHS + (month < of_a_student % _MONTHS)
        chunks = _chunks(rng, users, attempts, month, ability, difficulty)
        files += _entry(lake, "core_attempts", chunks).files
    return TableEntry(tuple(files), {})


def _chunks(
    rng: np.random.Generator, users: Any, attempts: int, month: int, ability: Any, difficulty: Any
) -> Iterator[Columns]:
    size = max(1, NESTED_ROW_GROUP_ROWS // attempts)
    for start in range(0, len(users), size):
        who = np.repeat(np.arange(start, min(start + size, len(users))), attempts)
        yield _attempts(rng, users, who, month, ability, difficulty)


def _attempts(
    rng: np.random.Generator, users: Any, who: Any, month: int, ability: Any, difficulty: Any
) -> Columns:
    n = len(who)
    test = np.arange(n) * 7 % 13 + month * 13 + (who % 10) * 19
    test = test % _TESTS
    first = test * 20 % _QUESTIONS
    question = (first[:, None] + np.arange(ANSWERS)[None, :]) % _QUESTIONS
    chance = 1 / (1 + np.exp(difficulty[question] - ability[who][:, None]))
    correct = rng.random((n, ANSWERS)) < chance
    right = correct.sum(axis=1)
    end = END_MICROS - (_MONTHS - month) * 30 * DAY_MICROS
    end = end + rng.integers(0, 30 * 86_400, n) * 1_000_000
    spent = rng.integers(600, 5400, n)
    keys = pa.array([f"2025-01-01T00:00:00.{month:01d}{i:08d}Z" for i in range(n)])
    options = np.where(correct, 0, rng.integers(1, 4, (n, ANSWERS))).ravel()
    answers = pa.StructArray.from_arrays(
        [
            pa.array(np.tile(np.arange(1, ANSWERS + 1), n)),
            pa.array(_ids("c", _QUESTIONS)).take(pa.array(question.ravel())),
            pa.array(["A", "B", "C", "D"]).take(pa.array(options)),
            pa.array(correct.ravel()),
            pa.array(rng.integers(5, 120, n * ANSWERS))
            .cast(pa.decimal128(19, 0))
            .cast(pa.decimal128(15, 6)),
        ],
        names=["position", "question_ref", "selected_option", "is_correct", "seconds"],
    )
    offsets = pa.array(np.arange(0, n * ANSWERS + 1, ANSWERS, dtype=np.int32))
    return {
        "user_id": users.take(pa.array(who)),
        "test_id": pa.array(_ids("d", _TESTS)).take(pa.array(test)),
        "attempt_key": keys,
        "attempt_id": keys,
        "subject_ref": pa.array(_ids("a", _SUBJECTS)).take(pa.array(test % _SUBJECTS)),
        "score": right,
        "percentage_score": right * 2,
        "total_questions": np.full(n, ANSWERS),
        "correct_answers": right,
        "incorrect_answers": ANSWERS - right,
        "skipped_questions": np.zeros(n, dtype=np.int64),
        "started_at_micros": end - spent * 1_000_000,
        "ended_at_micros": end,
        "time_spent_seconds": spent,
        "is_completed": np.full(n, True),
        "is_graded": np.full(n, True),
        "answers": pa.ListArray.from_arrays(offsets, answers),
        "table_arn": pa.array(["arn:aws:dynamodb:eu-west-1:1:table/MavPrep-Progress"] * n),
    }


def _entry(lake: Lake, name: str, chunks: Any) -> TableEntry:
    schema = TABLES[name].arrow_schema
    batches = (batch for columns in chunks for batch in _table(schema, columns).to_batches())
    return lake.write(name, schema, batches, {})


def _table(schema: pa.Schema, columns: Columns) -> pa.Table:
    rows = len(next(iter(columns.values())))
    arrays = []
    for field in schema:
        values = columns.get(field.name)
        array = pa.nulls(rows, field.type) if values is None else pa.array(values)
        if pa.types.is_decimal(field.type) and pa.types.is_integer(array.type):
            array = array.cast(pa.decimal128(19, 0))
        arrays.append(array.cast(field.type))
    table = pa.Table.from_arrays(arrays, schema=schema)
    keys = [(name, "ascending") for name in ("user_id", "test_id", "attempt_key")]
    return table.sort_by(keys) if "attempt_key" in schema.names else table
