"""Erasure through the real command: no store of ours names the student, and no replay brings him back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from nights import UNTIL, Site, small_campus
from psycopg import sql

from mavprep_analytics.lake import Lake
from mavprep_analytics.periods import week_start
from mavprep_analytics.publication.retention import prune_lake

pytestmark = pytest.mark.xdist_group("nights")


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_campus(tmp_path_factory.mktemp("campus") / "exports")


def mailed_user(site: Site) -> str:
    with psycopg.connect(site.database_url) as connection:
        row = connection.execute(
            "select user_id from analytics_weekly_reports where status = 'sent' order by 1 limit 1"
        ).fetchone()
    assert row
    return str(row[0])


def traces(site: Site, words: list[str]) -> list[str]:
    """Name every table row, lake file and other file of the installation that holds one of the words."""
    found = [f"table {name}" for name, text in _rows(site) if any(w in text for w in words)]
    for path in site.home.rglob("*"):
        if path.is_file():
            text = _text(path)
            found += [str(path.relative_to(site.home))] if any(w in text for w in words) else []
    return found


def _rows(site: Site) -> Iterator[tuple[str, str]]:
    with psycopg.connect(site.database_url) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_name like 'analytics_%'"
        ).fetchall()
        for (name,) in names:
            query = sql.SQL("select t::text from {} as t").format(sql.Identifier(name))
            yield from ((name, text) for (text,) in connection.execute(query))


def _text(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pylist())
    return path.read_bytes().decode("utf-8", "replace")


def test_thirty_days_after_an_erasure_nothing_names_the_student(
    campus: Path, database_url: str, tmp_path: Path
) -> None:
    site = Site(campus, database_url, tmp_path / "home").prepare()
    assert site.night().returncode == 0
    week = str(week_start(UNTIL))
    assert site.command("reports", "send", "--week", week).returncode == 0
    user = mailed_user(site)
    identity = pq.read_table(next((site.home / "lake/data/core_identities").iterdir())).to_pylist()
    (own,) = [row for row in identity if row["user_id"] == user]
    words = [user, own["email"], own["name"]]
    assert any(trace.endswith(".eml") for trace in traces(site, words))

    erased = site.command("erase", user)
    assert erased.returncode == 0, erased.stderr
    assert "written mails" in erased.stdout
    again = site.night()
    assert again.returncode == 0, "the ranks of others move up"
    lake = Lake.open(str(site.home / "lake"), site.home / "scratch")
    prune_lake(database_url, lake, UNTIL, datetime.now(UTC) + timedelta(days=31))
    assert traces(site, words) == []

    replay = Site(campus, database_url, tmp_path / "second-home")
    assert replay.night().returncode in (0, 3)
    Lake.open(str(replay.home / "lake")).prune([], datetime.now(UTC) + timedelta(days=31))
    assert traces(replay, words) == []
    assert replay.command("reports", "send", "--week", week).returncode == 3
    assert traces(site, words) == []
