"""Nasty lakes with their metrics built, once per seed, and comparison of rows as a set with a readable difference."""

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lake_builders import Row, fill, make_lake, rows_in, write_rows
from nasty_lakes import AS_OF, DEFAULT_ZONE, Tables, nasty_tables, previous_rankings

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.engine import DuckDBEngine, Engine, build, run_parameters
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import TABLES

METRICS = (
    "eligible_attempts",
    "attempt_levels",
    "topic_results",
    "subject_performance",
    "best_attempts",
    "test_leaderboard",
    "rankings",
    "study_days",
    "study_weeks",
    "student_week",
    "missing_references",
    "unknown_students",
    "unresolved_references",
)
BEFORE = ("mastery_tree", "question_numbers", "mastery_changes")
"""Tables that some metrics read."""


def filled(tables: Tables) -> Tables:
    """Return the tables with every column of every row, nested ones included."""
    names = set(tables) | {n for n, t in TABLES.items() if t.group in ("core", "catalogue")}
    return {name: [fill(TABLES[name], row) for row in tables.get(name, [])] for name in names}


def build_metrics(
    folder: Path, tables: Tables, previous: list[Row] | None, engine: Engine | None = None
) -> Lake:
    """Return a lake with the tables and all of METRICS built from them."""
    marts = {name: tables.get(name, []) for name in ("topic_mastery", "subject_mastery")}
    lake = make_lake(folder, {**tables, **marts})
    build_time_zone_offsets(lake, DEFAULT_ZONE)
    entry = None if previous is None else write_rows(lake, "previous_rankings", previous)
    parameters = run_parameters(AS_OF, DEFAULT_ZONE)
    for name in (*BEFORE, *METRICS):
        extra = {"previous_rankings": entry}
        build(name, lake, engine or DuckDBEngine(), parameters, extra=extra)
    return lake


@cache
def campus(seed: int) -> tuple[Tables, list[Row], Lake]:
    """Return the plain rows of a seed, its older rankings and the lake built from both."""
    tables = nasty_tables(seed)
    previous = previous_rankings(seed, tables)
    folder = Path(tempfile.mkdtemp(prefix="mavprep-metrics-"))
    return filled(tables), previous, build_metrics(folder, tables, previous)


def assert_same_rows(name: str, lake: Lake, expected: Iterable[Row]) -> None:
    """Fail with the first differing row unless the table holds exactly the expected rows, in key order."""
    key = TABLES[name].key
    wanted = sorted(expected, key=lambda row: [row[column] for column in key])
    found = rows_in(lake, name)
    for place, (have, want) in enumerate(zip(found, wanted, strict=False)):
        different = {c: (have[c], want[c]) for c in want if have[c] != want[c]}
        assert not different, (
            f"{name} row {place} {[want[c] for c in key]}: (is, should) {different}"
        )
        assert set(have) == set(want)
    assert len(found) == len(wanted)
