"""The k rule, attacked: every combination of shown numbers of two publications must stand for ten students or none."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.dashboard.releases import (
    Candidate,
    GroupKey,
    Releases,
    release,
)
from mavprep_analytics.periods import week_start

TEN = 10
MONDAY = date(2026, 11, 2)
Members = dict[str, set[int]]


def published(groups: Members, before: Releases, day: date) -> Releases:
    """Release one item; a total is the sum of 2**student, so that it tells exactly who is in it."""
    candidates = [
        Candidate(
            "mastery", "topic", name, len(who), Decimal(sum(1 << s for s in who)), _digest(who)
        )
        for name, who in groups.items()
        if who
    ]
    return release(candidates, before, day)


def _digest(who: set[int]) -> Decimal:
    return Decimal(sum(hash((s, "id")) for s in who))


def smallest_exposed(*publications: Releases) -> int | None:
    """Try every sum of the shown totals with weights -1, 0, 1; return the smallest group one stands for.

    A sum stands for the students whose weight in it is not 0. Students in the same totals weigh the same.
    """
    totals = sorted({int(g.total) for shown in publications for g in shown.values()})
    everyone = range(max(totals, default=0).bit_length())
    alike = Counter(tuple(total >> s & 1 for total in totals) for s in everyone)
    alike.pop((0,) * len(totals), None)
    if not alike:
        return None
    weights = np.array(list(product((-1, 0, 1), repeat=len(totals))))
    is_exposed = weights @ np.array(list(alike)).T != 0
    exposed = is_exposed @ np.array(list(alike.values()))
    return int(exposed[exposed > 0].min())


def next_day(groups: Members, random: Random, unused: list[int]) -> Members:
    """Let some students leave and some new ones join each university."""
    changed: Members = {}
    for name, who in groups.items():
        leaving = random.sample(sorted(who), min(len(who), random.choice((0, 0, 1, 2, 12))))
        joining = [unused.pop() for _ in range(random.choice((0, 0, 1, 3, 9, 10, 11)))]
        changed[name] = (who - set(leaving)) | set(joining)
    return changed


@pytest.mark.parametrize("seed", range(15))
def test_no_combination_of_two_weeks_in_a_row_stands_for_fewer_than_ten_even_if_nobody_changes(
    seed: int,
) -> None:
    random = Random(seed)
    unused = list(range(4000))
    groups: Members = {
        name: {unused.pop() for _ in range(random.randint(0, 24))} for name in ("A", "B", "")
    }
    shown: Releases = {}
    for night in range(6):
        day = MONDAY + timedelta(days=4 * night)
        newer = published(groups, shown, day)
        smallest = smallest_exposed(shown, newer)
        assert smallest is None or smallest >= TEN
        shown, groups = newer, next_day(groups, random, unused)


campus_days = st.lists(
    st.lists(st.tuples(st.integers(0, 59), st.sampled_from(["A", "B", "C", "gone"])), max_size=25),
    min_size=2,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(campus_days, st.integers(1, 5), st.sampled_from(["mastery", "attempts"]))
def test_nothing_that_can_be_computed_from_all_publications_stands_for_fewer_than_ten(
    moves: list[list[tuple[int, str]]], stride: int, figure: str
) -> None:
    """Students join, leave, move between universities and universities are renamed, night after night.

    An unknown is a student's value: of mastery a new one each week, of a date always the same. Unknowns in
    exactly the same shown totals cannot be told apart; every combination of totals is a sum over such atoms.
    """
    where = {student: "AB"[student % 2] for student in range(45)}
    item = MONDAY.isoformat() if figure == "attempts" else "topic"
    before: Releases = {}
    members: dict[tuple[GroupKey, date], frozenset[tuple[int, date]]] = {}
    totals: set[frozenset[tuple[int, date]]] = set()
    for night, changes in enumerate(moves):
        day = MONDAY + timedelta(days=1 + night * stride)
        groups: Members = defaultdict(set)
        for student, name in where.items():
            groups[name].add(student)
        groups.pop("gone", None)
        version = week_start(day) if figure == "mastery" else MONDAY
        candidates = [
            Candidate(figure, item, name, len(who), Decimal(sum(who)), _digest(who))
            for name, who in groups.items()
        ]
        shown = release(candidates, before, day)
        for key, group in shown.items():
            if key.part == "university" and group != before.get(key):
                now = frozenset((student, version) for student in groups[key.university])
                assert len(now) == group.students
                members[key, group.as_of] = now
        parts = [members[key, g.as_of] for key, g in shown.items() if key.part == "university"]
        totals |= {*parts, frozenset().union(*parts)}
        before = shown
        where |= dict(changes)
        if night == len(moves) // 2:
            where = {s: {"A": "renamed"}.get(name, name) for s, name in where.items()}
    unknowns = frozenset().union(*totals)
    atoms = Counter(frozenset(n for n, t in enumerate(totals) if u in t) for u in unknowns)
    assert min(atoms.values(), default=TEN) >= TEN


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_every_shown_group_has_ten_students_and_the_sum_is_of_the_shown(sizes: list[int]) -> None:
    numbers = iter(range(1000))
    groups = {f"U{i}": {next(numbers) for _ in range(size)} for i, size in enumerate(sizes)}
    shown = published(groups, {}, MONDAY)
    parts = {key.university: group for key, group in shown.items() if key.part == "university"}
    assert set(parts) == {name for name, who in groups.items() if len(who) >= TEN}
    whole = shown.get(GroupKey("mastery", "topic", "all", ""))
    assert (whole.students if whole else 0) == sum(group.students for group in parts.values())


def test_a_swap_of_one_student_for_another_keeps_the_old_numbers() -> None:
    first = published({"A": set(range(20))}, {}, MONDAY)
    swapped = published({"A": set(range(1, 21))}, first, MONDAY + timedelta(days=7))
    assert swapped == first | {k: g for k, g in swapped.items() if k.part == "all"}
    key = GroupKey("mastery", "topic", "university", "A")
    assert swapped[key] is first[key]


def night(students: int, total: int, day: date, before: Releases, members: int = 1) -> Releases:
    """Release the topic for one university of as many students."""
    group = Candidate("mastery", "topic", "A", students, Decimal(total), Decimal(members))
    return release([group], before, day)


A_AT_TOPIC = GroupKey("mastery", "topic", "university", "A")


def test_the_same_students_are_read_anew_only_in_a_new_week() -> None:
    monday = night(20, 10, MONDAY, {})
    tuesday = night(20, 11, MONDAY + timedelta(days=1), monday)
    assert tuesday[A_AT_TOPIC].total == 10
    next_week = night(20, 12, MONDAY + timedelta(days=7), tuesday)
    assert [next_week[A_AT_TOPIC].total, next_week[A_AT_TOPIC].previous_total] == [12, 10]


def test_a_growth_within_a_week_waits_for_the_next() -> None:
    monday = night(20, 10, MONDAY, {})
    assert night(40, 30, MONDAY + timedelta(days=3), monday)[A_AT_TOPIC].students == 20
    assert night(40, 30, MONDAY + timedelta(days=7), monday)[A_AT_TOPIC].students == 40


@pytest.mark.parametrize(("weeks", "students"), [(1, 20), (7, 20), (8, 21)])
def test_a_group_that_changes_by_one_is_held_for_eight_weeks(weeks: int, students: int) -> None:
    first = night(20, 10, MONDAY, {})
    later = night(21, 11, MONDAY + timedelta(weeks=weeks), first, members=2)
    assert later[A_AT_TOPIC].students == students


@pytest.mark.parametrize("students", [9, 30])
def test_a_group_that_shrinks_below_ten_leaves_the_page_in_time(students: int) -> None:
    first = night(30, 10, MONDAY, {})
    later = night(students, 9, MONDAY + timedelta(weeks=1), first, members=1)
    assert (A_AT_TOPIC in later) is (students >= TEN)


def test_a_date_is_released_once_for_good_and_leaves_after_120_days() -> None:
    def release_day(students: int, as_of: date, before: Releases) -> Releases:
        group = Candidate("attempts", "2026-11-02", "A", students, Decimal(students), Decimal(1))
        return release([group], before, as_of)

    first = release_day(20, date(2026, 11, 3), {})
    assert release_day(60, date(2026, 11, 12), first) == first | {
        key: replace(group, as_of=date(2026, 11, 12))
        for key, group in first.items()
        if key.part == "all"
    }
    assert release([], first, date(2027, 3, 2))
    assert not release([], first, date(2027, 3, 3))


def test_the_attack_itself_finds_a_leak_when_the_true_sum_is_shown() -> None:
    groups = {"A": set(range(20)), "B": set(range(100, 104))}
    shown = published(groups, {}, MONDAY)
    true_sum = Decimal(sum(1 << s for who in groups.values() for s in who))
    whole = GroupKey("mastery", "topic", "all", "")
    leaky = shown | {whole: shown[whole].__class__(24, true_sum, Decimal(0), MONDAY)}
    assert smallest_exposed(leaky) == 4
