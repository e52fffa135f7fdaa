"""The first of each key after a night: what was there, what went and what came, against all attempts at once."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.engine import DuckDBEngine
from mavprep_analytics.engine.firsts import merge_firsts, students_to_compute
from mavprep_analytics.tables import TABLES

NAME = "first_answers"
Answer = tuple[str, int, int, bool]
"""Student, question, time and outcome; of one time the correct answer counts as the earlier one."""

ANSWERS = st.sets(
    st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(1, 6), st.booleans()),
    max_size=12,
)


def firsts(answers: set[Answer]) -> list[dict[str, Any]]:
    earliest: dict[tuple[str, int], tuple[int, bool]] = {}
    for user, question, at, is_correct in sorted(answers, key=lambda a: (a[2], not a[3])):
        earliest.setdefault((user, question), (at, is_correct))
    return [
        {
            "user_id": user,
            "question": question,
            "utc_day": at,
            "is_correct": is_correct,
            "at_micros": at,
        }
        for (user, question), (at, is_correct) in sorted(earliest.items())
    ]


def file_of(folder: Path, name: str, answers: set[Answer]) -> list[Path]:
    path = folder / f"{name}-in.parquet"
    pq.write_table(pa.Table.from_pylist(firsts(answers), TABLES[NAME].arrow_schema), path)
    return [path]


@settings(max_examples=60, deadline=None)
@given(ANSWERS, ANSWERS, st.randoms(use_true_random=False))
def test_a_night_leaves_the_firsts_of_all_answers(
    before: set[Answer], came: set[Answer], rng: Any
) -> None:
    went = {answer for answer in sorted(before) if rng.random() < 0.3}
    now = (before - went) | came
    students = {answer[0] for answer in (*went, *came)}
    engine = DuckDBEngine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = {answer for answer in before if answer[0] in students}
        sides = {
            side: file_of(folder, side, answers)
            for side, answers in (("held", held), ("went", went), ("came", came))
        }
        students_to_compute(engine, NAME, sides, folder / "again.parquet")
        again = set(pq.read_table(folder / "again.parquet")["user_id"].to_pylist())
        whole = file_of(folder, "whole", {answer for answer in now if answer[0] in again})
        path = folder / "out.parquet"
        merge_firsts(
            engine, NAME, {**sides, "again": [folder / "again.parquet"], "whole": whole}, path
        )
        assert pq.read_table(path).to_pylist() == firsts({a for a in now if a[0] in students})


def test_only_where_a_first_went_or_two_came_together_is_a_student_computed_whole(
    tmp_path: Path,
) -> None:
    held = {("a", 1, 5, True), ("b", 1, 5, True), ("c", 1, 5, True)}
    sides = {
        "held": file_of(tmp_path, "held", held),
        "went": file_of(tmp_path, "went", {("a", 1, 5, True), ("b", 1, 6, False)}),
        "came": file_of(tmp_path, "came", {("c", 1, 5, False), ("b", 1, 4, False)}),
    }
    students_to_compute(DuckDBEngine(), NAME, sides, tmp_path / "again.parquet")
    again = pq.read_table(tmp_path / "again.parquet").sort_by("user_id")
    assert again["user_id"].to_pylist() == ["a", "c"]
