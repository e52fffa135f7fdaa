"""Streams a lake table into a temporary Postgres table: bounded memory, whatever the table's size."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from psycopg import sql

from mavprep_analytics.erased_users import NOBODY, ErasedUsers, person_columns
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.postgres import Connection, statement
from mavprep_analytics.tables import Table

_BATCH_ROWS = 1 << 16
_NUL, _REPLACEMENT = "\0", "\ufffd"
_CSV = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")


@dataclass(frozen=True)
class Source:
    """One table's rows as they are to be published.

    Args:
        table: the declaration.
        files: verified local Parquet files.
        erased: students whose rows are left out.
        columns: the columns to read; empty: all.
    """

    table: Table
    files: Sequence[Path]
    erased: ErasedUsers = NOBODY
    columns: Sequence[str] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows with the declared columns and types, without erased students and NUL.

        Raises:
            DataRefused: a file's columns are not the declared ones.
        """
        for batch in _read(self.table, self.files, self.columns):
            yield self.publishable(batch)

    def publishable(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return rows of this table without erased students and NUL."""
        return without_nul(self.erased.left_out(batch, person_columns(self.table)))


def copy_in(
    connection: Connection, staging: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]
) -> int:
    """Load batches of these columns into a temporary table and return the rows.

    Postgres reads each value by the type of its column, so text may become uuid, numeric or jsonb.
    """
    rows = 0
    with connection.cursor() as cursor, cursor.copy(copy_statement(staging, columns)) as stream:
        for batch in batches:
            stream.write(as_csv(batch))
            rows += batch.num_rows
    analyze(connection, staging)
    return rows


def analyze(connection: Connection, staging: str) -> None:
    """Let the server count a temporary table, for the plans of what follows."""
    connection.execute(statement("publication/analyze_staging", staging=sql.Identifier(staging)))


def copy_statement(staging: str, columns: Sequence[str]) -> sql.Composed:
    """Return the COPY statement that loads these columns."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    return statement(
        "publication/copy_into_staging", staging=sql.Identifier(staging), columns=names
    )


def as_csv(batch: pa.RecordBatch) -> bytes:
    """Return the batch as CSV that COPY reads back exactly: null is empty, any value is quoted."""
    sink = io.BytesIO()
    pa_csv.write_csv(batch, sink, _CSV)
    return sink.getvalue()


def without_nul(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with U+FFFD in place of NUL, which Postgres cannot store."""
    columns = [
        pc.replace_substring(column, _NUL, _REPLACEMENT)
        if pa.types.is_string(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _read(table: Table, files: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    schema = table.arrow_schema
    if columns:
        schema = pa.schema([schema.field(name) for name in columns])
    for path in files:
        with pq.ParquetFile(path) as file:
            missing = set(schema.names) - set(file.schema_arrow.names)
            if missing:
                raise DataRefused(
                    f"the lake table {table.name} lacks the columns {', '.join(sorted(missing))}",
                    "Run again to rebuild it with this version of the code",
                )
            for batch in file.iter_batches(_BATCH_ROWS, columns=schema.names):
                yield batch.select(schema.names).cast(schema)
