"""Turns the pages of a ranked list forwards and backwards from a cursor, at the same cost at any depth."""

from collections.abc import Mapping
from dataclasses import dataclass

from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.paging import PAGE_ROWS, Cursor
from mavprep_analytics.dashboard.visit import Visit


@dataclass(frozen=True)
class Turned:
    """Rows of a page with the cursors to its neighbours; None: there is none."""

    rows: list[Row]
    after: str | None = None
    before: str | None = None
    has_moved: bool = False


def turn(visit: Visit, list_name: str, filters: Mapping[str, object], start: int) -> Turned:
    """Read the page that the request's `after` or `before` asks for, else the one from a rank on.

    Args:
        visit: the request.
        list_name: `<list_name>_after` and `<list_name>_before` are its statements.
        filters: their parameters beside rank, user_id and rows.
        start: the rank to start at without a cursor.
    """
    after = visit.cursor("after", int, str)
    before = None if after else visit.cursor("before", int, str)
    if before:
        return _backwards(visit, list_name, filters, before)
    rank, user_id = after.key if after else (start, "")
    rows = visit.read.rows(
        f"{list_name}_after", **filters, rank=rank, user_id=user_id, rows=PAGE_ROWS + 1
    )
    has_more = len(rows) > PAGE_ROWS
    del rows[PAGE_ROWS:]
    is_first = after is None and start == 1
    return Turned(
        rows,
        visit.mark(*_key(rows[-1])) if has_more else None,
        visit.mark(*_key(rows[0])) if rows and not is_first else None,
        visit.is_older(after),
    )


def _backwards(
    visit: Visit, list_name: str, filters: Mapping[str, object], before: Cursor
) -> Turned:
    rank, user_id = before.key
    rows = visit.read.rows(
        f"{list_name}_before", **filters, rank=rank, user_id=user_id, rows=PAGE_ROWS + 1
    )
    has_more = len(rows) > PAGE_ROWS
    del rows[PAGE_ROWS:]
    rows.reverse()
    return Turned(
        rows,
        visit.mark(*_key(rows[-1])) if rows else None,
        visit.mark(*_key(rows[0])) if has_more else None,
        visit.is_older(before),
    )


def _key(row: Row) -> tuple[int, str]:
    return row["rank"], row["user_id"]
