"""The overview: volumes against last week, who climbed, what to review, and how fresh the numbers are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.navigation import ADMINS, PageRoute
from mavprep_analytics.dashboard.pages.reports import STATUSES
from mavprep_analytics.dashboard.releases import SMALLEST_GROUP
from mavprep_analytics.dashboard.visit import Page, Visit

_CHART_DAYS = 90
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """A released date: students active on it, their attempts, and the share of right answers."""

    day: date
    students: int
    attempts: int
    accuracy: Decimal | None


@dataclass(frozen=True)
class Tile:
    """A headline number of the newest date, and its change against the same weekday a week before."""

    title: str
    value: Decimal | int | None
    before: Decimal | int | None
    is_share: bool = False

    @property
    def change(self) -> Decimal | None:
        """Relative change; of a share, the difference in points. None: nothing to compare with."""
        if self.value is None or not self.before:
            return None
        if self.is_share:
            return (Decimal(self.value) - Decimal(self.before)) * 100
        return (Decimal(self.value) / Decimal(self.before) - 1) * 100


def overview(visit: Visit) -> Page:
    """Show what changed since last week."""
    days = _days(visit)
    own = visit.viewer.university
    scope = (
        {"scope": "university", "scope_key": own} if own else {"scope": "global", "scope_key": ""}
    )
    population = visit.read.row("ranking_population", metric="reputation", **scope)
    newest = visit.read.row("report_weeks")
    week = newest["week_start"] if newest else None
    sees_students = visit.viewer.role in ADMINS
    return Page(
        "pages/overview.html",
        {
            "tiles": _tiles(days),
            "newest_day": days[-1].day if days else None,
            "chart": [[d.day.isoformat(), d.students, d.attempts] for d in days[-_CHART_DAYS:]],
            "ranked": population["population"] if population else None,
            "leaders": _leaders(visit, scope),
            "climbers": visit.read.rows(
                "climbers", **scope, **visit.row_filter(visit.university())
            ),
            "universities": []
            if own
            else visit.read.rows("leading_universities", smallest_group=SMALLEST_GROUP),
            "question_counts": visit.read.row("question_flags"),
            "report_week": week,
            "report_counts": _report_counts(visit, week) if week and sees_students else [],
            "sees_students": sees_students,
        },
    )


def _days(visit: Visit) -> list[Day]:
    own = visit.viewer.university
    rows = visit.read.rows(
        "released_activity", part="university" if own else "all", university=own or ""
    )
    figures: dict[date, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        figures[row["activity_date"]][row["figure"]] = row
    return [_day(day, found) for day, found in figures.items() if "attempts" in found]


def _day(day: date, figures: dict[str, Row]) -> Day:
    asked, right = (
        Decimal(figures[name]["total"]) if name in figures else Decimal(0)
        for name in ("questions", "correct")
    )
    attempts = figures["attempts"]
    return Day(day, attempts["students"], int(attempts["total"]), right / asked if asked else None)


def _tiles(days: Sequence[Day]) -> list[Tile]:
    newest = days[-1] if days else None
    before = next((d for d in days if newest and d.day == newest.day - _WEEK), None)

    def tile(title: str, name: str, *, is_share: bool = False) -> Tile:
        return Tile(title, getattr(newest, name, None), getattr(before, name, None), is_share)

    return [
        tile("Active students", "students"),
        tile("Attempts", "attempts"),
        tile("Right answers", "accuracy", is_share=True),
    ]


def _leaders(visit: Visit, scope: dict[str, Any]) -> list[Row]:
    return visit.read.rows(
        "ranking_after",
        metric="reputation",
        **scope,
        **visit.row_filter(visit.university()),
        rank=1,
        user_id="",
        rows=8,
    )


def _report_counts(visit: Visit, week: date) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for row in visit.read.rows("report_counts", week_start=week, university=visit.university()):
        counts[row["status"]] += row["reports"]
    return [(STATUSES[status][0], counts[status]) for status in STATUSES if counts[status]]


ROUTES = (PageRoute("/", overview, "/"),)
