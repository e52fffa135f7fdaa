"""The k rule, attacked: every combination of shown numbers of two publications must stand for ten students or none."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.dashboard.releases import (
    Candidate,
    GroupKey,
    Releases,
    release,
)

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


@pytest.mark.parametrize("seed", range(25))
def test_no_combination_of_two_publications_in_a_row_stands_for_fewer_than_ten(seed: int) -> None:
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


def test_the_same_students_are_read_anew_only_in_a_new_week() -> None:
    key = GroupKey("mastery", "topic", "university", "A")
    members = Decimal(1)

    def night(total: int, day: date, before: Releases) -> Releases:
        return release([Candidate(*key[:2], "A", 20, Decimal(total), members)], before, day)

    monday = night(10, MONDAY, {})
    tuesday = night(11, MONDAY + timedelta(days=1), monday)
    assert tuesday[key].total == 10
    next_week = night(12, MONDAY + timedelta(days=7), tuesday)
    assert [next_week[key].total, next_week[key].previous_total] == [Decimal(12), Decimal(10)]


def test_the_change_against_last_week_stays_through_a_growth_within_the_week() -> None:
    key = GroupKey("mastery", "topic", "university", "A")

    def night(students: int, day: date, before: Releases) -> Releases:
        made = Candidate(*key[:2], "A", students, Decimal(students), Decimal(students))
        return release([made], before, day)

    shown: Releases = {}
    for students, days in ((20, 0), (30, 7), (40, 8)):
        shown = night(students, MONDAY + timedelta(days=days), shown)
    assert (shown[key].students, shown[key].previous_students) == (40, 20)


def test_the_attack_itself_finds_a_leak_when_the_true_sum_is_shown() -> None:
    groups = {"A": set(range(20)), "B": set(range(100, 104))}
    shown = published(groups, {}, MONDAY)
    true_sum = Decimal(sum(1 << s for who in groups.values() for s in who))
    whole = GroupKey("mastery", "topic", "all", "")
    leaky = shown | {whole: shown[whole].__class__(24, true_sum, Decimal(0), MONDAY)}
    assert smallest_exposed(leaky) == 4
