"""Which editions repeat the newest publication, and which are stale."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.publication.ledger import Edition, Publication, refuse_stale

DAY = date(2026, 11, 15)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")


def edition(version: Version, day: int = 0) -> Edition:
    return Edition(version, DAY + timedelta(day), "code", "commit", {"rankings": "d"})


def publication(version: Version) -> Publication:
    tables = {"rankings": {"digest": "d"}}
    moment = datetime(2026, 11, 16, tzinfo=UTC)
    return Publication(
        1, DAY, {}, "code", version.number, version.commit_id, tables, "other", moment
    )


def test_a_later_date_is_never_stale(lake: Lake) -> None:
    old, new = lake.commit({}, base=lake.head()), lake.commit({}, base=lake.head())
    refuse_stale(publication(new), edition(old, day=1), lake)
    refuse_stale(None, edition(old), lake)
    refuse_stale(publication(new), edition(new), lake)


def test_an_earlier_date_is_stale_even_from_a_later_version(lake: Lake) -> None:
    old, new = lake.commit({}, base=lake.head()), lake.commit({}, base=lake.head())
    with pytest.raises(Overtaken, match="publication 1 of 2026-11-15 from lake version 1"):
        refuse_stale(publication(old), edition(new, day=-1), lake)


def test_an_earlier_version_of_the_same_lake_is_stale(lake: Lake) -> None:
    old, new = lake.commit({}, base=lake.head()), lake.commit({}, base=lake.head())
    with pytest.raises(Overtaken):
        refuse_stale(publication(new), edition(old), lake)


def test_versions_of_different_lakes_do_not_compare(lake: Lake, tmp_path: Path) -> None:
    old = lake.commit({}, base=lake.head())
    lake.commit({}, base=lake.head())
    other = Lake.open(str(tmp_path / "other"), tmp_path / "scratch")
    other.commit({}, base=other.head())
    refuse_stale(publication(other.commit({}, base=other.head())), edition(old), lake)


def test_an_edition_repeats_what_has_its_date_chain_and_digests(lake: Lake) -> None:
    version = lake.commit({}, {"chain": {"tables": {"arn": 1}}}, base=lake.head())
    last = replace(publication(version), export_chain={"arn": 1})
    assert edition(version).repeats(last)
    assert not edition(version, day=1).repeats(last)
    assert not edition(version).repeats(replace(last, export_chain={"arn": 2}))
    assert not edition(version).repeats(replace(last, tables={"rankings": {"digest": "e"}}))
    assert not edition(version).repeats(None)
