"""Works off the rank tasks of the newest publication: ledger in Postgres, items in DynamoDB.

A task is settled after DynamoDB answered. What stops in between is repeated by the next run, harmlessly,
for values are absolute; a newer publication replaces the tasks, and an older writer stops.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from psycopg.errors import LockNotAvailable

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.postgres import Connection, explained, place, session, statement
from mavprep_analytics.publication.rank_writer import THREADS, RankWrite, RankWriter, Result
from mavprep_analytics.settings import Settings

_BATCH = 200


@dataclass(frozen=True)
class RankWrites:
    """What became of the ranks.

    Args:
        written: items that were given new ranks.
        equal: items that had their ranks already and were not touched.
        gone: items that no longer exist.
        superseded: items that hold ranks of a later date.
        pending: tasks left to do: all of them while the write-back is off, else none.
    """

    written: int = 0
    equal: int = 0
    gone: int = 0
    superseded: int = 0
    pending: int = 0


def write_ranks(
    database_url: str,
    settings: Settings,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> RankWrites:
    """Write the pending ranks to the REPUTATION items, unless MAVPREP_DYNAMODB_WRITEBACK is off.

    Args:
        database_url: `postgresql://…` of the published tables.
        settings: switch and rate of the write-back.
        clock: returns seconds that never go back.
        sleep: waits that many seconds.

    Raises:
        Overtaken: a newer publication came; its own run writes the ranks.
        Temporary: DynamoDB or Postgres was away, or throttled us too long; run again to go on.
        Misconfigured: a table or a permission is missing.
    """
    with session(database_url) as connection, explained(place(database_url)):
        pending, equal = _count(connection)
        if settings.dynamodb_writeback == "off":
            return RankWrites(equal=equal, pending=pending)
        writer = RankWriter(settings.writeback_rate, clock, sleep)
        results = _write_all(connection, writer) if pending else Counter()
    return RankWrites(results["written"], equal, results["gone"], results["superseded"])


def _write_all(connection: Connection, writer: RankWriter) -> Counter[Result]:
    results: Counter[Result] = Counter()
    sequence = _share_fence(connection)
    with ThreadPoolExecutor(THREADS) as pool:
        while tasks := _pending(connection):
            if _share_fence(connection) != sequence:
                raise _overtaken(sequence)
            writer.open_clients(tasks)
            futures = {task.user_id: pool.submit(writer.write, task) for task in tasks}
            results += _settle(connection, sequence, futures)
    return results


def _settle(
    connection: Connection, sequence: int, futures: dict[str, Future[Result]]
) -> Counter[Result]:
    """Note every answer that came, then raise the first error if there was one."""
    errors = [error for future in futures.values() if (error := future.exception())]
    answers = {user: f.result() for user, f in futures.items() if not f.exception()}
    with connection.transaction():
        if _share_fence(connection) != sequence:
            raise _overtaken(sequence)
        connection.execute(
            statement("publication/settle_rank_writes"),
            {"user_ids": list(answers), "statuses": list(answers.values())},
        )
    if errors:
        raise errors[0]
    return Counter(answers.values())


def _count(connection: Connection) -> tuple[int, int]:
    row = connection.execute(statement("publication/count_rank_writes")).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _pending(connection: Connection) -> list[RankWrite]:
    rows = connection.execute(statement("publication/pending_rank_writes"), {"batch": _BATCH})
    return [RankWrite(*row) for row in rows.fetchall()]


def _share_fence(connection: Connection) -> int:
    """Return the newest publication; within a transaction, keep it the newest until its end."""
    try:
        with connection.transaction():
            connection.execute(statement("publication/limit_waits"), {"lock_timeout": "10s"})
            row = connection.execute(statement("publication/share_fence")).fetchone()
    except LockNotAvailable:
        raise Overtaken("another run is publishing at this moment", "Let it finish") from None
    return int(row[0]) if row else 0


def _overtaken(sequence: int) -> Overtaken:
    return Overtaken(
        f"publication {sequence} is no longer the newest", "The newer run writes the ranks"
    )
