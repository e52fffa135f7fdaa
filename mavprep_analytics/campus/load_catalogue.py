"""Loads a campus's catalogue files into MavPrep's Postgres tables.

Here: COPY into staging and a merge that writes only what differs. Not here: making the tables
(`sql/migrations/catalogue/`) and the files (`catalogue_files`).
"""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mavprep_analytics.campus.catalogue_files import CATALOGUE_TABLES
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.packaged_files import read_packaged

if TYPE_CHECKING:
    from psycopg import Connection, Cursor
    from psycopg.sql import Composed

_BLOCK_BYTES = 1 << 18
_PARAMETER = re.compile(r"\$([a-z]+)")


def load_catalogue(connection: "Connection[Any]", folder: Path) -> dict[str, int]:
    """Load `<folder>/<table>.csv` of every catalogue table in one transaction.

    Args:
        connection: of psycopg 3; committed by this function.
        folder: as `write_catalogue` makes it.

    Returns:
        Rows written per table; all zero when the database holds this catalogue already.

    Raises:
        Misconfigured: a file or a table is missing.
        DataRefused: the rows break a rule of the schema, e.g. a subject code that another row has.
    """
    import psycopg  # noqa: PLC0415 - the simulator alone needs no database driver

    missing = [table for table in CATALOGUE_TABLES if not (folder / f"{table}.csv").is_file()]
    if missing:
        raise Misconfigured(
            f"{folder} has no {missing[0]}.csv", "Name the catalogue folder of a campus"
        )
    try:
        with connection.transaction(), connection.cursor() as cursor:
            written = {table: _load(cursor, table, folder) for table in CATALOGUE_TABLES}
        connection.commit()
    except psycopg.errors.UndefinedTable as error:
        reason = _first_line(error)
        raise Misconfigured(reason, "Run `mavprep db upgrade --with-catalogue`") from error
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
        reason = f"the catalogue of {folder} does not fit the database: {_first_line(error)}"
        raise DataRefused(reason, "Load it into an empty catalogue") from error
    return written


def _load(cursor: "Cursor[Any]", table: str, folder: Path) -> int:
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file), [])
    if not columns:
        return 0
    cursor.execute(_statement("stage_table", table, columns))
    with path.open("rb") as file, cursor.copy(_statement("copy_rows", table, columns)) as copy:
        while block := file.read(_BLOCK_BYTES):
            copy.write(block)
    cursor.execute(_statement("merge_rows", table, columns))
    return cursor.rowcount


def _statement(name: str, table: str, columns: list[str]) -> "Composed":
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - see load_catalogue

    text = read_packaged(f"sql/campus/{name}.sql")
    return SQL(_PARAMETER.sub(r"{\1}", text)).format(
        table=Identifier(table),
        staging=Identifier(f"campus_{table}"),
        columns=SQL(", ").join(map(Identifier, columns)),
        present=SQL(", ").join(Identifier("present", column) for column in columns),
        excluded=SQL(", ").join(Identifier("excluded", column) for column in columns),
    )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
