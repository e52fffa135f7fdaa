"""Tables that follow a night's changes: any way through the nights ends where one build of all does."""

import random
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from answer_lakes import DAY, Size, random_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_builders import Row, Rows, add_tables, make_lake, rows_in, write_rows
from metric_lakes import METRICS

from mavprep_analytics.engine import (
    Built,
    DuckDBEngine,
    Job,
    build,
    build_all,
    load_model,
    run_parameters,
)
from mavprep_analytics.engine import night as nights
from mavprep_analytics.lake import Delta, Lake
from mavprep_analytics.mastery import build_mastery
from mavprep_analytics.questions import build_questions
from mavprep_analytics.tables import TABLES

PARAMETERS = run_parameters(date(1970, 1, 1) + timedelta(days=20_230), "UTC")
SIZE = Size(students=40, topics=5, questions=15, tests=4, attempts=120)
WITH_CHANGES = [name for name, table in TABLES.items() if table.has_changes]
SUMS = [name for name, table in TABLES.items() if table.sums_by]


def build_everything(lake: Lake, engine: DuckDBEngine) -> dict[str, Built]:
    first, *others = METRICS
    before = build(first, lake, engine, PARAMETERS)
    mastery = build_mastery(lake, engine, PARAMETERS)
    extra = {"previous_rankings": None}
    after = build_all(others, lake, engine, PARAMETERS, extra=extra)
    questions = build_questions(lake, engine, PARAMETERS)
    return {built.name: built for built in (before, *mastery, *after, *questions)}


def sorted_rows(lake: Lake, name: str) -> list[Row]:
    key = TABLES[name].key
    return sorted(rows_in(lake, name), key=lambda row: [str(row[column]) for column in key])


def assert_equal_to_full_build(lake: Lake, rows: Rows, folder: Path) -> None:
    whole = make_lake(folder, rows)
    built = build_everything(whole, DuckDBEngine())
    assert {*WITH_CHANGES, *SUMS} <= {*built}
    for name in built:
        assert sorted_rows(lake, name) == sorted_rows(whole, name), name
        assert lake.head().tables[name].rows == whole.head().tables[name].rows, name


def changed(rows: dict[str, list[Row]], rng: random.Random, students: int) -> dict[str, list[Row]]:
    """Return the rows after a night: a few students got, lost, ended or changed attempts, a PROFILE came or went."""
    touched = set(rng.sample([f"u{i}" for i in range(SIZE.students)], k=students))
    pool = random_rows(rng.randrange(10**6), SIZE)["core_attempts"]
    kept = [a for a in rows["core_attempts"] if a["user_id"] not in touched or rng.random() < 0.7]
    ended = [
        {**a, "is_completed": True} if a["user_id"] in touched and rng.random() < 0.5 else a
        for a in kept
    ]
    fresh = [
        {**a, "attempt_key": f"{a['attempt_key']}-{rng.random()}"}
        for a in pool
        if a["user_id"] in touched
    ]
    gone = {rng.choice(sorted(touched))} if rng.random() < 0.3 else set()
    new = {rng.choice(sorted(touched))} if rng.random() < 0.3 else set()
    known = {p["user_id"] for p in rows["core_profiles"]} - gone | new
    return {
        **rows,
        "core_attempts": [a for a in (*ended, *fresh) if a["user_id"] not in gone - new],
        "core_profiles": [{"user_id": user} for user in sorted(known)],
    }


def add_night(
    lake: Lake, before: dict[str, list[Row]], after: dict[str, list[Row]], *, is_told: bool
) -> None:
    """Commit the rows after a night, and perhaps what went and came of the attempts."""
    base = lake.head()
    entries = {n: write_rows(lake, n, after[n]) for n in ("core_attempts", "core_profiles")}
    if is_told:
        old, new = ([*map(repr, rows["core_attempts"])] for rows in (before, after))
        went = [a for a in before["core_attempts"] if repr(a) not in new]
        came = [a for a in after["core_attempts"] if repr(a) not in old]
        sides = (write_rows(lake, "core_attempts", rows).files for rows in (went, came))
        delta = Delta(base.tables["core_attempts"].digest, *sides)
        entries["core_attempts"] = replace(entries["core_attempts"], delta=delta)
    lake.commit(entries, base=base)


def check_nights(seed: int, sizes: list[int]) -> None:
    rng, rows = random.Random(seed), random_rows(seed, SIZE)
    with tempfile.TemporaryDirectory() as folder:
        lake = make_lake(Path(folder) / "nights", rows)
        build_everything(lake, DuckDBEngine())
        for students in sizes:
            before, rows = rows, changed(rows, rng, students)
            add_night(lake, before, rows, is_told=rng.random() < 0.7)
            build_everything(lake, DuckDBEngine())
        assert_equal_to_full_build(lake, rows, Path(folder) / "whole")


NIGHTS = st.lists(st.integers(1, 8), min_size=1, max_size=3)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6), NIGHTS)
def test_any_nights_end_where_one_full_build_does(seed: int, sizes: list[int]) -> None:
    check_nights(seed, sizes)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), NIGHTS)
def test_many_more_nights_do_too(seed: int, sizes: list[int]) -> None:
    check_nights(seed, sizes)


class Watching(DuckDBEngine):
    """DuckDB that notes how many rows each model was given of the attempts."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts: dict[str, list[int]] = {}

    def run(self, job: Job, output: Path) -> int:
        if "core_attempts" in job.inputs:
            files = job.inputs["core_attempts"]
            rows = sum(pq.read_metadata(f).num_rows for f in files)
            self.attempts.setdefault(job.model.name, []).append(rows)
        return super().run(job, output)


def one_more(rows: dict[str, list[Row]], user: str) -> dict[str, list[Row]]:
    attempts = rows["core_attempts"]
    mine = next(a for a in attempts if a["user_id"] == user)
    end = 20_229 * DAY * 10**6
    news = {**mine, "attempt_key": "new", "ended_at_micros": end, "started_at_micros": end}
    return {**rows, "core_attempts": [*attempts, news]}


def test_a_night_reads_only_the_attempts_that_it_touched_or_those_of_their_students(
    tmp_path: Path,
) -> None:
    rows = random_rows(5, SIZE)
    lake, engine = make_lake(tmp_path / "lake", rows), Watching()
    build_everything(lake, engine)
    rows = one_more(rows, "u1")
    add_tables(lake, {"core_attempts": rows["core_attempts"]})
    engine.attempts.clear()
    built = build_everything(lake, engine)
    own = sum(a["user_id"] == "u1" for a in rows["core_attempts"])
    read = {model: set(counts) for model, counts in engine.attempts.items()}
    lists = {
        model for model in read if {"answers", "topic_performance"} & load_model(model).mentions
    }
    assert lists > {"sitting_answers", "answer_counts", "first_answers", "missing_references"}
    assert all(counts == ({1} if model in lists else {own}) for model, counts in read.items())
    assert {name for name, b in built.items() if b.entry.changes} == set(WITH_CHANGES)
    assert_equal_to_full_build(lake, rows, tmp_path / "whole")


def test_nothing_runs_when_no_student_changed(tmp_path: Path) -> None:
    rows = random_rows(6, SIZE)
    lake, engine = make_lake(tmp_path, rows), Watching()
    before = build_everything(lake, engine)
    add_tables(lake, {"core_attempts": list(reversed(rows["core_attempts"]))})
    after = build_everything(lake, engine)
    assert {n: b.entry.digest for n, b in after.items()} == {
        n: b.entry.digest for n, b in before.items()
    }


def test_a_night_that_touches_most_students_is_a_whole_build(tmp_path: Path) -> None:
    rows = random_rows(7, SIZE)
    lake = make_lake(tmp_path / "lake", rows)
    build_everything(lake, DuckDBEngine())
    rows = {**rows, "core_attempts": random_rows(8, SIZE)["core_attempts"]}
    add_tables(lake, {"core_attempts": rows["core_attempts"]})
    assert not any(b.entry.changes for b in build_everything(lake, DuckDBEngine()).values())
    assert_equal_to_full_build(lake, rows, tmp_path / "whole")


def test_changes_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nights, "MOST_CHANGES", 2)
    rows = random_rows(9, SIZE)
    lake = make_lake(tmp_path / "lake", rows)
    build_everything(lake, DuckDBEngine())
    counts = []
    for user in ("u1", "u2", "u3", "u6"):
        rows = {**one_more(rows, user)}
        rows["core_attempts"][-1]["attempt_key"] = f"new {user}"
        add_tables(lake, {"core_attempts": rows["core_attempts"]})
        counts.append(len(build_everything(lake, DuckDBEngine())["first_answers"].entry.changes))
    assert counts == [1, 2, 0, 1]
    assert_equal_to_full_build(lake, rows, tmp_path / "whole")


def test_a_changed_catalogue_is_a_whole_build(tmp_path: Path) -> None:
    rows = random_rows(10, SIZE)
    lake = make_lake(tmp_path / "lake", rows)
    build_everything(lake, DuckDBEngine())
    rows = one_more({**rows, "catalogue_questions": rows["catalogue_questions"][1:]}, "u1")
    add_tables(lake, {n: rows[n] for n in ("core_attempts", "catalogue_questions")})
    built = build_everything(lake, DuckDBEngine())
    assert not built["first_answers"].entry.changes
    assert_equal_to_full_build(lake, rows, tmp_path / "whole")


def test_after_an_erasure_nothing_is_hidden_and_the_sums_lose_what_was_the_students(
    tmp_path: Path,
) -> None:
    rows = random_rows(11, SIZE)
    lake, engine = make_lake(tmp_path / "lake", rows), Watching()
    build_everything(lake, engine)
    left = {
        name: [row for row in rows[name] if row["user_id"] != "u1"]
        for name in ("core_attempts", "core_profiles")
    }
    add_tables(lake, left)
    base = lake.head()
    stale = {name: replace(base.tables[name], inputs={}) for name in WITH_CHANGES}
    lake.commit(stale, base=base)
    engine.attempts.clear()
    built = build_everything(lake, engine)
    assert not any(b.entry.changes for b in built.values())
    assert engine.attempts["answer_counts"] == [
        len(rows["core_attempts"]) - len(left["core_attempts"])
    ]
    assert_equal_to_full_build(lake, {**rows, **left}, tmp_path / "whole")
