"""A database with all tables for every test, copied from one that was upgraded once."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fake_ses import FakeSes, serving
from psycopg import sql
from small_catalogue import fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def upgraded_template(embedded_postgres: EmbeddedPostgres) -> str:
    """The name of a database with MavPrep's and our own tables."""
    name = f"template_{uuid4().hex}"
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    fill(f"{embedded_postgres.url.rpartition('/')[0]}/{name}")
    return name


@pytest.fixture
def database_url(embedded_postgres: EmbeddedPostgres, upgraded_template: str) -> Iterator[str]:
    """The URL of a fresh database with all tables; dropped afterwards."""
    name = sql.Identifier(f"test_{uuid4().hex}")
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        copy = sql.SQL("create database {} template {}")
        connection.execute(copy.format(name, sql.Identifier(upgraded_template)))
        yield f"{embedded_postgres.url.rpartition('/')[0]}/{name.as_string().strip(chr(34))}"
        connection.execute(sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture
def reports_environment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose `lake` the commands read, and whose `mails` they write."""
    monkeypatch.setenv("MAVPREP_POSTGRES_URL", database_url)
    monkeypatch.setenv("MAVPREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MAVPREP_LAKE_URL", str(tmp_path / "lake"))
    monkeypatch.setenv("MAVPREP_REPORTS_DIR", str(tmp_path / "mails"))
    return tmp_path


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSes]:
    """A fake Amazon SES that the SDK of this test, and of its child processes, calls."""
    with serving() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", server.endpoint)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield server


@pytest.fixture
def published_url(database_url: str) -> str:
    """The URL of a database whose newest publication covers the week."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "insert into analytics_publications (sequence, as_of, export_chain, code_version,"
            " lake_version, lake_commit_id, tables, commit_id)"
            " values (1, '2026-11-15', '{}', 'test', 1, '', '{}', '')"
        )
    return database_url
