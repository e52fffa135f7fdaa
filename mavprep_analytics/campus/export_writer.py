"""Writes DynamoDB exports as AWS lays them out: data files, both manifests, their `.md5` companions.

Layout under `<prefix>/AWSDynamoDB/`: `<exportId>/_started`, data files in `<exportId>/data/` (a full
export) or in the one `data/` folder that all incremental exports share, `<exportId>/manifest-files.json`
and `manifest-summary.json`, each with a 24-byte base64 MD5 companion. The summary's companion comes
last: before it the export is unfinished. Everything is a function of the arguments.
"""

import base64
import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from mavprep_analytics.campus.data_files import DataFile, DataFileFacts, base64_md5
from mavprep_analytics.campus.destinations import Destination
from mavprep_analytics.campus.dynamodb_json import item_text
from mavprep_analytics.campus.ion_text import struct_text
from mavprep_analytics.campus.manifests import (
    ExportIdentity,
    Format,
    Full,
    Incremental,
    TableIdentity,
    View,
    files_manifest,
    summary_manifest,
)

Item = Mapping[str, object]
_REQUEST_DELAY = timedelta(minutes=6, seconds=12)
_DURATION = timedelta(minutes=4, seconds=55)


@dataclass(frozen=True)
class Change:
    """One record of an incremental export: the net change of a key inside the window.

    An insert has a new image only, an update both, a delete the old one only (None, None is a delete
    whose old image is not given). The view decides what of it is written.
    """

    keys: Item
    new_image: Item | None
    old_image: Item | None
    written_at_micros: int


@dataclass(frozen=True)
class ExportOptions:
    """How an export is written; the defaults look like AWS.

    Attributes:
        output_format: `DYNAMODB_JSON` or `ION`.
        data_files: number of files; an item's partition key decides which one it goes to.
        empty_files: how many of them stay empty (20 bytes), as empty partitions do.
        seed: enters the names of the export and its files.
        level: zlib level.
        mixes_attributes: whether the order of attributes varies from item to item.
        started_at: when AWS began; None: some minutes after the export's moment.
        has_ion_record: whether incremental ION lines have the `Record` wrapper (emulators disagree).
    """

    output_format: Format = "DYNAMODB_JSON"
    data_files: int = 4
    empty_files: int = 1
    seed: str = ""
    level: int = 6
    mixes_attributes: bool = True
    started_at: datetime | None = None
    has_ion_record: bool = True


DEFAULT_OPTIONS = ExportOptions()


@dataclass(frozen=True)
class ExportWritten:
    """A finished export; keys are relative to the bucket."""

    export_arn: str
    export_id: str
    table: TableIdentity
    item_count: int
    summary_key: str
    files_key: str
    data_files: tuple[DataFileFacts, ...]


class ExportWriter:
    """An export being written, for streams that feed several tables at once.

    Use as a context manager: leaving it after an error leaves the export unfinished (no manifests), as
    a failed AWS export is. `finish` completes it.
    """

    def __init__(
        self,
        destination: Destination,
        table: TableIdentity | str,
        extent: Full | Incremental,
        options: ExportOptions = DEFAULT_OPTIONS,
    ) -> None:
        identity = TableIdentity(table) if isinstance(table, str) else table
        self._destination, self._options = destination, options
        self._export = _identify(identity, extent, options)
        self._root = "/".join(filter(None, (destination.prefix, "AWSDynamoDB")))
        self._folder = f"{self._root}/{self._export.export_id}"
        destination.put_bytes(f"{self._folder}/_started", b"")
        self._scratch = tempfile.TemporaryDirectory(prefix="mavprep-export-")
        scratch = Path(self._scratch.name)
        self._files = [DataFile(scratch / str(n), options.level) for n in range(options.data_files)]
        self._filled = max(1, options.data_files - options.empty_files)
        self._written = 0
        self._record = _record_writer(options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for data_file in self._files:
            data_file.abandon()
        self._scratch.cleanup()

    def add(self, item: Item) -> None:
        """Add an item to a full export."""
        self._add_record(item, {"Item": item})

    def add_change(self, change: Change) -> None:
        """Add a change to an incremental export, reduced to the export's view."""
        extent = self._export.extent
        assert isinstance(extent, Incremental)
        record: dict[str, Item] = {
            "Metadata": {"WriteTimestampMicros": change.written_at_micros},
            "Keys": change.keys,
        }
        if extent.view == "NEW_AND_OLD_IMAGES" and change.old_image is not None:
            record["OldImage"] = change.old_image
        if change.new_image is not None:
            record["NewImage"] = change.new_image
        self._add_record(change.keys, record)

    def add_line(self, line: str, place: int) -> None:
        """Add a record that is written already, to the data file of a number; for exports of millions."""
        self._written += 1
        self._files[place % self._filled].add(line)

    def finish(self) -> ExportWritten:
        """Write data files, then the manifests; the summary's checksum is last."""
        files = tuple(self._put_data_file(n, file) for n, file in enumerate(self._files))
        files_key = f"{self._folder}/manifest-files.json"
        summary_key = f"{self._folder}/manifest-summary.json"
        self._put_manifest(files_key, files_manifest(files))
        place = (self._destination.bucket, self._destination.prefix)
        output_format = self._options.output_format
        summary = summary_manifest(self._export, place, files_key, self._written, output_format)
        self._put_manifest(summary_key, summary)
        export, table = self._export, self._export.table
        return ExportWritten(
            export.arn, export.export_id, table, self._written, summary_key, files_key, files
        )

    def _add_record(self, keys: Item, record: Mapping[str, Item]) -> None:
        self._written += 1
        partition = next(iter(keys.values())) if "PK" not in keys else keys["PK"]
        turn = self._written if self._options.mixes_attributes else 0
        place = zlib.crc32(str(partition).encode()) % self._filled
        self._files[place].add(self._record(record, turn))

    def _put_data_file(self, number: int, data_file: DataFile) -> DataFileFacts:
        is_full = isinstance(self._export.extent, Full)
        suffix = "ion.gz" if self._options.output_format == "ION" else "json.gz"
        folder = self._folder if is_full else self._root
        key = f"{folder}/data/{_data_name(self._export.arn, number)}.{suffix}"
        facts = data_file.finish(key)
        self._destination.put_file(key, data_file.path)
        return facts

    def _put_manifest(self, key: str, text: str) -> None:
        content = text.encode()
        self._destination.put_bytes(key, content)
        companion = key.removesuffix(".json") + ".md5"
        self._destination.put_bytes(companion, base64_md5(content).encode())


def write_full_export(
    destination: Destination,
    table: TableIdentity | str,
    items: Iterable[Item],
    exported_at: datetime,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> ExportWritten:
    """Write a full export of all items as of an instant; items are taken one at a time.

    Raises:
        TypeError: an attribute's value is of no DynamoDB type.
    """
    with ExportWriter(destination, table, Full(exported_at), options) as writer:
        for item in items:
            writer.add(item)
        return writer.finish()


def write_incremental_export(
    destination: Destination,
    table: TableIdentity | str,
    changes: Iterable[Change],
    window: tuple[datetime, datetime],
    view: View = "NEW_AND_OLD_IMAGES",
    options: ExportOptions = DEFAULT_OPTIONS,
) -> ExportWritten:
    """Write an incremental export of a window (start inclusive, end exclusive, whole seconds)."""
    with ExportWriter(destination, table, Incremental(*window, view), options) as writer:
        for change in changes:
            writer.add_change(change)
        return writer.finish()


def _identify(
    table: TableIdentity, extent: Full | Incremental, options: ExportOptions
) -> ExportIdentity:
    end = extent.exported_at if isinstance(extent, Full) else extent.to_time
    started = options.started_at or end + _REQUEST_DELAY
    if isinstance(extent, Incremental):
        started = started.replace(microsecond=0)
    return ExportIdentity(table, extent, started, started + _DURATION, options.seed)


def _data_name(export_arn: str, number: int) -> str:
    digest = hashlib.sha256(f"{export_arn}#{number}".encode()).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _record_writer(options: ExportOptions) -> Callable[[Mapping[str, Item], int], str]:
    if options.output_format == "DYNAMODB_JSON":
        return _json_line

    def ion_line(record: Mapping[str, Item], _turn: int) -> str:
        text = struct_text({name: dict(part) for name, part in record.items()})
        is_wrapped = options.has_ion_record and "Item" not in record
        return f"$ion_1_0 {{Record:{text}}}" if is_wrapped else f"$ion_1_0 {text}"

    return ion_line


def _json_line(record: Mapping[str, Item], turn: int) -> str:
    parts = (
        f'"{name}":{item_text(part, turn if name in _IMAGES else 0)}'
        for name, part in record.items()
    )
    return "{" + ",".join(parts) + "}"


_IMAGES = {"Item", "NewImage", "OldImage"}
