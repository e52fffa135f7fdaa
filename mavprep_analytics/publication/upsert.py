"""Makes one published table equal to its lake table, touching only rows that differ."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from psycopg import errors, sql

from mavprep_analytics.errors import Temporary
from mavprep_analytics.postgres import Connection, explained, statement
from mavprep_analytics.publication.differences import differences
from mavprep_analytics.publication.staging import Source, copy_in, without_nul
from mavprep_analytics.tables import Table
from mavprep_analytics.tables.declaration import EXACT, Column

_COMMA, _AND = sql.SQL(", "), sql.SQL(" and ")


@dataclass(frozen=True)
class TableChange:
    """What a publication did to one table.

    Args:
        digest: of the lake table that was published.
        rows: rows that the table has now.
        upserted: rows inserted or updated.
        deleted: rows deleted.
    """

    digest: str
    rows: int
    upserted: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        """Rows inserted, updated or deleted."""
        return self.upserted + self.deleted

    def document(self) -> dict[str, Any]:
        """Return the change as it stands in `analytics_publications.tables`."""
        return asdict(self)


def replace_rows(
    connection: Connection, source: Source, digest: str, *, before: Sequence[Path] = ()
) -> TableChange:
    """Load the lake's rows, upsert those that differ and delete the keys that are gone.

    Args:
        connection: in the publishing transaction.
        source: the lake's rows.
        digest: of the lake table.
        before: files whose rows Postgres is known to hold; then only what differs from them is loaded.

    Raises:
        DataRefused: a key stands twice in the lake table, or a value does not fit its column.
        Temporary: a row names something that the catalogue lost since it was staged.
    """
    with explained(source.table.postgres_name), _catalogue_kept(source.table):
        if before:
            return _replace_different(connection, source, digest, before)
        rows, upserted = _upsert(connection, source.table, source.batches())
        names = _names(source.table)
        deleted = connection.execute(statement("publication/delete_vanished", **names)).rowcount
    return TableChange(digest, rows, upserted, deleted)


def _replace_different(
    connection: Connection, source: Source, digest: str, before: Sequence[Path]
) -> TableChange:
    table, names = source.table, _names(source.table)
    with (
        tempfile.TemporaryDirectory(prefix="mavprep-spill-") as spill,
        differences(before, source.files, names, Path(spill)) as found,
    ):
        different = (
            source.publishable(batch.cast(table.arrow_schema)) for batch in found.changed()
        )
        _, upserted = _upsert(connection, table, different)
        gone = names | {"staging": sql.Identifier(f"gone_{table.name}"), "columns": names["key"]}
        connection.execute(statement("publication/create_staging", **gone))
        copy_in(connection, f"gone_{table.name}", table.key, map(without_nul, found.vanished()))
        deleted = connection.execute(statement("publication/delete_listed", **gone)).rowcount
    return TableChange(digest, count_rows(connection, table), upserted, deleted)


def _upsert(
    connection: Connection, table: Table, batches: Iterable[pa.RecordBatch]
) -> tuple[int, int]:
    """Load rows and return how many, and how many of them were new or different."""
    names, columns = _names(table), [column.name for column in table.columns]
    connection.execute(statement("publication/create_staging", **names))
    rows = copy_in(connection, staging_name(table), columns, batches)
    return rows, connection.execute(statement("publication/upsert_changed", **names)).rowcount


def count_rows(connection: Connection, table: Table) -> int:
    """Return how many rows the published table has."""
    target = sql.Identifier(table.postgres_name)
    row = connection.execute(statement("publication/count_rows", target=target)).fetchone()
    return int(row[0]) if row else 0


def staging_name(table: Table) -> str:
    """Return the name of the temporary table that the lake's rows are loaded into."""
    return f"staged_{table.name}"


@contextmanager
def _catalogue_kept(table: Table) -> Iterator[None]:
    """A row of the catalogue that went since it was staged is staged anew by the next run."""
    try:
        yield
    except errors.ForeignKeyViolation as error:
        raise Temporary(
            f"{table.postgres_name}: {error.diag.constraint_name} names what the catalogue lost "
            "since it was staged",
            "Run again",
        ) from error


def _names(table: Table) -> dict[str, sql.Composable]:
    """The parts of the statements: identifiers of declared tables and columns, nothing else."""
    values = [column for column in table.columns if column.name not in table.key]
    keys = [table[name] for name in table.key]
    return {
        "target": sql.Identifier(table.postgres_name),
        "staging": sql.Identifier(staging_name(table)),
        "columns": _each(table.columns, _plain),
        "staged_columns": _each(table.columns, _staged),
        "lake_columns": _each(table.columns, lambda c: sql.Identifier("staged", c.name)),
        "key": _each(keys, _plain),
        "old_key": _each(keys, lambda c: sql.Identifier("old", c.name)),
        "staged_key": _each(keys, lambda c: sql.Identifier("staged", c.name)),
        "same_key": _AND.join(_equal(column) for column in keys),
        "is_new": sql.SQL("{} is null").format(sql.Identifier("old", keys[0].name)),
        "old_values": _each(values, lambda c: sql.Identifier("old", c.name)),
        "staged_values": _each(values, lambda c: sql.Identifier("staged", c.name)),
        "assignments": _each(values, _assignment),
    }


def _each(columns: Sequence[Column], part: Callable[[Column], sql.Composable]) -> sql.Composed:
    return _COMMA.join(part(column) for column in columns)


def _plain(column: Column) -> sql.Composable:
    return sql.Identifier(column.name)


def _staged(column: Column) -> sql.Composable:
    name = sql.Identifier("staged", column.name)
    return sql.SQL("trim_scale({})").format(name) if column.type == EXACT else name


def _equal(column: Column) -> sql.Composed:
    name = column.name
    return sql.SQL("{} = {}").format(sql.Identifier("old", name), sql.Identifier("staged", name))


def _assignment(column: Column) -> sql.Composed:
    name = column.name
    return sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("excluded", name))
