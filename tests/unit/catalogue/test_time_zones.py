from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lake_builders import FOREVER, make_lake, rows_in

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets, known_zones, periods
from mavprep_analytics.periods import micros

ZONES = (
    "America/Argentina/Tucuman",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
)
PERIODS = {zone: list(periods(zone)) for zone in ZONES}


def offset_at(zone: str, instant: datetime) -> timedelta:
    at = micros(instant)
    found = [p for p in PERIODS[zone] if p[1] <= at < p[2]]
    assert len(found) == 1
    return timedelta(microseconds=found[0][3])


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)),
)
def test_the_offset_is_the_one_of_the_zone_database(zone: str, instant: datetime) -> None:
    assert offset_at(zone, instant) == instant.astimezone(ZoneInfo(zone)).utcoffset()


def test_a_change_happens_at_its_microsecond() -> None:
    change = datetime(2025, 3, 30, 1, tzinfo=UTC)
    assert offset_at("Europe/Berlin", change - timedelta(microseconds=1)) == timedelta(hours=1)
    assert offset_at("Europe/Berlin", change) == timedelta(hours=2)


@pytest.mark.parametrize("zone", ZONES)
def test_periods_follow_each_other_from_year_1_to_the_end_of_year_9999(zone: str) -> None:
    starts = [p[1] for p in PERIODS[zone]]
    ends = [p[2] for p in PERIODS[zone]]
    assert (starts[0], ends[-1]) == FOREVER
    assert starts[1:] == ends[:-1]
    assert all(a < b for a, b in zip(starts, ends, strict=True))


def test_outside_the_exact_years_the_nearest_period_goes_on() -> None:
    assert offset_at("Europe/Berlin", datetime(1950, 7, 1, tzinfo=UTC)) == timedelta(hours=1)
    assert offset_at("Europe/Berlin", datetime(2500, 7, 1, tzinfo=UTC)) == timedelta(hours=1)


def test_a_name_that_is_no_zone_is_not_known() -> None:
    names = ["Europe/Berlin", "europe/berlin", "Mars/Olympus", "../etc/passwd", "", None, "UTC"]
    assert known_zones(names) == ["Europe/Berlin", "UTC"]


def test_the_table_holds_the_zones_of_profiles_and_the_default(tmp_path: Path) -> None:
    zones = ["Asia/Kathmandu", "Asia/Kathmandu", "nonsense", None]
    profiles = [{"user_id": f"u{i}", "timezone": zone} for i, zone in enumerate(zones)]
    lake = make_lake(tmp_path, {"core_profiles": profiles})
    first = build_time_zone_offsets(lake, "Europe/Berlin")
    stored = [tuple(row.values()) for row in rows_in(lake, "time_zone_offsets")]
    assert not first.unchanged
    assert stored == [*periods("Asia/Kathmandu"), *PERIODS["Europe/Berlin"]]


def test_the_same_zones_are_not_written_again(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    build_time_zone_offsets(lake, "UTC")
    number = lake.head().number
    assert build_time_zone_offsets(lake, "UTC").unchanged
    assert lake.head().number == number
