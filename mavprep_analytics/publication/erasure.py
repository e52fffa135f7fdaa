"""Erases a student from Postgres at once and keeps him out: a list of keyed hashes that every night heeds.

What is done here: in one transaction the id's hash is listed and every row that names the id is deleted,
from the published tables, the outbox of the weekly reports and the rank tasks. From then on no night takes
him in (`exports.forgetting`) and no publication shows him, whatever an old export or a replay still holds.

What must expire elsewhere: older lake versions, the raw exports, Postgres backups and logs until their
retention ends (30 days at most). Point-in-time recovery of the DynamoDB tables reaches back up to 35 days
and lies outside of this product's stores.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from mavprep_analytics.erased_users import (
    NOBODY,
    ErasedUsers,
    person_columns,
    user_hash,
)
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.postgres import Connection, explained, place, session, statement
from mavprep_analytics.publication.migrations import require_current
from mavprep_analytics.tables import TABLES, Layer, Table


@dataclass(frozen=True)
class Erased:
    """What erasure did.

    Args:
        deleted: rows deleted per table; tables without such rows are left out.
        was_listed: whether the student stood on the list before.
    """

    deleted: Mapping[str, int]
    was_listed: bool


def erase(database_url: str, user_id: str) -> Erased:
    """List the student and delete all rows that name him; safe to repeat.

    It waits for a publication that runs, and one that starts later heeds the list.

    Raises:
        Misconfigured: the id is empty, or the database lacks migrations.
        Temporary: the server is away, or a publication runs for longer than ten seconds.
    """
    if not user_id:
        raise Misconfigured("the user id is empty", "Name the student: mavprep erase USER")
    where = place(database_url)
    with session(database_url) as connection, explained(where), connection.transaction():
        require_current(connection, where)
        connection.execute(statement("publication/limit_waits"), {"lock_timeout": "10s"})
        connection.execute(statement("publication/lock_fence"))
        listed = connection.execute(
            statement("publication/list_erased_user"), {"user_hash": _hash(connection, user_id)}
        )
        deleted = {
            table.postgres_name: _delete(connection, table, user_id)
            for table in _personal_tables(connection)
        }
    return Erased({name: rows for name, rows in deleted.items() if rows}, listed.rowcount == 0)


def erased_users(database_url: str) -> ErasedUsers:
    """Return the erasure list of a database.

    Raises:
        Misconfigured: the database lacks migrations.
    """
    where = place(database_url)
    with session(database_url) as connection, explained(where):
        require_current(connection, where)
        return read_erased(connection)


def read_erased(connection: Connection) -> ErasedUsers:
    """Return the erasure list as this connection sees it."""
    rows = connection.execute(statement("publication/erasure_list")).fetchall()
    if not rows:
        return NOBODY
    return ErasedUsers(bytes.fromhex(rows[0][0]), frozenset(user_hash for _, user_hash in rows))


def _hash(connection: Connection, user_id: str) -> str:
    connection.execute(
        statement("publication/insert_erasure_key"), {"secret": secrets.token_hex(32)}
    )
    row = connection.execute(statement("publication/read_erasure_key")).fetchone()
    assert row is not None, "the key was inserted above"
    return user_hash(bytes.fromhex(row[0]), user_id)


def _personal_tables(connection: Connection) -> list[Table]:
    declared = {
        table.postgres_name: table
        for table in TABLES.values()
        if (table.published or table.layer is Layer.LEDGER) and person_columns(table)
    }
    rows = connection.execute(
        statement("publication/existing_tables"), {"names": list(declared)}
    ).fetchall()
    return [declared[name] for (name,) in rows]


def _delete(connection: Connection, table: Table, user_id: str) -> int:
    target = sql.Identifier(table.postgres_name)
    return sum(
        connection.execute(
            statement("publication/delete_person", target=target, column=sql.Identifier(column)),
            {"user_id": user_id},
        ).rowcount
        for column in person_columns(table)
    )
