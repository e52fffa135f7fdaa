"""Servers that every test may use: one PostgreSQL and one AWS endpoint per test process.

A test gets its own empty database or bucket; only these fixtures set environment variables.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from mavprep_analytics.embedded.aws_server import EmbeddedAws
from mavprep_analytics.embedded.postgres import EmbeddedPostgres

settings.register_profile("no deadline", deadline=None)  # a busy machine is not a slow function
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[EmbeddedPostgres]:
    """A running server without durability, in a folder that its account can reach."""
    with tempfile.TemporaryDirectory(prefix="mavprep-tests-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            yield server


@pytest.fixture
def database_url(embedded_postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a fresh, empty database; dropped afterwards, whoever is still connected."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
        yield f"{embedded_postgres.url.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def aws() -> Iterator[EmbeddedAws]:
    """Running S3, DynamoDB and SES endpoints; see `aws_environment` for reaching them."""
    with EmbeddedAws() as endpoints:
        yield endpoints


@pytest.fixture
def aws_environment(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Lead every SDK of this test, and of processes it starts, to the `aws` endpoints."""
    variables = aws.environment()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def bucket(aws_environment: dict[str, str]) -> str:
    """The name of a fresh, empty bucket."""
    name = f"test-{uuid4().hex}"
    boto3.session.Session().client("s3").create_bucket(Bucket=name)
    return name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be rewritten on purpose."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
