"""Writes the aggregates that pages may show, inside the transaction of a publication. What may be shown: `releases`."""

from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from mavprep_analytics.dashboard.releases import (
    KEPT,
    MASTERY,
    Candidate,
    GroupKey,
    Release,
    Releases,
    release,
)
from mavprep_analytics.dashboard.statements import statement

_OPEN = timedelta(days=14)  # as many nights may fail before a date is never counted


def release_aggregates(connection: psycopg.Connection[Any], as_of: date) -> int:
    """Choose and write the shown aggregates of the tables that this transaction has published.

    Replaces `analytics_released_aggregates`. Commits nothing: the caller's transaction does.

    Args:
        connection: a connection in a transaction, after its tables were written.
        as_of: the as-of date of the publication.

    Returns:
        The number of groups that may be shown.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(statement("released"))
        before: Releases = {GroupKey(*row[:4]): Release(*row[4:]) for row in cursor}
        has_activity = any(key.figure != MASTERY for key in before)
        since = as_of - (_OPEN if has_activity else KEPT)
        cursor.execute(statement("release_candidates"), {"since": since, "as_of": as_of})
        shown = release((Candidate(*row) for row in cursor), before, as_of)
        cursor.execute(statement("clear_released"))
        with cursor.copy(statement("copy_released")) as copy:
            for key, group in shown.items():
                copy.write_row((*key, *vars(group).values()))
    return len(shown)
