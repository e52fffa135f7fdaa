"""Whole nights on nasty campuses: Postgres holds what plain Python makes of the rows behind the items."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from nasty_lakes import AS_OF, DEFAULT_ZONE, Tables
from nasty_nights import (
    INVALID,
    UNRECOGNISED,
    WEEK_AGO,
    a_week_before,
    load_catalogue,
    this_week,
    write_export,
)
from nights import Site
from oracle_nights import night_differences

LONG_SEEDS = [pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 20)]


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Site:
    return Site(tmp_path / "exports", database_url, tmp_path / "home")


@pytest.mark.parametrize("seed", [0, *LONG_SEEDS])
def test_two_nights_a_week_apart_publish_the_numbers_of_the_plain_reading(
    site: Site, seed: int
) -> None:
    tables = this_week(seed)
    load_catalogue(site.database_url, tables)
    before = a_week_before(tables, seed)
    earlier = night(site, before, seed, WEEK_AGO)
    assert night_differences(earlier, before, DEFAULT_ZONE, WEEK_AGO, []) == []
    now = night(site, tables, seed, AS_OF)
    assert night_differences(now, tables, DEFAULT_ZONE, AS_OF, earlier["rankings"]) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_first_night_publishes_the_numbers_of_the_plain_reading(site: Site, seed: int) -> None:
    tables = this_week(seed)
    load_catalogue(site.database_url, tables)
    published = night(site, tables, seed, AS_OF)
    assert night_differences(published, tables, DEFAULT_ZONE, AS_OF, []) == []


def night(site: Site, tables: Tables, seed: int, as_of: date) -> Tables:
    """Export, run the night, check that every item was counted, and return what it published."""
    items = write_export(site.campus, tables, seed, as_of)
    done = site.night(as_of, MAVPREP_DEFAULT_TIMEZONE=DEFAULT_ZONE)
    assert done.returncode == 0, done.stderr[-2000:]
    published = site.published()
    counts: Counter[str] = Counter()
    for file in published["export_files"]:
        counts.update({n: file[n] for n in _COUNTED})
    accepted = items - INVALID - UNRECOGNISED
    assert tuple(counts[n] for n in _COUNTED) == (items, accepted, INVALID, UNRECOGNISED)
    return published


_COUNTED = ("item_count", "accepted", "quarantined", "unrecognised")
