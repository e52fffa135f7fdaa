"""When a week's mails are due: Monday 07:00 local, not before the numbers cover the week, not 72 h late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.periods import week_start

SEND_AT = time(7)
LATEST = timedelta(hours=72)
_FIRST_ZONE = timedelta(hours=14)


class Held(Temporary):
    """The newest publication does not cover the week yet."""


def monday(week: date) -> date:
    """Return the week's Monday, which it must be.

    Raises:
        Misconfigured: it is another day; the message names the Monday.
    """
    if week.weekday() != 0:
        raise Misconfigured(
            f"--week {week} is a {week:%A}, and weeks are named by their Monday",
            f"Use --week {week_start(week)}",
        )
    return week


def due_at(week: date, timezone: str) -> datetime:
    """Return the instant at which the mail about a week is due: the next Monday, 07:00 in the zone."""
    local = datetime.combine(week + timedelta(days=7), SEND_AT, ZoneInfo(timezone))
    return local.astimezone(UTC)


def require_covered(week: date, as_of: date | None) -> date:
    """Return as_of when it reaches the week's Sunday.

    Raises:
        Held: it does not, or nothing was published.
    """
    sunday = week + timedelta(days=6)
    if as_of is None:
        raise Held("nothing is published yet", f"Run mavprep run --as-of {sunday} first")
    if as_of < sunday:
        raise Held(
            f"the week of {week} is held: the newest publication is as of {as_of}",
            f"Run mavprep run --as-of {sunday} first",
        )
    return as_of


@dataclass(frozen=True)
class BucketRun:
    """One run for the reports of one send time, which is one UTC offset.

    Args:
        key: the same for the same run, however often it is asked for.
        due_at: the send time.
    """

    key: str
    due_at: datetime


def reported_week(now: datetime) -> date:
    """Return the Monday of the week that ended last where the day begins first (UTC+14)."""
    return week_start((now + _FIRST_ZONE).date()) - timedelta(days=7)


def bucket_runs(
    week: date, buckets: Iterable[tuple[datetime, int]], now: datetime
) -> list[BucketRun]:
    """Return the runs that are due: one per send time, and one an hour while reports of it are left.

    Args:
        week: the reported week.
        buckets: send time and ready reports.
        now: the instant; what is due later waits.
    """
    runs = []
    for due, ready in buckets:
        hours = (now - due) // timedelta(hours=1)
        if ready and hours >= 0:
            key = f"{week} {due:%Y-%m-%dT%H:%MZ}" + (f" +{hours}h" if hours else "")
            runs.append(BucketRun(key, due))
    return runs
