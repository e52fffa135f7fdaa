"""Weekly reports of a week: how many stand where and why, and the list behind the counts for admins."""

from datetime import date, timedelta

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.access import Role
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.navigation import ADMINS, PageRoute
from mavprep_analytics.dashboard.paging import PAGE_ROWS
from mavprep_analytics.dashboard.visit import Page, Visit

STATUSES = {
    "ready": ("Waiting", "Built, not sent yet."),
    "claimed": ("Being sent", "A mailer has taken it."),
    "sent": ("Sent", "The mail service accepted it."),
    "suppressed": ("Skipped", "Not sent, for the reason given."),
    "failed": ("Failed", "The mail service or the template refused it."),
    "unknown": ("Unknown", "The answer of the mail service was lost; never sent again by itself."),
    "expired": ("Expired", "Too late for its week."),
}
_WEEKS = 12


def reports(visit: Visit) -> Page:
    """Show the counts of a week and, for admins, fifty of its reports."""
    newest = visit.read.row("report_weeks")
    newest_week = newest["week_start"] if newest else None
    chosen = parameters.text(visit.query, "week")
    week = parameters.week(chosen) if chosen else newest_week
    status = parameters.choice(visit.query, "status", STATUSES)
    if week is None:
        return Page("pages/no_reports.html", {})
    sees_students = visit.viewer.role in ADMINS
    rows, after = _list(visit, week, status) if sees_students else ([], None)
    return Page(
        "pages/reports.html",
        {
            "week": week,
            "weeks": [newest_week - timedelta(weeks=n) for n in range(_WEEKS)]
            if newest_week
            else [],
            "status": status,
            "statuses": STATUSES,
            "counts": _counts(visit, week),
            "are_rounded": visit.viewer.role is Role.ANALYST,
            "reports": rows,
            "after": after,
            "is_first": not visit.query.get("after"),
            "sees_students": sees_students,
        },
    )


def _counts(visit: Visit, week: date) -> list[Row]:
    rows = visit.read.rows("report_counts", week_start=week, university=visit.university())
    if visit.viewer.role is not Role.ANALYST:
        return rows
    return [row | {"reports": rounded(row["reports"])} for row in rows]


def rounded(count: int) -> int:
    """Return a count to the nearest ten, halves up: what analysts see; 0 is written as fewer than ten."""
    return (count + 5) // 10 * 10 if count >= 10 else 0


def _list(visit: Visit, week: date, status: str | None) -> tuple[list[Row], str | None]:
    after = visit.cursor("after", str)
    rows = visit.read.rows(
        "reports",
        week_start=week,
        status=status,
        user_id=after.key[0] if after else "",
        university=visit.university(),
        rows=PAGE_ROWS + 1,
    )
    has_more = len(rows) > PAGE_ROWS
    del rows[PAGE_ROWS:]
    return rows, visit.mark(rows[-1]["user_id"]) if has_more else None


ROUTES = (PageRoute("/reports", reports, "/reports"),)
