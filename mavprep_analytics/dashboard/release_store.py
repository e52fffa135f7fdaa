"""Writes the aggregates that pages may show, inside the transaction of a publication. What may be shown: `releases`."""

from datetime import date
from typing import Any

import psycopg

from mavprep_analytics.dashboard.releases import (
    Candidate,
    GroupKey,
    Release,
    Releases,
    release,
)
from mavprep_analytics.dashboard.statements import statement


def release_aggregates(connection: psycopg.Connection[Any], as_of: date) -> int:
    """Choose and write the shown aggregates of the marts that this transaction has published.

    Reads `analytics_university_mastery` and `analytics_university_activity`, replaces
    `analytics_released_aggregates`. Commits nothing: the caller's transaction does.

    Args:
        connection: a connection in a transaction, after its marts were written.
        as_of: the as-of date of the publication.

    Returns:
        The number of groups that may be shown.
    """
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        cursor.execute(statement("released"))
        before: Releases = {GroupKey(*row[:4]): Release(*row[4:]) for row in cursor}
        cursor.execute(statement("release_candidates"))
        candidates = (Candidate(*row) for row in cursor)
        shown = release(candidates, before, as_of)
        cursor.execute(statement("clear_released"))
        with cursor.copy(statement("copy_released")) as copy:
            for key, group in shown.items():
                copy.write_row((*key, *_values(group)))
    return len(shown)


def _values(group: Release) -> tuple[Any, ...]:
    return (
        group.students,
        group.total,
        group.as_of,
        group.previous_students,
        group.previous_total,
        group.previous_as_of,
    )
