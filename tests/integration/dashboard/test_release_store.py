"""Releases of aggregates night after night in real Postgres; every change here is rolled back."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from published_campus import AS_OF

from mavprep_analytics.dashboard.release_store import release_aggregates

MONDAY = date(2026, 11, 23)
Shown = dict[tuple[str, str, str, str], tuple[Any, ...]]


@pytest.fixture
def night(campus_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(campus_url) as connection:
        yield connection
        connection.rollback()


def shown(connection: psycopg.Connection[Any]) -> Shown:
    rows = connection.execute(
        "select figure, item, part, university, students, total, as_of, previous_total"
        " from analytics_released_aggregates"
    )
    return {row[:4]: row[4:] for row in rows}


def let_join(connection: psycopg.Connection[Any], university: str, students: int) -> None:
    """Give students of a university without mastery yet the readings of one who has them."""
    connection.execute(
        "insert into analytics_subject_mastery (user_id, subject_id, mastery, mastery_low,"
        " mastery_high, level, answers, last_answered_on)"
        " select user_id, cast(md5('subject1') as uuid), 0.5, 0.4, 0.6, 'developing', 9, '2026-11-18'"
        " from analytics_students where university = %s"
        " and user_id not in (select user_id from analytics_subject_mastery)"
        " order by user_id limit %s",
        (university, students),
    )


def test_no_released_group_is_under_ten_and_sums_are_of_the_shown(
    night: psycopg.Connection[Any],
) -> None:
    release_aggregates(night, AS_OF)
    smallest, sums, parts = night.execute(
        "select min(students), sum(students) filter (where part = 'all'),"
        " sum(students) filter (where part = 'university') from analytics_released_aggregates"
    ).fetchone() or (0, 0, 0)
    assert smallest >= 10
    assert sums == parts


@pytest.mark.parametrize(("joining", "is_new"), [(9, False), (10, True)])
def test_a_group_changes_in_the_next_week_when_ten_students_came(
    joining: int, is_new: bool, night: psycopg.Connection[Any]
) -> None:
    before = shown(night)
    key = next(k for k in before if k[0] == "mastery" and k[3] and is_subject(night, k))
    let_join(night, key[3], joining)
    release_aggregates(night, AS_OF)
    assert shown(night)[key] == before[key]
    release_aggregates(night, MONDAY)
    after = shown(night)
    assert (after[key] != before[key]) is is_new


def is_subject(connection: psycopg.Connection[Any], key: tuple[str, str, str, str]) -> bool:
    found = connection.execute("select md5('subject1')::uuid::text").fetchone()
    return found is not None and key[1] == found[0]


def test_the_same_students_are_read_anew_on_monday_with_the_week_before_beside(
    night: psycopg.Connection[Any],
) -> None:
    before = shown(night)
    night.execute("update analytics_topic_mastery set mastery = mastery / 2")
    release_aggregates(night, AS_OF + timedelta(days=1))
    key = next(
        k for k in before if k[0] == "mastery" and k[2] == "university" and not is_subject(night, k)
    )
    assert shown(night)[key] == before[key]
    release_aggregates(night, MONDAY)
    students, total, as_of, previous = shown(night)[key]
    assert (students, as_of, previous) == (before[key][0], MONDAY, before[key][1])
    assert total < before[key][1]


def test_days_older_than_two_weeks_stay_as_they_were_shown(night: psycopg.Connection[Any]) -> None:
    before = shown(night)
    night.execute("delete from analytics_subject_performance where date < '2026-10-20'")
    release_aggregates(night, AS_OF + timedelta(days=1))
    after = shown(night)
    old = {k: v[:2] for k, v in before.items() if k[0] == "attempts" and k[1] < "2026-10-20"}
    assert old
    assert {k: after[k][:2] for k in old} == old
