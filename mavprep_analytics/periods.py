"""As-of dates, ISO weeks and the UTC instants they stand for: the only place that defines a week.

Local days of students are computed in SQL from the `time_zone_offsets` table; this module holds the
calendar rules that do not depend on a student's zone.
"""

from datetime import UTC, date, datetime, time, timedelta

MICROS_PER_SECOND = 1_000_000
MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> int:
    """Return an aware instant as microseconds since 1970-01-01T00:00Z, exactly."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(epoch_micros: int) -> datetime:
    """Return microseconds since 1970-01-01T00:00Z as an aware UTC instant."""
    return _EPOCH + timedelta(microseconds=epoch_micros)


def end_of_day(as_of: date) -> datetime:
    """Return the instant at which the as-of date is over: 24:00 UTC of that date."""
    return datetime.combine(as_of + timedelta(days=1), time(), tzinfo=UTC)


def week_start(day: date) -> date:
    """Return the Monday of the day's ISO week; weeks are named by it."""
    return day - timedelta(days=day.weekday())


def reading_day(as_of: date) -> date:
    """Return the Sunday that ends the as-of date's ISO week: the day at which mastery is read.

    Within a week it does not move, so rows of idle students do not change.
    """
    return week_start(as_of) + timedelta(days=6)


def day_number(day: date) -> int:
    """Return whole days since 1970-01-01, the integer form of a date in the SQL models."""
    return (day - _EPOCH.date()).days
