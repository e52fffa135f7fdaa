"""The courtesy lock of a run, on a real Postgres."""

import psycopg
import pytest

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.postgres import statement
from mavprep_analytics.publication.only_run import only_run


def test_the_second_run_hears_at_once_that_one_is_at_work(database_url: str) -> None:
    with (
        only_run(database_url),
        pytest.raises(Overtaken, match="another run is at work"),
        only_run(database_url),
    ):
        pass
    with only_run(database_url):
        pass


def test_a_run_that_shows_no_work_is_passed_by(database_url: str) -> None:
    looks: list[float] = []
    with psycopg.connect(database_url) as stopped:
        stopped.execute(statement("publication/try_run_lock"))
        with only_run(database_url, sleep=looks.append):
            assert sum(looks) == pytest.approx(4)


def test_a_run_whose_connection_was_cut_goes_on(database_url: str) -> None:
    with only_run(database_url), psycopg.connect(database_url, autocommit=True) as connection:
        holder = connection.execute(statement("publication/run_lock_holder")).fetchone()
        assert holder
        connection.execute("select pg_terminate_backend(%s)", holder[:1])
        with only_run(database_url):
            pass
