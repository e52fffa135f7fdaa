"""Reads a written campus the slow and obvious way, so that tests need no other part of the project."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

Key = tuple[str, str]


def plain(typed: dict[str, Any]) -> Any:
    """Return one DynamoDB JSON value as plain Python; numbers stay int or float."""
    ((kind, value),) = typed.items()
    if kind == "M":
        return plain_item(value)
    if kind == "L":
        return [plain(member) for member in value]
    if kind == "N":
        return int(value) if value.lstrip("-").isdigit() else float(value)
    return None if kind == "NULL" else value


def plain_item(item: dict[str, Any]) -> dict[str, Any]:
    """Return one typed item as plain Python."""
    return {name: plain(value) for name, value in item.items()}


@dataclass
class ReadTable:
    """A table after its full export and every window, and what happened in the windows."""

    items: dict[Key, dict[str, Any]] = field(default_factory=dict)
    happened: dict[str, int] = field(default_factory=dict)


def summaries(folder: Path) -> list[dict[str, Any]]:
    """Return every manifest summary of a folder, full exports first, then by window."""
    found = [json.loads(path.read_text()) for path in folder.glob("AWSDynamoDB/*/*-summary.json")]
    return sorted(found, key=lambda s: ("exportTime" not in s, s.get("exportToTime", "")))


def records(folder: Path, summary: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an export's records, checking each file's count."""
    for line in (folder / summary["manifestFilesS3Key"]).read_text().splitlines():
        listed = json.loads(line)
        content = gzip.decompress((folder / listed["dataFileS3Key"]).read_bytes())
        rows = [json.loads(row) for row in content.split(b"\n") if row]
        assert len(rows) == listed["itemCount"]
        yield from rows


def read_tables(folder: Path) -> dict[str, ReadTable]:
    """Replay all exports; every old image must equal what the chain holds by then."""
    tables: dict[str, ReadTable] = {}
    for summary in summaries(folder):
        table = tables.setdefault(summary["tableArn"].rpartition("/")[2], ReadTable())
        seen: set[Key] = set()
        for record in records(folder, summary):
            key = _key(record.get("Item") or record["Keys"])
            assert key not in seen, f"{key} stands twice in one export"
            seen.add(key)
            if "Item" in record:
                table.items[key] = record["Item"]
            else:
                _apply(table, key, record, summary)
    return tables


def _key(item: dict[str, Any]) -> Key:
    return item["PK"]["S"], item["SK"]["S"]


def _apply(table: ReadTable, key: Key, record: dict[str, Any], summary: dict[str, Any]) -> None:
    written = int(record["Metadata"]["WriteTimestampMicros"]["N"]) / 1e6
    start, end = (
        datetime.fromisoformat(summary[name]).timestamp()
        for name in ("exportFromTime", "exportToTime")
    )
    assert start <= written < end
    assert record.get("OldImage") == table.items.get(key)
    has_new, has_old = "NewImage" in record, "OldImage" in record
    kind = ("update" if has_old else "insert") if has_new else "delete"
    table.happened[kind] = table.happened.get(kind, 0) + 1
    table.items.pop(key, None)
    if has_new:
        table.items[key] = record["NewImage"]
