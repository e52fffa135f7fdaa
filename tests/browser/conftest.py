"""A served campus and Debian's Chromium; without Chromium the tests are skipped and say so."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from dashboard_clients import app_of_browser, serving
from playwright.sync_api import Browser, expect, sync_playwright
from psycopg import sql
from published_campus import fill

from mavprep_analytics.embedded.postgres import EmbeddedPostgres

CHROMIUM = "chromium"
PATIENCE_MS = 60_000
"""For every expectation: a busy machine is not a broken page."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which(CHROMIUM)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(embedded_postgres: EmbeddedPostgres, browser: Browser) -> Iterator[str]:
    name = f"campus_{uuid4().hex}"
    url = f"{embedded_postgres.url.rpartition('/')[0]}/{name}"
    with psycopg.connect(embedded_postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
        fill(url)
        with serving(app_of_browser(url)) as served:
            yield served
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
