"""Weekly reports of a week: how many stand where and why, and the list behind the counts for admins."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.access import Viewer
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.faults import NotFound
from mavprep_analytics.dashboard.grants import Role
from mavprep_analytics.dashboard.navigation import ADMINS, PageRoute
from mavprep_analytics.dashboard.paging import PAGE_ROWS
from mavprep_analytics.dashboard.releases import SMALLEST_GROUP
from mavprep_analytics.dashboard.visit import Download, Page, Visit

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
_COLUMNS = (
    "user_id",
    "display_name",
    "university",
    "kind",
    "status",
    "reason",
    "attempts",
    "sent_at",
)
_TILES = {
    "Reports": tuple(STATUSES),
    "Sent": ("sent",),
    "Skipped or too late": ("suppressed", "expired"),
    "Failed or unknown": ("failed", "unknown"),
}


class Tile(NamedTuple):
    """A total of the week and of the week before, as the viewer may read them; None: no such week."""

    title: str
    value: str
    before: str | None


def reports(visit: Visit) -> Page:
    """Show the counts of a week beside those of the week before and, for admins, fifty of its reports."""
    newest = visit.read.row("report_weeks")
    newest_week = newest["week_start"] if newest else None
    chosen = parameters.text(visit.query, "week")
    week = parameters.week(chosen) if chosen else newest_week
    status = parameters.choice(visit.query, "status", STATUSES)
    if week is None or newest_week is None:
        return Page("pages/no_reports.html", {})
    sees_students = visit.viewer.role in ADMINS
    rows, after = _list(visit, week, status) if sees_students else ([], None)
    counts = _counts(visit, week)
    return Page(
        "pages/reports.html",
        {
            "week": week,
            "weeks": [newest_week - timedelta(weeks=n) for n in range(_WEEKS)],
            "status": status,
            "statuses": STATUSES,
            "counts": [
                row | {"shown": shown_count(visit.viewer, row["reports"])} for row in counts
            ],
            "tiles": _tiles(visit, counts, _counts(visit, week - timedelta(weeks=1))),
            "reports": rows,
            "after": after,
            "is_first": not visit.query.get("after"),
            "sees_students": sees_students,
        },
    )


def download(visit: Visit) -> Download:
    """Download the list of a week's reports."""
    newest = visit.read.row("report_weeks")
    chosen = parameters.text(visit.query, "week")
    week = parameters.week(chosen) if chosen else newest and newest["week_start"]
    if not week:
        raise NotFound("There is no report yet.")
    status = parameters.choice(visit.query, "status", STATUSES)
    filters = {"week": week.isoformat(), "status": status or ""}
    return Download(
        "reports",
        _COLUMNS,
        "report_rows",
        {"week_start": week, "status": status, "university": visit.university()},
        {name: value for name, value in filters.items() if value},
    )


def shown_count(viewer: Viewer, count: int) -> str:
    """Write a count of students; analysts read it to the nearest ten, as single students would show in it."""
    if viewer.role is not Role.ANALYST:
        return f"{count:,}"
    return f"about {rounded(count):,}" if count >= SMALLEST_GROUP else "under 10"


def rounded(count: int) -> int:
    """Return a count to the nearest ten, halves up."""
    return (count + 5) // 10 * 10


def _counts(visit: Visit, week: date) -> list[Row]:
    return visit.read.rows("report_counts", week_start=week, university=visit.university())


def _tiles(visit: Visit, counts: list[Row], before: list[Row]) -> list[Tile]:
    return [
        Tile(
            title,
            shown_count(visit.viewer, _total(counts, statuses)),
            shown_count(visit.viewer, _total(before, statuses)) if before else None,
        )
        for title, statuses in _TILES.items()
    ]


def _total(counts: list[Row], statuses: Collection[str]) -> int:
    return sum(row["reports"] for row in counts if row["status"] in statuses)


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


ROUTES = (
    PageRoute("/reports", reports, "/reports"),
    PageRoute("/reports.csv", download, "/reports", ADMINS),
)
