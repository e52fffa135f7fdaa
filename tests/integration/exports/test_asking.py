"""Asking for exports: each chain goes on without a gap, nothing is asked twice, every refusal says what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import export_items as make
import pytest
from dagster_runs import execute
from fake_export_service import ExportService, export_service

from mavprep_analytics.campus.destinations import open_destination
from mavprep_analytics.campus.manifests import TableIdentity
from mavprep_analytics.errors import MavprepError, Misconfigured, NothingNew, Temporary
from mavprep_analytics.exports import ingest, requesting
from mavprep_analytics.exports.asking import request_exports
from mavprep_analytics.exports.refusals import Gap
from mavprep_analytics.exports.requesting import Requested
from mavprep_analytics.lake import Lake

ARN = TableIdentity(make.TABLE).arn
DAY = timedelta(days=1)
NOW = make.MORNING + 3 * DAY


@pytest.fixture
def service(aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    assert aws_environment
    monkeypatch.setattr(requesting, "_POLL_SECONDS", 0)
    with export_service() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", running.url)
        yield running


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


@pytest.fixture
def url(bucket: str) -> str:
    make.write_full(open_destination(f"s3://{bucket}/e"), [make.profile()])
    return f"s3://{bucket}/e"


def ask(url: str, lake: Lake, until: datetime = NOW, **options: Any) -> list[Requested]:
    kind = options.pop("kind", "due")
    return request_exports(url, lake, [ARN], kind=kind, until=until, now=until, **options)


def spans(asked: list[Requested]) -> list[tuple[datetime | None, datetime]]:
    return [(export.request.from_at, export.request.to_at) for export in asked]


def test_what_is_due_are_the_windows_since_the_head(
    url: str, lake: Lake, service: ExportService
) -> None:
    asked = ask(url, lake)
    assert spans(asked) == [
        (make.MORNING + d * DAY, make.MORNING + (d + 1) * DAY) for d in range(3)
    ]
    kept = list(service.exports.values())
    assert {export["ExportType"] for export in kept} == {"INCREMENTAL_EXPORT"}
    assert {export["S3Bucket"] + "/" + export["S3Prefix"] for export in kept} == {url[5:]}


def test_asking_again_while_they_are_written_asks_only_for_what_is_missing(
    url: str, lake: Lake, service: ExportService
) -> None:
    ask(url, lake)
    with pytest.raises(NothingNew):
        ask(url, lake)
    assert spans(ask(url, lake, NOW + DAY)) == [(NOW, NOW + DAY)]
    assert len(service.exports) == 4


@pytest.mark.parametrize("is_ingested", [True, False])
def test_only_the_missing_window_is_asked_for_when_later_ones_are_there(
    url: str, lake: Lake, service: ExportService, is_ingested: bool
) -> None:
    if is_ingested:
        ingest(url, lake, make.MORNING.date() - DAY)
    for day in (0, 2):
        start = make.MORNING + day * DAY
        make.write_window(open_destination(url), [], (start, start + DAY))
    with pytest.raises(Gap, match="Ask for this window: mavprep exports request"):
        ingest(url, lake, NOW.date())
    asked = ask(url, lake, kind="incremental") if is_ingested else ask(url, lake)
    assert service.exports
    window = (make.MORNING + DAY, make.MORNING + 2 * DAY) if is_ingested else (None, NOW)
    assert spans(asked) == [window]


def test_a_gap_that_no_window_can_fill_is_closed_by_a_full_export(
    url: str, lake: Lake, service: ExportService
) -> None:
    ingest(url, lake, make.MORNING.date() - DAY)
    late = make.MORNING + timedelta(seconds=69)
    make.write_window(open_destination(url), [], (late, late + DAY))
    with pytest.raises(Gap, match="mavprep exports request --full"):
        ingest(url, lake, NOW.date())
    assert spans(ask(url, lake, kind="incremental")) == [(None, NOW)]
    assert len(service.exports) == 1


def test_a_table_made_anew_gets_a_full_export(url: str, lake: Lake, service: ExportService) -> None:
    ingest(url, lake, make.MORNING.date() - DAY)
    again = TableIdentity(make.TABLE, table_id="another")
    make.write_window(open_destination(url), [], (make.MORNING, make.MORNING + DAY), table=again)
    assert spans(ask(url, lake)) == [(None, NOW)]
    assert len(service.exports) == 1


@pytest.mark.parametrize(("days", "is_full"), [(13, False), (14, True)])
def test_a_full_export_is_due_two_weeks_after_the_last(
    url: str, lake: Lake, service: ExportService, days: int, is_full: bool
) -> None:
    asked = ask(url, lake, make.MORNING + days * DAY)
    assert service.exports
    assert (spans(asked)[0][0] is None) is is_full
    assert len(asked) == (1 if is_full else days)


def test_windows_go_on_from_a_full_export_that_is_being_written(
    url: str, lake: Lake, service: ExportService
) -> None:
    ask(url, lake, make.MORNING + 14 * DAY)
    for export in service.exports.values():
        export["ExportTime"] = (make.MORNING + 14 * DAY).timestamp()
    asked = ask(url, lake, make.MORNING + 15 * DAY)
    assert spans(asked) == [(make.MORNING + 14 * DAY, make.MORNING + 15 * DAY)]


def test_the_exports_asked_for_are_a_chain_that_is_taken(
    url: str, lake: Lake, service: ExportService
) -> None:
    for number, export in enumerate(ask(url, lake)):
        assert export.request.from_at is not None
        change = make.change(make.profile(f"u{number}"))
        window = (export.request.from_at, export.request.to_at)
        make.write_window(open_destination(url), [change], window)
    done = ingest(url, lake, (NOW - DAY).date())
    assert (done.accepted, done.chains[0].head) == (4, NOW)
    service.statuses = ["COMPLETED"]
    with pytest.raises(NothingNew):
        ask(url, lake)


def test_waiting_ends_when_all_are_complete(url: str, lake: Lake, service: ExportService) -> None:
    service.statuses = ["IN_PROGRESS"] * 5 + ["COMPLETED"]
    assert {export.status for export in ask(url, lake, wait=True)} == {"COMPLETED"}


def test_a_failed_export_gives_the_reason_of_the_service(
    url: str, lake: Lake, service: ExportService
) -> None:
    service.statuses = ["IN_PROGRESS", "FAILED"]
    with pytest.raises(Misconfigured, match="S3NoSuchBucket no such bucket"):
        ask(url, lake, wait=True)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("PointInTimeRecoveryUnavailableException", Misconfigured, "Switch it on"),
        ("InvalidExportTimeException", Misconfigured, "point-in-time recovery"),
        ("TableNotFoundException", Misconfigured, "MAVPREP_EXPORT_TABLES"),
        ("ExportConflictException", Misconfigured, "asked for before"),
        ("AccessDeniedException", Misconfigured, "dynamodb:ExportTableToPointInTime"),
        ("LimitExceededException", Temporary, "too many exports"),
        ("InternalServerError", Temporary, "was not answered"),
    ],
)
def test_every_refusal_says_what_to_do(
    url: str, lake: Lake, service: ExportService, code: str, kind: type[MavprepError], words: str
) -> None:
    service.refusal = code
    with pytest.raises(kind, match=words):
        ask(url, lake, kind="full")


def test_the_asset_asks_up_to_the_end_of_its_date_and_waits(
    url: str, service: ExportService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAVPREP_EXPORTS_URL", url)
    monkeypatch.setenv("MAVPREP_LAKE_URL", str(tmp_path / "lake"))
    monkeypatch.setenv("MAVPREP_HOME", str(tmp_path / "home"))
    service.statuses = ["IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]
    for expected in (1, 0):
        result = execute("request_exports", partition_key="2026-01-02")
        (made,) = result.get_asset_materialization_events()
        assert made.materialization.metadata["exports"].value == expected
        for window in [(make.MORNING, make.MORNING + DAY)] * expected:
            make.write_window(open_destination(url), [], window)
    (export,) = service.exports.values()
    window = export["IncrementalExportSpecification"]
    assert window["ExportToTime"] == datetime(2026, 1, 3, tzinfo=UTC).timestamp()
