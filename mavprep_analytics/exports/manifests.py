"""The two manifests of an export: parsing, checksums and the rules for the keys they name. No I/O.

Field names and forms follow the AWS guide "DynamoDB table export output format" and real exports.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from mavprep_analytics.exports.refusals import BadManifest, HostileKey, TooLarge

ROOT = "AWSDynamoDB/"
MAX_MANIFEST_BYTES = 64 << 20
MAX_FILES = 200_000
_ARN = re.compile(
    r"(?P<table_arn>arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table/(?P<name>[A-Za-z0-9_.-]{3,255}))"
    r"/export/(?P<id>\d{14}-[0-9a-f]{8})"
)
_CHECK = "Copy the export again, or ask for a new one"


class _Summary(msgspec.Struct, rename="camel"):
    export_arn: str
    table_arn: str
    table_id: str
    item_count: int
    output_format: str
    manifest_files_s3_key: str = msgspec.field(name="manifestFilesS3Key")
    s3_bucket: str = msgspec.field(name="s3Bucket")
    s3_prefix: str | None = msgspec.field(name="s3Prefix", default=None)
    export_type: str = "FULL_EXPORT"
    export_time: str | None = None
    export_from_time: str | None = None
    export_to_time: str | None = None
    output_view: str | None = None
    filter_specification: Any = None


class _Line(msgspec.Struct, rename="camel"):
    item_count: int
    md5_checksum: str
    data_file_s3_key: str = msgspec.field(name="dataFileS3Key")


@dataclass(frozen=True)
class DataFileEntry:
    """One data file: key as the manifest writes it, its tail below `AWSDynamoDB/`, md5 (base64), items."""

    file_key: str
    tail: str
    md5: str
    item_count: int


@dataclass(frozen=True)
class Export:
    """One complete export, as its manifests describe it.

    Args:
        arn: the export's ARN.
        table_arn: the DynamoDB table's ARN.
        table_name: its last part.
        table_id: changes when a table is deleted and made anew.
        kind: whole table, or the changes of a window.
        data_format: how its lines are written.
        from_at: start of the window, inclusive; None for a full export.
        to_at: the instant whose state it reaches: exportTime, or the window's end (exclusive).
        item_count: of all files.
        bucket: where AWS wrote it; differs from where it lies when it was copied.
        prefix: likewise.
        digest: sha256 of everything that defines its content; equal for copies.
        is_filtered: its manifest names a filter, so absence proves nothing.
        files: the data files, by key.
    """

    arn: str
    table_arn: str
    table_name: str
    table_id: str
    kind: Literal["full", "incremental"]
    data_format: Literal["json", "ion"]
    from_at: datetime | None
    to_at: datetime
    item_count: int
    bucket: str
    prefix: str
    digest: str
    is_filtered: bool
    files: tuple[DataFileEntry, ...]

    @property
    def export_id(self) -> str:
        """The last part of the ARN: also the name of its folder."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def base_name(self) -> str:
        """How a person names it in messages: table and export id."""
        return f"{self.table_name}/{self.export_id}"


def checksum(content: bytes) -> str:
    """Return the base64 MD5 that companions and manifests carry."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def check_companion(name: str, manifest: bytes, companion: bytes) -> None:
    """Compare a manifest with its `.md5` or `.checksum` companion.

    Raises:
        BadManifest: they differ.
    """
    if companion.strip() != checksum(manifest).encode():
        raise BadManifest(f"{name} does not match its md5 companion", _CHECK)


def claimed_end(summary: bytes) -> tuple[str, datetime] | None:
    """Return the table ARN and end that an unproven summary claims; None: unreadable."""
    try:
        parsed = msgspec.json.decode(summary, type=_Summary)
        return parsed.table_arn, _instant(parsed.export_to_time or parsed.export_time, "end")
    except (msgspec.MsgspecError, UnicodeDecodeError, BadManifest):
        return None


def parse_export(folder: str, summary: bytes, lines: bytes) -> Export:
    """Return the export that two verified manifests describe.

    Args:
        folder: where the manifests were found; for messages, and its last part is the export's id.
        summary: bytes of manifest-summary.json.
        lines: bytes of manifest-files.json.

    Raises:
        BadManifest: a field is missing or unknown, or the counts contradict each other.
        HostileKey: a data file lies outside the export's own folder.
        TooLarge: more files than an export can have.
    """
    try:
        parsed = msgspec.json.decode(summary, type=_Summary)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadManifest(f"{folder}/manifest-summary.json: {error}", _CHECK) from None
    arn = _ARN.fullmatch(parsed.export_arn)
    if (
        arn is None
        or arn["table_arn"] != parsed.table_arn
        or arn["id"] != folder.rsplit("/", 1)[-1]
    ):
        raise BadManifest(f"{folder}: exportArn, tableArn and folder contradict each other", _CHECK)
    kind, from_at, to_at = _window(folder, parsed)
    data_format = _data_format(folder, parsed)
    prefix = (parsed.s3_prefix or "").strip("/")
    files = _files(folder, lines, prefix, arn["id"], data_format)
    if sum(file.item_count for file in files) != parsed.item_count:
        raise BadManifest(f"{folder}: itemCount of the summary is not the sum of its files", _CHECK)
    content = [parsed.export_arn, parsed.table_id, kind, data_format, str(from_at), str(to_at)]
    content += [f"{file.tail} {file.md5} {file.item_count}" for file in files]
    return Export(
        arn=parsed.export_arn,
        table_arn=parsed.table_arn,
        table_name=arn["name"],
        table_id=parsed.table_id,
        kind=kind,
        data_format=data_format,
        from_at=from_at,
        to_at=to_at,
        item_count=parsed.item_count,
        bucket=parsed.s3_bucket,
        prefix=prefix,
        digest=hashlib.sha256("\n".join(content).encode()).hexdigest(),
        is_filtered=parsed.filter_specification is not None,
        files=files,
    )


def _window(
    folder: str, summary: _Summary
) -> tuple[Literal["full", "incremental"], datetime | None, datetime]:
    if summary.export_type == "FULL_EXPORT":
        return "full", None, _instant(summary.export_time, f"{folder}: exportTime")
    if summary.export_type != "INCREMENTAL_EXPORT":
        raise BadManifest(f"{folder}: unknown exportType {summary.export_type!r}", _CHECK)
    if summary.output_view not in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
        raise BadManifest(f"{folder}: unknown outputView {summary.output_view!r}", _CHECK)
    from_at = _instant(summary.export_from_time, f"{folder}: exportFromTime")
    to_at = _instant(summary.export_to_time, f"{folder}: exportToTime")
    if from_at >= to_at:
        raise BadManifest(f"{folder}: the window ends before it starts", _CHECK)
    return "incremental", from_at, to_at


def _data_format(folder: str, summary: _Summary) -> Literal["json", "ion"]:
    if summary.output_format == "DYNAMODB_JSON":
        return "json"
    if summary.output_format == "ION":
        return "ion"
    raise BadManifest(f"{folder}: unknown outputFormat {summary.output_format!r}", _CHECK)


def _files(
    folder: str, lines: bytes, prefix: str, export_id: str, data_format: str
) -> tuple[DataFileEntry, ...]:
    listed = lines.removesuffix(b"\n").split(b"\n") if lines.strip() else []
    if len(listed) > MAX_FILES:
        raise TooLarge(f"{folder}/manifest-files.json lists {len(listed)} files", _CHECK)
    start = re.escape(f"{prefix}/{ROOT}" if prefix else ROOT)
    honest = re.compile(
        rf"{start}(?P<tail>(?:{export_id}/)?data/[a-z0-9]{{26}}\.{data_format}\.gz)"
    )
    files = []
    for text in listed:
        try:
            line = msgspec.json.decode(text, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadManifest(f"{folder}/manifest-files.json: {error}", _CHECK) from None
        match = honest.fullmatch(line.data_file_s3_key)
        if match is None or line.item_count < 0:
            raise HostileKey(
                f"{folder}/manifest-files.json names {line.data_file_s3_key!r}, which is no data file of"
                " this export",
                "Do not use this export; find out who wrote it",
            )
        files.append(
            DataFileEntry(line.data_file_s3_key, match["tail"], line.md5_checksum, line.item_count)
        )
    if len({file.tail for file in files}) != len(files):
        raise BadManifest(f"{folder}/manifest-files.json names a data file twice", _CHECK)
    return tuple(sorted(files, key=lambda file: file.file_key))


def _instant(text: str | None, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        raise BadManifest(f"{name} {text!r} is no timestamp", _CHECK) from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
