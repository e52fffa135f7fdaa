"""The simulated catalogue in a real Postgres."""

from pathlib import Path

import psycopg
import pytest

from mavprep_analytics.campus.load_catalogue import load_catalogue
from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.packaged_files import packaged_folder


def make_tables(connection: psycopg.Connection) -> None:
    for path in sorted((packaged_folder("sql") / "migrations" / "catalogue").glob("*.sql")):
        connection.execute(path.read_bytes())
    connection.commit()


@pytest.fixture(scope="module")
def catalogue_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("campus")
    simulate_campus(CampusPlan(students=3, weeks=1, seed=5), out)
    return out / "catalogue"


def test_a_catalogue_loads_once_and_a_second_load_writes_nothing(
    database_url: str, catalogue_folder: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        first = load_catalogue(connection, catalogue_folder)
        second = load_catalogue(connection, catalogue_folder)
        stored = connection.execute("select count(*) from question_options").fetchone()
    assert first["subjects"] == 6
    assert stored == (first["question_options"],)
    assert set(second.values()) == {0}


def test_the_migrations_may_run_twice(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        make_tables(connection)
        triggers = connection.execute(
            "select count(*) from pg_trigger where tgname = 'check_has_correct_answer'"
        ).fetchone()
    assert triggers == (1,)


def test_a_changed_name_is_updated_and_question_statistics_are_kept(
    database_url: str, catalogue_folder: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        load_catalogue(connection, catalogue_folder)
        connection.execute("update subjects set name = 'Old' where code = 'STAT 250'")
        connection.execute("update questions set times_answered = 7")
        written = load_catalogue(connection, catalogue_folder)
        name = connection.execute("select name from subjects where code = 'STAT 250'").fetchone()
        kept = connection.execute("select min(times_answered) from questions").fetchone()
    assert (written["subjects"], written["questions"]) == (1, 0)
    assert name == ("Statistics",)
    assert kept == (7,)


def test_a_question_whose_options_are_all_wrong_is_refused_at_commit(
    database_url: str, catalogue_folder: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        load_catalogue(connection, catalogue_folder)
        connection.execute("update question_options set is_correct = false where is_correct")
        with pytest.raises(psycopg.errors.CheckViolation, match="has options but no correct one"):
            connection.commit()


def test_a_question_may_lose_all_its_options(database_url: str, catalogue_folder: Path) -> None:
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        load_catalogue(connection, catalogue_folder)
        connection.execute("delete from question_options")
        connection.commit()
        left = connection.execute("select count(*) from question_options").fetchone()
    assert left == (0,)


def test_another_campus_is_refused_and_nothing_changes(
    database_url: str, catalogue_folder: Path, tmp_path: Path
) -> None:
    simulate_campus(CampusPlan(students=1, weeks=1, seed=6), tmp_path)
    with psycopg.connect(database_url) as connection:
        make_tables(connection)
        load_catalogue(connection, catalogue_folder)
        with pytest.raises(DataRefused, match="subjects_code_key"):
            load_catalogue(connection, tmp_path / "catalogue")
        subjects = connection.execute("select count(*) from subjects").fetchone()
    assert subjects == (6,)


def test_missing_tables_and_files_are_named(
    database_url: str, catalogue_folder: Path, tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        with pytest.raises(Misconfigured, match="subjects"):
            load_catalogue(connection, catalogue_folder)
        with pytest.raises(Misconfigured, match=r"no subjects\.csv"):
            load_catalogue(connection, tmp_path)
