"""The role that pages read with, against real Postgres: table by table and verb by verb."""

import re
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
import sqlglot
from dashboard_clients import app_of_tests, clients_of
from psycopg import sql
from sqlglot import exp

from mavprep_analytics.dashboard.reader_role import READ_TABLES, make_reader
from mavprep_analytics.errors import MavprepError, Misconfigured
from mavprep_analytics.packaged_files import packaged_folder

OF_THE_BATCH = {"release_candidates", "released", "clear_released", "copy_released", "audit"}
PASSWORD = "it's a \\ password; --"


@pytest.fixture(scope="module")
def reader(campus_url: str) -> Iterator[str]:
    role = f"reader_{uuid4().hex[:12]}"
    make_reader(campus_url, "an older password", role)
    with psycopg.connect(campus_url, autocommit=True) as owner:
        named = sql.Identifier(role)
        owner.execute(sql.SQL("grant delete on analytics_rankings to {}").format(named))
    make_reader(campus_url, PASSWORD, role)
    server = campus_url.rpartition("@")[2]
    yield f"postgresql://{role}:{quote(PASSWORD, safe='')}@{server}"
    with psycopg.connect(campus_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def test_the_listed_tables_are_those_that_the_statements_read() -> None:
    read = set()
    for path in (packaged_folder("sql") / "dashboard").glob("*.sql"):
        if path.stem not in OF_THE_BATCH:
            tree = sqlglot.parse_one(re.sub(r"\$(\w+)", r":\1", path.read_text()), read="postgres")
            named = {table.name for table in tree.find_all(exp.Table) if table.name}
            read |= named - {cte.alias for cte in tree.find_all(exp.CTE)}
    assert read == set(READ_TABLES)


def test_it_reads_the_listed_tables_and_can_change_none(reader: str, campus_url: str) -> None:
    with psycopg.connect(campus_url) as owner:
        tables = [r[0] for r in owner.execute(
            "select tablename from pg_tables where schemaname = 'public'")]  # fmt: skip
    assert set(READ_TABLES) < set(tables)
    with psycopg.connect(reader, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")  # rights alone must do
        for table in tables:
            rights = connection.execute(
                "select has_table_privilege(%(t)s, 'select'), has_table_privilege(%(t)s, 'insert'),"
                " has_table_privilege(%(t)s, 'update') or has_table_privilege(%(t)s, 'delete')"
                " or has_table_privilege(%(t)s, 'truncate')",
                {"t": table},
            ).fetchone()
            may_insert = table == "analytics_dashboard_audit"
            assert rights == (table in READ_TABLES, may_insert, False), table


@pytest.mark.parametrize(
    "attempt",
    [
        "select * from analytics_dashboard_audit",
        "delete from analytics_dashboard_audit",
        "update analytics_rankings set rank = 1",
        "create table mine (n integer)",
        "create temporary table mine (n integer)",
        "select pg_read_file('/etc/passwd')",
        "copy subjects to program 'cat'",
        "select rolpassword from pg_authid",
    ],
)
def test_what_it_may_not_do_fails(attempt: str, reader: str) -> None:
    with psycopg.connect(reader, autocommit=True) as connection, pytest.raises(psycopg.Error):
        connection.execute(attempt)


def test_its_sessions_read_only_and_briefly_without_being_asked(reader: str) -> None:
    with psycopg.connect(reader) as connection:
        for name, value in (("default_transaction_read_only", "on"), ("statement_timeout", "5s")):
            assert connection.execute(f"show {name}").fetchone() == (value,)


def test_the_pages_and_downloads_work_with_it(reader: str) -> None:
    with clients_of(app_of_tests(reader)) as signed_in:
        for path in ("/", "/rankings", "/tests", "/students/u0000012", "/mastery", "/questions",
                     "/reports", "/freshness", "/rankings.csv"):  # fmt: skip
            assert signed_in("global").get(path).status_code == 200


def test_a_user_that_may_not_make_roles_is_told_so(reader: str) -> None:
    with pytest.raises(MavprepError):
        make_reader(reader, "x", "another")


def test_without_the_tables_it_says_what_to_run(database_url: str) -> None:
    with pytest.raises(Misconfigured, match="mavprep db upgrade"):
        make_reader(database_url, "x", f"reader_{uuid4().hex[:12]}")
