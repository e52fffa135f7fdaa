"""The overview: this week against the one before, what needs a person, who leads and who climbed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mavprep_analytics.dashboard.charts import line_chart
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.navigation import ADMINS, PageRoute
from mavprep_analytics.dashboard.pages.reports import STATUSES, shown_count
from mavprep_analytics.dashboard.visit import Page, Visit

_CHART_DAYS = 90
_WEEK = timedelta(days=7)
_TROUBLED = ("failed", "unknown", "expired")


@dataclass(frozen=True)
class Day:
    """A released date: students active on it, their attempts, their answers and the right ones."""

    day: date
    students: int
    attempts: int
    asked: int
    right: int


@dataclass(frozen=True)
class Tile:
    """A headline number of the last seven days, and the same of the seven before; None: undefined."""

    title: str
    value: Decimal | None
    before: Decimal | None
    is_share: bool = False

    @property
    def change(self) -> Decimal | None:
        """Relative change in percent; of a share, the difference in points. None: nothing to compare with."""
        if self.value is None or not self.before:
            return None
        if self.is_share:
            return (self.value - self.before) * 100
        return (self.value / self.before - 1) * 100


def overview(visit: Visit) -> Page:
    """Show what changed since last week."""
    days = _days(visit)
    own = visit.viewer.university
    scope = (
        {"scope": "university", "scope_key": own} if own else {"scope": "global", "scope_key": ""}
    )
    filters = scope | visit.row_filter(visit.university())
    population = visit.read.row("ranking_population", metric="reputation", **scope)
    newest = visit.read.row("report_weeks")
    week = newest["week_start"] if newest else None
    return Page(
        "pages/overview.html",
        {
            "tiles": _tiles(days),
            "week": (days[-1].day - _WEEK + timedelta(days=1), days[-1].day) if days else None,
            "days": days[-_CHART_DAYS:],
            "chart": line_chart([(d.day, d.students) for d in days[-_CHART_DAYS:]]),
            "ranked": population["population"] if population else None,
            "leaders": visit.read.rows(
                "ranking_after", metric="reputation", **filters, rank=1, user_id="", rows=8
            ),
            "climbers": visit.read.rows("climbers", **filters),
            "universities": [] if own else _universities(visit, days),
            "questions": visit.read.row("question_flags"),
            "attention": visit.read.row("attention"),
            "report_week": week,
            "report_counts": _report_counts(visit, week) if week else {},
            "statuses": STATUSES,
            "troubled": _TROUBLED,
            "sees_students": visit.viewer.role in ADMINS,
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
    attempts, asked, right = (
        int(figures[name]["total"]) if name in figures else 0
        for name in ("attempts", "questions", "correct")
    )
    return Day(day, figures["attempts"]["students"], attempts, asked, right)


def _tiles(days: Sequence[Day]) -> list[Tile]:
    end = days[-1].day if days else date.min + 2 * _WEEK
    now = [d for d in days if end - _WEEK < d.day]
    before = [d for d in days if end - 2 * _WEEK < d.day <= end - _WEEK]
    return [
        Tile("Active students a day", _mean(now), _mean(before)),
        Tile("Attempts", _attempts(now), _attempts(before)),
        Tile("Right answers", _share_right(now), _share_right(before), is_share=True),
    ]


def _mean(days: Sequence[Day]) -> Decimal | None:
    return Decimal(sum(d.students for d in days)) / len(days) if days else None


def _attempts(days: Sequence[Day]) -> Decimal | None:
    return Decimal(sum(d.attempts for d in days)) if days else None


def _share_right(days: Sequence[Day]) -> Decimal | None:
    asked = sum(d.asked for d in days)
    return Decimal(sum(d.right for d in days)) / asked if asked else None


def _universities(visit: Visit, days: Sequence[Day]) -> list[Row]:
    if not days:
        return []
    two_weeks = [(days[-1].day - timedelta(days=n)).isoformat() for n in range(14)]
    return visit.read.rows("university_activity", days=two_weeks)


def _report_counts(visit: Visit, week: date) -> dict[str, Any]:
    """Return status -> count as the viewer may see it, in the order of the statuses."""
    counts: dict[str, int] = defaultdict(int)
    for row in visit.read.rows("report_counts", week_start=week, university=visit.university()):
        counts[row["status"]] += row["reports"]
    return {
        status: shown_count(visit.viewer, counts[status]) for status in STATUSES if counts[status]
    }


ROUTES = (PageRoute("/", overview, "/"),)
