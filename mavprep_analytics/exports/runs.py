"""Sorted runs on local disk: decoded rows leave memory in pieces of bounded size, to be merged later."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mavprep_analytics.exports.rows import BUCKET, KEY

BUFFER_BYTES = 6 << 20
_BATCH_BYTES = 1 << 20


@dataclass(frozen=True)
class Run:
    """A file of rows sorted by key and state, of one bucket of one table."""

    table: str
    bucket: str
    path: Path


class RunWriter:
    """Collects rows and writes them as sorted runs, one file per table and bucket each time it is full.

    Args:
        folder: a private folder, made when needed.
        name: tells the files of this writer from those of others.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._held: dict[str, list[pa.Table]] = defaultdict(list)
        self._bytes = 0
        self._spills = 0
        self.runs: list[Run] = []

    def add(self, table: str, rows: pa.Table) -> None:
        """Take rows with the helper columns of `rows`."""
        self._held[table].append(rows)
        self._bytes += rows.nbytes
        if self._bytes > BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for table in sorted(self._held):
            self._write(table, pa.concat_tables(self._held.pop(table)).combine_chunks())
        self._bytes = 0
        self._spills += 1

    def _write(self, table: str, rows: pa.Table) -> None:
        ordered = rows.take(pc.sort_indices(rows[KEY]))
        buckets = ordered[BUCKET]
        ordered = ordered.drop_columns([BUCKET])
        start = 0
        for bucket, count in counted(buckets):
            part, start = ordered.slice(start, count), start + count
            folder = self._folder / table / (bucket or "all")
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{self._name}-{self._spills:04d}.arrow"
            write_run(path, [part])
            self.runs.append(Run(table, bucket, path))


def counted(column: Any) -> list[tuple[str, int]]:
    """Return the distinct values of a column in order of appearance, with their counts."""
    counts: Any = pc.value_counts(column)
    return list(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))


def write_run(path: Path, parts: Iterable[pa.Table]) -> None:
    """Write at least one table, in order, in batches of about 1 MiB."""
    remaining = iter(parts)
    part = next(remaining)
    with pa.ipc.new_file(str(path), part.schema) as writer:
        for table in chain([part], remaining):
            size = max(1, _BATCH_BYTES * len(table) // max(1, table.nbytes))
            writer.write_table(table, max_chunksize=size)


def read_run(path: Path) -> Iterator[pa.Table]:
    """Yield a run's rows in order, about 1 MiB at a time."""
    with pa.OSFile(str(path), "rb") as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])
