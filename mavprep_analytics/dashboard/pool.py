"""A fixed number of Postgres connections, opened when first needed, replaced when they died. No SQL of pages here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]


class Exhausted(Exception):  # noqa: N818 - a state, told to the visitor by the caller
    """Every connection is lent, and none came back in time."""


class Pool:
    """Lends connections, the last used first.

    Args:
        connect: opens one.
        size: how many there may be.
        wait_seconds: how long a caller waits for one.
    """

    def __init__(self, connect: Callable[[], Connection], size: int, wait_seconds: float) -> None:
        self._connect = connect
        self._wait_seconds = wait_seconds
        self._places: LifoQueue[Connection | None] = LifoQueue()
        for _ in range(size):
            self._places.put(None)

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend a connection that answers, for the length of the block; an open transaction is rolled back.

        Raises:
            Exhausted: none came back in time.
            psycopg.OperationalError: a new one cannot be opened.
        """
        try:
            connection = self._places.get(timeout=self._wait_seconds)
        except Empty:
            raise Exhausted from None
        try:
            if connection is None or not _answers(connection):
                connection = None
                connection = self._connect()
            yield connection
        finally:
            self._places.put(connection if connection and _is_clean(connection) else None)

    def close(self) -> None:
        """Close the connections that are not lent; the pool lends no more."""
        with suppress(Empty):
            while True:
                connection = self._places.get_nowait()
                if connection is not None:
                    connection.close()


def _answers(connection: Connection) -> bool:
    """Tell whether the connection is alive; a snapshot taken later does not begin here."""
    try:
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error:
        connection.close()
        return False
    return True


def _is_clean(connection: Connection) -> bool:
    try:
        connection.rollback()
    except psycopg.Error:
        connection.close()
        return False
    return True
