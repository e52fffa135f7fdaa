"""One hand-made night whose published values were worked out on paper."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from export_items import (
    Item,
    attempt,
    comment,
    daily,
    post,
    profile,
    reputation,
    settings,
    write_full,
)
from lake_builders import uuid_of
from nights import Row, Site

from mavprep_analytics.periods import end_of_day
from mavprep_analytics.publication.migrations import upgrade

AS_OF = date(2026, 1, 4)
TEN_BY_FIVE = "11111 11110 11101 11010 10110 11000 10101 01000 10000 00001"
ELEVEN_BY_FOUR = "1111 1111 1110 1101 0111 1100 0011 1000 0100 0010 0000"
SUBJECT, TOPIC, TEST = uuid_of("subject"), uuid_of("topic"), uuid_of("test")
SCORES = (90, 85, 85, 70, 70, 70, 60)


def question(prefix: str, number: int) -> str:
    return uuid_of(f"{prefix}{number}")


def matrix(prefix: str, test: str, text: str) -> list[Item]:
    """One first attempt per word at a test, of students without PROFILE; no topic is named."""
    return [
        attempt(
            f"{prefix}{student:02}",
            test,
            "2025-12-20T15:30:00Z",
            answers=[
                {"questionId": question(prefix, place), "correct": mark == "1"}
                for place, mark in enumerate(word, start=1)
            ],
            topicPerformance=None,
        )
        for student, word in enumerate(text.split())
    ]


def board() -> list[Item]:
    """Seven students' scores at a test outside the catalogue; the last has a worse attempt before."""
    items: list[Item] = []
    for place, score in enumerate(SCORES):
        user = f"b{place}"
        more: Item = {
            "score": score,
            "timeSpentSeconds": 60,
            "answers": None,
            "topicPerformance": None,
        }
        items += [attempt(user, "board", **more), profile(user), settings(user)]
        items += [reputation(user, reputation=score)]
    worse: Item = {"score": 59, "timeSpentSeconds": 1, "answers": None, "topicPerformance": None}
    return [*items, attempt("b6", "board", "2025-12-19T15:30:00Z", **worse)]


def community() -> list[Item]:
    """A post with two likes of the first student, and the second's accepted answer with one."""
    return [post(SUBJECT, userId="b0", likes=2), comment(userId="b1", likes=1, isAnswer=True)]


def days() -> list[Item]:
    """A student west of UTC: an attempt after UTC's midnight, named by code, name and id, two on one date."""
    said = [
        ("2025-12-22T05:59:59Z", "math 1", None, Decimal("85.125"), 89),
        ("2025-12-22T06:00:00Z", "nothing", " calculus ", Decimal("85.12"), 30),
        ("2025-12-22T18:00:00+05:45", SUBJECT.upper(), "Calculus", Decimal("85.13"), 60),
        ("2025-12-22T19:00:00Z", "nothing", "nowhere", Decimal("0"), 30),
    ]
    return [
        profile("west", timezone="America/Chicago", university=None),
        daily("west", "2025-12-31", testsCompleted=0, questionsAnswered=0, correctAnswers=0),
        *(
            attempt(
                "west",
                "days",
                at,
                endTime=at,
                subjectId=subject,
                subjectName=name,
                percentageScore=percent,
                timeSpentSeconds=seconds,
                answers=[{"questionId": question("d", 1).upper(), "correct": True}],
                difficultyBreakdown={"hard": {"correct": 1, "total": 3}} if name else None,
            )
            for at, subject, name, percent, seconds in said
        ),
    ]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return [
        *matrix("n", TEST, TEN_BY_FIVE),
        *matrix("m", "elsewhere", ELEVEN_BY_FOUR),
        *board(),
        *community(),
        *days(),
    ]


@pytest.fixture
def published(database_url: str, tmp_path: Path, items: list[Item]) -> dict[str, list[Row]]:
    upgrade(database_url, with_catalogue=True)
    sizes = {"n": 5, "m": 4, "d": 1}
    questions = [question(p, i) for p, size in sizes.items() for i in range(1, size + 1)]
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into subjects (id, code, name) values (%s, 'MATH 1', 'Calculus')", [SUBJECT]
        )
        cursor.execute(
            "insert into topics (id, subject_id, name) values (%s, %s, 'T')", [TOPIC, SUBJECT]
        )
        cursor.executemany(
            "insert into questions (id, topic_id, question_text, question_type, difficulty_level)"
            " values (%s, %s, 'Why?', 'short_answer', 'easy')",
            [(q, TOPIC) for q in questions],
        )
        cursor.execute(
            "insert into test_templates (id, subject_id, name) values (%s, %s, 'X')",
            [TEST, SUBJECT],
        )
    site = Site(tmp_path / "exports", database_url, tmp_path / "home")
    write_full(site.campus, items, end_of_day(AS_OF))
    points = {"MAVPREP_POINTS_PER_ACCEPTED_ANSWER": "20", "MAVPREP_POINTS_PER_LIKE": "7"}
    done = site.night(AS_OF, **points)
    assert done.returncode == 0, done.stderr[-2000:]
    return site.published()


def column(rows: list[Row], key: str, name: str, *keys: str) -> list[float]:
    found = {row[key]: row[name] for row in rows}
    return [float(found[k]) for k in keys]


def test_the_values_worked_out_on_paper_are_published(published: dict[str, list[Row]]) -> None:
    compare_questions(published["question_statistics"])
    compare_tests(published["test_statistics"])
    compare_places(published)
    compare_days(published["subject_performance"])
    references = {(row["kind"], row["reference"]) for row in published["unresolved_references"]}
    unknown = {("subject", "nothing"), ("test", "board"), ("unknown_user", "n00")}
    assert unknown <= references


def compare_questions(statistics: list[Row]) -> None:
    first, second = ([question(p, i) for i in range(1, n + 1)] for p, n in (("n", 5), ("m", 4)))
    wanted = {
        "facility": [0.80, 0.60, 0.50, 0.40, 0.40],
        "item_total_r": [0.6318, 0.4248, 0.8176, 0.6372, 0.3338],
        "item_rest_r": [0.3962, 0.0669, 0.6124, 0.3340, -0.0322],
        "d27": [0.6667, 0.6667, 1.0, 0.6667, 0.3333],
    }
    found = {name: column(statistics, "question_id", name, *first) for name in wanted}
    assert found == wanted
    assert column(statistics, "question_id", "d27", *second) == [0.8, 1.0, 0.8, 0.8]
    assert column(statistics, "question_id", "item_rest_r", *second) == [
        0.2020,
        0.4175,
        0.2020,
        0.4485,
    ]


def compare_tests(rows: list[Row]) -> None:
    tests = {row["test_id"]: row for row in rows}
    reliabilities = {
        test: [tests[test]["n"], *(float(tests[test][c]) for c in ("kr20", "alpha", "sem"))]
        for test in (TEST, "elsewhere")
    }
    assert reliabilities == {
        TEST: [10, 0.4696, 0.4696, 1.0328],
        "elsewhere": [11, 0.5223, 0.5223, 0.9178],
    }
    assert (tests[TEST]["test_template_id"], tests["elsewhere"]["test_template_id"]) == (TEST, None)


def compare_places(published: dict[str, list[Row]]) -> None:
    places = [r for r in published["test_leaderboard"] if r["test_id"] == "board"]
    places.sort(key=lambda row: row["user_id"])
    assert [row["rank"] for row in places] == [1, 2, 2, 4, 4, 4, 7]
    assert [row["dense_rank"] for row in places] == [1, 2, 2, 3, 3, 3, 4]
    percentiles = ["92.86", "71.43", "71.43", "35.71", "35.71", "35.71", "7.14"]
    assert [str(row["percentile"]) for row in places] == percentiles
    assert [row["attempts"] for row in places] == [1] * 6 + [2]
    ranks = [row for row in published["rankings"] if row["scope"] == "global"]
    ranks.sort(key=lambda row: row["user_id"])
    assert [str(row["percentile"]) for row in ranks] == percentiles
    earned = [
        r for r in published["rankings"] if (r["metric"], r["scope"]) == ("reputation", "subject")
    ]
    assert {row["user_id"]: (row["value"], row["rank"]) for row in earned} == {
        "b0": (14, 2),
        "b1": (27, 1),
    }


def compare_days(rows: list[Row]) -> None:
    dates = [r for r in rows if r["user_id"] == "west"]
    same = ("tests_taken", "average_score", "study_time_minutes", "easy_total", "hard_total")
    assert {str(row["date"]): [row[name] for name in same] for row in dates} == {
        "2025-12-21": [1, Decimal("85.13"), 1, 1, 0],
        "2025-12-22": [2, Decimal("85.13"), 2, 0, 6],
    }
