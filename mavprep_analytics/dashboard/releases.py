"""Which aggregates of students may be shown: groups of ten, also after any subtraction. No I/O here.

Per figure and item (a topic, a date) the students of each university are one group. Universities under
ten are pooled into one group of others; a pool under ten is not shown and enters no sum. The sum over
all is the sum of what is shown, so subtracting shown groups from it can only give other shown groups.
Between publications a group keeps its old numbers until ten students or more came or went, or, with the
same number of students, a new ISO week began: so two releases never differ by fewer than ten students.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mavprep_analytics.periods import week_start

SMALLEST_GROUP = 10
"""Students behind any shown figure; the usual minimum of US state education agencies (NCES 2011-603)."""


class GroupKey(NamedTuple):
    """What a figure is about and whose it is; `university` is empty unless part is `university`."""

    figure: str
    item: str
    part: str
    university: str


class Candidate(NamedTuple):
    """A group as the marts have it, however small; an empty university stands for none given."""

    figure: str
    item: str
    university: str
    students: int
    total: Decimal


@dataclass(frozen=True)
class Release:
    """A shown group: students, the sum over them, and the release before this week's, if any."""

    students: int
    total: Decimal
    as_of: date
    previous_students: int | None = None
    previous_total: Decimal | None = None
    previous_as_of: date | None = None


Releases = dict[GroupKey, Release]


def release(
    candidates: Iterable[Candidate], before: Mapping[GroupKey, Release], as_of: date
) -> Releases:
    """Return every group that may be shown as of a date, sums over all included.

    Args:
        candidates: the groups of today's marts.
        before: the releases in force, without the sums over all.
        as_of: the date of the new publication.
    """
    by_item: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_item[candidate.figure, candidate.item].append(candidate)
    shown: Releases = {}
    for (figure, item), groups in by_item.items():
        parts = _parts(figure, item, groups, before)
        settled = {
            key: _settle(students, total, before.get(key), as_of)
            for key, (students, total) in parts.items()
        }
        shown |= settled
        shown |= _sum_over_all(figure, item, settled.values(), as_of)
    return shown


def _parts(
    figure: str, item: str, groups: list[Candidate], before: Mapping[GroupKey, Release]
) -> dict[GroupKey, tuple[int, Decimal]]:
    """Split an item's students into universities that may stand alone, and one pool of all others."""
    parts: dict[GroupKey, tuple[int, Decimal]] = {}
    pooled, pooled_total = 0, Decimal(0)
    for group in groups:
        key = GroupKey(figure, item, "university", group.university)
        if group.university and _may_stand(group.students, before.get(key)):
            parts[key] = (group.students, group.total)
        else:
            pooled += group.students
            pooled_total += group.total
    others = GroupKey(figure, item, "others", "")
    if _may_stand(pooled, before.get(others)):
        parts[others] = (pooled, pooled_total)
    return parts


def _may_stand(students: int, old: Release | None) -> bool:
    """Tell whether a group is large enough, or so near its last release that this one stays."""
    if students >= SMALLEST_GROUP:
        return True
    return old is not None and old.students - students < SMALLEST_GROUP


def _settle(students: int, total: Decimal, old: Release | None, as_of: date) -> Release:
    """Take the new numbers if they are far enough from the old ones, else keep the old ones."""
    if old is None:
        return Release(students, total, as_of)
    is_new_week = week_start(as_of) > week_start(old.as_of)
    difference = abs(students - old.students)
    if 0 < difference < SMALLEST_GROUP or (difference == 0 and not is_new_week):
        return old
    if not is_new_week:
        return replace(old, students=students, total=total, as_of=as_of)
    return Release(students, total, as_of, old.students, old.total, old.as_of)


def _sum_over_all(figure: str, item: str, parts: Iterable[Release], as_of: date) -> Releases:
    """Add up the shown parts of an item; the sum before only if every part has one."""
    shown = list(parts)
    if not shown:
        return {}
    total = Release(
        sum(p.students for p in shown), sum((p.total for p in shown), Decimal(0)), as_of
    )
    if all(p.previous_as_of for p in shown):
        total = replace(
            total,
            previous_students=sum(p.previous_students or 0 for p in shown),
            previous_total=sum((p.previous_total or Decimal(0) for p in shown), Decimal(0)),
            previous_as_of=min(p.previous_as_of for p in shown if p.previous_as_of),
        )
    return {GroupKey(figure, item, "all", ""): total}
