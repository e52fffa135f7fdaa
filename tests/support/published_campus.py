"""Fills a migrated database with a generated campus as a publication leaves it, by SQL, quickly at any size.

Ranks are true ranks of the generated values; everything derives from row numbers, so it is repeatable.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from mavprep_analytics.dashboard.release_store import release_aggregates
from mavprep_analytics.publication.migrations import upgrade

_SCRIPT = Path(__file__).with_suffix(".sql")
AS_OF = date(2026, 11, 19)
WEEK = date(2026, 11, 9)
HOSTILE_NAME = "<script>alert(1)</script> =HYPERLINK('x')"
SUBJECTS = ("Biology", "Chemistry", "Economics", "History", "Law", "Physics")
SMALL_UNIVERSITY = "Tiny College"


@dataclass(frozen=True)
class Campus:
    """How much to generate; `detailed` students also have mastery, boards, weeks and reports."""

    students: int = 20_000
    detailed: int = 2_000
    universities: int = 40
    questions: int = 600
    tests: int = 8


def fill(database_url: str, campus: Campus = Campus()) -> None:
    """Migrate an empty database and publish the campus in it."""
    upgrade(database_url, with_catalogue=True)
    values: dict[str, Any] = {
        **vars(campus),
        "subjects": list(SUBJECTS),
        "small": SMALL_UNIVERSITY,
        "hostile": HOSTILE_NAME,
        "as_of": AS_OF,
    }
    with psycopg.ClientCursor(psycopg.connect(database_url, autocommit=True)) as cursor:
        cursor.execute(_SCRIPT.read_bytes(), values)
        cursor.execute("analyze")
        with cursor.connection.transaction():
            release_aggregates(cursor.connection, AS_OF)
        cursor.connection.close()
