"""Publishers against each other, against readers and against the server's death, on a real Postgres."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel
from published_rows import Row, commit, new_lake, rows
from small_catalogue import IDS, Ids

from mavprep_analytics.embedded.detached import eventually
from mavprep_analytics.errors import Overtaken, Temporary
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.postgres import Connection
from mavprep_analytics.publication import Published, publish
from mavprep_analytics.publication.erasure import erase
from mavprep_analytics.tables import TABLES

DAY = date(2026, 11, 15)
WAITING = """
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'mavprep' and wait_event_type = 'Lock'
"""


@pytest.fixture
def database_url(filled_database: str) -> str:
    return filled_database


@pytest.fixture
def ids() -> Ids:
    return IDS


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


def night(database_url: str, lake: Lake, version: Version, day: int = 0) -> Published:
    return publish(
        database_url, lake, version, DAY + timedelta(day), code_version="t", sleep=lambda _: None
    )


def both_tables(ids: Ids, population: int, seed: int = 0) -> dict[str, list[Row]]:
    """Rankings and weeks whose rows all carry the same number, so that a mix of two nights shows."""
    return {
        "rankings": [
            row | {"population": population} for row in rows(TABLES["rankings"], 20, ids, seed)
        ],
        "student_week": [
            row | {"tests": population} for row in rows(TABLES["student_week"], 20, ids, seed)
        ],
    }


@contextmanager
def held(database_url: str, statement: str) -> Iterator[Connection]:
    """Hold the statement's locks for the length of the block."""
    with psycopg.connect(database_url) as connection:
        connection.execute(statement)
        yield connection
        connection.rollback()


def waiting_backend(database_url: str, publisher: Future[Published]) -> int:
    """Return the backend of a publisher that waits for a lock, once there is one."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        while not publisher.done():
            row = connection.execute(WAITING).fetchone()
            if row:
                return int(row[0])
    raise AssertionError(f"the publisher ended before it waited: {publisher.result()}")


def value(database_url: str, query: str) -> Any:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_the_second_of_two_publishers_is_overtaken_with_nothing_written(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    night(database_url, lake, commit(lake, both_tables(ids, 1)))
    newer = commit(lake, both_tables(ids, 2))
    with ThreadPoolExecutor(1) as pool:
        with held(database_url, "lock table analytics_student_week in share mode"):
            first = pool.submit(night, database_url, lake, newer, 1)
            waiting_backend(database_url, first)  # it holds the fence now
            with pytest.raises(Overtaken, match="publishing at this moment"):
                night(database_url, lake, newer, 2)
        assert first.result().sequence == 2
    assert value(database_url, "select count(*) from analytics_publications") == 2


def test_a_publisher_that_woke_late_is_overtaken(database_url: str, ids: Ids, lake: Lake) -> None:
    old, new = commit(lake, both_tables(ids, 1)), commit(lake, both_tables(ids, 2))
    night(database_url, lake, new, 1)
    with pytest.raises(Overtaken):
        night(database_url, lake, old)
    assert value(database_url, "select max(population) from analytics_rankings") == 2


def test_a_publication_that_loses_its_server_process_is_done_again_whole(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    night(database_url, lake, commit(lake, both_tables(ids, 1)))
    newer = commit(lake, both_tables(ids, 2))
    with ThreadPoolExecutor(1) as pool:
        with held(database_url, "lock table analytics_student_week in share mode"):
            again = pool.submit(night, database_url, lake, newer, 1)
            value(
                database_url, f"select pg_terminate_backend({waiting_backend(database_url, again)})"
            )
            assert value(database_url, "select max(population) from analytics_rankings") == 1
        assert again.result().sequence == 2
    assert value(database_url, "select min(tests) from analytics_student_week") == 2


def test_a_publication_that_dies_every_time_leaves_the_old_state(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    night(database_url, lake, commit(lake, both_tables(ids, 1)))
    newer = commit(lake, both_tables(ids, 2))
    with psycopg.connect(database_url) as connection:
        connection.execute("""
            create function die() returns trigger language plpgsql as
            $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$
        """)
        connection.execute(
            "create trigger die before update on analytics_student_week for each row execute function die()"
        )
    with pytest.raises(Temporary):
        night(database_url, lake, newer, 1)
    assert value(database_url, "select max(population) from analytics_rankings") == 1
    assert value(database_url, "select count(*) from analytics_publications") == 1
    assert value(database_url, "select sequence from analytics_publication_fence") == 1


def test_a_reader_never_sees_a_mix(database_url: str, ids: Ids, lake: Lake) -> None:
    versions = [commit(lake, both_tables(ids, n, seed=n % 2)) for n in range(1, 9)]
    night(database_url, lake, versions[0])
    done, seen, mixes = threading.Event(), set(), []

    def watch() -> None:
        with psycopg.connect(database_url) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            is_last = False
            while not is_last:
                is_last = done.is_set()
                ranks = connection.execute(
                    "select array_agg(distinct population) from analytics_rankings"
                ).fetchone()
                weeks = connection.execute(
                    "select array_agg(distinct tests) from analytics_student_week"
                ).fetchone()
                sequence = connection.execute(
                    "select max(sequence) from analytics_publications"
                ).fetchone()
                connection.commit()
                assert ranks
                assert weeks
                assert sequence
                seen.add(sequence[0])
                if not ranks[0] == weeks[0] == [sequence[0]]:
                    mixes.append((ranks[0], weeks[0], sequence[0]))

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(watch) for _ in range(2)]
        assert eventually(lambda: bool(seen), 60)
        for day, version in enumerate(versions[1:], 1):
            night(database_url, lake, version, day)
        done.set()
        for reader in readers:
            reader.result()
    assert mixes == []
    assert len(seen) > 1


def test_a_commit_whose_answer_was_lost_is_recognised(
    database_url: str, ids: Ids, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = commit(lake, both_tables(ids, 1))
    lost: list[bool] = []
    original = psycopg.Transaction.__exit__

    def lose_the_answer(self: psycopg.Transaction, *failure: Any) -> Any:
        outcome = original(self, *failure)
        published = value(database_url, "select count(*) from analytics_publications")
        if published and not lost:
            lost.append(True)
            raise psycopg.OperationalError("the connection is gone")
        return outcome

    monkeypatch.setattr(psycopg.Transaction, "__exit__", lose_the_answer)
    result = night(database_url, lake, version)
    assert lost
    assert (result.sequence, result.unchanged) == (1, False)
    assert result.tables["rankings"].upserted == 20
    assert value(database_url, "select count(*) from analytics_publications") == 1


def test_an_erasure_waits_for_the_publication_that_runs(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    content = both_tables(ids, 1)
    user = content["rankings"][0]["user_id"]
    with ThreadPoolExecutor(2) as pool:
        with held(database_url, "lock table analytics_student_week in share mode"):
            publication = pool.submit(night, database_url, lake, commit(lake, content))
            waiting_backend(database_url, publication)
            erasure = pool.submit(erase, database_url, user)
        publication.result()
        erasure.result()
    query = f"select count(*) from analytics_rankings where user_id = $${user}$$"
    assert value(database_url, query) == 0
