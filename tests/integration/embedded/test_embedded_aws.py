"""What the rest of the project relies on in the embedded AWS endpoints, and their life beside commands."""

import json
import os
import signal
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pyarrow.fs
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from moto.ses.models import ses_backends

from mavprep_analytics.embedded.aws import (
    ensure_running,
    environment,
    find_running,
    parse_state,
    stop,
)
from mavprep_analytics.embedded.aws_server import EmbeddedAws


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose AWS server is gone after the test."""
    yield tmp_path / "home é"
    stop(tmp_path / "home é")


def _code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_an_object_is_put_once_and_read_back(bucket: str) -> None:
    s3 = boto3.session.Session().client("s3")
    s3.put_object(Bucket=bucket, Key="versions/1", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="versions/1", Body=b"second", IfNoneMatch="*")
    assert _code(refused) == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="versions/1")["Body"].read() == b"first"


def test_pyarrow_reaches_the_same_bucket(bucket: str, aws_environment: dict[str, str]) -> None:
    endpoint = aws_environment["AWS_ENDPOINT_URL_S3"]
    with pyarrow.fs.S3FileSystem(endpoint_override=endpoint).open_output_stream(
        f"{bucket}/k"
    ) as out:
        out.write(b"from arrow")
    s3 = boto3.session.Session().client("s3")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"from arrow"


def test_an_update_happens_only_under_its_condition(aws_environment: dict[str, str]) -> None:
    dynamodb = boto3.session.Session().client("dynamodb")
    dynamodb.create_table(
        TableName="conditions",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="conditions", Item={"PK": {"S": "here"}, "likes": {"N": "7"}})

    def rank(key: str, as_of: str) -> None:
        dynamodb.update_item(
            TableName="conditions",
            Key={"PK": {"S": key}},
            UpdateExpression="SET globalRank = :rank, ranksAsOf = :asOf",
            ConditionExpression="attribute_exists(PK) AND "
            "(attribute_not_exists(ranksAsOf) OR ranksAsOf <= :asOf)",
            ExpressionAttributeValues={":rank": {"N": "1"}, ":asOf": {"S": as_of}},
        )

    rank("here", "2026-03-02")
    for key, as_of in (("gone", "2026-03-02"), ("here", "2026-03-01")):
        with pytest.raises(ClientError) as refused:
            rank(key, as_of)
        assert _code(refused) == "ConditionalCheckFailedException"
    item = dynamodb.get_item(TableName="conditions", Key={"PK": {"S": "here"}})["Item"]
    assert item == {
        "PK": {"S": "here"},
        "likes": {"N": "7"},
        "globalRank": {"N": "1"},
        "ranksAsOf": {"S": "2026-03-02"},
    }


def test_a_raw_mail_is_accepted_and_read_back(aws_environment: dict[str, str]) -> None:
    ses = boto3.session.Session().client("sesv2")
    ses.create_email_identity(EmailIdentity="reports@mavprep.example")
    mail = EmailMessage()
    mail["From"], mail["To"] = "reports@mavprep.example", "amara@student.example"
    mail["Subject"] = "Your week"
    mail.set_content("Seven days, three tests.")
    sent = ses.send_email(
        FromEmailAddress="reports@mavprep.example",
        Destination={"ToAddresses": ["amara@student.example"]},
        Content={"Raw": {"Data": mail.as_bytes()}},
    )
    kept = ses_backends["123456789012"]["us-east-1"].sent_messages
    texts = [message.raw_data for message in kept if message.id == sent["MessageId"]]
    assert len(texts) == 1
    assert "Subject: Your week" in texts[0]
    assert "Seven days, three tests." in texts[0]


def _s3(endpoint: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    once = Config(retries={"total_max_attempts": 1})
    return boto3.session.Session().client("s3", config=once)


def test_a_server_beside_the_commands_keeps_its_content_between_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ensure_running(home)
    _s3(first, monkeypatch).create_bucket(Bucket="kept")
    assert ensure_running(home) == first == find_running(home)
    buckets = _s3(first, monkeypatch).list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in buckets] == ["kept"]


def test_a_port_that_another_server_got_is_not_taken_for_this_one(
    home: Path, aws: EmbeddedAws
) -> None:
    (home / "aws").mkdir(parents=True)
    stale = {"pid": 999_999_999, "port": urlsplit(aws.endpoint).port}
    (home / "aws" / "server.json").write_text(json.dumps(stale))
    assert find_running(home) is None
    assert ensure_running(home) != aws.endpoint


def test_a_stopped_server_is_gone_and_stopping_again_is_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = ensure_running(home)
    stop(home)
    stop(home)
    assert find_running(home) is None
    with pytest.raises(EndpointConnectionError):
        _s3(endpoint, monkeypatch).list_buckets()


def test_a_killed_server_is_replaced_by_an_empty_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _s3(ensure_running(home), monkeypatch).create_bucket(Bucket="lost")
    state = parse_state((home / "aws" / "server.json").read_text())
    assert state is not None
    os.kill(state["pid"], signal.SIGKILL)
    assert _s3(ensure_running(home), monkeypatch).list_buckets()["Buckets"] == []
