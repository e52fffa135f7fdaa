"""Connections to Postgres, and what its errors mean to a user. What is read or written is not known here.

No message made here holds a password, a parameter or a row's value: objects are named, values are not.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from mavprep_analytics.errors import DataRefused, MavprepError, Misconfigured, Temporary
from mavprep_analytics.packaged_files import read_packaged

Connection = psycopg.Connection[tuple[Any, ...]]

_SCHEMES = ("postgresql://", "postgres://")
_CONNECT: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": 10,
    "application_name": "mavprep",
    "prepare_threshold": None,  # a transaction pooler keeps no prepared statements
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
# libpq gives no SQLSTATE when the connection itself is refused: its words decide.
_WRONG_ACCESS = (
    "authentication failed",
    "no password supplied",
    "does not exist",
    "no pg_hba.conf entry",
    "permission denied",
    "is not permitted to log in",
    "certificate",
    "does not support SSL",
    "invalid",
)
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_TEMPORARY = ("08", "40", "53", "57", "58")
_TEMPORARY_STATES = ("25006", "25P03", "55P03", "55006")
_MISCONFIGURED = ("28", "3D", "3F", "42", "0A")


@contextmanager
def session(url: str) -> Iterator[Connection]:
    """Open a connection in autocommit mode for the length of the block; times are in UTC.

    Raises:
        Misconfigured: the URL, user, password or database is wrong.
        Temporary: the server cannot be reached or takes no connections.
    """
    try:
        connection = psycopg.connect(_checked(url), **_CONNECT)
    except psycopg.Error as error:
        raise _refused(url, error) from None
    try:
        with explained(place(url)):
            connection.execute("set timezone to 'UTC'")
        yield connection
    finally:
        connection.close()


def statement(name: str, **parts: sql.Composable) -> sql.Composed:
    """Read `sql/<name>.sql` for psycopg: its `$names` are bound parameters, or parts of the statement.

    Args:
        name: folder and file below `sql/`.
        parts: identifiers and lists of them that take the place of their `$name`.
    """

    def place_of(found: re.Match[str]) -> str:
        return f"{{{found[1]}}}" if found[1] in parts else f"%({found[1]})s"

    text = _PARAMETER.sub(place_of, read_packaged(f"sql/{name}.sql"))
    return packaged_sql(text).format(**parts)


def packaged_sql(text: str) -> sql.SQL:
    """Vouch for the text of a packaged SQL file: it holds no value from outside."""
    return sql.SQL(cast("LiteralString", text))  # type: ignore[redundant-cast]  # pyright wants it


@contextmanager
def explained(place_or_task: str) -> Iterator[None]:
    """Turn an error of the server in the block into the class that a scheduler can act on.

    An error that psycopg raises by itself, for it was called wrongly, is a defect and passes.
    """
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate is None and not is_temporary(error):
            raise
        raise explain(error, place_or_task) from error


def explain(error: psycopg.Error, where: str) -> MavprepError:
    """Say what an error of Postgres means, naming objects but no values.

    Args:
        error: as psycopg raised it.
        where: the database or the table that was worked on.
    """
    state = error.sqlstate or ""
    what = f"{where}: {type(error).__name__}{_object(error)}"
    if state[:2] in _MISCONFIGURED:
        hint = error.diag.message_primary or ""
        return Misconfigured(f"{what} ({hint})", "Check MAVPREP_POSTGRES_URL and its permissions")
    if is_temporary(error):
        return Temporary(what, "Run again; if it stays, look into the server's log")
    return DataRefused(what, "Look at the named rows; nothing was changed")


def is_temporary(error: psycopg.Error) -> bool:
    """Tell whether the same transaction may succeed when it is tried again."""
    state = error.sqlstate
    if state is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] in _TEMPORARY or state in _TEMPORARY_STATES


def place(url: str) -> str:
    """Name the database of a URL without its user and password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "the database of MAVPREP_POSTGRES_URL"
    return (
        f"{parts.get('dbname', '')} at {parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    )


def _checked(url: str) -> str:
    if not url.startswith(_SCHEMES) or not _has_valid_port(url):
        raise Misconfigured(
            "MAVPREP_POSTGRES_URL is no postgresql:// address", "Correct it and run again"
        )
    return url


def _has_valid_port(url: str) -> bool:
    """Find a mistyped port before its host is looked up; several hosts are libpq's own matter."""
    try:
        return "," in url or urlsplit(url).port != 0
    except ValueError:
        return False


def _refused(url: str, error: psycopg.Error) -> MavprepError:
    told = str(error)
    if isinstance(error, psycopg.ProgrammingError) or any(word in told for word in _WRONG_ACCESS):
        return Misconfigured(
            f"{place(url)} refuses the connection: address, user, password or database is wrong",
            "Correct MAVPREP_POSTGRES_URL",
        )
    return Temporary(f"{place(url)} cannot be reached", "Check that the server runs; run again")


def _object(error: psycopg.Error) -> str:
    names = (error.diag.table_name, error.diag.constraint_name, error.diag.column_name)
    named = ", ".join(name for name in names if name)
    return f" ({named})" if named else ""
