"""Asks DynamoDB for exports: full ones, or exactly the windows that each chain lacks; and follows them.

The times are explicit whole seconds, and the client token is derived from what is asked, so asking twice
within eight hours gives one export. The service's rules: windows of 15 minutes to 24 hours, inside the
table's point-in-time recovery (AWS guide, "Requesting a table export in DynamoDB").
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from mavprep_analytics.errors import MavprepError, Misconfigured, NothingNew, Temporary
from mavprep_analytics.exports.chain import LONGEST, SHORTEST

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FULL_AFTER = timedelta(days=14)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_POLL_SECONDS = 20.0
Kind = Literal["full", "incremental", "due"]
Span = tuple[datetime, datetime]
"""From inclusive, to exclusive."""


@dataclass(frozen=True)
class Request:
    """One export to ask for; a window when `from_at` is given, else a full export at `to_at`."""

    table_arn: str
    bucket: str
    prefix: str
    from_at: datetime | None
    to_at: datetime

    @property
    def token(self) -> str:
        """The idempotency token: equal for equal requests."""
        parts = [self.table_arn, self.bucket, self.prefix, str(self.from_at), str(self.to_at)]
        return sha256("\n".join(parts).encode()).hexdigest()[:36]

    @property
    def text(self) -> str:
        """The request as people read it."""
        name = self.table_arn.rsplit("/", 1)[-1]
        if self.from_at is None:
            return f"{name}: full export of {self.to_at:%Y-%m-%d %H:%M:%S} UTC"
        return f"{name}: changes from {self.from_at:%Y-%m-%d %H:%M:%S} to {self.to_at:%Y-%m-%d %H:%M:%S} UTC"

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ExportTableToPointInTime."""
        common: dict[str, Any] = {
            "TableArn": self.table_arn,
            "S3Bucket": self.bucket,
            "ExportFormat": "DYNAMODB_JSON",
            "ClientToken": self.token,
        }
        if self.prefix:
            common["S3Prefix"] = self.prefix
        if self.from_at is None:
            return {**common, "ExportType": "FULL_EXPORT", "ExportTime": self.to_at}
        window = {
            "ExportFromTime": self.from_at,
            "ExportToTime": self.to_at,
            "ExportViewType": "NEW_AND_OLD_IMAGES",
        }
        return {
            **common,
            "ExportType": "INCREMENTAL_EXPORT",
            "IncrementalExportSpecification": window,
        }


@dataclass(frozen=True)
class Requested:
    """An export that DynamoDB is writing."""

    request: Request
    export_arn: str
    status: str


@dataclass(frozen=True)
class Reach:
    """How far a table's exports reach: the instant of its last full one, and the end of the windows since.

    `ahead` are windows after the head that are there, or being written, while something before them is missing.
    """

    base: datetime
    head: datetime
    ahead: tuple[Span, ...] = ()

    def missing(self, until: datetime) -> Iterator[Span]:
        """Yield the spans up to an instant that no window covers, in order."""
        start = self.head.replace(microsecond=0)
        for from_at, to_at in sorted(self.ahead):
            if start < min(from_at, until):
                yield start, from_at
            start = max(start, to_at)
        if start < until:
            yield start, until


def destination(exports_url: str) -> tuple[str, str]:
    """Return bucket and prefix of an exports URL.

    Raises:
        Misconfigured: exports can only be asked for into S3.
    """
    parts = urlsplit(exports_url)
    if parts.scheme != "s3" or not parts.netloc:
        raise Misconfigured(
            f"exports cannot be asked for into {exports_url}", "Set MAVPREP_EXPORTS_URL to s3://…"
        )
    return parts.netloc, parts.path.strip("/")


def windows(head: datetime, until: datetime) -> Iterator[Span]:
    """Yield contiguous windows from an instant up to `until`, none shorter or longer than allowed."""
    start = head.replace(microsecond=0)
    while until - start >= SHORTEST:
        end = min(start + LONGEST, until)
        if timedelta() < until - end < SHORTEST:
            end = until - SHORTEST
        yield start, end
        start = end


def planned(
    exports_url: str,
    tables: Sequence[str],
    reaches: Mapping[str, Reach],
    until: datetime,
    kind: Kind,
    full_after: timedelta = FULL_AFTER,
) -> list[Request]:
    """Return what to ask for, of every table.

    Args:
        exports_url: where exports shall lie.
        tables: ARNs of the tables.
        reaches: by table ARN, how far its exports reach, running ones included.
        until: the instant to reach; whole seconds.
        kind: full exports; windows; or what is due: full ones of tables whose last is that old, else windows.
            A table without any export, or with a gap too short for a window, gets a full one in any case.
        full_after: for what is due.

    Raises:
        Misconfigured: the URL is no S3 URL, or no table is named.
        NothingNew: every chain already reaches `until`.
    """
    bucket, prefix = destination(exports_url)
    if not tables:
        raise Misconfigured(
            "no table is named", "Name them with --table ARN or MAVPREP_EXPORT_TABLES"
        )
    until = until.replace(microsecond=0)
    requests = []
    for arn in tables:
        reach = reaches.get(arn)
        is_due = kind == "due" and reach is not None and until - reach.base >= full_after
        spans = [] if reach is None else list(reach.missing(until))
        is_torn = any(end != until and end - start < SHORTEST for start, end in spans)
        if kind == "full" or reach is None or is_due or is_torn:
            requests.append(Request(arn, bucket, prefix, None, until))
        else:
            parts = [part for span in spans for part in windows(*span)]
            requests += [Request(arn, bucket, prefix, start, end) for start, end in parts]
    if not requests:
        raise NothingNew(f"every chain reaches {until:%Y-%m-%d %H:%M:%S} UTC", "Ask again later")
    return requests


def ask(client: "DynamoDBClient", requests: Iterable[Request]) -> list[Requested]:
    """Ask DynamoDB for every export; asking again within eight hours changes nothing.

    Raises:
        Misconfigured: the table is unknown, its point-in-time recovery is off, or a permission is missing.
        Temporary: too many exports are running, or the service did not answer.
    """
    asked = []
    for request in requests:
        try:
            answer = client.export_table_to_point_in_time(**request.arguments())
        except (ClientError, BotoCoreError) as error:
            raise _explained(error, request) from error
        described = answer["ExportDescription"]
        asked.append(Requested(request, described["ExportArn"], described["ExportStatus"]))
    return asked


def after_running(client: "DynamoDBClient", table_arn: str, reach: Reach | None) -> Reach | None:
    """Return how far a table's exports will reach when those that are being written are complete.

    Raises:
        Misconfigured, Temporary: see `ask`.
    """
    request = Request(table_arn, "", "", None, _LONG_AGO)
    try:
        described = [
            client.describe_export(ExportArn=summary["ExportArn"])["ExportDescription"]
            for summary in _exports(client, table_arn)
            if summary["ExportStatus"] == "IN_PROGRESS"
        ]
    except (ClientError, BotoCoreError) as error:
        raise _explained(error, request) from error
    for export in described:
        at = export.get("ExportTime")
        if at is not None and (reach is None or at > reach.head):
            reach = Reach(at, at)
    spans = [d["IncrementalExportSpecification"] for d in described if _has_window(d)]
    running = tuple((span["ExportFromTime"], span["ExportToTime"]) for span in spans)
    return None if reach is None else replace(reach, ahead=(*reach.ahead, *running))


def _has_window(described: Mapping[str, Any]) -> bool:
    return "ExportFromTime" in described.get("IncrementalExportSpecification", {})


def _exports(client: "DynamoDBClient", table_arn: str) -> Iterator[Mapping[str, Any]]:
    page = client.list_exports(TableArn=table_arn)
    yield from page["ExportSummaries"]
    while token := page.get("NextToken"):
        page = client.list_exports(TableArn=table_arn, NextToken=token)
        yield from page["ExportSummaries"]


def follow(
    client: "DynamoDBClient",
    asked: Iterable[Requested],
    *,
    deadline_seconds: float = 3600,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> list[Requested]:
    """Wait until every export is complete.

    Raises:
        Misconfigured: an export failed, with DynamoDB's reason.
        Temporary: one was not complete in time.
    """
    end = clock() + deadline_seconds
    finished = []
    for export in asked:
        while (status := _status(client, export)) != "COMPLETED":
            if clock() >= end:
                raise Temporary(f"{export.request.text} is still {status}", "Wait and run again")
            pause(_POLL_SECONDS)
        finished.append(Requested(export.request, export.export_arn, status))
    return finished


def _status(client: "DynamoDBClient", export: Requested) -> str:
    try:
        described = client.describe_export(ExportArn=export.export_arn)["ExportDescription"]
    except (ClientError, BotoCoreError) as error:
        raise _explained(error, export.request) from error
    if described["ExportStatus"] == "FAILED":
        code, message = described.get("FailureCode", ""), described.get("FailureMessage", "")
        raise Misconfigured(
            f"{export.request.text} failed: {code} {message}".strip(),
            "Correct the bucket or its permissions and ask again",
        )
    return described["ExportStatus"]


_STEPS = {
    "PointInTimeRecoveryUnavailableException": (
        "has no point-in-time recovery",
        "Switch it on for the table, then ask for a full export",
    ),
    "InvalidExportTimeException": (
        "was refused for its time",
        "The window must lie inside point-in-time recovery; else ask for a full export",
    ),
    "TableNotFoundException": ("names an unknown table", "Correct MAVPREP_EXPORT_TABLES"),
    "ExportConflictException": (
        "was asked for before with other arguments",
        "Wait for that export; mavprep exports list shows it",
    ),
    "AccessDeniedException": (
        "is not permitted",
        "Allow dynamodb:ExportTableToPointInTime, dynamodb:DescribeExport and s3:PutObject",
    ),
    "UnrecognizedClientException": ("was refused", "Check the AWS credentials"),
}


def _explained(error: ClientError | BotoCoreError, request: Request) -> MavprepError:
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _STEPS:
            problem, next_step = _STEPS[code]
            return Misconfigured(f"{request.text} {problem} ({code})", next_step)
        if code == "LimitExceededException":
            return Temporary(f"{request.text}: too many exports are running", "Ask again later")
        return Temporary(f"{request.text} was not answered ({code})", "Ask again later")
    return Temporary(f"DynamoDB did not answer ({type(error).__name__})", "Ask again later")
