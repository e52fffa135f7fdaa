"""`mavprep exports`: what is there, what a person decides, what is asked of DynamoDB."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import export_items as make
import pytest
from lake_states import rows
from typer.testing import CliRunner

from mavprep_analytics.campus.destinations import open_destination
from mavprep_analytics.campus.manifests import TableIdentity
from mavprep_analytics.cli.exports import app
from mavprep_analytics.errors import Misconfigured, NothingNew
from mavprep_analytics.exports import ingest
from mavprep_analytics.exports.asking import request_exports
from mavprep_analytics.exports.refusals import Gap, Shrink
from mavprep_analytics.lake import Lake

DAY = timedelta(days=1)
AS_OF = date(2026, 1, 1)
Run = Callable[..., str]


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "exports"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


@pytest.fixture
def run(exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command and return its output; its errors are raised."""
    monkeypatch.setenv("MAVPREP_EXPORTS_URL", str(exports))
    monkeypatch.setenv("MAVPREP_LAKE_URL", str(tmp_path / "lake"))

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments))
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.output

    return command


def test_the_list_shows_every_export_its_state_and_what_stops_the_next_run(
    exports: Path, lake: Lake, run: Run
) -> None:
    make.write_window(exports, [], (make.MORNING - 3 * DAY, make.MORNING - 2 * DAY))
    make.write_full(exports, [make.profile()])
    ingest(str(exports), lake, AS_OF)
    make.write_window(exports, [], (make.MORNING + DAY, make.MORNING + 2 * DAY))
    unfinished = make.write_full(exports, [], make.MORNING + DAY)
    (exports / unfinished.summary_key).with_suffix(".md5").unlink()
    broken = make.write_full(exports, [], make.MORNING + 2 * DAY)
    (exports / broken.files_key).write_text("{}")
    lines = run("list").splitlines()
    states = {line.split("AWSDynamoDB/")[-1]: line for line in lines if "AWSDynamoDB" in line}
    assert "in progress" in states[unfinished.export_id]
    assert "bad_manifest" in states[broken.export_id]
    assert [
        sum(f"  {state}  " in line for line in lines)
        for state in ("ingested", "superseded", "complete")
    ] == [1, 1, 1]
    assert "MavPrep-Users: reaches 2026-01-02 00:00:00, 1 exports" in lines
    assert "gap: MavPrep-Users lacks the window from 2026-01-02T00:00:00Z" in lines[-1]


def test_an_accepted_shrink_is_taken_by_the_next_run(exports: Path, lake: Lake, run: Run) -> None:
    make.write_full(exports, [make.profile("a"), make.profile("b")])
    ingest(str(exports), lake, AS_OF)
    smaller = make.write_full(exports, [make.profile("a")], make.MORNING + DAY)
    with pytest.raises(Shrink, match=smaller.export_arn):
        ingest(str(exports), lake, AS_OF + DAY)
    assert "shrink recorded" in run("accept", smaller.export_id)
    assert "was recorded before" in run("accept", smaller.export_arn)
    assert not ingest(str(exports), lake, AS_OF + DAY).unchanged
    assert [row["user_id"] for row in rows(lake, "core_profiles")] == ["a"]


def test_an_accepted_gap_lets_its_window_follow(exports: Path, lake: Lake, run: Run) -> None:
    make.write_full(exports, [make.profile("a")])
    span = (make.MORNING + DAY, make.MORNING + 2 * DAY)
    late = make.write_window(exports, [make.change(make.profile("b"))], span)
    with pytest.raises(Gap):
        ingest(str(exports), lake, AS_OF + 2 * DAY)
    run("accept", f"MavPrep-Users/{late.export_id}", "--gap")
    assert ingest(str(exports), lake, AS_OF + 2 * DAY).accepted == 2


def test_a_filtered_export_never_deletes_what_it_lacks(exports: Path, lake: Lake, run: Run) -> None:
    make.write_full(exports, [make.profile("a"), make.profile("b")])
    ingest(str(exports), lake, AS_OF)
    part = make.write_full(exports, [make.profile("a")], make.MORNING + DAY)
    run("accept", part.export_id, "--filtered")
    assert ingest(str(exports), lake, AS_OF + DAY).unchanged
    assert "filtered" in run("list")
    assert len(rows(lake, "core_profiles")) == 2


def test_accepting_an_unknown_export_is_an_error(exports: Path, run: Run) -> None:
    make.write_full(exports, [])
    with pytest.raises(Misconfigured, match="no complete export is named 0123"):
        run("accept", "0123")


def _table(client: Any, name: str, *, has_recovery: bool = True) -> str:
    keys = [("PK", "HASH"), ("SK", "RANGE")]
    made = client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    if has_recovery:
        client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    return str(made["TableDescription"]["TableArn"])


@pytest.fixture
def dynamodb(aws_environment: dict[str, str]) -> Any:
    return boto3.session.Session().client("dynamodb")


def test_asking_gives_a_full_export_first_and_the_same_one_when_repeated(
    bucket: str, lake: Lake, dynamodb: Any
) -> None:
    arn = _table(dynamodb, f"Ask-{bucket[:20]}")
    now = datetime.now(UTC).replace(microsecond=0)
    asked = [
        request_exports(
            f"s3://{bucket}/mavprep", lake, [arn], kind="incremental", until=now, now=now
        )
        for _ in range(2)
    ]
    (first,), (second,) = asked
    assert first.request.token == second.request.token
    described = dynamodb.describe_export(ExportArn=first.export_arn)["ExportDescription"]
    assert (described["S3Bucket"], described["ExportType"]) == (bucket, "FULL_EXPORT")


def test_asking_without_point_in_time_recovery_says_so(
    bucket: str, lake: Lake, dynamodb: Any
) -> None:
    arn = _table(dynamodb, f"Off-{bucket[:20]}", has_recovery=False)
    now = datetime.now(UTC)
    with pytest.raises(Misconfigured, match="has no point-in-time recovery"):
        request_exports(f"s3://{bucket}/e", lake, [arn], kind="full", until=now, now=now)


def test_asking_for_what_is_there_is_nothing_new(bucket: str, lake: Lake, dynamodb: Any) -> None:
    arn = _table(dynamodb, f"New-{bucket[:20]}")
    _, _, _, region, account, name = arn.replace("table/", "").split(":")
    now = datetime.now(UTC).replace(microsecond=0)
    table = TableIdentity(name, region, account)
    make.write_full(open_destination(f"s3://{bucket}"), [], now, table)
    with pytest.raises(NothingNew):
        request_exports(f"s3://{bucket}", lake, [arn], kind="incremental", until=now, now=now)
