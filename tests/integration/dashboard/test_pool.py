"""The pool lends what answers, never more than it has."""

import psycopg
import pytest

from mavprep_analytics.dashboard.pool import Exhausted, Pool


def test_no_more_connections_are_lent_than_there_are(database_url: str) -> None:
    pool = Pool(lambda: psycopg.connect(database_url), size=1, wait_seconds=0.05)
    with pool.lent() as first:
        with pytest.raises(Exhausted), pool.lent():
            pass
        backend = first.info.backend_pid
    with pool.lent() as again:
        assert again.info.backend_pid == backend
    pool.close()
    assert again.closed


def test_a_connection_that_died_is_replaced_and_an_open_transaction_is_rolled_back(
    database_url: str,
) -> None:
    pool = Pool(lambda: psycopg.connect(database_url), size=1, wait_seconds=0.05)
    with pool.lent() as first:
        first.execute("create table left_open (n integer)")
    with pool.lent() as again:
        assert again is first
        assert again.execute("select to_regclass('left_open')").fetchone() == (None,)
    first.close()
    with pool.lent() as second:
        assert second is not first
    pool.close()
