"""A backup restored into a new cluster: publications go on, no rank is written twice, no mail goes twice."""

import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import boto3
import pytest
from published_rows import Row, commit, new_lake
from report_lakes import WEEK
from report_mailers import MONDAY_EIGHT, ScriptedBackend, freeze, mailer

from mavprep_analytics.embedded.binaries import candidates
from mavprep_analytics.embedded.postgres import EmbeddedPostgres
from mavprep_analytics.errors import Overtaken
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.publication import Published, publish
from mavprep_analytics.publication.reputation_ranks import RankWrites, write_ranks
from mavprep_analytics.settings import Settings
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.outbox import Outbox

DAY = date(2026, 11, 15)
ON = Settings(dynamodb_writeback="on", writeback_rate=10_000)


@pytest.fixture
def new_cluster() -> Iterator[str]:
    """The URL of the database of a cluster of its own."""
    with TemporaryDirectory(prefix="mavprep-restored-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            yield server.url


def restore(backup_of: str, into: str) -> None:
    programs = next(candidates()).folder
    dumped = subprocess.run(
        [programs / "pg_dump", "--no-owner", backup_of], capture_output=True, check=True
    )
    options = ["--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    load = [str(programs / "psql"), *options, into]
    subprocess.run(load, input=dumped.stdout, stdout=subprocess.DEVNULL, check=True)


@pytest.fixture
def items(aws_environment: dict[str, str]) -> list[Row]:
    """The REPUTATION items of two students, in DynamoDB and as an export has them."""
    client, name = boto3.session.Session().client("dynamodb"), f"MavPrep-{uuid4().hex}"
    keys = [("PK", "HASH"), ("SK", "RANGE")]
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],  # type: ignore[typeddict-item]
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    for user in ("a", "b"):
        item = {"PK": {"S": f"USER#{user}"}, "SK": {"S": "REPUTATION"}, "reputation": {"N": "5"}}
        client.put_item(TableName=name, Item=item)
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    return [{"user_id": user, "table_arn": arn, "reputation": 5} for user in ("a", "b")]


def ranked(lake: Lake, items: list[Row], first: int) -> Version:
    """Commit a night on which the two students have two ranks in a row."""
    rankings = [
        {"metric": "reputation", "scope": "global", "scope_key": "", "user_id": row["user_id"],
         "rank": first + n, "dense_rank": first + n, "tie_size": 1, "population": 9, "percentile": 1,
         "value": 1}
        for n, row in enumerate(items)
    ]  # fmt: skip
    return commit(lake, {"rankings": rankings, "core_reputations": items})


def night(database_url: str, lake: Lake, version: Version, day: int = 0) -> Published:
    return publish(database_url, lake, version, DAY + timedelta(day), code_version="test")


def test_what_was_published_written_and_mailed_before_a_backup_is_not_done_again_after_it(
    filled_database: str, new_cluster: str, items: list[Row], tmp_path: Path
) -> None:
    lake = new_lake(tmp_path)
    old = ranked(lake, items, 1)
    night(filled_database, lake, old)
    assert write_ranks(filled_database, ON).written == 2
    with Outbox(filled_database) as outbox:
        freeze(outbox, ["ada", "bob"])
        half = ScriptedBackend(most=1)
        assert deliver(mailer(outbox, half), WEEK, MONDAY_EIGHT).sent == 1

    restore(filled_database, new_cluster)

    assert night(new_cluster, lake, old).unchanged
    assert write_ranks(new_cluster, ON) == RankWrites(equal=2)
    with Outbox(new_cluster) as outbox:
        rest = ScriptedBackend()
        deliver(mailer(outbox, rest), WEEK, MONDAY_EIGHT)
        assert [[m.user_id for m in mails.sent] for mails in (half, rest)] == [["ada"], ["bob"]]
    after = night(new_cluster, lake, ranked(lake, items, 4), 1)
    assert (after.sequence, after.unchanged, after.tables["rankings"].upserted) == (2, False, 2)
    assert write_ranks(new_cluster, ON).written == 2
    with pytest.raises(Overtaken):
        night(new_cluster, lake, old)
