"""The fixtures that the other tests stand on: a database of one's own."""

import psycopg
import pytest


@pytest.mark.parametrize("_round", [1, 2])
def test_every_test_gets_an_empty_database(database_url: str, _round: int) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("create table mine (id integer primary key)")
        row = connection.execute("select current_database(), count(*) from mine").fetchone()
    assert row is not None
    assert row[0] == database_url.rpartition("/")[2] != "mavprep"
    assert row[1] == 0
