"""Runs of the real `mavprep` command on a small campus, as a user would start them."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from mavprep_analytics.campus.load_catalogue import load_catalogue
from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.publication.migrations import upgrade

MAVPREP = Path(sys.executable).with_name("mavprep")
UNTIL = date(2026, 11, 15)


def small_campus(folder: Path) -> Path:
    """Write a campus of 40 students and four weeks whose last seven days are nightly exports."""
    simulate_campus(CampusPlan(40, 4, 7, UNTIL, nights=7), folder)
    return folder


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
            timeout=300,
        )

    def night(self, as_of: date = UNTIL, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run `mavprep run --as-of`."""
        return self.command("run", "--as-of", str(as_of), **changes)

    def start_night(self, as_of: date = UNTIL) -> subprocess.Popen[bytes]:
        """Start a run and return at once."""
        return subprocess.Popen(
            [MAVPREP, "run", "--as-of", str(as_of)],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def content(self) -> dict[str, str]:
        """Return a digest of every published table's rows, without the instants of change."""
        with psycopg.connect(self.database_url) as connection:
            names = connection.execute(
                "select table_name from information_schema.tables where table_name like 'analytics_%'"
            ).fetchall()
            return {name: _digest(connection, name) for (name,) in names if name not in _LEDGER}

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


_LEDGER = ("analytics_publications", "analytics_migrations", "analytics_rank_writes")


def _digest(connection: psycopg.Connection, name: str) -> str:
    query = sql.SQL(
        "select coalesce(string_agg(md5((to_jsonb(t) - 'updated_at' - 'created_at' - 'id')::text), '' "
        "order by (to_jsonb(t) - 'updated_at' - 'created_at' - 'id')::text collate \"C\"), '') from {} as t"
    ).format(sql.Identifier(name))
    row = connection.execute(query).fetchone()
    assert row is not None
    return hashlib.sha256(row[0].encode()).hexdigest()
