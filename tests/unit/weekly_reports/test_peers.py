"""Averages of peers: the others only, at least ten of them, never to be had by subtraction."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.weekly_reports.facts import PeerGroup, WeekRow
from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.payload import Peers
from mavprep_analytics.weekly_reports.peers import FEWEST_OTHERS, peers_of
from mavprep_analytics.weekly_reports.standing import peers

Studied = tuple[int, int, int]
"""Minutes, questions, correct answers of one active student."""
STUDENTS = st.tuples(st.integers(0, 900), st.integers(0, 80), st.integers(0, 80)).map(
    lambda row: (row[0], row[1], min(row[1], row[2]))
)


def row_of(studied: Studied, *, is_active: bool = True) -> WeekRow:
    numbers: dict[str, Any] = dict.fromkeys(WeekRow._fields[2:], 0)
    minutes, questions, correct = studied
    numbers |= {"study_minutes": minutes, "questions": questions, "correct": correct}
    return WeekRow("ada", date(2026, 11, 9), **{**numbers, "is_active": is_active})


def group_of(students: Sequence[Studied]) -> PeerGroup:
    return PeerGroup(
        "UTA",
        len(students),
        sum(minutes for minutes, _, _ in students),
        sum(1 for _, questions, _ in students if questions),
        sum(questions for _, questions, _ in students),
        sum(correct for _, _, correct in students),
    )


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


@given(STUDENTS, st.lists(STUDENTS, max_size=25))
def test_peers_are_the_averages_of_the_others_alone(own: Studied, others: list[Studied]) -> None:
    told = peers_of(group_of([own, *others]), row_of(own))

    if len(others) < FEWEST_OTHERS:
        assert told is None
        return
    answered = [row for row in others if row[1]]
    assert told is not None
    assert told.students == len(others)
    assert told.minutes == half_up(Fraction(sum(row[0] for row in others), len(others)))
    if len(answered) < FEWEST_OTHERS:
        assert told.accuracy is None
    else:
        share = Fraction(100 * sum(row[2] for row in answered), sum(row[1] for row in answered))
        assert told.accuracy == half_up(share)


@given(STUDENTS, STUDENTS, st.lists(STUDENTS, min_size=10, max_size=15))
def test_one_s_own_week_never_changes_what_one_is_told(
    own: Studied, other: Studied, others: list[Studied]
) -> None:
    first = peers_of(group_of([own, *others]), row_of(own))

    assert first == peers_of(group_of([other, *others]), row_of(other))


@pytest.mark.parametrize("own", [None, row_of((0, 0, 0), is_active=False)])
def test_who_was_not_active_is_compared_with_nobody(own: WeekRow | None) -> None:
    assert peers_of(group_of([(10, 5, 5)] * 30), own) is None
    assert peers_of(None, row_of((10, 5, 5))) is None


def test_peers_are_told_in_one_sentence_with_and_without_answers() -> None:
    words = language("en")

    assert peers(Peers(212, 190, 187, 71), words) == (
        "212 other students of your university were active: 3\u00a0h\u00a010\u00a0min on average, 71% correct."
    )
    assert peers(Peers(11, 60, 4), words) == (
        "11 other students of your university were active: 1\u00a0h on average."
    )
