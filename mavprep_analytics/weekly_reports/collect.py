"""Reads the lake: who is in the audience, and each student's facts, in chunks that bound memory.

Here belongs the way from Parquet files to `Facts`. What a student is told is chosen elsewhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import duckdb

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.periods import day_number
from mavprep_analytics.weekly_reports.facts import (
    Catalogue,
    Facts,
    MasteryRow,
    MissedRow,
    PeerGroup,
    PlanRow,
    RankRow,
    RecallRow,
    Student,
    VideoRow,
    WeekRow,
)

CHUNK_STUDENTS = 5_000
INPUTS = (
    "student_week",
    "topic_mastery",
    "topic_recall",
    "rankings",
    "core_attempts",
    "core_profiles",
    "core_settings",
    "core_study_plans",
    "catalogue_subjects",
    "catalogue_topics",
    "catalogue_questions",
    "catalogue_videos",
    "topic_closure",
    "time_zone_offsets",
)
_PARTS: dict[str, Callable[..., Any]] = {
    "weeks": WeekRow,
    "mastery": MasteryRow,
    "recall": RecallRow,
    "ranks": RankRow,
    "plans": PlanRow,
    "missed": MissedRow,
}
_RECENT_DAYS = 28


class Collector:
    """One lake version, opened for reading; use as a context manager."""

    def __init__(self, lake: Lake, version: Version, memory: str, threads: int) -> None:
        """Open the version's tables.

        Raises:
            DataRefused: the version lacks a table that the reports need.
        """
        self._database = duckdb.connect(config={"memory_limit": memory, "threads": threads})
        self._database.execute("set TimeZone = 'UTC'").fetchall()
        for table in INPUTS:
            if table not in version.tables:
                raise DataRefused(
                    f"lake version {version.number} has no table {table}",
                    "Run the nightly job for a date that covers the week",
                )
            paths = [str(path) for path in lake.local_files(version.tables[table])]
            self._database.read_parquet(paths).create_view(table)

    def __enter__(self) -> "Collector":
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def count_audience(self, week: date, default_timezone: str, user_id: str | None = None) -> int:
        """Find the audience of the week, or one student of it, and return its size.

        `facts` then reads it.

        Raises:
            DataRefused: the lake version tells nothing of the week any more.
        """
        self._require_told(week)
        audience = self._select(
            "audience", week=week, default_timezone=default_timezone, user_id=user_id
        )
        audience.create("audience")
        return self._count()

    def audience(self, chunk_students: int = CHUNK_STUDENTS) -> Iterator[list[str]]:
        """Yield the students that `count_audience` found."""
        users = self._database.execute("select user_id from audience order by number")
        while chunk := users.fetchmany(chunk_students):
            yield [user for (user,) in chunk]

    def catalogue(self, week: date) -> Catalogue:
        """Read the names, shapes and lessons that all students share, and the week's peer groups."""
        topics = self._select("catalogue_topics").fetchall()
        ancestors: dict[str, list[str]] = defaultdict(list)
        for topic, above in self._select("catalogue_ancestors").fetchall():
            ancestors[topic].append(above)
        videos = [VideoRow(*row) for row in self._select("catalogue_videos").fetchall()]
        groups = [PeerGroup(*row) for row in self._select("peers", week=week).fetchall()]
        return Catalogue(
            topics={topic: (name, subject) for topic, name, subject, _ in topics},
            subjects=dict(self._select("catalogue_subjects").fetchall()),
            ancestors={topic: tuple(above) for topic, above in ancestors.items()},
            weights={topic: weight for topic, _, _, weight in topics},
            videos={video.topic_id: video for video in videos},
            peers={group.university: group for group in groups},
        )

    def facts(self, week: date, chunk_students: int = CHUNK_STUDENTS) -> Iterator[list[Facts]]:
        """Yield the audience's facts in order of user_id, one list per chunk."""
        monday = day_number(week)
        bounds: Mapping[str, Mapping[str, Any]] = {
            "weeks": {"week": week},
            "missed": {"from_day": monday + 7 - _RECENT_DAYS, "to_day": monday + 6},
        }
        for start in range(0, self._count(), chunk_students):
            self._database.execute(
                "create or replace temp table chunk as "
                "select * from audience where number >= $low and number < $high",
                {"low": start, "high": start + chunk_students},
            ).fetchall()
            yield self._chunk(bounds)

    def _chunk(self, bounds: Mapping[str, Mapping[str, Any]]) -> list[Facts]:
        rows = self._select("students").fetchall()
        students = {row[0]: Facts(Student(*row)) for row in rows}
        for part, row_type in _PARTS.items():
            for row in self._select(part, **bounds.get(part, {})).fetchall():
                getattr(students[row[0]], part).append(row_type(*row))
        return list(students.values())

    def _require_told(self, week: date) -> None:
        ((oldest, newest),) = self._database.execute(
            "select min(week_start), max(week_start) from student_week"
        ).fetchall()
        if oldest is not None and not oldest <= week <= newest:
            raise DataRefused(
                f"the published numbers tell the weeks from {oldest} to {newest}, not {week}",
                f"Choose one of them, or run mavprep run --as-of {week + timedelta(days=6)} first",
            )

    def _count(self) -> int:
        ((count,),) = self._database.execute("select count(*) from audience").fetchall()
        return int(count)

    def _select(self, name: str, **parameters: Any) -> Any:
        sql = read_packaged(f"sql/weekly_reports/audience/{name}.sql")
        return self._database.sql(sql, params=parameters or None)
