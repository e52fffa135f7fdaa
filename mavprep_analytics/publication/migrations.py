"""Applies the numbered files of `sql/migrations/`, forward only, and tells whether a database fits this code.

A folder of migrations is applied in order of file names, each file once. An applied file is never edited:
what changes is a new file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import errors

from mavprep_analytics.catalogue.snapshot import require_catalogue
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.packaged_files import packaged_folder
from mavprep_analytics.postgres import (
    Connection,
    explain,
    explained,
    packaged_sql,
    place,
    session,
    statement,
)

_FOLDER = "migrations"
CATALOGUE, ANALYTICS = "catalogue", "analytics"


@dataclass(frozen=True)
class Migration:
    """One file: its folder and name, its text and the text's sha256 (hex)."""

    name: str
    text: str
    sha256: str


def upgrade(database_url: str, *, with_catalogue: bool = False) -> list[str]:
    """Bring the database to this code's tables, in one transaction, and return the files applied.

    Args:
        database_url: `postgresql://…`.
        with_catalogue: first make MavPrep's own catalogue tables, for demo and tests.

    Raises:
        Misconfigured: the catalogue is missing, or a table of ours exists that no migration made.
        DataRefused: an applied file was edited since.
    """
    where = place(database_url)
    with session(database_url) as connection, explained(where), connection.transaction():
        connection.execute("set local lock_timeout = '30s'")
        connection.execute(statement("publication/lock_migrations"))
        connection.execute(statement("publication/create_migrations"))
        applied = []
        if with_catalogue:
            applied = _apply(connection, load(CATALOGUE), where)
        require_catalogue(connection, where)
        return applied + _apply(connection, load(ANALYTICS), where)


def load(folder: str) -> list[Migration]:
    """Return the packaged files of a folder of migrations in their order."""
    files = sorted((packaged_folder("sql") / _FOLDER / folder).glob("*.sql"))
    return [
        Migration(
            f"{folder}/{file.name}",
            file.read_text(encoding="utf-8"),
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in files
    ]


def pending(migrations: Sequence[Migration], applied: Mapping[str, str]) -> list[Migration]:
    """Return the files that are left to apply.

    Args:
        migrations: all files of one folder, in order.
        applied: name -> sha256 of what was applied.

    Raises:
        DataRefused: an applied file reads differently now, or a new one precedes an applied one.
    """
    edited = [m.name for m in migrations if applied.get(m.name, m.sha256) != m.sha256]
    if edited:
        raise DataRefused(
            f"the applied migration {', '.join(edited)} was edited",
            "Restore the file and put the change into a new one",
        )
    left = [m for m in migrations if m.name not in applied]
    done = [m.name for m in migrations if m.name in applied]
    late = [m.name for m in left if done and m.name < done[-1]]
    if late:
        raise DataRefused(
            f"the migration {late[0]} precedes {done[-1]}, which is applied already",
            "Give it the next number",
        )
    return left


def require_current(connection: Connection, where: str) -> None:
    """Refuse a database whose tables are not those of this code.

    Raises:
        Misconfigured: migrations are missing, or a newer code applied some that this one does not know.
    """
    try:
        with connection.transaction():
            applied = _applied(connection)
    except errors.UndefinedTable:
        applied = {}
    left = pending(load(ANALYTICS), applied)
    if left:
        raise Misconfigured(
            f"{where} lacks the migration {left[0].name}", "Run mavprep db upgrade first"
        )
    known = {m.name for m in load(ANALYTICS)}
    newer = [n for n in applied if n.startswith(f"{ANALYTICS}/") and n not in known]
    if newer:
        raise Misconfigured(
            f"{where} was upgraded by a newer version of mavprep ({newer[0]})", "Install that one"
        )


def _applied(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(statement("publication/applied_migrations")).fetchall())


def _apply(connection: Connection, migrations: Sequence[Migration], where: str) -> list[str]:
    left = pending(migrations, _applied(connection))
    for migration in left:
        try:
            connection.execute(packaged_sql(migration.text))
        except errors.DuplicateTable as error:
            raise Misconfigured(
                f"{where} has tables already that {migration.name} would make "
                f"({error.diag.message_primary})",
                "Rename that table, or choose another database",
            ) from None
        except errors.Error as error:
            raise explain(error, f"{where}, {migration.name}") from error
        connection.execute(
            statement("publication/insert_migration"),
            {"name": migration.name, "sha256": migration.sha256},
        )
    return [migration.name for migration in left]
