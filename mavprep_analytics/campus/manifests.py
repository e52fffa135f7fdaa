"""The text of `manifest-summary.json` and `manifest-files.json`, attribute for attribute as AWS writes it.

A full export has `exportTime` and no `exportType`; an incremental one has `exportFromTime`,
`exportToTime`, `outputView` and `exportType`. Not here: writing anything.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from mavprep_analytics.campus.data_files import DataFileFacts

View = Literal["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]
Format = Literal["DYNAMODB_JSON", "ION"]
_INCREMENTAL_BILLED_BYTES = 10_000_000


@dataclass(frozen=True)
class TableIdentity:
    """A DynamoDB table; `table_id` defaults to one derived from the ARN (a re-made table has another)."""

    name: str
    region: str = "us-east-1"
    account: str = "123456789012"
    table_id: str = ""

    @property
    def arn(self) -> str:
        """The table's ARN."""
        return f"arn:aws:dynamodb:{self.region}:{self.account}:table/{self.name}"

    @property
    def id(self) -> str:
        """The table's UUID."""
        return self.table_id or str(uuid.uuid5(uuid.NAMESPACE_URL, self.arn))


@dataclass(frozen=True)
class Full:
    """A full export's moment, exclusive: everything written before it."""

    exported_at: datetime


@dataclass(frozen=True)
class Incremental:
    """An incremental export's window, start inclusive and end exclusive, and its view."""

    from_time: datetime
    to_time: datetime
    view: View = "NEW_AND_OLD_IMAGES"


@dataclass(frozen=True)
class ExportIdentity:
    """What names one export: its table, its extent and when AWS started and ended it."""

    table: TableIdentity
    extent: Full | Incremental
    started_at: datetime
    ended_at: datetime
    seed: str = ""

    @property
    def export_id(self) -> str:
        """`0`, 13 digits of the start in epoch milliseconds, and 8 hex digits."""
        millis = int(self.started_at.timestamp() * 1000)
        salt = f"{self.seed}|{self.table.arn}|{self.extent}|{self.started_at}"
        return f"0{millis:013d}-{hashlib.sha256(salt.encode()).hexdigest()[:8]}"

    @property
    def arn(self) -> str:
        """The export's ARN."""
        return f"{self.table.arn}/export/{self.export_id}"


def iso_millis(moment: datetime) -> str:
    """Return an instant as `2026-01-01T00:06:12.345Z`."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def files_manifest(files: Iterable[DataFileFacts]) -> str:
    """Return `manifest-files.json`: JSON lines, a newline at the end of each."""
    return "".join(
        _json(
            {
                "itemCount": file.item_count,
                "md5Checksum": file.md5_base64,
                "etag": file.etag,
                "dataFileS3Key": file.key,
            }
        )
        + "\n"
        for file in files
    )


def summary_manifest(
    export: ExportIdentity,
    place: tuple[str, str | None],
    files_manifest_key: str,
    item_count: int,
    output_format: Format,
) -> str:
    """Return `manifest-summary.json`: one line without a newline.

    Args:
        export: which export.
        place: bucket and prefix.
        files_manifest_key: bucket-relative key of `manifest-files.json`.
        item_count: sum over the data files.
        output_format: of the data files.
    """
    is_full = isinstance(export.extent, Full)
    return _json(
        {
            "version": "2020-06-30" if is_full else "2023-08-01",
            "exportArn": export.arn,
            "startTime": iso_millis(export.started_at),
            "endTime": iso_millis(export.ended_at),
            "tableArn": export.table.arn,
            "tableId": export.table.id,
            **_times(export.extent),
            "s3Bucket": place[0],
            "s3Prefix": place[1],
            "s3SseAlgorithm": "AES256",
            "s3SseKmsKeyId": None,
            "manifestFilesS3Key": files_manifest_key,
            "billedSizeBytes": 0 if is_full else _INCREMENTAL_BILLED_BYTES,
            "itemCount": item_count,
            "outputFormat": output_format,
            **_view(export.extent),
        }
    )


def _times(extent: Full | Incremental) -> dict[str, object]:
    if isinstance(extent, Full):
        return {"exportTime": iso_millis(extent.exported_at)}
    return {
        "exportFromTime": iso_millis(extent.from_time),
        "exportToTime": iso_millis(extent.to_time),
    }


def _view(extent: Full | Incremental) -> dict[str, object]:
    if isinstance(extent, Full):
        return {}
    return {"outputView": extent.view, "exportType": "INCREMENTAL_EXPORT"}


def _json(content: dict[str, object]) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)
