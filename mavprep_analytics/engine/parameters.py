"""The parameters of a run: days as whole numbers since 1970-01-01, instants as epoch microseconds. Pure."""

from datetime import date, timedelta

from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.periods import day_number, end_of_day, micros, reading_day, week_start
from mavprep_analytics.settings import POINTS_PER_ACCEPTED_ANSWER, POINTS_PER_LIKE


def run_parameters(
    as_of: date,
    default_timezone: str,
    *,
    points_per_accepted_answer: int = POINTS_PER_ACCEPTED_ANSWER,
    points_per_like: int = POINTS_PER_LIKE,
) -> dict[str, Parameter]:
    """Return every parameter that a model may name.

    Args:
        as_of: the date of the run.
        default_timezone: IANA zone of students without a usable one.
        points_per_accepted_answer: reputation in a subject for an accepted comment.
        points_per_like: reputation in a subject for a like on a post or comment.

    Returns:
        `as_of_day`; `until_micros`, the instant at which it is over; `week_start_day`, its Monday, and
        `previous_week_start_day`; `reading_day`, the Sunday that ends its week, and
        `previous_reading_day`; the zone and the points.
    """
    monday = week_start(as_of)
    return {
        "as_of_day": day_number(as_of),
        "until_micros": micros(end_of_day(as_of)),
        "week_start_day": day_number(monday),
        "previous_week_start_day": day_number(monday - timedelta(days=7)),
        "reading_day": day_number(reading_day(as_of)),
        "previous_reading_day": day_number(reading_day(as_of)) - 7,
        "default_timezone": default_timezone,
        "points_per_accepted_answer": points_per_accepted_answer,
        "points_per_like": points_per_like,
    }
