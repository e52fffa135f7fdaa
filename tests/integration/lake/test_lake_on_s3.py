"""The lake over HTTP against an S3 endpoint: the same promises as on a folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import boto3
import pyarrow as pa
import pytest

from mavprep_analytics.errors import Misconfigured, Overtaken, Temporary
from mavprep_analytics.lake import Lake, TableEntry

SCHEMA = pa.schema([("points", pa.int64())])


def entry(lake: Lake, *points: int) -> TableEntry:
    batch = pa.RecordBatch.from_pydict({"points": list(points)}, SCHEMA)
    return lake.write("points", SCHEMA, [batch], {})


def test_a_commit_is_read_back_by_another_process_with_its_own_cache(
    bucket: str, tmp_path: Path
) -> None:
    writer = Lake.open(f"s3://{bucket}/lake", tmp_path / "one")
    reader = Lake.open(f"s3://{bucket}/lake", tmp_path / "two")
    version = writer.commit({"points": entry(writer, 3, 1)}, base=writer.head())
    assert reader.head() == version
    assert reader.read(version.tables["points"]).column("points").to_pylist() == [3, 1]


def test_of_two_writers_at_the_same_instant_one_is_overtaken(bucket: str, tmp_path: Path) -> None:
    lakes = [Lake.open(f"s3://{bucket}/lake", tmp_path / str(n)) for n in range(2)]
    base, start = lakes[0].head(), Barrier(2)
    outcomes: list[int | None] = []

    def commit(number: int) -> None:
        written = entry(lakes[number], number)
        start.wait()
        try:
            outcomes.append(lakes[number].commit({"points": written}, base=base).number)
        except Overtaken:
            outcomes.append(None)

    threads = [Thread(target=commit, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [1, None]
    assert lakes[0].head().number == 1


def test_only_unreferenced_files_of_old_are_removed(bucket: str, tmp_path: Path) -> None:
    lake = Lake.open(f"s3://{bucket}/lake", tmp_path)
    old = lake.commit({"points": entry(lake, 1)}, base=lake.head())
    new = lake.commit({"points": entry(lake, 2)}, base=old)
    lake.local_files(old.tables["points"])
    now = datetime.now(UTC)
    assert lake.prune([], now + timedelta(days=29)) == (0, 0)
    assert lake.prune([], now + timedelta(days=31)) == (1, 1)
    assert list((tmp_path / "cache").rglob("*.parquet")) == [], "no copy outlives its file"
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="lake/data/")["Contents"]
    assert [item["Key"] for item in listed] == [f"lake/{new.tables['points'].files[0].key}"]


@pytest.mark.usefixtures("aws_environment")
def test_a_missing_bucket_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="s3://no-such-bucket-here/lake"):
        Lake.open("s3://no-such-bucket-here/lake", tmp_path).head()


def test_an_unreachable_endpoint_is_temporary(
    aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "AWS_ENDPOINT_URL_S3" in aws_environment
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(Temporary, match="did not answer"):
        Lake.open("s3://some-bucket/lake", tmp_path).head()
