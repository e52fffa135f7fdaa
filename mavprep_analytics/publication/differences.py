"""Which rows of a table differ between two lake versions, found beside the lake and in bounded memory.

It is used only where Postgres is known to hold the older version, so that equal rows never travel there.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from psycopg import sql

from mavprep_analytics.postgres import statement

_BATCH_ROWS = 1 << 16
_CONFIG: dict[str, Any] = {"memory_limit": "512MB", "threads": 2, "preserve_insertion_order": False}


@dataclass(frozen=True)
class Differences:
    """Two lake versions of one table.

    Args:
        connection: where `old` and `staged` are the two.
        names: the parts of the statements, see `upsert`.
    """

    connection: duckdb.DuckDBPyConnection
    names: Mapping[str, sql.Composable]

    def changed(self) -> Iterator[pa.RecordBatch]:
        """Yield the new and the different rows, with all columns."""
        return self._read("publication/lake_changed_rows")

    def vanished(self) -> Iterator[pa.RecordBatch]:
        """Yield the keys that are gone."""
        return self._read("publication/lake_vanished_keys")

    def _read(self, name: str) -> Iterator[pa.RecordBatch]:
        text = statement(name, **self.names).as_string()
        yield from self.connection.sql(text).to_arrow_reader(_BATCH_ROWS)


@contextmanager
def differences(
    old: Sequence[Path], staged: Sequence[Path], names: Mapping[str, sql.Composable], spill: Path
) -> Iterator[Differences]:
    """Compare two sets of files for the length of the block.

    Args:
        old: of the version that Postgres holds.
        staged: of the version to be published.
        names: the parts of the statements.
        spill: existing folder for what memory does not hold.
    """
    with duckdb.connect(":memory:", config={**_CONFIG, "temp_directory": str(spill)}) as connection:
        connection.execute("set timezone = 'UTC'")
        for name, paths in (("old", old), ("staged", staged)):
            files = [str(path) for path in paths]
            connection.read_parquet(files, hive_partitioning=False).create_view(name)
        yield Differences(connection, names)
