"""Writing ranks back to REPUTATION items: Postgres and DynamoDB over HTTP."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import psycopg
import pytest
from published_rows import Row, commit, new_lake

from mavprep_analytics.errors import Misconfigured, Overtaken, Temporary
from mavprep_analytics.lake import Lake
from mavprep_analytics.publication import publish
from mavprep_analytics.publication.rank_writer import RankWrite, RankWriter
from mavprep_analytics.publication.reputation_ranks import RankWrites, write_ranks
from mavprep_analytics.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY = date(2026, 11, 15)
ON = Settings(dynamodb_writeback="on", writeback_rate=10_000)
SUBJECT = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def dynamodb(aws_environment: dict[str, str]) -> "DynamoDBClient":
    return boto3.session.Session().client("dynamodb")


@pytest.fixture
def table(dynamodb: "DynamoDBClient") -> str:
    name = f"MavPrep-{uuid4().hex}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


@pytest.fixture
def database(filled_database: str) -> str:
    return filled_database


def arn(table: str) -> str:
    return f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"


def item(user: str, **extra: Any) -> dict[str, Any]:
    return {
        "PK": {"S": f"USER#{user}"},
        "SK": {"S": "REPUTATION"},
        "reputation": {"N": "500"},
        "badges": {"L": [{"M": {"id": {"S": "é"}, "n": {"N": "0.10"}}}]},
        **extra,
    }


def ranking(user: str, rank: int, scope: str = "global", key: str = "") -> Row:
    return {
        "metric": "reputation", "scope": scope, "scope_key": key, "user_id": user, "rank": rank,
        "dense_rank": rank, "tie_size": 1, "population": 9, "percentile": 1, "value": 1,
    }  # fmt: skip


def exported(user: str, table: str, **ranks: Any) -> Row:
    return {"user_id": user, "table_arn": arn(table), "reputation": 500, **ranks}


def night(
    database: str, lake: Lake, rankings: list[Row], items: list[Row], as_of: date = DAY
) -> None:
    version = commit(lake, {"rankings": rankings, "core_reputations": items})
    publish(database, lake, version, as_of, code_version="test")


def get(dynamodb: "DynamoDBClient", table: str, user: str) -> dict[str, Any]:
    key = {"PK": {"S": f"USER#{user}"}, "SK": {"S": "REPUTATION"}}
    return dict(dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {}))


def test_ranks_are_written_and_all_other_attributes_stay_as_they_are(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    before = item("a", universityRank={"N": "9"})
    dynamodb.put_item(TableName=table, Item=before)
    dynamodb.put_item(TableName=table, Item=item("b"))
    ranks = [
        ranking("a", 2),
        ranking("b", 1),
        ranking("b", 3, "university", "UTA"),
        ranking("b", 4, "subject", SUBJECT),
    ]
    items = [exported("a", table, university_rank=9), exported("b", table)]
    night(database, lake, ranks, items)
    assert write_ranks(database, ON) == RankWrites(written=2)
    own = {"globalRank": {"N": "2"}, "subjectRanks": {"M": {}}, "ranksAsOf": {"S": "2026-11-15"}}
    assert get(dynamodb, table, "a") == item("a") | own
    assert get(dynamodb, table, "b") == item("b") | {
        "globalRank": {"N": "1"},
        "universityRank": {"N": "3"},
        "subjectRanks": {"M": {SUBJECT: {"N": "4"}}},
        "ranksAsOf": {"S": "2026-11-15"},
    }


def test_a_second_run_writes_nothing_and_says_so(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])
    assert write_ranks(database, ON).written == 1
    assert write_ranks(database, ON) == RankWrites(equal=1)
    night(database, lake, [ranking("a", 1)], [exported("a", table)], DAY + timedelta(1))
    assert write_ranks(database, ON) == RankWrites(equal=1)
    assert get(dynamodb, table, "a")["ranksAsOf"] == {"S": "2026-11-15"}


def test_an_item_whose_export_shows_the_ranks_is_not_written(
    database: str, lake: Lake, table: str
) -> None:
    shown = exported("a", table, global_rank=1, subject_ranks=[{"subject_id": SUBJECT, "rank": 2}])
    night(database, lake, [ranking("a", 1), ranking("a", 2, "subject", SUBJECT)], [shown])
    assert write_ranks(database, ON) == RankWrites(equal=1)


def test_what_a_newer_export_shows_wins_over_the_ledger(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])
    write_ranks(database, ON)
    overwritten = exported("a", table, global_rank=77, subject_ranks=[])
    night(database, lake, [ranking("a", 1)], [overwritten], DAY + timedelta(1))
    assert write_ranks(database, ON).written == 1
    assert get(dynamodb, table, "a")["ranksAsOf"] == {"S": "2026-11-16"}


def test_gone_and_superseded_items_are_counted_and_not_made_or_changed(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    newer = item("late", globalRank={"N": "5"}, ranksAsOf={"S": "2026-12-01"})
    dynamodb.put_item(TableName=table, Item=newer)
    items = [exported("late", table), exported("gone", table)]
    night(database, lake, [ranking("late", 1), ranking("gone", 2)], items)
    assert write_ranks(database, ON) == RankWrites(gone=1, superseded=1)
    assert get(dynamodb, table, "late") == newer
    assert get(dynamodb, table, "gone") == {}
    assert write_ranks(database, ON) == RankWrites()


def test_an_owner_without_profile_is_not_written(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 4, "subject", SUBJECT)], [exported("a", table)])
    assert write_ranks(database, ON) == RankWrites()
    assert get(dynamodb, table, "a") == item("a")


def test_while_it_is_off_the_tasks_wait(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])
    assert write_ranks(database, Settings()) == RankWrites(pending=1)
    assert get(dynamodb, table, "a") == item("a")
    assert write_ranks(database, ON).written == 1


def test_a_missing_table_is_a_misconfiguration_and_the_answered_tasks_are_kept(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    items = [exported("a", table), exported("b", "Nowhere")]
    night(database, lake, [ranking("a", 1), ranking("b", 2)], items)
    with pytest.raises(Misconfigured, match="Nowhere"):
        write_ranks(database, ON)
    with psycopg.connect(database) as connection:
        left = connection.execute(
            "select user_id, status from analytics_rank_writes order by 1"
        ).fetchall()
    assert left == [("a", "written"), ("b", "pending")]


def test_a_writer_stops_when_a_newer_publication_came(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])

    def publish_meanwhile(seconds: float) -> None:
        night(database, lake, [ranking("a", 2)], [exported("a", table)], DAY + timedelta(1))

    ticks = iter([0.0, 0.0, 0.0])  # the clock stands still, so the second call of a batch waits
    slow = Settings(dynamodb_writeback="on", writeback_rate=1)
    dynamodb.put_item(TableName=table, Item=item("b"))
    night(
        database,
        lake,
        [ranking("a", 1), ranking("b", 2)],
        [exported("a", table), exported("b", table)],
    )
    with pytest.raises(Overtaken, match="no longer the newest"):
        write_ranks(database, slow, clock=lambda: next(ticks, 0.0), sleep=publish_meanwhile)
    assert write_ranks(database, ON).written >= 1
    assert get(dynamodb, table, "a")["globalRank"] == {"N": "2"}


def test_writing_gives_up_at_the_deadline_and_goes_on_later(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])
    ticks = iter([0.0, 0.0])
    with pytest.raises(Temporary, match="30 minutes"):
        write_ranks(database, ON, clock=lambda: next(ticks, 2_000.0))
    assert write_ranks(database, ON).written == 1


def test_an_unreachable_endpoint_is_temporary_after_five_tries(
    monkeypatch: pytest.MonkeyPatch, aws_environment: dict[str, str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    waits: list[float] = []
    writer = RankWriter(1, clock=lambda: 0.0, sleep=waits.append)
    task = RankWrite("a", arn("T"), 1, None, {}, DAY)
    writer.open_clients([task])
    with pytest.raises(Temporary, match="EndpointConnectionError"):
        writer.write(task)
    assert len(waits) == 4


def test_an_item_that_a_newer_export_does_not_name_is_not_written_again(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    for user in "ab":
        dynamodb.put_item(TableName=table, Item=item(user))
    ranks = [ranking("a", 1), ranking("b", 2)]
    night(database, lake, ranks, [exported("a", table), exported("b", table)])
    assert write_ranks(database, ON).written == 2
    changed = exported("b", table) | {"reputation": 501}
    night(database, lake, ranks, [exported("a", table), changed], DAY + timedelta(1))
    assert write_ranks(database, ON) == RankWrites(equal=2)
    assert get(dynamodb, table, "a")["ranksAsOf"] == {"S": "2026-11-15"}


def test_an_export_of_after_the_write_that_lacks_the_ranks_has_them_written_again(
    database: str, lake: Lake, dynamodb: "DynamoDBClient", table: str
) -> None:
    dynamodb.put_item(TableName=table, Item=item("a"))
    night(database, lake, [ranking("a", 1)], [exported("a", table)])
    write_ranks(database, ON)
    dynamodb.put_item(TableName=table, Item=item("a"))  # a writer that had read before us
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    chain = {"tables": {arn(table): {"head": later}}}
    version = commit(lake, {"core_reputations": [exported("a", table)]}, chain=chain)
    publish(database, lake, version, DAY + timedelta(1), code_version="test")
    assert write_ranks(database, ON).written == 1
    assert get(dynamodb, table, "a")["globalRank"] == {"N": "1"}
