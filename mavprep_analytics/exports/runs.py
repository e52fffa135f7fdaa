"""Sorted runs on local disk: decoded rows leave memory in pieces of bounded size, to be merged later."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

BUFFER_BYTES = 24 << 20
_BATCH_BYTES = 1 << 20
_WRITE = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True)
class Run:
    """A file of rows sorted by `_key`, of one bucket of one table."""

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
        """Take rows with the helper columns `_key`, `_bucket` and `_gone`."""
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
        ordered = rows.take(pc.sort_indices(rows["_key"]))
        buckets = ordered["_bucket"]
        ordered = ordered.drop_columns(["_bucket"])
        size = max(1, _BATCH_BYTES * len(ordered) // max(1, ordered.nbytes))
        start = 0
        for entry in pc.value_counts(buckets).to_pylist():
            part, start = ordered.slice(start, entry["counts"]), start + entry["counts"]
            folder = self._folder / table / (entry["values"] or "all")
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{self._name}-{self._spills:04d}.arrow"
            with pa.ipc.new_file(path, part.schema, options=_WRITE) as writer:
                writer.write_table(part, max_chunksize=size)
            self.runs.append(Run(table, entry["values"], path))


def read_run(path: Path) -> Iterator[pa.Table]:
    """Yield a run's rows in order, about 1 MiB at a time."""
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])
