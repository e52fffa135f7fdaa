"""Which aggregates of students may be shown: groups of ten, also after any subtraction. No I/O here.

Per figure and item (a topic, a date) the students of each university are one group; a group under ten is
not shown and enters no sum. The sum over all is the sum of what is shown, so subtracting shown groups
from it can only give other shown groups.

Every item is released once, for all its groups together: a date once for good, since what happened on it
does not change, and a topic once per ISO week, since in the next one every student is read anew. So each
single value of a student stands in one shown group of ten or more, and no combination of shown figures,
over however many publications, stands for fewer. Mastery moves slowly, though. So from week to week a
group keeps its old figure until ten students or more came or went on balance, or the very same students
are in it, or eight weeks have passed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from mavprep_analytics.periods import week_start

MASTERY = "mastery"
"""The figure whose items are topics and subjects; the items of the others are dates."""
KEPT = timedelta(days=120)
"""How long a date stays shown."""
_LONGEST_HELD = timedelta(weeks=8)  # about one half-life of the evidence behind mastery
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
Item = tuple[str, str]


def release(
    candidates: Iterable[Candidate], before: Mapping[GroupKey, Release], as_of: date
) -> Releases:
    """Return every group that may be shown as of a date, sums over all included.

    Args:
        candidates: the groups of today's tables.
        before: the releases in force; sums over all are not read.
        as_of: the date of the new publication.
    """
    former: dict[Item, Releases] = defaultdict(dict)
    for key, old in before.items():
        if key.part == "university":
            former[key.figure, key.item][key] = old
    found: dict[Item, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        found[candidate.figure, candidate.item].append(candidate)
    shown: Releases = {}
    for item in {**former, **found}:
        parts = _parts(item, found.get(item, ()), former.get(item, {}), as_of)
        shown |= parts
        shown |= sum_over_all(*item, parts.values(), as_of)
    return shown


def _parts(item: Item, groups: Iterable[Candidate], former: Releases, as_of: date) -> Releases:
    figure, name = item
    if figure != MASTERY and former:
        return former if date.fromisoformat(name) >= as_of - KEPT else {}
    if any(week_start(old.as_of) == week_start(as_of) for old in former.values()):
        return former
    parts: Releases = {}
    for group in groups:
        key = GroupKey(figure, name, "university", group.university)
        settled = _settle(group, former.get(key), as_of)
        if settled is not None:
            parts[key] = settled
    return parts


def _settle(group: Candidate, old: Release | None, as_of: date) -> Release | None:
    """Take the new numbers if they are far enough from the old ones, else keep the old; None: too small."""
    new = Release(group.students, group.total, group.members, as_of)
    if old is None:
        return new if group.students >= SMALLEST_GROUP else None
    is_same = group.members == old.members and group.students == old.students
    is_far = abs(group.students - old.students) >= SMALLEST_GROUP
    is_old = as_of - old.as_of >= _LONGEST_HELD
    if not (is_same or is_far or is_old):
        return old
    if group.students < SMALLEST_GROUP:
        return None
    return replace(
        new,
        previous_students=old.students,
        previous_total=old.total,
        previous_as_of=old.as_of,
    )


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
