"""One run at a time on a database, as a courtesy: who comes second hears so at once.

A lock is no fence: a run that was stopped in the middle holds it and does not work. So the holder shows
that it works, once a second; a lock whose holder shows nothing for a while is passed by, and the fence of
the publication decides between the two.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.postgres import Connection, explained, place, session, statement

_BEAT_SECONDS = 1.0
_PATIENCE_SECONDS = 4.0
_LOOK_SECONDS = 0.2


@contextmanager
def only_run(database_url: str, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Be the run at work for the length of the block.

    Args:
        database_url: `postgresql://…` of the published tables.
        sleep: waits that many seconds between two looks at another run.

    Raises:
        Overtaken: another run is at work.
    """
    with session(database_url) as connection:
        with explained(place(database_url)):
            connection.execute("begin")
            connection.execute("set local idle_in_transaction_session_timeout = 0")
            _lock(connection, place(database_url), sleep)
        ended = threading.Event()
        beats = threading.Thread(target=_beat, args=(connection, ended), daemon=True)
        beats.start()
        try:
            yield
        finally:
            ended.set()
            beats.join()


def _lock(connection: Connection, where: str, sleep: Callable[[float], None]) -> None:
    """Take the lock, or find out that its holder works, or that it does not."""
    seen = None
    for _ in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        row = connection.execute(statement("publication/try_run_lock")).fetchone()
        if row and row[0]:
            return
        connection.execute("select pg_stat_clear_snapshot()")  # sessions are seen as they are now
        holder = connection.execute(statement("publication/run_lock_holder")).fetchone()
        if holder and seen and holder != seen:
            raise Overtaken(f"another run is at work on {where}", "Let it finish")
        seen = holder
        sleep(_LOOK_SECONDS)


def _beat(connection: Connection, ended: threading.Event) -> None:
    """Show that this run works; a lost connection loses the lock only."""
    while not ended.wait(_BEAT_SECONDS):
        try:
            connection.execute("select 1")
        except psycopg.Error:
            return
