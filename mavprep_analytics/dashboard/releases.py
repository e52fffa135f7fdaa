"""Which aggregates of students may be shown: groups of ten, also after any subtraction. No I/O here.

Per figure and item (a topic, a date) the students of each university are one group; a group under ten is
not shown and enters no sum. The sum over all is the sum of what is shown, so subtracting shown groups
from it can only give other shown groups. Between publications a group keeps its old numbers until its
size differs by ten or more or, with the very same students, a new ISO week began: so two releases of a
group differ by no student or by ten at least. Groups are disjoint, so combining several gains nothing.
(Ten students or more who change from one university to another between two releases are beyond this.)
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
    """What a figure is about and whose it is.

    Part is `university` (an empty university: none given) or `all`.
    """

    figure: str
    item: str
    part: str
    university: str


class Candidate(NamedTuple):
    """A group as the published tables have it, however small; members is the sum of hashes of the ids."""

    figure: str
    item: str
    university: str
    students: int
    total: Decimal
    members: Decimal


@dataclass(frozen=True)
class Release:
    """A shown group: students, the sum over them, and the release before this week's, if any."""

    students: int
    total: Decimal
    members: Decimal
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
        candidates: the groups of today's tables.
        before: the releases in force; sums over all are not read.
        as_of: the date of the new publication.
    """
    by_item: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_item[candidate.figure, candidate.item].append(candidate)
    shown: Releases = {}
    for (figure, item), groups in by_item.items():
        parts = _shown_parts(figure, item, groups, before, as_of)
        shown |= parts
        shown |= sum_over_all(figure, item, parts.values(), as_of)
    return shown


def _shown_parts(
    figure: str,
    item: str,
    groups: Iterable[Candidate],
    before: Mapping[GroupKey, Release],
    as_of: date,
) -> Releases:
    parts: Releases = {}
    for group in groups:
        key = GroupKey(figure, item, "university", group.university)
        settled = _settle(group, before.get(key), as_of)
        if settled is not None:
            parts[key] = settled
    return parts


def _settle(group: Candidate, old: Release | None, as_of: date) -> Release | None:
    """Take the new numbers if they are far enough from the old ones, else keep the old; None: too small."""
    new = Release(group.students, group.total, group.members, as_of)
    if old is None:
        return new if group.students >= SMALLEST_GROUP else None
    is_new_week = week_start(as_of) > week_start(old.as_of)
    is_same = group.members == old.members and group.students == old.students
    is_far = abs(group.students - old.students) >= SMALLEST_GROUP
    if not is_far and not (is_same and is_new_week):
        return old
    if group.students < SMALLEST_GROUP:
        return None
    before_this_week = (
        (old.students, old.total, old.as_of)
        if is_new_week
        else (old.previous_students, old.previous_total, old.previous_as_of)
    )
    students, total, day = before_this_week
    return replace(new, previous_students=students, previous_total=total, previous_as_of=day)


def sum_over_all(figure: str, item: str, parts: Iterable[Release], as_of: date) -> Releases:
    """Add up the shown parts of an item; the sum before only if every part has one."""
    shown = list(parts)
    if not shown:
        return {}
    total = Release(
        sum(part.students for part in shown),
        sum((part.total for part in shown), Decimal(0)),
        sum((part.members for part in shown), Decimal(0)),
        as_of,
    )
    if all(part.previous_as_of for part in shown):
        total = replace(
            total,
            previous_students=sum(part.previous_students or 0 for part in shown),
            previous_total=sum((part.previous_total or Decimal(0) for part in shown), Decimal(0)),
            previous_as_of=min(part.previous_as_of for part in shown if part.previous_as_of),
        )
    return {GroupKey(figure, item, "all", ""): total}
