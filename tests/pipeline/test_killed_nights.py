"""A night that is killed at every commit point, one after the other, ends like one that never was."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import crashing
import pytest
from nights import UNTIL, Site, emptied, small_campus

from mavprep_analytics.campus.dynamodb_items import load_reputation_items

pytestmark = pytest.mark.xdist_group("nights")

BEFORE_PUBLICATION = [
    "chain:after",
    "read:after",
    "lake file:after",
    "lake commit:before",
    "lake commit:after",
    "model:after",
    "ledger:after",
]
AFTER_PUBLICATION = [
    "publication:after",
    "rank write:after:5",
    "rank record:before",
    "retention:before",
]
"""In the order of a night, so that each run gets as far as the work of those before allows."""


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_campus(tmp_path_factory.mktemp("campus") / "exports")


def items(campus: Path) -> list[dict[str, Any]]:
    """Every REPUTATION item as DynamoDB holds it now."""
    found = boto3.session.Session().client("dynamodb").scan(TableName="MavPrep-Reputation")["Items"]
    return sorted(found, key=lambda item: str(item["PK"]))


def fresh(campus: Path, database_url: str, home: Path) -> Site:
    """An installation before its first night, in a database and a DynamoDB table made anew."""
    client = boto3.session.Session().client("dynamodb")
    if "MavPrep-Reputation" in client.list_tables()["TableNames"]:
        client.delete_table(TableName="MavPrep-Reputation")
    load_reputation_items(client, campus)
    return Site(campus, emptied(database_url), home).prepare()


def killed(site: Site, points: list[str]) -> list[str]:
    """Run the night once per point, killed there; return what became of each."""
    done = subprocess.run(
        [sys.executable, crashing.__file__, *points, "--", "run", "--as-of", str(UNTIL)],
        env=site.environment(MAVPREP_DYNAMODB_WRITEBACK="on"),
        capture_output=True,
        text=True,
        check=False,
        timeout=1100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_point_is_killed_at() -> None:
    kills = BEFORE_PUBLICATION + AFTER_PUBLICATION
    assert {kill.split(":")[0] for kill in kills} == set(crashing.POINTS)


@pytest.mark.usefixtures("aws_environment")
def test_a_night_killed_at_every_point_ends_like_one_that_never_was(
    campus: Path, database_url: str, tmp_path: Path
) -> None:
    control = fresh(campus, database_url, tmp_path / "control")
    assert control.night(MAVPREP_DYNAMODB_WRITEBACK="on").returncode == 0
    wanted, wanted_items = control.content(), items(campus)
    assert any("globalRank" in item for item in wanted_items)

    site = fresh(campus, database_url, tmp_path / "site")
    assert killed(site, BEFORE_PUBLICATION) == [f"{kill} killed" for kill in BEFORE_PUBLICATION]
    assert site.publications() == []
    assert killed(site, AFTER_PUBLICATION) == [f"{kill} killed" for kill in AFTER_PUBLICATION]
    last = site.night(MAVPREP_DYNAMODB_WRITEBACK="on")
    assert last.returncode in (0, 3), last.stderr
    assert site.content() == wanted
    assert items(campus) == wanted_items
    assert site.publications() == [(1, UNTIL)]
