"""One generated campus of 20,000 students per test process, and clients signed in as each role."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from dashboard_clients import SignedIn, app_of_tests, clients_of
from psycopg import sql
from published_campus import fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def campus_url(embedded_postgres: EmbeddedPostgres) -> Iterator[str]:
    name = f"campus_{uuid4().hex}"
    url = f"{embedded_postgres.url.rpartition('/')[0]}/{name}"
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
        fill(url)
        yield url
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def signed_in(campus_url: str) -> Iterator[SignedIn]:
    with clients_of(app_of_tests(campus_url)) as clients:
        yield clients
