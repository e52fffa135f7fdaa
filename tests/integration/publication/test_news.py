"""What is news and what is not, on a real Postgres."""

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from published_rows import commit, new_lake, rows
from small_catalogue import IDS

from mavprep_analytics.lake import Lake
from mavprep_analytics.publication import Published, publish_news
from mavprep_analytics.tables import TABLES

DAY = date(2026, 11, 15)
RANKINGS = rows(TABLES["rankings"], 20, IDS)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


def night(database_url: str, lake: Lake, days: int = 0) -> Published:
    return publish_news(database_url, lake, DAY + timedelta(days), code_version="test")


def test_a_later_date_alone_is_no_news(filled_database: str, lake: Lake) -> None:
    commit(lake, {"rankings": RANKINGS}, chain={"tables": {}})
    assert night(filled_database, lake).sequence == 1
    again = night(filled_database, lake, 1)
    assert (again.sequence, again.as_of, again.unchanged) == (1, DAY, True)


def test_an_export_without_changes_moves_the_date(filled_database: str, lake: Lake) -> None:
    commit(lake, {"rankings": RANKINGS}, chain={"tables": {}})
    night(filled_database, lake)
    commit(lake, {}, chain={"tables": {"arn": {"head": "2026-11-16T00:00:00+00:00"}}})
    moved = night(filled_database, lake, 1)
    assert (moved.sequence, moved.as_of, moved.changed_rows) == (2, DAY + timedelta(1), 0)


def test_rows_that_someone_took_are_put_back(filled_database: str, lake: Lake) -> None:
    commit(lake, {"rankings": RANKINGS}, chain={"tables": {}})
    night(filled_database, lake)
    with psycopg.connect(filled_database) as connection:
        connection.execute("delete from analytics_rankings where ctid in"
                           " (select ctid from analytics_rankings limit 7)")  # fmt: skip
    mended = night(filled_database, lake, 3)
    assert (mended.sequence, mended.as_of, mended.changed_rows) == (2, DAY, 7)
    assert night(filled_database, lake, 3).unchanged
