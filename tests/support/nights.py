"""Runs of the real `mavprep` command on a small campus, as a user would start them."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from mavprep_analytics.campus.load_catalogue import load_catalogue
from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.publication import published_tables
from mavprep_analytics.publication.migrations import upgrade

Row = dict[str, Any]

MAVPREP = Path(sys.executable).with_name("mavprep")
UNTIL = date(2026, 11, 15)


def small_campus(folder: Path) -> Path:
    """Write a campus of 40 students and four weeks whose last seven days are nightly exports."""
    simulate_campus(CampusPlan(40, 4, 7, UNTIL, nights=7), folder)
    return folder


def emptied(database_url: str) -> str:
    """Take everything out of a database, and return its URL."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    return database_url


@dataclass(frozen=True)
class Site:
    """An installation: a campus, a database, and a home for lake and reports."""

    campus: Path
    database_url: str
    home: Path

    def prepare(self) -> "Site":
        """Make the tables and load the catalogue."""
        upgrade(self.database_url, with_catalogue=True)
        with psycopg.connect(self.database_url) as connection:
            load_catalogue(connection, self.campus / "catalogue")
        return self

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the variables of a run; an empty change unsets one."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAVPREP_", "DAGSTER_"))}
        ours = {
            "MAVPREP_HOME": str(self.home),
            "MAVPREP_EXPORTS_URL": str(self.campus),
            "MAVPREP_POSTGRES_URL": self.database_url,
        }
        return kept | ours | changes

    def command(self, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run `mavprep` with these words to its end."""
        return subprocess.run(
            [MAVPREP, *words],
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )

    def night(self, as_of: date = UNTIL, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run `mavprep run --as-of`."""
        return self.command("run", "--as-of", str(as_of), **changes)

    def content(self) -> dict[str, str]:
        """Return a digest of every published table's rows, without the instants of change."""
        with psycopg.connect(self.database_url) as connection:
            names = connection.execute(
                "select table_name from information_schema.tables where table_name like 'analytics_%'"
            ).fetchall()
            return {name: _digest(connection, name) for (name,) in names if name not in _LEDGER}

    def published(self) -> dict[str, list[Row]]:
        """Return the rows of every published table by its name in the lake, as plain values.

        The counts in `questions` are there as `question_counts`.
        """
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            queries = {
                table.name: sql.SQL("select * from {}").format(sql.Identifier(table.postgres_name))
                for table in published_tables()
            }
            queries["question_counts"] = sql.Composed([sql.SQL(_QUESTION_COUNTS)])
            return {
                name: [_plain(row) for row in connection.execute(query)]
                for name, query in queries.items()
            }

    def publications(self) -> list[tuple[int, date]]:
        """Return sequence and as-of of every publication, in order."""
        with psycopg.connect(self.database_url) as connection:
            query = "select sequence, as_of from analytics_publications order by sequence"
            return connection.execute(query).fetchall()

    def lake_files(self) -> dict[str, str]:
        """Return path and digest of every file of the lake."""
        root = self.home / "lake"
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*")
            if path.is_file()
        }


_QUESTION_COUNTS = (
    "select id as question_id, times_answered, correct_count, average_time_seconds from questions"
)


def _plain(row: Row) -> Row:
    """Return a row with ids as text and instants in UTC."""
    ids = {name: str(value) for name, value in row.items() if isinstance(value, UUID)}
    instants = {
        name: value.astimezone(UTC) for name, value in row.items() if isinstance(value, datetime)
    }
    return {**row, **ids, **instants}


_LEDGER = ("analytics_publications", "analytics_migrations", "analytics_rank_writes")


def _digest(connection: psycopg.Connection, name: str) -> str:
    query = sql.SQL(
        "select coalesce(string_agg(md5((to_jsonb(t) - 'updated_at' - 'created_at' - 'id')::text), '' "
        "order by (to_jsonb(t) - 'updated_at' - 'created_at' - 'id')::text collate \"C\"), '') from {} as t"
    ).format(sql.Identifier(name))
    row = connection.execute(query).fetchone()
    assert row is not None
    return hashlib.sha256(row[0].encode()).hexdigest()
