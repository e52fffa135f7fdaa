"""Writes the aggregates that pages may show, inside the transaction of a publication. What may be shown: `releases`."""

from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from mavprep_analytics.dashboard.releases import (
    Candidate,
    GroupKey,
    Release,
    Releases,
    release,
    sum_over_all,
)
from mavprep_analytics.dashboard.statements import statement

_KEPT = timedelta(days=120)
_OPEN = timedelta(days=14)  # attempts of earlier dates hardly arrive any more


def release_aggregates(connection: psycopg.Connection[Any], as_of: date) -> int:
    """Choose and write the shown aggregates of the tables that this transaction has published.

    Replaces `analytics_released_aggregates`. Commits nothing: the caller's transaction does.
    Activity of a date is counted until it is two weeks old and kept for 120 days.

    Args:
        connection: a connection in a transaction, after its tables were written.
        as_of: the as-of date of the publication.

    Returns:
        The number of groups that may be shown.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(statement("released"))
        before: Releases = {GroupKey(*row[:4]): Release(*row[4:]) for row in cursor}
        has_activity = any(key.figure != "mastery" for key in before)
        since = as_of - (_OPEN if has_activity else _KEPT)
        cursor.execute(statement("release_candidates"), {"since": since, "as_of": as_of})
        shown = release((Candidate(*row) for row in cursor), before, as_of)
        shown |= _settled_days(before, since, as_of)
        cursor.execute(statement("clear_released"))
        with cursor.copy(statement("copy_released")) as copy:
            for key, group in shown.items():
                copy.write_row((*key, *vars(group).values()))
    return len(shown)


def _settled_days(before: Releases, since: date, as_of: date) -> Releases:
    """Return the releases of dates that are counted no more but still shown, with their sums."""
    first = (as_of - _KEPT).isoformat()
    settled = {
        key: group
        for key, group in before.items()
        if key.figure != "mastery" and first <= key.item < since.isoformat()
    }
    sums: Releases = {}
    for figure, item in {(key.figure, key.item) for key in settled}:
        parts = [g for k, g in settled.items() if (k.figure, k.item) == (figure, item)]
        sums |= sum_over_all(figure, item, parts, as_of)
    return settled | sums
