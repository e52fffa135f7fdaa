"""Reads the data files of one export: fetch, verify, decode, run files; whole files, one process each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from mavprep_analytics.exports.decoding import Decoded, Decoder, Refused
from mavprep_analytics.exports.ion import json_lines
from mavprep_analytics.exports.lines import blocks
from mavprep_analytics.exports.manifests import DataFileEntry, Export
from mavprep_analytics.exports.places import Place, fetch, open_place
from mavprep_analytics.exports.refusals import DataMismatch, MissingFile, TooManyQuarantined
from mavprep_analytics.exports.rows import BUCKET, KEY, STATE, RowState
from mavprep_analytics.exports.runs import Run, RunWriter
from mavprep_analytics.exports.texts import Text
from mavprep_analytics.periods import micros
from mavprep_analytics.tables import Table, raw

_MOST_REFUSED = 100_000
_WINDOW_SLACK = timedelta(minutes=1)


@dataclass(frozen=True)
class ReadTask:
    """Some data files of one export, read by one worker.

    Args:
        url: the exports' place.
        owner: the AWS account that must own the bucket; "": any.
        root: the `AWSDynamoDB/` folder that the export lies in.
        export: the export.
        files: which of its files.
        rank: the export's place among those read for its table, from 1.
        horizon_micros: later events lie in the future.
        folder: where runs and temporary copies go.
        name: tells this task's files from those of others.
    """

    url: str
    owner: str
    root: str
    export: Export
    files: tuple[DataFileEntry, ...]
    rank: int
    horizon_micros: int
    folder: Path
    name: str


@dataclass
class FileCounts:
    """What became of one data file's items; accepted by kind, quarantined by kind (None: unreadable).

    `due_micros` is the horizon at which the first of its future items stops to be one; None: it has none.
    `first_refused` is, of each kind, the first item that was quarantined.
    """

    entry: DataFileEntry
    accepted: Counter[str]
    quarantined: Counter[str | None]
    unrecognised: int
    due_micros: int | None
    first_refused: dict[str | None, Refused]


@dataclass
class Read:
    """The outcome of a task."""

    task: ReadTask
    runs: list[Run] = field(default_factory=list)
    files: list[FileCounts] = field(default_factory=list)
    drift: Counter[tuple[str, str]] = field(default_factory=Counter)


def read(task: ReadTask) -> Read:
    """Fetch, verify and decode the task's files.

    Raises:
        MissingFile: a listed file is not there.
        DataMismatch: a file's md5 or its number of lines is not what the manifest says.
        TooLarge: a file unpacks beyond reason.
    """
    place, writer, done = (
        open_place(task.url, task.owner),
        RunWriter(task.folder / "runs", task.name),
        Read(task),
    )
    for entry in task.files:
        copy = task.folder / f"{task.name}.gz"
        _fetch_verified(place, task.root + entry.tail, entry, copy)
        try:
            decoded = _decode(task, entry, copy, writer)
        finally:
            copy.unlink()
        done.drift.update(decoded.drift)
        done.files.append(
            FileCounts(
                entry,
                decoded.accepted,
                decoded.quarantined(),
                decoded.unrecognised_count,
                min(
                    (r.due_micros for r in decoded.refused if r.due_micros is not None),
                    default=None,
                ),
                {refused.entity: refused for refused in reversed(decoded.refused)},
            )
        )
    writer.flush()
    done.runs = writer.runs
    return done


def _fetch_verified(place: Place, key: str, entry: DataFileEntry, copy: Path) -> None:
    for _ in range(2):
        md5 = fetch(place, key, copy)
        if md5 is None:
            raise MissingFile(
                f"the data file {key} is missing", "Restore it, or ask for a new export"
            )
        if md5 == entry.md5:
            return
    copy.unlink()
    raise DataMismatch(f"the data file {key} does not match its md5", "Copy the export again")


def _decode(task: ReadTask, entry: DataFileEntry, copy: Path, writer: RunWriter) -> Decoded:
    export, key = task.export, task.root + entry.tail
    decoder = Decoder(
        export.table_arn,
        task.horizon_micros,
        is_change=export.kind == "incremental",
        window_micros=_window(export),
    )
    for text in blocks(copy, key):
        if decoder.result.lines + len(text.marks(b"\n")) + 1 > entry.item_count:
            _refuse_count(key, entry)
        lines = Text.of_lines(json_lines(text.lines)) if export.data_format == "ion" else text
        for table, rows in decoder.decode(lines).items():
            writer.add(table, rows)
        _add_unrecognised(writer, export, entry, decoder.result)
        if len(decoder.result.refused) > _MOST_REFUSED:
            raise TooManyQuarantined(
                f"the data file {key} holds over {_MOST_REFUSED} invalid items",
                "Find out who wrote it",
            )
    if decoder.result.lines != entry.item_count:
        _refuse_count(key, entry)
    _add_refused(writer, export, entry, decoder.result)
    return decoder.result


def _refuse_count(key: str, entry: DataFileEntry) -> None:
    raise DataMismatch(
        f"the data file {key} does not hold the {entry.item_count} items of the manifest",
        "Copy the export again, or ask for a new one",
    )


def _add_unrecognised(
    writer: RunWriter, export: Export, entry: DataFileEntry, result: Decoded
) -> None:
    found = result.unrecognised
    if found:
        texts = [line.decode(errors="replace") for _, line in found]
        _add_raw(writer, export, entry, raw.raw_unrecognised, [n for n, _ in found], [texts])
        result.unrecognised_count += len(found)
        result.unrecognised = []


def _add_refused(writer: RunWriter, export: Export, entry: DataFileEntry, result: Decoded) -> None:
    if result.refused:
        columns = [
            [getattr(refused, name) for refused in result.refused]
            for name in ("entity", "reason", "attribute", "keys_sha256")
        ]
        numbers = [refused.line_number for refused in result.refused]
        _add_raw(writer, export, entry, raw.raw_quarantine, numbers, columns)


def _window(export: Export) -> tuple[int, int] | None:
    """Return when an export's changes may have been written, with a minute's slack; None: no window."""
    if export.from_at is None:
        return None
    return micros(export.from_at - _WINDOW_SLACK), micros(export.to_at + _WINDOW_SLACK)


def _add_raw(
    writer: RunWriter,
    export: Export,
    entry: DataFileEntry,
    table: Table,
    numbers: list[int],
    columns: Sequence[Sequence[str | None]],
) -> None:
    """Add rows of a raw table: export, file and line number, then these columns; one bucket per export."""
    count = len(numbers)
    values: list[Any] = [[export.arn] * count, [entry.file_key] * count, numbers, *columns]
    arrays: list[pa.Array[Any]] = [
        pa.array(held, field.type) for field, held in zip(table.arrow_schema, values, strict=True)
    ]
    keys = [f"{export.export_id}\0{entry.file_key}\0{number:012d}" for number in numbers]
    helpers: list[pa.Array[Any]] = [
        pa.array(keys),
        pa.array([export.export_id] * count),
        pa.array([RowState.CURRENT] * count, pa.int8()),
    ]
    names = [*table.arrow_schema.names, KEY, BUCKET, STATE]
    writer.add(table.name, pa.table([*arrays, *helpers], names=names))
