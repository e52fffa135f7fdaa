"""Read-only connections to the published tables: a pool of eight, one snapshot per page, streams for downloads.

No page sees two publications: all its reads happen in one REPEATABLE READ transaction.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege, QueryCanceled, UndefinedColumn, UndefinedTable
from psycopg.rows import dict_row, tuple_row
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as Exhausted

from mavprep_analytics.dashboard.faults import Unavailable
from mavprep_analytics.dashboard.statements import statement

POOL_SIZE = 8
_STREAMED_ROWS = 2_000
_WAIT_SECONDS = 5
_READER = (
    "-c default_transaction_read_only=on -c statement_timeout=5s"
    " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)
_WRITER = "-c default_transaction_read_only=off -c statement_timeout=5s"

Connection = psycopg.Connection[Any]
Row = dict[str, Any]


class Snapshot:
    """The published tables as of one instant."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, name: str, **parameters: object) -> list[Row]:
        """Return all rows of `sql/dashboard/<name>.sql`."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement(name), parameters).fetchall()

    def row(self, name: str, **parameters: object) -> Row | None:
        """Return the first row of a statement; None if there is none."""
        return next(iter(self.rows(name, **parameters)), None)

    def stream(self, name: str, **parameters: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement in batches that the server keeps; memory stays flat."""
        with self._connection.cursor("download", row_factory=tuple_row) as cursor:
            cursor.itersize = _STREAMED_ROWS
            yield from cursor.execute(statement(name), parameters)


class Database:
    """The pool.

    Args:
        url: `postgresql://…`; a role that may read the published tables and insert into the audit table.
        wait_seconds: how long a page waits for a connection.
    """

    def __init__(self, url: str, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._url = url
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=wait_seconds,
            pool_pre_ping=True,
            pool_use_lifo=True,
        )

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open a read-only transaction in which every read sees the same publication.

        Raises:
            Unavailable: the server is down, busy, too slow, or its tables are not there.
        """
        with _told(), closing(self._engine.raw_connection()) as lent:
            assert isinstance(lent.driver_connection, psycopg.Connection)
            yield Snapshot(lent.driver_connection)

    def record(self, name: str, **parameters: object) -> int:
        """Run a writing statement by itself, commit it and return its rows; used for the audit alone.

        Raises:
            Unavailable: it could not be written.
        """
        with (
            _told(),
            psycopg.connect(
                self._url, options=_WRITER, connect_timeout=_WAIT_SECONDS
            ) as connection,
        ):
            return connection.execute(statement(name), parameters).rowcount

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._engine.dispose()

    def _connect(self) -> Connection:
        connection = psycopg.connect(
            self._url,
            options=_READER,
            connect_timeout=_WAIT_SECONDS,
            application_name="mavprep-dashboard",
            prepare_threshold=None,
        )
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (UndefinedTable, UndefinedColumn, InsufficientPrivilege):
        raise Unavailable(
            "The database has no published tables for this login. Run mavprep db upgrade."
        ) from None
    except QueryCanceled:
        raise Unavailable("The database took too long. Narrow the filters or try again.") from None
    except Exhausted:
        raise Unavailable("Too many pages are being read. Try again in a moment.") from None
    except (psycopg.OperationalError, psycopg.InterfaceError, DBAPIError):
        raise Unavailable("The database cannot be reached. Try again in a moment.") from None
