"""Weeks, reading days and exact instants."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics import periods

days = st.dates(min_value=date(1971, 1, 1), max_value=date(2120, 1, 1))


@given(days)
def test_a_week_starts_on_the_monday_at_or_before_and_is_read_on_its_sunday(day: date) -> None:
    monday, sunday = periods.week_start(day), periods.reading_day(day)
    assert monday.isoweekday() == 1
    assert sunday.isoweekday() == 7
    assert monday <= day <= sunday == monday + timedelta(days=6)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2120, 1, 1), timezones=st.just(UTC)))
def test_micros_are_exact_both_ways(instant: datetime) -> None:
    assert periods.instant(periods.micros(instant)) == instant


def test_an_as_of_date_ends_with_the_next_midnight() -> None:
    assert periods.end_of_day(date(2026, 12, 31)) == datetime(2027, 1, 1, tzinfo=UTC)


def test_the_last_days_of_2026_and_the_first_of_2027_share_a_week() -> None:
    assert periods.week_start(date(2026, 12, 31)) == periods.week_start(date(2027, 1, 3))


@given(days)
def test_day_numbers_follow_the_calendar(day: date) -> None:
    assert date(1970, 1, 1) + timedelta(days=periods.day_number(day)) == day
