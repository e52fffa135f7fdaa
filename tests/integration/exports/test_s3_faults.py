"""S3 that breaks off, is busy or forbids: fetched again, or refused with the right exit code."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import export_items as make
import pytest
from faulty_s3 import Faults, faulty_endpoint

from mavprep_analytics.campus.destinations import open_destination
from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.exports import ingest, places
from mavprep_analytics.exports.refusals import DataMismatch
from mavprep_analytics.lake import Lake

AS_OF = date(2026, 1, 1)


@pytest.fixture
def faults(
    bucket: str, aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Faults]:
    make.write_full(
        open_destination(f"s3://{bucket}"), make.one_of_each(), data_files=1, empty_files=0
    )
    with faulty_endpoint(aws_environment["AWS_ENDPOINT_URL_S3"]) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint.url)
        monkeypatch.setattr(places, "_LONGEST_PAUSE_SECONDS", 0)
        yield endpoint


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def test_a_data_file_is_fetched_once_and_read_from_the_copy_that_was_verified(
    bucket: str, faults: Faults, lake: Lake
) -> None:
    assert ingest(f"s3://{bucket}", lake, AS_OF).accepted == 10
    assert faults.seen == 1


def test_a_body_with_another_md5_is_fetched_once_more(
    bucket: str, faults: Faults, lake: Lake
) -> None:
    faults.spoilt = 1
    assert ingest(f"s3://{bucket}", lake, AS_OF).accepted == 10
    assert faults.seen == 2


def test_a_body_that_keeps_another_md5_is_refused(bucket: str, faults: Faults, lake: Lake) -> None:
    faults.spoilt = 99
    with pytest.raises(DataMismatch, match="does not match its md5") as caught:
        ingest(f"s3://{bucket}", lake, AS_OF)
    assert (caught.value.exit_code, faults.seen) == (30, 2)
    assert lake.head().number == 0


def test_a_body_that_breaks_off_is_fetched_again(bucket: str, faults: Faults, lake: Lake) -> None:
    faults.cut = 3
    assert ingest(f"s3://{bucket}", lake, AS_OF).accepted == 10
    assert faults.seen == 4


def test_a_body_that_always_breaks_off_is_temporary(
    bucket: str, faults: Faults, lake: Lake
) -> None:
    faults.cut = 99
    with pytest.raises(Temporary) as caught:
        ingest(f"s3://{bucket}", lake, AS_OF)
    assert (caught.value.exit_code, faults.seen) == (20, 5)
    assert lake.head().number == 0


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (400, "ExpiredToken")])
def test_a_forbidden_object_is_a_matter_of_permissions(
    bucket: str, faults: Faults, lake: Lake, status: int, code: str
) -> None:
    faults.status, faults.code = status, code
    with pytest.raises(Misconfigured, match="cannot be read") as caught:
        ingest(f"s3://{bucket}", lake, AS_OF)
    assert (caught.value.exit_code, faults.seen) == (40, 1)
    assert lake.head().number == 0


def test_a_busy_store_is_asked_five_times_and_then_temporary(
    bucket: str, faults: Faults, lake: Lake
) -> None:
    faults.status, faults.code = 503, "SlowDown"
    with pytest.raises(Temporary, match="SlowDown") as caught:
        ingest(f"s3://{bucket}", lake, AS_OF)
    assert caught.value.exit_code == 20
    assert faults.seen >= 5
    assert lake.head().number == 0
