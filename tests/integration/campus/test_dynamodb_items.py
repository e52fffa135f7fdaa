"""REPUTATION items of a campus in a DynamoDB endpoint over HTTP."""

from pathlib import Path

import boto3
import pytest

from mavprep_analytics.campus.dynamodb_items import load_reputation_items
from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.errors import Misconfigured

TABLE = "MavPrep-Reputation"


def test_every_exported_item_arrives_once_and_written_ranks_stay(
    aws_environment: dict[str, str], tmp_path: Path
) -> None:
    written = simulate_campus(CampusPlan(students=40, weeks=1, seed=3), tmp_path)
    client = boto3.session.Session().client("dynamodb")
    counts = written.description["counts"]
    assert isinstance(counts, dict)
    assert load_reputation_items(client, tmp_path) == counts["items"][TABLE]
    item = client.scan(TableName=TABLE, Limit=1)["Items"][0]
    key = {"PK": item["PK"], "SK": item["SK"]}
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET globalRank = :rank",
        ExpressionAttributeValues={":rank": {"N": "77"}},
    )
    assert load_reputation_items(client, tmp_path) == 0
    kept = client.get_item(TableName=TABLE, Key=key)["Item"]
    assert kept["globalRank"] == {"N": "77"}
    assert kept["reputationHistory"] == item["reputationHistory"]


def test_a_folder_without_the_export_is_named(
    aws_environment: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match="no full export of MavPrep-Reputation"):
        load_reputation_items(boto3.session.Session().client("dynamodb"), tmp_path)
