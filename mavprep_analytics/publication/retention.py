"""Lets old lake versions go; which of them are still wanted is known from the ledger of publications."""

from dataclasses import dataclass
from datetime import date, datetime

from mavprep_analytics.lake import Lake
from mavprep_analytics.publication.ledger import last_published_before, newest


@dataclass(frozen=True)
class Pruned:
    """What was removed from the lake.

    Args:
        versions: lake versions older than 30 days.
        files: data files that no version names any more.
    """

    versions: int
    files: int


def prune_lake(database_url: str, lake: Lake, as_of: date, now: datetime) -> Pruned:
    """Remove versions and files that nobody reads; see `Lake.prune` for the ages.

    The newest publication's version stays, and the one that previous ranks are read from.

    Args:
        database_url: `postgresql://…` of the published tables.
        lake: what to prune.
        as_of: the date of the run.
        now: an aware instant.
    """
    wanted = (newest(database_url), last_published_before(database_url, as_of))
    versions, files = lake.prune([p.lake_version for p in wanted if p is not None], now)
    return Pruned(versions, files)
