"""A database with MavPrep's catalogue and all analytics tables, copied for each test from one template."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from small_catalogue import fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def filled_template(embedded_postgres: EmbeddedPostgres) -> str:
    """The name of a migrated database with the small catalogue; nobody may stay connected to it."""
    name = f"template_{uuid4().hex}"
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
    fill(f"{embedded_postgres.url.rpartition('/')[0]}/{name}")
    return name


@pytest.fixture
def filled_database(embedded_postgres: EmbeddedPostgres, filled_template: str) -> Iterator[str]:
    """The URL of a fresh copy of the template; dropped afterwards, whoever is still connected."""
    name = f"test_{uuid4().hex}"
    copy = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(filled_template)
    )
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(copy)
        yield f"{embedded_postgres.url.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
